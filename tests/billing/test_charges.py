"""What a month costs: who pays, and for how many days."""

from decimal import Decimal

import pytest
from django.db.models import Sum

from billing import charges
from billing.models import Plan, Statement, Subscription
from billing.services import statement_runs
from peppol.models import MonthlyUsage
from tenants.models import Organization
from tenants.services import organizations
from tests.billing.factories import MONTH, at, old, subscribe
from tests.conftest import SYSTEM, make_platform

pytestmark = pytest.mark.django_db


def test_a_change_of_plan_divides_the_month_by_days(billed, plan):
    other = Plan.objects.create(
        code="scale",
        name="Scale",
        monthly_fee="620.00",
        included_documents=310,
        overage_price="0.01",
    )
    Subscription.objects.filter(organization=billed).update(ended_at=at(11))
    subscribe(billed, other, since=at(11))
    account = charges.of(billed, MONTH)
    # Ten days of the one, 21 of the other; 31 days in October.
    assert [charge.fee for charge in account.plan_charges] == [Decimal("100.00"), Decimal("420.00")]
    assert account.included == (100 * 10 + 310 * 21) // 31
    assert account.plan == other


def test_a_suspension_pauses_what_is_charged_by_the_day(billed):
    """INV-44."""
    company = Organization.objects.get(name="Two")
    for organization in (billed, company):
        organization.suspensions.create(started_at=at(10), ended_at=at(21))
    account = charges.of(billed, MONTH)
    # The tenth and the twenty-first were begun or ended in service; ten days between were not.
    assert account.plan_charges[0].fee == Decimal("210.00")
    # A suspended platform's companies cannot work, and cost as little as it does.
    fees = {charge.description: charge.fee for charge in account.charges()}
    assert (fees["One"], fees["Two"]) == (Decimal("2.10"), Decimal("2.10"))


def test_a_suspended_company_costs_nothing_while_its_platform_pays_on(billed):
    company = Organization.objects.get(name="Two")
    company.suspensions.create(started_at=at(10), ended_at=at(21))
    account = charges.of(billed, MONTH)
    assert account.plan_charges[0].fee == Decimal("310.00")
    fees = {charge.description: charge.fee for charge in account.charges()}
    assert (fees["One"], fees["Two"]) == (Decimal("3.10"), Decimal("2.10"))


def test_suspending_and_reactivating_are_remembered_as_times(billed):
    company = Organization.objects.get(name="One")
    organizations.suspend(company, reason="unpaid", by=SYSTEM)
    assert company.suspensions.filter(ended_at=None).count() == 1
    organizations.reactivate(company, by=SYSTEM)
    assert company.suspensions.exclude(ended_at=None).count() == 1


def test_usage_goes_to_whoever_pays(billed, plan):
    """INV-44, FLO-64: companies' usage is their platform's to pay, unless another is named."""
    payer = old(make_platform("Payer"))
    subscribe(payer, plan, since=at(1, 1))
    one, two = Organization.objects.get(name="One"), Organization.objects.get(name="Two")
    Organization.objects.filter(pk=one.pk).update(bill_to=payer)
    Organization.objects.filter(pk=two.pk).update(withhold_billing=True)
    assert charges.of(payer, MONTH).documents == 80
    assert charges.of(billed, MONTH).documents == 0
    assert [c.description for c in charges.of(billed, MONTH).charges()] == ["Growth"]


def test_a_thousand_companies_are_billed_in_few_queries(acme, plan, django_assert_max_num_queries):
    subscribe(old(acme), plan, since=at(1, 1))
    companies = Organization.objects.bulk_create(
        Organization(kind="managed", parent=acme, name=f"C {n}", country="BE") for n in range(1000)
    )
    Organization.objects.update(created_at=at(1, 1))
    MonthlyUsage.objects.bulk_create(
        MonthlyUsage(organization=one, environment="live", on=MONTH, sent=n % 7)
        for n, one in enumerate(companies)
    )
    statement_runs.start(MONTH)
    # Files that are replaced are given up by a row of their own first.
    with django_assert_max_num_queries(85):
        statement_runs.advance()
    statement = Statement.objects.get()
    sums = statement.lines.aggregate(Sum("amount"), Sum("documents"), Sum("overage"))
    assert sums["amount__sum"] == statement.net
    assert sums["documents__sum"] == statement.documents == sum(n % 7 for n in range(1000))
