"""Subscriptions end: when one is cancelled, and when the organization is closed."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from billing import charges
from billing.models import Plan, Subscription
from billing.services import subscriptions
from tenants.errors import LimitReached, WrongState
from tenants.models import Event, Organization
from tenants.services import organizations
from tests.billing.factories import MONTH, at, subscribe
from tests.conftest import SYSTEM, make_company

pytestmark = pytest.mark.django_db


def current(organization):
    return Subscription.objects.filter(organization=organization, ended_at=None).first()


def test_a_plan_that_is_cancelled_runs_to_the_end_of_the_month(acme, plan):
    subscriptions.select(acme, plan, by=SYSTEM)
    made = subscriptions.cancel(acme, reason="too dear", by=SYSTEM)
    today = timezone.now().date()
    assert made.ends_at.day == 1 and made.ends_at.date() > today
    assert subscriptions.keep_up() == 0 and current(acme) == made
    Subscription.objects.update(ends_at=timezone.now() - timedelta(minutes=1))
    assert subscriptions.keep_up() == 1 and current(acme) is None
    types = Event.objects.filter(organization=acme, type__startswith="subscription")
    assert [event.type for event in types.order_by("id")] == [
        "subscription.selected",
        "subscription.cancelled",
        "subscription.ended",
    ]


def test_choosing_the_plan_again_takes_back_that_it_was_cancelled(acme, plan):
    subscriptions.select(acme, plan, by=SYSTEM)
    subscriptions.cancel(acme, by=SYSTEM)
    assert subscriptions.select(acme, plan, by=SYSTEM).ends_at is None
    assert Subscription.objects.count() == 1


def test_a_plan_that_is_cancelled_now_ends_at_once_and_nothing_more_is_made(acme, plan):
    subscriptions.select(acme, plan, by=SYSTEM)
    subscriptions.cancel(acme, now=True, by=SYSTEM)
    assert current(acme) is None
    acme.refresh_from_db()
    assert (acme.company_limit, acme.document_quota) == (0, 0)
    with pytest.raises(LimitReached):
        make_company(acme, "Late")
    with pytest.raises(WrongState):
        subscriptions.cancel(acme, by=SYSTEM)
    subscriptions.select(acme, plan, by=SYSTEM)
    acme.refresh_from_db()
    assert acme.company_limit == 500


def test_closing_an_organization_ends_its_plan(acme, plan):
    subscriptions.select(acme, plan, by=SYSTEM)
    organizations.close(acme, reason="gone", by=SYSTEM)
    subscriptions.keep_up()
    acme.refresh_from_db()
    assert Subscription.objects.get().ended_at == acme.closed_at


def test_one_that_cannot_be_ended_does_not_keep_the_others_waiting(acme, rival, plan, monkeypatch):
    for one in (acme, rival):
        subscriptions.select(one, plan, by=SYSTEM)
        organizations.close(one, reason="gone", by=SYSTEM)
    record = subscriptions.events.record

    def fails_for_acme(organization, *args, **kwargs):
        if organization == acme:
            raise RuntimeError("no")
        return record(organization, *args, **kwargs)

    monkeypatch.setattr(subscriptions.events, "record", fails_for_acme)
    assert subscriptions.keep_up() == 1
    assert (current(rival), current(acme) is None) == (None, False)


def test_another_price_holds_from_the_next_month_on(acme, plan):
    subscriptions.select(acme, plan, by=SYSTEM)
    plan.monthly_fee, plan.included_documents = 999, 777
    subscriptions.save_plan(plan)
    first, second = current(acme).terms.order_by("since")
    assert (first.monthly_fee, second.monthly_fee) == (Decimal(310), Decimal(999))
    assert second.since.day == 1 and second.since > timezone.now().date()
    account = charges.of(acme, timezone.now().date())
    assert account.terms == first
    subscriptions.keep_up()
    acme.refresh_from_db()
    assert acme.document_quota == 100
    current(acme).terms.filter(pk=first.pk).update(since=first.since - timedelta(days=31))
    current(acme).terms.filter(pk=second.pk).update(since=timezone.now().date())
    subscriptions.keep_up()
    acme.refresh_from_db()
    assert acme.document_quota == 777


def test_what_a_month_cost_is_not_changed_by_another_price(billed, plan):
    before = charges.of(billed, MONTH).plan_charges[0].fee
    plan.monthly_fee = plan.company_fee = plan.overage_price = 999
    plan.name = "Dear"
    subscriptions.save_plan(plan)
    Plan.objects.update(included_documents=1)
    account = charges.of(billed, MONTH)
    assert (account.plan_charges[0].fee, account.plan_charges[0].description) == (before, "Growth")
    assert (account.included, account.overage_amount) == (100, Decimal("0.33"))


def test_the_day_on_which_a_plan_ends_is_charged_and_midnight_begins_none(acme, plan):
    row = subscribe(acme, plan, since=at(1, 1), until=at(5))
    assert charges.of(acme, MONTH).plan_charges[0].fee == Decimal("50.00")
    row.ended_at = datetime(2026, 10, 5, tzinfo=UTC)
    row.save()
    assert charges.of(acme, MONTH).plan_charges[0].fee == Decimal("40.00")
    row.ended_at = datetime(2026, 10, 1, tzinfo=UTC)
    row.save()
    assert charges.of(acme, MONTH) is None


def test_a_company_costs_nothing_after_the_day_on_which_it_closed(billed):
    company = Organization.objects.get(name="Two")
    organizations.close(company, reason="gone", by=SYSTEM)
    Organization.objects.filter(pk=company.pk).update(closed_at=at(5), deleted_at=at(20))
    fees = {charge.description: charge.fee for charge in charges.of(billed, MONTH).charges()}
    assert (fees["One"], fees["Two"]) == (Decimal("3.10"), Decimal("0.50"))


def test_companies_for_trying_out_cost_nothing(billed):
    Organization.objects.filter(name="One").update(test_mode=True)
    Organization.objects.filter(name="Two").update(environment="test")
    account = charges.of(billed, MONTH)
    assert [charge.description for charge in account.charges()] == ["Growth"]
