"""What a browser may run on our pages: nothing that stands in one, and code made of text only
where Unfold makes it."""

import base64
import hashlib
import json

import pytest
from django.urls import reverse

from tests.portal.browsing import MARKS, Tab
from tests.portal.conftest import at, signed_in

HEADER = "Content-Security-Policy"
VIOLATIONS = """
window.violations = [];
document.addEventListener("securitypolicyviolation", (event) =>
  window.violations.push(`${event.violatedDirective} ${event.blockedURI} ${event.sample}`));
"""


def scripts(answer) -> str:
    """What an answer's policy says of scripts."""
    parts = [part.strip() for part in answer.headers[HEADER].split(";")]
    said = next((part for part in parts if part.startswith("script-src")), parts[0])
    return said.partition(" ")[2]


@pytest.mark.parametrize(
    "url, allowed",
    [
        ("/accounts/login/", "'self'"),
        ("/accounts/password/reset/", "'self'"),
        ("/invitations/none/", "'self'"),
        ("/no/such/page", "'self'"),
        ("/api/docs/", "'self'"),
        ("/api/docs/events/", "'self'"),
        ("/api/docs/flowie.json", "'none'"),
        ("/health/liveness", "'none'"),
        ("/api/me", "'none'"),
        ("/v1/companies", "'none'"),
        ("/logos/01a22c3a-ed36-7605-8899-40dd0450fefd/x", "'self'"),
    ],
)
def test_no_page_in_front_of_the_sites_makes_code_of_text(client, db, url, allowed):
    answer = client.get(url)
    assert scripts(answer) == allowed and "unsafe-eval" not in answer.headers[HEADER]


def test_the_sites_pages_run_no_script_that_stands_in_them(browser, desk):
    for client, url in ((browser, "/portal/"), (desk, "/admin/"), (browser, at("tenants_company"))):
        assert scripts(client.get(url)) == "'self' 'unsafe-eval'"


def test_a_page_shown_where_nothing_works_has_its_own_style_alone(browser):
    answer = browser.get(at("apikeys_apikey"), {"digest__startswith": "a"})
    assert answer.status_code == 400 and b"makes no sense" in answer.content
    style = answer.content.partition(b"<style>")[2].partition(b"</style>")[0]
    digest = base64.b64encode(hashlib.sha256(style).digest()).decode()
    assert f"style-src 'sha256-{digest}'" in answer.headers[HEADER]
    assert "'self'" not in answer.headers[HEADER]


def test_a_style_is_known_by_another_word_each_time(client, db):
    first, second = (client.get("/accounts/login/") for _ in range(2))
    assert first.headers[HEADER] != second.headers[HEADER]
    word = first.headers[HEADER].partition("'nonce-")[2].partition("'")[0]
    assert f'<style nonce="{word}">'.encode() in first.content
    assert b"style=" not in first.content


class TestInABrowser:
    """The same, as Chromium has it."""

    pytestmark = MARKS

    @pytest.fixture
    def watched(self, chromium, live_server):
        def watched(client=None):
            tab = Tab(chromium, live_server.url, bypass_csp=False)
            tab.context.add_init_script(VIOLATIONS)
            if client is not None:
                tab.become(client)
            tabs.append(tab)
            return tab

        tabs: list[Tab] = []
        yield watched
        for tab in tabs:
            tab.context.close()

    def look(self, tab, *addresses):
        for address in addresses:
            tab.page.goto(address)
            tab.page.wait_for_timeout(200)
            assert tab.page.evaluate("window.violations") == [], address
        # A page that is not there is an error in the console, too.
        assert [one for one in tab.troubles if "404 (Not Found)" not in one] == []

    def test_the_resellers_pages_break_no_rule(self, watched, olga, ours):
        pages = ("tenants_company", "webhooks_endpoint", "peppol_document", "tenants_event")
        self.look(
            watched(signed_in(olga)),
            reverse("portal:index"),
            *(at(page) for page in pages),
            at("tenants_company", "change", ours["tenants_company"]),
            at("tenants_company", "add"),
            at("apikeys_apikey", "add"),
            "/portal/settings/branding/",
            "/accounts/2fa/",
            "/accounts/email/",
        )

    def test_the_operators_pages_break_no_rule(self, watched, desk, ours):
        self.look(
            watched(desk),
            "/admin/",
            "/admin/system-status/",
            "/admin/tenants/organization/",
            f"/admin/tenants/organization/{ours['tenants_company'].pk}/change/",
            "/admin/billing/plan/add/",
            "/admin/peppol/document/",
        )

    def test_pages_in_front_of_the_sites_break_no_rule(self, watched, db):
        self.look(watched(), "/accounts/login/", "/accounts/signup/", "/accounts/password/reset/")
        self.look(watched(), "/no/such/page", "/api/docs/", "/api/docs/events")

    def test_what_somebody_smuggles_in_does_not_run(self, watched, olga):
        tab = watched(signed_in(olga))
        tab.page.goto("/portal/")
        smuggled = "<img src=x onerror='window.hit = 1'><script>window.hit = 2</script>"
        tab.page.evaluate(f"document.body.insertAdjacentHTML('beforeend', {json.dumps(smuggled)})")
        tab.page.evaluate(
            "document.body.append(Object.assign(document.createElement('script'),"
            " {textContent: 'window.hit = 3'}))"
        )
        tab.page.wait_for_timeout(300)
        assert tab.page.evaluate("window.hit") is None
        assert len(tab.page.evaluate("window.violations")) == 2

    def test_light_and_dark_are_chosen_before_one_is_signed_in(self, watched, db):
        tab = watched()
        tab.page.goto("/accounts/login/")
        dark = "document.documentElement.classList.contains('dark')"
        for name, wanted in (("Dark", True), ("Light", False)):
            tab.page.get_by_role("button", name=name).click()
            assert tab.page.evaluate(dark) is wanted
            tab.page.reload()
            assert tab.page.evaluate(dark) is wanted
            pressed = tab.page.get_by_role("button", name=name).get_attribute("aria-pressed")
            assert pressed == "true"
