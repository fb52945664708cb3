"""Usage for chargebacks and statistics (FLO-39 to FLO-41, FLO-45, FLO-60, FLO-66)."""

from datetime import UTC, date, datetime

import pytest

from peppol.models import Document
from peppol.services.documents import usage
from tenants.ids import spell
from tenants.models import Organization
from tests.api.flowie.conftest import Flowie, platform_key
from tests.conftest import make_company

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 4, 25, 10, tzinfo=UTC)


@pytest.fixture(autouse=True)
def april(time_machine):
    time_machine.move_to(NOW)


@pytest.fixture
def counted(acme, bakery, rivals_company):
    """bakery's April and March, a sister's April, a test document and a stranger's."""
    sister = make_company(acme, "Sister", metadata={"tenantId": 7})
    for company, counter, day, times in (
        (bakery, "sent", date(2026, 4, 25), 3),
        (bakery, "received", date(2026, 4, 1), 2),
        (bakery, "sent", date(2026, 3, 31), 5),
        (bakery, "compliance_reports", date(2026, 4, 30), 1),
        (sister, "sent", date(2026, 4, 24), 4),
        (rivals_company, "sent", date(2026, 4, 25), 9),
    ):
        for _ in range(times):
            usage.count(
                company, "live", counter, datetime(day.year, day.month, day.day, tzinfo=UTC)
            )
    usage.count(bakery, "test", "sent", NOW)
    return sister


def row(company, sent=0, received=0, reports=0, failed=0):
    return {
        "companyId": spell("comp", company.pk),
        "tenantId": company.metadata.get("tenantId"),
        "sent": sent,
        "received": received,
        "failed": failed,
        "complianceReports": reports,
    }


def test_a_months_usage_by_company_as_documented(api, counted, bakery):
    """FLO-39, FLO-40, FLO-41, C-31."""
    shown = api.get("/platform/usage?period=month&groupBy=company").json()
    assert shown["period"] == {"start": "2026-04-01", "end": "2026-04-30"}
    assert shown["total"] == {
        "documentsSent": 7,
        "documentsReceived": 2,
        "documentsFailed": 0,
        "complianceReports": 1,
    }
    assert shown["byCompany"] == [row(counted, sent=4), row(bakery, 3, 2, 1)]
    assert shown["nextCursor"] is None
    for total, single in (
        ("documentsSent", "sent"),
        ("documentsReceived", "received"),
        ("complianceReports", "complianceReports"),
    ):
        assert shown["total"][total] == sum(one[single] for one in shown["byCompany"])


@pytest.mark.parametrize(
    ("query", "start", "end", "sent"),
    [
        ("", "2026-04-01", "2026-04-30", 7),
        ("period=month&start=2026-03-15", "2026-03-01", "2026-03-31", 5),
        ("period=month&start=2024-02-29", "2024-02-01", "2024-02-29", 0),
        ("period=day", "2026-04-25", "2026-04-25", 3),
        ("period=day&start=2026-04-24", "2026-04-24", "2026-04-24", 4),
        ("period=custom&start=2026-03-31&end=2026-04-24", "2026-03-31", "2026-04-24", 9),
    ],
)
def test_usage_of_other_times(api, counted, query, start, end, sent):
    shown = api.get(f"/platform/usage?{query}").json()
    assert shown["period"] == {"start": start, "end": end}
    assert shown["total"]["documentsSent"] == sent and "byCompany" not in shown


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("period=year", "period"),
        ("period=custom", "start"),
        ("period=custom&start=2026-04-01", "end"),
        ("period=custom&start=2026-04-02&end=2026-04-01", "end"),
        ("period=custom&start=2026-01-01&end=2028-01-01", "end"),
        ("start=yesterday", "start"),
        ("start=2026-02-30", "start"),
        ("start=99999-01-01", "start"),
        ("groupBy=x", "groupBy"),
        ("groupBy=company&limit=-1", "limit"),
        ("groupBy=company&cursor=forged", "cursor"),
    ],
)
def test_a_period_that_cannot_be_is_named(api, query, field):
    answer = api.get(f"/platform/usage?{query}")
    assert answer.status_code == 422 and answer.json()["errors"][0]["field"] == field


@pytest.mark.parametrize("edge", ["0001-01-01", "9999-12-31"])
def test_the_ends_of_time_are_refused_or_answered(api, edge):
    for query in (f"period=month&start={edge}", f"period=day&start={edge}"):
        assert api.get(f"/platform/usage?{query}").status_code in (200, 422)


def test_usage_is_of_the_keys_environment(acme, counted, bakery, test_api):
    """FLO-60."""
    shown = test_api.get("/platform/usage?groupBy=company").json()
    assert shown["total"]["documentsSent"] == 1 and shown["byCompany"] == [row(bakery, sent=1)]


def test_a_deregistered_company_is_charged_for_what_it_used(api, counted, bakery):
    api.delete(f"/companies/{spell('comp', bakery.pk)}")
    shown = api.get("/platform/usage?groupBy=company").json()
    assert row(bakery, 3, 2, 1) in shown["byCompany"]
    empty = api.get("/platform/usage?groupBy=company&start=2026-02-01").json()
    assert [one["companyId"] for one in empty["byCompany"]] == [spell("comp", counted.pk)]


@pytest.mark.parametrize("count", [1, 30])
def test_a_report_costs_the_same_however_many_companies(api, acme, count, costs):
    for n in range(count):
        usage.count(make_company(acme, f"Company {n}"), "live", "sent", NOW)
    api.get("/platform/usage")
    with costs(4):  # the key, the total, the companies, their sums
        api.get("/platform/usage?groupBy=company")


def test_a_report_can_be_read_in_pages(api, acme):
    for n in range(5):
        usage.count(make_company(acme, f"Company {n}"), "live", "sent", NOW)
    path, seen, cursor = "/platform/usage?groupBy=company&limit=2", [], ""
    while cursor is not None:
        page = api.get(f"{path}&cursor={cursor}").json()
        seen, cursor = seen + page["byCompany"], page["nextCursor"]
        assert page["total"]["documentsSent"] == 5
    assert len(seen) == 5 == sum(one["sent"] for one in seen)


def test_stats_answer_per_tenant_with_the_quota_they_share(api, acme, bakery, counted):
    """FLO-45: 9 of 10 documents are an alert."""
    Organization.objects.filter(pk=acme.pk).update(document_quota=10)
    shown = api.acting(spell("comp", bakery.pk)).get("/stats?period=month").json()
    assert shown["companyId"] == spell("comp", bakery.pk)
    assert shown["documents"] == {"sent": 3, "received": 2, "failed": 0, "complianceReports": 1}
    assert shown["quota"] == {
        "scope": "platform",
        "limit": 10,
        "used": 9,
        "percent": 90.0,
        "alert": True,
        "hard": False,
    }


def test_a_tenant_learns_of_its_own_quota_alone(acme, bakery, bakery_key, counted):
    Organization.objects.filter(pk=acme.pk).update(document_quota=10)
    shown = Flowie(bakery_key).get("/stats").json()["quota"]
    assert (shown["scope"], shown["limit"], shown["used"]) == ("company", None, 5)
    Organization.objects.filter(pk=bakery.pk).update(document_quota=50)
    shown = Flowie(bakery_key).get("/stats").json()["quota"]
    assert (shown["limit"], shown["percent"], shown["alert"]) == (50, 10.0, False)


def test_stats_show_how_much_of_the_last_day_failed(api, bakery):
    """FLO-66."""
    for state in ("failed", "delivered", "delivered", "accepted"):
        Document.objects.create(
            organization=bakery,
            direction="outbound",
            kind="invoice",
            state=state,
            instance_id=str(len(Document.objects.all())),
            retain_until=NOW.date(),
        )
    shown = api.acting(spell("comp", bakery.pk)).get("/stats").json()["last24Hours"]
    assert shown == {"sent": 4, "failed": 1, "failureRate": 0.25}


def test_stats_need_to_know_whose(api):
    """C-30."""
    answer = api.get("/stats?period=month")
    assert (answer.status_code, answer.json()["code"]) == (403, "COMPANY_REQUIRED")


def test_usage_is_for_the_platforms_own_scope(acme):
    api = Flowie(platform_key(acme, scopes=["documents.read"]))
    assert api.get("/platform/usage").json()["code"] == "INSUFFICIENT_SCOPE"
