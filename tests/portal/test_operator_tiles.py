"""An organization's page for staff: everything at a glance, and every number leads to its rows."""

import re
from datetime import timedelta
from html import unescape

import pytest
from django.urls import reverse
from django.utils import timezone

from billing.models import Plan
from billing.services import subscriptions
from peppol.models import Participant
from tenants.models import Event, Organization
from tenants.ui import tiles
from tests.conftest import SYSTEM, make_company
from tests.portal.answers import shown_after
from tests.portal.conftest import make_rows, texts
from webhooks.models import Endpoint


def page(row: Organization, what: str = "change") -> str:
    return reverse(f"admin:tenants_organization_{what}", args=[row.pk])


def facts(row: Organization) -> dict[str, dict[str, tiles.Fact]]:
    """The facts of each tile by what they are called, without markup."""

    def plain(text) -> str:
        return " ".join(re.sub(r"<[^>]+>", " ", str(text)).split())

    return {
        str(tile.title): {plain(fact.name): fact for fact in tile.facts}
        for tile in tiles.tiles(row)
    }


def test_a_platform_is_told_with_its_companies(desk, acme, ours):
    plan = Plan.objects.create(
        code="p",
        name="Growth",
        monthly_fee=9,
        overage_price=0,
        included_documents=50,
        company_limit=7,
    )
    subscriptions.select(acme, plan, by=SYSTEM)
    acme.subscriptions.update(started_at=timezone.now() - timedelta(days=62))
    acme.refresh_from_db()
    told = facts(acme)
    assert told["Companies"]["Active"].text == "1"
    assert told["Peppol registrations"]["Failed"].text == "1"
    assert told["API keys"]["Active"].text == "1"
    assert told["Webhooks"]["Fine"].text == "1"
    assert told["Documents this month"]["Sent"].text == "3"
    assert told["Plan and statements"]["Used this month"].text == "4 of 50"
    assert told["Entitlements"]["Companies"].text == "7"
    assert told["People"]["Viewer"].text == "1" and told["People"]["Invited"].text == "1"
    shown = texts(desk.get(page(acme)))
    assert "Growth" in shown and "Peppol registrations" in shown


def test_every_number_leads_to_the_rows_it_counts(desk, acme, ours, theirs):
    Endpoint.objects.update(consecutive_failures=2)
    counted = 0
    for told in facts(acme).values():
        for fact in told.values():
            if not fact.link:
                continue
            answer = desk.get(unescape(fact.link))
            assert answer.status_code == 200
            if "cl" in answer.context and re.fullmatch(r"\d+", str(fact.text)):
                rows = list(answer.context["cl"].result_list)
                documents = answer.context["cl"].model.__name__ == "Document"
                # A month of usage counts documents that the tests never made.
                assert documents or len(rows) == int(fact.text), fact
                counted += 1
    assert counted >= 6


def test_a_company_is_told_alone(acme, bakery, ours):
    other = make_company(acme, "Other")
    Participant.objects.create(organization=other, scheme="9915", value="2", state="active")
    told = facts(Organization.objects.get(pk=bakery.pk))
    assert set(told["Peppol registrations"]) == {"Failed"}
    assert "Companies" not in told and "Plan and statements" not in told
    assert told["Organization"]["Platform"].text == "Acme Accounting"


def test_a_key_is_issued_from_the_page_and_leads_back(desk, acme):
    link = re.search(r'href="([^"]*apikeys/apikey/add/[^"]*)"', texts(desk.get(page(acme))))[1]
    form = desk.get(unescape(link))
    assert "Acme Accounting" in texts(form)
    answers = {"organization": acme.pk, "name": "Organization key", "environment": "live"}
    shown = texts(shown_after(desk.post(unescape(link), answers)))
    assert 'id="secret-1"' in shown and page(acme) in shown


def test_entitlements_are_given_with_a_reason(desk, acme):
    """FLO-63."""
    answers = {
        "company_limit": 12,
        "document_quota": "",
        "requests_per_minute": 50,
        "requests_per_hour": 500,
        "white_label": "on",
    }
    silent = desk.post(page(acme, "entitle"), answers)
    assert "This field is required" in texts(silent)
    desk.post(page(acme, "entitle"), {**answers, "reason": "a pilot"})
    acme.refresh_from_db()
    assert (acme.company_limit, acme.document_quota, acme.white_label) == (12, None, True)
    event = Event.objects.latest("id")
    assert (event.type, event.reason) == ("company.entitled", "a pilot")
    assert event.changes["company_limit"] == [None, 12]


def test_what_only_a_platform_has_is_not_asked_for_a_company(desk, bakery):
    form = texts(desk.get(page(bakery, "entitle")))
    assert "requests_per_minute" in form and "white_label" not in form


def test_the_history_is_a_tab_of_the_page(desk, acme):
    history = texts(desk.get(page(acme, "history")))
    assert f'href="{page(acme)}"' in history and "A company was created." in history


@pytest.mark.parametrize("what", ["change", "history"])
def test_a_large_platform_takes_no_more_queries(desk, acme, what, costs):
    def grow(numbers: range) -> None:
        for n in numbers:
            make_rows(acme, make_company(acme, f"Company {n}"), f"word{n}")

    grow(range(2))
    few = costs(desk, page(acme, what))
    grow(range(2, 12))
    assert costs(desk, page(acme, what)) == few <= 45
