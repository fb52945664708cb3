"""The portal in a real browser: what only a browser can tell."""

import pytest

from tests.conftest import make_company, make_platform
from tests.portal.browsing import MARKS
from tests.portal.conftest import make_rows

pytestmark = MARKS


@pytest.fixture
def acme():
    acme = make_platform("Acme Accounting")
    make_rows(acme, make_company(acme, "Bakery Peeters"), "sample")
    return acme


def test_a_key_is_issued_for_a_company_found_by_typing(tab):
    page = tab.page
    page.goto("/portal/apikeys/apikey/add/")
    page.locator(".select2-selection").first.click()
    page.locator(".select2-search__field").fill("bakery")
    page.get_by_role("option", name="Bakery Peeters").click()
    page.get_by_label("Name", exact=False).first.fill("Till")
    page.get_by_role("button", name="Issue").click()
    assert page.locator("#secret-1").input_value().startswith("gh_live_")
    assert "It acts for Bakery Peeters." in page.content()


def test_a_dialog_asks_and_the_company_is_suspended(tab):
    page = tab.page
    page.goto("/portal/tenants/company/")
    page.get_by_role("link", name="Bakery Peeters").click()
    page.get_by_role("link", name="Suspend").click()
    # The keyboard is where one types.
    page.wait_for_function("document.activeElement?.name === 'reason'")
    page.locator("#modal-content button[type=submit]").click()
    page.get_by_text("This field is required").wait_for()
    page.get_by_label("Reason").fill("Invoice unpaid")
    page.locator("#modal-content button[type=submit]").click()
    page.get_by_text("Bakery Peeters is suspended.").wait_for()
    page.get_by_text("“Invoice unpaid”").wait_for()


def test_the_keyboard_alone_finds_a_company(tab):
    page = tab.page
    page.keyboard.press("Tab")
    page.locator("#nav-filter").focus()
    page.keyboard.type("bakery")
    page.locator("#search-results a").first.wait_for()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_url("**/tenants/company/**")
    assert page.get_by_role("heading", name="Bakery Peeters").first.is_visible()


@pytest.mark.parametrize("width", [1440, 390])
def test_the_search_opens_by_a_key_anywhere(tab, width):
    page = tab.page
    page.set_viewport_size({"width": width, "height": 844})
    open_now = "document.activeElement?.id === 'nav-filter'"
    page.goto("/portal/")
    page.keyboard.press("/")
    page.wait_for_function(open_now)
    page.goto("/portal/apikeys/apikey/add/")
    page.get_by_label("Name", exact=False).first.focus()
    page.keyboard.press("Control+k")
    page.wait_for_function(open_now)
    page.keyboard.type("bakery")
    page.locator("#search-results a").first.wait_for()
