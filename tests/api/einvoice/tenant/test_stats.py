"""A tenant's usage, and what cannot be asked of the tenant API."""

from datetime import date

import pytest
from django.utils import timezone

from peppol.services.documents import usage

pytestmark = pytest.mark.django_db(transaction=True)


def test_usage_is_told_by_day_week_and_month(client, bakery, rivals_company):
    for company in (bakery, rivals_company):
        for day in ("2026-11-01", "2026-11-02", "2026-12-24"):
            usage.count(company, "live", "sent", timezone.datetime.fromisoformat(f"{day}T12:00"))
    usage.count(bakery, "live", "received", timezone.datetime.fromisoformat("2026-11-02T00:00"))
    stats = client.stats.retrieve()
    assert (stats.period_start, stats.period_end) == (date(2026, 11, 1), date(2026, 12, 24))
    assert (stats.total_days, stats.average_daily_usage) == (54, round(4 / 54, 4))
    assert [(a.action, str(a.stat_date), a.count) for a in stats.actions] == [
        ("DOCUMENT_SENT", "2026-11-01", 1),
        ("DOCUMENT_RECEIVED", "2026-11-02", 1),
        ("DOCUMENT_SENT", "2026-11-02", 1),
        ("DOCUMENT_SENT", "2026-12-24", 1),
    ]
    weeks = client.stats.retrieve(aggregation="WEEK", end_date="2026-11-30")
    assert [(str(a.stat_date), a.count) for a in weeks.actions] == [
        ("2026-10-26", 1),
        ("2026-11-02", 1),
        ("2026-11-02", 1),
    ]
    months = client.stats.retrieve(aggregation="MONTH", start_date="2026-11-02")
    assert [(str(a.stat_date), a.count) for a in months.actions] == [
        ("2026-11-01", 1),
        ("2026-11-01", 1),
        ("2026-12-01", 1),
    ]


def test_who_exchanged_nothing_has_empty_stats(own):
    stats = own.get("/api/stats/").json()
    assert (stats["actions"], stats["total_days"], stats["budget_estimation_days"]) == ([], 1, 0.0)
    future = own.get("/api/stats?start_date=2099-01-01").json()
    assert future["period_start"] == future["period_end"] == "2099-01-01"


BAD = {
    "/api/lookup": 422,
    "/api/lookup?peppol_id=": 422,
    "/api/lookup?peppol_id=x": 422,
    "/api/lookup?peppol_id=%00": 422,
    "/api/validate/peppol-id?peppol_id=0208:x": 422,
    "/api/validate/peppol-id": 422,
    "/api/lookup/participants": 422,
    "/api/lookup/participants?query=": 422,
    "/api/lookup/participants?query=x&country_code=B": 422,
    f"/api/lookup/participants?query={'x' * 201}": 422,
    "/api/stats?aggregation=YEAR": 422,
    "/api/stats?start_date=soon": 422,
    "/api/stats?start_date=2026-12-01&end_date=2026-11-01": 400,
    "/api/webhooks/x": 404,
    "/api/webhooks/x/history": 404,
    "/api/webhooks/%00": 404,
}


@pytest.mark.parametrize("path", BAD)
def test_what_cannot_be_asked_is_refused(own, path):
    answer = own.get(path)
    assert answer.status_code == BAD[path] and answer.json()["detail"]
    if answer.status_code == 422:
        assert answer.json()["detail"][0]["loc"][0] == "query"
