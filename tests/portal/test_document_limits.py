"""How much may be sent: set on pages of both sites, said alike on both, and refused in words."""

from datetime import date

import pytest
import time_machine
from django.urls import reverse

from billing import charges
from billing.models import Plan, Statement, Subscription
from billing.services import quotas, statement_runs, subscriptions
from peppol.models import DailyUsage, Document, MonthlyUsage
from tenants.ids import spell
from tenants.models import Event, Organization, Role
from tenants.services import entitlements
from tests.api.flowie.conftest import Flowie, platform_key
from tests.conftest import SYSTEM, make_company
from tests.portal.conftest import at, make_member, operation_at, signed_in, texts
from tests.portal.test_documents import ubl, upload

SETTINGS, COMPANY, PLANS = "/portal/settings/documents/", "tenants_company", "billing_plan"
NOVEMBER = date(2026, 11, 1)


@pytest.fixture
def november():
    with time_machine.travel("2026-11-20 12:00:00Z", tick=True) as traveller:
        yield traveller


@pytest.fixture
def plan(db):
    return Plan.objects.create(
        code="p",
        name="Growth",
        monthly_fee="30.00",
        included_documents=100,
        overage_price="0.50",
        quota_is_hard=True,
    )


@pytest.fixture
def world(november, acme, bakery, rival, rivals_company, plan):
    """90 for acme: 70 and 10 of its companies, 10 of one of rival's that it pays for; 2 failed.

    Another of its companies is billed to rival, one to nobody, one is in test mode.
    """
    for one in (acme, rival):
        subscriptions.select(one, plan, by=SYSTEM)
    Subscription.objects.update(started_at="2026-01-01T00:00:00Z")
    made = {name: make_company(acme, name) for name in ("Other", "Elsewhere", "Free", "Trial")}
    rows = Organization.objects
    rows.filter(pk=made["Elsewhere"].pk).update(bill_to=rival)
    rows.filter(pk=made["Free"].pk).update(withhold_billing=True)
    rows.filter(pk=made["Trial"].pk).update(test_mode=True)
    rows.filter(pk=rivals_company.pk).update(bill_to=acme)
    rows.update(created_at="2026-01-01T00:00:00Z")
    for company, sent, received, failed in (
        (bakery, 50, 22, 2),
        (made["Other"], 10, 0, 0),
        (rivals_company, 0, 10, 0),
        (made["Elsewhere"], 500, 0, 0),
        (made["Free"], 600, 0, 0),
        (made["Trial"], 700, 0, 0),
    ):
        sums = {"sent": sent, "received": received, "failed": failed, "environment": "live"}
        DailyUsage.objects.create(organization=company, on=date(2026, 11, 3), **sums)
        MonthlyUsage.objects.create(organization=company, on=NOVEMBER, **sums)
    acme.refresh_from_db()
    return acme


def test_the_quota_is_the_same_number_wherever_it_is_said(
    world, november, browser, desk, acme, bakery
):
    """70 + 10 + 10 of 100, in API, portal, admin, notice, refusal and bill."""
    used = quotas.of(acme, NOVEMBER)
    assert (used.used, used.limit, used.percent, used.is_hard) == (90, 100, 90, True)
    api = Flowie(platform_key(acme)).acting(spell("comp", bakery.pk))
    shown = api.get("/stats?period=month").json()["quota"]
    assert shown == {
        "scope": "platform",
        "limit": 100,
        "used": 90,
        "percent": 90.0,
        "alert": True,
        "hard": True,
    }
    assert browser.get(at("peppol_monthlyusage")).context["usage"]["meter"].quota == used
    payers = desk.get(reverse("admin:peppol_monthlyusage_changelist")).context["usage"]["payers"]
    assert {one["organization"]: one["quota"].used for one in payers}[acme] == 90
    assert "90 of 100" in texts(
        desk.get(reverse("admin:tenants_organization_change", args=[acme.pk]))
    )
    quotas.watch()
    told = Event.objects.get(organization=acme, type="quota.warning").data["quota"]
    assert (told["documents"], told["included"], told["hard"]) == (90, 100, True)
    november.move_to("2026-12-01 12:00:00Z")
    statement_runs.start(NOVEMBER)
    statement_runs.advance()
    bill = Statement.objects.get(organization=acme)
    assert (sum(line.documents for line in bill.lines.all()), bill.included) == (90, 100)
    assert charges.of(acme, NOVEMBER).overage == 0


# --- What a platform sets ---------------------------------------------------------------------


def test_a_platform_sets_what_holds_for_all_its_companies(browser, acme):
    answers = {"refuse_duplicates": "on", "per_month": "500", "hard": "on", "per_day": "50"}
    assert browser.post(SETTINGS, answers).status_code == 302
    acme.refresh_from_db()
    assert acme.defaults["refuseDuplicates"] is True
    assert acme.defaults["documentLimits"] == {"perMonth": 500, "perDay": 50, "hard": True}
    page = texts(browser.get(SETTINGS))
    assert 'value="500"' in page and 'value="50"' in page
    browser.post(SETTINGS, {"per_month": "", "per_day": ""})
    acme.refresh_from_db()
    assert acme.defaults["documentLimits"] == {} and acme.defaults["refuseDuplicates"] is False


def test_what_is_no_limit_is_refused_at_its_field(browser, acme):
    page = texts(browser.post(SETTINGS, {"per_month": "0", "per_day": str(2**31)}))
    assert "greater than or equal to 1" in page and "less than or equal to 2147483647" in page
    acme.refresh_from_db()
    assert "documentLimits" not in acme.defaults


def test_only_some_change_it_and_a_company_has_no_such_page(acme, bakery):
    viewer = signed_in(make_member(acme, Role.VIEWER))
    viewer.post(SETTINGS, {"per_day": "1"})
    acme.refresh_from_db()
    assert "documentLimits" not in acme.defaults
    assert signed_in(make_member(bakery, Role.OWNER)).get(SETTINGS).status_code == 404


def test_a_platform_limits_one_company(browser, bakery):
    answers = {"document_quota": "10", "quota_is_hard": "on", "documents_per_day": "3"}
    page = operation_at(COMPANY, "limit_documents", bakery)
    assert browser.post(page, answers).status_code == 302
    bakery.refresh_from_db()
    limits = (bakery.document_quota, bakery.quota_is_hard, bakery.documents_per_day)
    assert limits == (10, True, 3)
    baker = signed_in(make_member(bakery, Role.OWNER))
    baker.post(page, {"document_quota": "99"})
    bakery.refresh_from_db()
    assert bakery.document_quota == 10


# --- What people are told ---------------------------------------------------------------------


@pytest.mark.parametrize(
    "limits, sentence",
    [
        ({"documents_per_day": 0}, "This company has sent its documents of today."),
        (
            {"document_quota": 0, "quota_is_hard": True},
            "This company has used its documents of this month.",
        ),
    ],
)
def test_who_may_send_no_more_is_told_so(browser, sender, limits, sentence):
    entitlements.give(sender, limits, by=SYSTEM)
    assert sentence in texts(browser.post(at("peppol_document", "add"), upload(sender, ubl())))
    assert not Document.objects.exists()


def test_after_a_plans_end_the_page_of_plans_is_the_way_out(browser, acme, sender, plan):
    subscriptions.select(acme, plan, by=SYSTEM)
    subscriptions.cancel(acme, now=True, by=SYSTEM)
    refused = texts(browser.post(at("peppol_document", "add"), upload(sender, ubl())))
    assert "The plan has ended: choose one to send again." in refused
    page = texts(browser.get(at(PLANS)))
    assert "Your plan has ended" in page and "Nothing more is sent" in page
    assert "Your plan has ended: nothing is sent" in texts(browser.get("/portal/"))
    browser.post(operation_at(PLANS, "choose", plan))
    assert browser.post(at("peppol_document", "add"), upload(sender, ubl())).status_code == 302


def test_a_plan_that_stops_says_so_before_it_is_chosen(browser, plan):
    assert "Sending stops" in texts(browser.get(at(PLANS)))


def test_a_refused_duplicate_is_said_in_the_portal(browser, acme, sender):
    browser.post(SETTINGS, {"refuse_duplicates": "on"})
    sender.refresh_from_db()
    browser.post(at("peppol_document", "add"), upload(sender, ubl()))
    again = {**upload(sender, ubl()), "again": "on"}
    page = texts(browser.post(at("peppol_document", "add"), again))
    assert "was there before" in page and Document.objects.count() == 1
