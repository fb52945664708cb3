"""Who pays is dated: a change holds from its day on, and what was before stays as it was."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest
from django.db import connection

from billing import charges, counting
from billing.days import Month
from billing.services import quotas
from peppol.models import DailyUsage
from tenants.models import FormerPayer, Organization
from tenants.row_security import limit_rows_to, limit_rows_to_bill_of
from tenants.services import organizations
from tests.billing.factories import MONTH, at, old, subscribe
from tests.conftest import SYSTEM, make_platform

pytestmark = pytest.mark.django_db


@pytest.fixture
def payer(plan):
    payer = old(make_platform("Payer"))
    subscribe(payer, plan, since=at(1, 1))
    return payer


def exchanged(company, **by_day):
    for day, sent in by_day.items():
        DailyUsage.objects.create(
            organization=company,
            environment="live",
            on=MONTH.replace(day=int(day.removeprefix("on"))),
            sent=sent,
        )


def fees(organization):
    account = charges.of(organization, MONTH)
    return {charge.description: (charge.fee, charge.documents) for charge in account.charges()}


def test_each_day_goes_to_the_payer_at_its_end(billed, payer):
    """FLO-64."""
    one = Organization.objects.get(name="One")
    exchanged(one, on9=50, on10=20, on31=10)
    organizations.update(one, {"bill_to_id": payer.pk}, by=SYSTEM)
    FormerPayer.objects.update(until=at(10))
    # Nine days of 31 at 3.10 for acme, the tenth and after for the other.
    assert fees(billed)["One"] == (Decimal("0.90"), 50)
    assert fees(payer)["One"] == (Decimal("2.20"), 30)
    assert quotas.of(billed, MONTH).used == 50 + 30
    assert quotas.of(payer, MONTH).used == 30


def test_a_payer_that_changed_after_the_month_changes_nothing_in_it(billed, payer):
    before = fees(billed)
    one = Organization.objects.get(name="One")
    exchanged(one, on9=70, on12=10)
    organizations.update(one, {"bill_to_id": payer.pk, "withhold_billing": True}, by=SYSTEM)
    assert fees(billed) == before
    assert set(fees(payer)) == {"Growth"}


def test_withholding_holds_from_its_day_on(billed):
    one = Organization.objects.get(name="One")
    exchanged(one, on9=50, on20=30)
    organizations.update(one, {"withhold_billing": True}, by=SYSTEM)
    FormerPayer.objects.update(until=datetime(2026, 10, 11, 8, tzinfo=UTC))
    assert fees(billed)["One"] == (Decimal("1.00"), 50)


def test_a_company_that_went_live_counts_from_its_day_on(billed):
    one = Organization.objects.get(name="One")
    Organization.objects.filter(pk=one.pk).update(environment="test")
    exchanged(one, on25=8)
    organizations.enable_live(one, by=SYSTEM)
    FormerPayer.objects.update(until=at(22))
    assert fees(billed)["One"] == (Decimal("1.00"), 8)


def test_test_mode_is_dated_too(billed):
    one = Organization.objects.get(name="One")
    exchanged(one, on2=7, on25=8)
    organizations.set_test_mode(one, True, by=SYSTEM)
    organizations.set_test_mode(one, False, by=SYSTEM)
    first, second = FormerPayer.objects.order_by("id")
    FormerPayer.objects.filter(pk=first.pk).update(until=at(11))
    FormerPayer.objects.filter(pk=second.pk).update(until=at(22))
    assert fees(billed)["One"] == (Decimal("2.00"), 15)


def test_a_payer_counts_those_whom_it_does_not_look_at_and_nobody_else(billed, payer, rival):
    """What is counted is shown to the count alone, and of strangers nothing is."""
    one, two = (Organization.objects.get(name=name) for name in ("One", "Two"))
    exchanged(one, on9=50, on10=20)
    exchanged(two, on9=7)
    exchanged(rival, on9=900)
    organizations.update(one, {"bill_to_id": payer.pk}, by=SYSTEM)
    organizations.update(two, {"bill_to_id": payer.pk}, by=SYSTEM)
    FormerPayer.objects.filter(organization=two).update(until=at(1, 9))
    FormerPayer.objects.filter(organization=one).update(until=at(10))
    organizations.update(two, {"bill_to_id": None}, by=SYSTEM)
    FormerPayer.objects.filter(organization=two, bill_to=payer).update(until=at(20))
    month = Month.of(MONTH)
    with limit_rows_to(payer):
        assert counting.documents(payer, month, month.between(at(1), None)) == 20 + 7
        if connection.vendor == "postgresql":
            assert not DailyUsage.objects.exists()
    if connection.vendor == "postgresql":
        with limit_rows_to_bill_of(payer):
            assert set(Organization.objects.all()) == {payer, one}
            assert not Organization.objects.filter(pk=one.pk).update(city="Gent")
            assert set(DailyUsage.objects.values_list("organization", flat=True)) == {one.pk}
