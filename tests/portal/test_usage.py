"""Usage in the portal: by month and company, from counters, beside what the plan includes."""

import csv
import io
from datetime import date

import pytest
import time_machine

from billing.models import Plan
from billing.services import subscriptions
from peppol.models import DailyUsage, MonthlyUsage
from tenants.models import Role
from tests.conftest import SYSTEM, make_company
from tests.portal.conftest import at, make_member, signed_in, texts
from tests.portal.factories import add_up

PAGE = "peppol_monthlyusage"
NOW = "2026-11-20 12:00:00Z"
OVERAGE = "10.00 EUR"


@pytest.fixture(autouse=True)
def november():
    with time_machine.travel(NOW, tick=True):
        yield


@pytest.fixture
def plan(acme):
    plan = Plan.objects.create(
        code="p", name="Growth", monthly_fee="1", included_documents=100, overage_price="1.00"
    )
    subscriptions.select(acme, plan, by=SYSTEM)
    # A plan of the whole month: what it includes is not divided by days.
    acme.subscriptions.update(started_at="2026-01-01T00:00:00Z")
    return plan


def use(company, sent, received=0, failed=0, *, on=date(2026, 11, 3), environment="live"):
    sums = {"sent": sent, "received": received, "failed": failed, "environment": environment}
    DailyUsage.objects.create(organization=company, on=on, **sums)
    MonthlyUsage.objects.create(organization=company, on=on.replace(day=1), **sums)
    add_up()


def rows(browser, **query):
    return {
        row.organization.name: row.documents
        for row in browser.get(at(PAGE), query).context["cl"].result_list
    }


def test_a_month_shows_every_company_and_the_sum_of_them(browser, acme, bakery, plan):
    use(bakery, 30, 9, 4)
    use(make_company(acme, "Other"), 10)
    use(bakery, 7, on=date(2026, 10, 2))
    use(bakery, 99, environment="test")
    assert rows(browser) == {"Bakery Peeters": 35, "Other": 10}
    assert rows(browser, month="2026-10") == {"Bakery Peeters": 7}
    assert rows(browser, environment="test")["Bakery Peeters"] == 99
    usage = browser.get(at(PAGE)).context["usage"]
    assert [number for _name, number, _note in usage["figures"]] == ["40", "9", "90.0 %", "45"]
    assert sum(bar.lower for bar in usage["chart"].bars) == 40
    assert (usage["meter"].quota.used, usage["meter"].quota.percent) == (45, 45)


@pytest.mark.parametrize("month", ["", "2026-13", "x", "1999-01", "2027-01", "\x00"])
def test_a_month_that_cannot_be_is_this_one(browser, bakery, month):
    use(bakery, 3)
    assert rows(browser, month=month) == {"Bakery Peeters": 3}


def test_months_are_leafed_through_to_two_years_ago(browser):
    usage = browser.get(at(PAGE), {"month": "2026-10"}).context["usage"]
    assert usage["before"].endswith("2026-09") and usage["after"].endswith("2026-11")
    assert browser.get(at(PAGE)).context["usage"]["after"] == ""
    assert browser.get(at(PAGE), {"month": "2024-12"}).context["usage"]["before"] == ""


@pytest.mark.parametrize(
    "documents, tone", [(0, "fine"), (79, "fine"), (80, "near"), (99, "near"), (100, "over")]
)
def test_the_bar_warns_at_80_and_at_100_percent(browser, bakery, plan, documents, tone):
    use(bakery, documents)
    assert browser.get(at(PAGE)).context["usage"]["meter"].quota.tone == tone


@pytest.mark.parametrize("role, sees", [("owner", True), ("billing", True), ("viewer", False)])
def test_overage_is_priced_for_those_who_may_know(acme, bakery, plan, role, sees):
    use(bakery, 110)
    page = texts(signed_in(make_member(acme, role, f"{role}@usage.example")).get(at(PAGE)))
    assert "10 documents of overage" in page and (OVERAGE in page) == sees


def test_a_company_that_others_pay_for_reads_nothing_of_them(bakery, plan):
    use(bakery, 3)
    page = texts(signed_in(make_member(bakery, Role.OWNER)).get(at(PAGE)))
    assert "Acme Accounting" not in page and "Growth" not in page


def test_the_table_is_downloaded_as_it_is_shown(browser, acme, bakery):
    use(bakery, 5, 2)
    use(make_company(acme, "=cmd|' /C calc'!A0"), 1)
    use(bakery, 1, on=date(2026, 10, 1))
    answer = browser.post(at(PAGE, "export"), {"format": "0"})
    table = list(csv.DictReader(io.StringIO(texts(answer))))
    assert (table[0]["company"], table[0]["documents"]) == ("Bakery Peeters", "7")
    assert len(table) == 2 and not table[1]["company"].startswith("=")
    assert browser.post(at(PAGE, "export"), {"format": "1"}).content[:2] == b"PK"
    before = browser.post(at(PAGE, "export") + "?month=2026-10", {"format": "0"})
    assert texts(before).count("Bakery Peeters,") == 1 and "2026-10-01" in texts(before)


def test_the_usage_of_strangers_is_nowhere(browser, bakery, rivals_company):
    use(bakery, 1)
    use(rivals_company, 500)
    theirs = MonthlyUsage.objects.get(organization=rivals_company)
    assert rows(browser) == {"Bakery Peeters": 1}
    assert browser.get(at(PAGE)).context["usage"]["figures"][0][1] == "1"
    assert browser.get(at(PAGE, "change", theirs)).status_code == 404
    assert "Rival" not in texts(browser.post(at(PAGE, "export"), {"format": "0"}))


def test_many_companies_take_no_more_queries_than_one(browser, acme, bakery, plan, costs):
    use(bakery, 1)
    few = costs(browser, at(PAGE))
    for n in range(25):
        use(make_company(acme, f"Company {n}"), n)
    assert costs(browser, at(PAGE)) == few <= 20
