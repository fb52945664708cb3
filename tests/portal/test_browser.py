"""The portal in a real browser: what only a browser can tell."""

import os
from pathlib import Path

import pytest

from apikeys.authentication import authenticate
from tenants.models import Company, Role
from tests.conftest import make_company, make_platform
from tests.portal.conftest import make_member, make_rows

sync_api = pytest.importorskip("playwright.sync_api", reason="Playwright is not installed")
CHROMIUM = Path(os.environ.get("CHROMIUM", "/usr/bin/chromium"))
pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(not CHROMIUM.exists(), reason=f"No Chromium at {CHROMIUM}"),
]
PASSWORD = "correct horse battery"
PAGES = (
    "/portal/", "/portal/tenants/company/", "/portal/tenants/company/add/",
    "/portal/peppol/participant/", "/portal/peppol/participant/add/", "/portal/apikeys/apikey/",
    "/portal/apikeys/apikey/add/", "/portal/webhooks/endpoint/", "/portal/webhooks/endpoint/add/",
    "/portal/webhooks/delivery/", "/portal/tenants/membership/", "/portal/tenants/invitation/",
    "/portal/tenants/event/", "/accounts/2fa/", "/accounts/password/change/", "/accounts/email/",
)  # fmt: skip


@pytest.fixture(scope="module")
def chromium():
    # Playwright runs an event loop in this thread, which Django takes for asynchronous code.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    arguments = ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"]
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=arguments)
        yield browser
        browser.close()
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture
def acme():
    acme = make_platform("Acme Accounting")
    make_rows(acme, make_company(acme, "Bakery Peeters"), "sample")
    return acme


@pytest.fixture
def olga(acme):
    return make_member(acme, Role.OWNER, "olga@acme.example")


class Tab:
    """A browser's tab that remembers what went wrong in it."""

    def __init__(self, browser, base: str, **look) -> None:
        self.base = base
        self.context = browser.new_context(base_url=base, **look)
        self.page = self.context.new_page()
        self.page.set_default_timeout(15_000)
        self.troubles: list[str] = []
        self.page.on("pageerror", lambda error: self.troubles.append(str(error)))
        self.page.on("console", self.heed)
        self.page.on("request", self.watch)

    def heed(self, message) -> None:
        if message.type == "error":
            self.troubles.append(f"{message.text} {message.location}")

    def watch(self, request) -> None:
        """Nothing is loaded from elsewhere."""
        if not request.url.startswith((self.base, "data:", "blob:")):
            self.troubles.append(request.url)

    def open(self, name: str) -> None:
        """Follow an entry of the sidebar."""
        self.page.locator("#nav-sidebar-inner a", has_text=name).click()

    def sign_in(self, email: str) -> None:
        self.page.goto("/accounts/login/")
        self.page.get_by_label("Email").fill(email)
        self.page.get_by_label("Password").fill(PASSWORD)
        self.page.get_by_role("button", name="Sign In").click()
        self.page.wait_for_url("**/portal/")


@pytest.fixture
def tab(chromium, live_server, olga):
    tab = Tab(chromium, live_server.url)
    tab.sign_in(olga.email)
    yield tab
    tab.context.close()
    assert tab.troubles == []


def test_a_company_is_created_and_its_key_seen_once(tab):
    page = tab.page
    tab.open("Companies")
    page.get_by_role("link", name="New company").click()
    page.get_by_label("Name", exact=False).first.fill("Café Central")
    page.get_by_label("Peppol identifier").fill("0208:0403170701")
    page.get_by_label("Issue an API key for it").check()
    page.get_by_role("button", name="Create the company").click()
    secret = page.locator("#secret-1").input_value()
    company = Company.objects.get(name="Café Central")
    assert authenticate(secret).organization_id == company.pk
    with page.expect_download() as download:
        page.get_by_role("button", name="Download").click()
    assert Path(download.value.path()).read_text().strip() == secret
    page.get_by_role("button", name="Copy").click()
    page.get_by_text("Copied").first.wait_for()
    page.get_by_role("link", name="I have stored it").click()
    tab.open("API keys")
    page.get_by_role("link", name="First key").click()
    assert secret not in page.content()


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
    page.wait_for_function("document.activeElement.name === 'reason'")
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


@pytest.mark.parametrize("look", ["light", "dark"])
def test_every_page_fits_a_phone_and_loads_without_trouble(chromium, live_server, olga, look):
    tab = Tab(chromium, live_server.url, viewport={"width": 390, "height": 844}, color_scheme=look)
    tab.sign_in(olga.email)
    company = Company.objects.get(name="Bakery Peeters")
    for path in (*PAGES, f"/portal/tenants/company/{company.pk}/change/"):
        assert tab.page.goto(path).status == 200
        width = tab.page.evaluate("document.documentElement.scrollWidth")
        assert width <= 390, f"{path} is {width} pixels wide"
    assert tab.troubles == []
    tab.context.close()
