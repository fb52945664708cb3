"""What opens on a page can be used by everybody, too: at a desk, on a phone, in both themes."""

import re

import pytest

from peppol.services.company_runs import runs, worker
from tenants import events
from tenants.models import Organization
from tenants.services import alerts, list_views
from tests.conftest import SYSTEM, make_company
from tests.portal import axe
from tests.portal.browsing import MARKS, Tab
from tests.portal.conftest import at, signed_in

pytestmark = MARKS
DESK, PHONE = {"width": 1440, "height": 900}, {"width": 390, "height": 844}
MORE = re.compile("more_horiz|More")
# What is the same behind everything that opens is judged with the pages.
BEHIND = ("#nav-sidebar",)


@pytest.fixture
def world(acme, bakery, olga):
    """A company whose document failed, a saved view, and something done to two companies."""
    other = make_company(acme, "A name of many letters that no line of a telephone has room for")
    data = {"document": {"number": "INV-7"}}
    events.record(bakery, "document.failed", by=SYSTEM, data=data)
    alerts.tell()
    list_views.keep(acme, olga, "tenants.company", name="My worries", query="stage=needs_you")
    chosen = Organization.objects.filter(pk__in=[bakery.pk, other.pk])
    run = runs.choose(acme, "limits", chosen, by=SYSTEM)
    limits = {"document_quota": 5, "quota_is_hard": False, "documents_per_day": None}
    runs.start(run, limits, by=SYSTEM)
    worker.advance(seconds=5)
    return {"company": bakery, "run": run, "chosen": runs.choose(acme, "keys", chosen, by=SYSTEM)}


def opened(page, world):
    """Everything that opens, one after the other: what it is called, once it is there."""
    companies, company = at("tenants_company"), at("tenants_company", "change", world["company"])
    page.goto(companies)
    page.locator(".action-select").first.check()
    page.locator("select[name=action]").wait_for()
    yield "what can be done to many"
    for name in ("Columns", "Delete a view"):
        page.goto(f"{companies}?stage=needs_you")
        page.get_by_role("link", name=name, exact=True).click()
        page.locator("#modal-content form").wait_for()
        yield name
    page.goto(companies)
    page.locator('a[x-on\\:click*="filterOpen"]:visible').first.click()
    page.locator("#changelist-filter form, #changelist-filter a").first.wait_for()
    yield "filters"
    page.goto(company)
    page.locator("header :is(a, button):visible").filter(has_text=MORE).last.click()
    page.locator("header li a:visible, body > nav a:visible").first.wait_for()
    yield "the menu of a company"
    page.goto("/portal/")
    page.keyboard.press("Control+k")
    page.wait_for_function("document.activeElement?.id === 'nav-filter'")
    page.keyboard.type("bakery")
    page.locator("#search-results a").first.wait_for()
    yield "what was found"
    for name, link in (
        ("bell", at("tenants_alert")),
        ("choice of alerts", at("tenants_alert", "choose")),
        ("a look before", at("peppol_companyrun", "start", world["chosen"])),
        ("what came of it", at("peppol_companyrun", "change", world["run"])),
    ):
        page.goto(link)
        yield name


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
def test_everybody_can_use_what_opens(chromium, live_server, olga, world, size):
    tab = Tab(chromium, live_server.url, viewport=size)
    tab.become(signed_in(olga))
    found = []
    for name in opened(tab.page, world):
        found += [f"{name}: {one}" for one in axe.violations(tab.page, without=BEHIND)]
        if tab.page.evaluate("document.documentElement.scrollWidth") > size["width"]:
            found.append(f"{name}: wider than the screen")
    tab.context.close()
    assert not found, "\n".join(found)
    assert tab.troubles == []
