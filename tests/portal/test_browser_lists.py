"""Lists of companies, the bell and paper, in a browser: what is done there from end to end."""

import pytest

from peppol.services.company_runs import worker
from tenants import events
from tenants.models import AlertChoice, ListView, Organization
from tenants.services import alerts
from tests.conftest import SYSTEM, make_company
from tests.portal.browsing import MARKS
from tests.portal.conftest import at

pytestmark = MARKS
PHONE = {"width": 390, "height": 844}
LIST = at("tenants_company")


@pytest.fixture
def companies(acme):
    return [make_company(acme, f"Company {n}") for n in range(3)]


def suspend_two(page):
    """From the list of companies to the page of the run that suspended two of them."""
    page.goto(LIST)
    page.get_by_role("link", name="Needs the client 3").click()
    page.locator(".action-select").nth(0).check()
    page.locator(".action-select").nth(1).check()
    page.locator("select[name=action]").select_option(label="Suspend")
    page.get_by_role("button", name="Run", exact=True).click()
    page.get_by_text("2 companies:").wait_for()
    page.get_by_label("Reason").fill("Unpaid")
    page.get_by_role("button", name="Go ahead").click()
    page.get_by_text("0 of 2 companies").wait_for()
    worker.advance(seconds=5)
    # The page follows by itself, and is another one at the end.
    page.get_by_role("link", name="Result as CSV").wait_for()


def suspended() -> int:
    return Organization.objects.filter(status="suspended").count()


@pytest.mark.parametrize("width", [1440, 390])
def test_companies_of_a_tab_are_suspended_after_a_look(tab, companies, width):
    page = tab.page
    page.set_viewport_size({"width": width, "height": 900})
    suspend_two(page)
    assert suspended() == 2
    page.goto(LIST)
    page.get_by_role("link", name="Suspended 2").wait_for()


@pytest.mark.parametrize("width", [1440, 390])
def test_what_was_done_to_many_is_undone_from_its_result(tab, companies, width):
    page = tab.page
    page.set_viewport_size({"width": width, "height": 900})
    suspend_two(page)
    page.goto(LIST)
    tabs = page.locator("#tabs-wrapper")
    if not (entry := tabs.get_by_role("link", name="Runs")).is_visible():
        tabs.get_by_text("more_horiz").click()
    entry.click()
    page.locator("#result_list .data-row a").first.click()
    page.get_by_role("link", name="Result as CSV").wait_for()
    menu = page.locator("header a:visible", has_text="more_horiz")
    if menu.count():
        menu.click()
    undo = page.locator("header a:visible", has_text="Undo")
    undo.click()
    page.locator("#modal-content button[type=submit]").click()
    page.get_by_text("0 of 2 companies").wait_for()
    assert suspended() == 2
    worker.advance(seconds=5)
    page.get_by_role("link", name="Result as CSV").wait_for()
    assert suspended() == 0
    # Nobody undoes it twice.
    page.go_back()
    page.reload()
    page.get_by_text("It was undone.").wait_for()
    assert page.locator("header a", has_text="Undo").count() == 0
    page.goto(LIST)
    page.get_by_role("link", name="Suspended 0").wait_for()


def test_a_view_and_columns_are_there_the_next_day(tab, companies):
    page = tab.page
    page.goto(f"{LIST}?q=Company+1")
    page.get_by_role("link", name="Save this view").click()
    page.locator("#modal-content [name=name]").fill("The first")
    page.keyboard.press("Enter")
    view = page.get_by_role("link", name="The first")
    view.wait_for()
    page.get_by_role("link", name="Columns", exact=True).click()
    page.locator("#modal-content").get_by_label("City").check()
    page.locator("#modal-content button[type=submit]").click()
    page.locator("#result_list th", has_text="City").wait_for()
    page.goto(LIST)
    view.click()
    page.wait_for_url("**?q=Company+1")
    assert page.locator("#result_list tbody .data-row").count() == 1
    assert ListView.objects.count() == 2


def test_the_bell_leads_to_what_happened_and_how_to_be_told(tab, companies):
    events.record(companies[0], "document.failed", by=SYSTEM, data={"document": {"number": "I-7"}})
    alerts.tell()
    page = tab.page
    page.set_viewport_size(PHONE)
    page.goto("/portal/")
    page.get_by_role("link", name="Alerts").and_(page.locator(".gh-bell")).click()
    page.get_by_text("I-7").wait_for()
    page.goto(at("tenants_alert", "choose"))
    page.get_by_label("A document failed or is held").select_option("at_once")
    page.get_by_role("button", name="Save").click()
    page.get_by_text("Saved.").wait_for()
    assert AlertChoice.objects.get(kind="document").how == "at_once"
    page.locator("#result_list a").first.click()
    page.get_by_role("heading", name="Company 0").first.wait_for()
    assert page.locator(".gh-bell-count").count() == 0


def test_paper_has_all_rows_and_nothing_to_press(tab, companies):
    page = tab.page
    for width in (1440, 390):
        page.set_viewport_size({"width": width, "height": 600})
        page.goto(LIST)
        page.emulate_media(media="print")
        rows = page.locator("#result_list tbody .data-row")
        assert [rows.nth(n).is_visible() for n in range(rows.count())] == [True] * 3
        pressed = page.locator("button, select, input, .gh-bell, #nav-sidebar, .gh-views")
        assert [one.evaluate("e => e.outerHTML") for one in pressed.all() if one.is_visible()] == []
        page.emulate_media(media="screen")
