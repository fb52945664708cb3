"""Months in sentences, each with what it comes to, worked out by hand.

October has 31 days. The plan is 310.00 a month (10.00 a day) and 3.10 for a company (0.10 a day),
100 documents, each further one 0.05; another plan, Scale, is 620.00 (20.00 a day), 6.20 for a
company (0.20 a day), 310 documents, each further one 0.01. There are two companies, One and Two.
"""

from datetime import UTC, datetime
from decimal import Decimal

import pytest

from billing import charges
from billing.models import Plan, Subscription
from billing.services import subscriptions
from peppol.models import DailyUsage, MonthlyUsage
from tenants.models import FormerPayer, Organization, Suspension
from tests.billing.factories import MONTH, old, subscribe
from tests.conftest import make_company, make_platform

pytestmark = pytest.mark.django_db


def on(day, hour=12, month=10):
    return datetime(2026, month, day, hour, tzinfo=UTC)


class Books:
    """A platform with two companies, and what may happen to them."""

    def __init__(self, acme):
        self.acme = acme
        self.plan = Plan.objects.create(
            code="growth",
            name="Growth",
            monthly_fee="310.00",
            company_fee="3.10",
            included_documents=100,
            overage_price="0.05",
        )
        self.scale = Plan.objects.create(
            code="scale",
            name="Scale",
            monthly_fee="620.00",
            company_fee="6.20",
            included_documents=310,
            overage_price="0.01",
        )
        old(acme)
        self.row = subscribe(acme, self.plan, since=on(1, month=1))
        self.one, self.two = (old(make_company(acme, name)) for name in ("One", "Two"))
        self.other = old(make_platform("Other"))
        subscribe(self.other, self.plan, since=on(1, month=1))

    def begun(self, at):
        Subscription.objects.filter(pk=self.row.pk).update(started_at=at)
        self.row.terms.update(since=at.date())

    def ended(self, at):
        Subscription.objects.filter(pk=self.row.pk).update(ended_at=at)

    def cancelled(self, at):
        Subscription.objects.filter(pk=self.row.pk).update(ends_at=at)

    def change(self, at):
        self.ended(at)
        subscribe(self.acme, self.scale, since=at)

    def back(self, at):
        Subscription.objects.filter(organization=self.acme, ended_at=None).update(ended_at=at)
        subscribe(self.acme, self.plan, since=at)

    def gone(self, who, at, column="closed_at"):
        status = {"status": "closed"} if column == "closed_at" else {}
        Organization.objects.filter(pk=getattr(self, who).pk).update(**{column: at}, **status)

    def made(self, who, at):
        Organization.objects.filter(pk=getattr(self, who).pk).update(created_at=at)

    def suspended(self, who, start, end=None):
        row = getattr(self, who)
        Suspension.objects.create(organization=row, started_at=start, ended_at=end)

    def was(self, who, until, **columns):
        """Until then `who` was otherwise than it is now."""
        held = {"environment": "live", **columns}
        FormerPayer.objects.create(organization=getattr(self, who), until=until, **held)

    def now(self, who, **columns):
        Organization.objects.filter(pk=getattr(self, who).pk).update(**columns)

    def used(self, who, n, failed=0, day=15):
        organization = getattr(self, who)
        row = {"organization": organization, "environment": "live", "sent": n, "failed": failed}
        MonthlyUsage.objects.create(on=MONTH, **row)
        DailyUsage.objects.create(on=MONTH.replace(day=day), **row)

    def edit(self, **columns):
        for name, value in columns.items():
            setattr(self.plan, name, value)
        subscriptions.save_plan(self.plan)

    def cost(self, who="acme"):
        account = charges.of(Organization.objects.get(pk=getattr(self, who).pk), MONTH)
        if account is None:
            return None
        return sum((charge.amount for charge in account.charges()), Decimal(0))


@pytest.fixture
def books(acme):
    return Books(acme)


MONTHS = [
    ("nothing happened", lambda b: None, "316.20"),
    ("100 documents were sent", lambda b: b.used("one", 100), "316.20"),
    ("101 documents were sent", lambda b: b.used("one", 101), "316.25"),
    ("120 were sent, 20 failed", lambda b: b.used("one", 120, 20), "316.20"),
    ("120 were sent, 10 failed", lambda b: b.used("one", 120, 10), "316.70"),
    ("60 and 60 share the 100", lambda b: (b.used("one", 60), b.used("two", 60)), "317.20"),
    ("the platform sent 110 itself", lambda b: b.used("acme", 110), "316.70"),
    ("the plan began on the 22nd", lambda b: b.begun(on(22)), "102.00"),
    ("the plan began on the last day", lambda b: b.begun(on(31, 23)), "10.20"),
    ("the plan ended on the 5th", lambda b: b.ended(on(5)), "51.00"),
    ("the plan ended at midnight of the 5th", lambda b: b.ended(on(5, 0)), "40.80"),
    ("the plan ended before the month", lambda b: b.ended(on(1, 0)), None),
    ("it was cancelled for the month's end", lambda b: b.cancelled(on(1, 0, 11)), "316.20"),
    ("it was cancelled for last month's end", lambda b: b.cancelled(on(1, 0)), None),
    ("documents after the end", lambda b: (b.ended(on(5)), b.used("one", 500)), "51.00"),
    (
        # 5 of 31 days include 16 documents; 20 are 4 too many.
        "documents before the end",
        lambda b: (b.ended(on(5)), b.used("one", 20, day=3)),
        "51.20",
    ),
    ("the platform closed on the 5th", lambda b: b.gone("acme", on(5)), "51.00"),
    (
        "the platform was deleted on the 5th",
        lambda b: b.gone("acme", on(5), "deleted_at"),
        "51.00",
    ),
    ("the platform closed last month", lambda b: b.gone("acme", on(30, month=9)), None),
    ("Two closed on the 5th", lambda b: b.gone("two", on(5)), "313.60"),
    (
        "Two closed on the 5th, was deleted on the 20th",
        lambda b: (b.gone("two", on(5)), b.gone("two", on(20), "deleted_at")),
        "313.60",
    ),
    ("Two closed last month", lambda b: b.gone("two", on(30, month=9)), "313.10"),
    ("Two was made on the 22nd", lambda b: b.made("two", on(22)), "314.10"),
    ("Two was made next month", lambda b: b.made("two", on(1, month=11)), "313.10"),
    (
        "Two was made and closed on one day",
        lambda b: (b.made("two", on(9, 8)), b.gone("two", on(9, 20))),
        "313.20",
    ),
    ("Two is for trying out", lambda b: b.now("two", environment="test"), "313.10"),
    ("Two is in test mode", lambda b: b.now("two", test_mode=True), "313.10"),
    ("Two went live on the 22nd", lambda b: b.was("two", on(22), environment="test"), "314.10"),
    (
        "Two was in test mode to the 11th",
        lambda b: b.was("two", on(12), test_mode=True),
        "315.10",
    ),
    ("Two was suspended from the 10th on", lambda b: b.suspended("two", on(10)), "314.10"),
    (
        "Two was suspended from the 10th to the 21st",
        lambda b: b.suspended("two", on(10), on(21)),
        "315.20",
    ),
    ("Two was suspended for an hour", lambda b: b.suspended("two", on(10), on(10, 13)), "316.20"),
    ("the platform was suspended from the 10th", lambda b: b.suspended("acme", on(10)), "102.00"),
    (
        "the platform and Two were suspended at once",
        lambda b: (b.suspended("acme", on(10), on(21)), b.suspended("two", on(15), on(25))),
        # 21 days of 10.10 for the plan and One, 17 of Two, which lost the 11th to the 24th.
        "213.80",
    ),
    ("all the month suspended", lambda b: b.suspended("acme", on(1, month=9)), "0.00"),
    ("the plan changed on the 11th", lambda b: b.change(on(11)), "530.40"),
    (
        "the plan changed on the 11th and back on the 21st",
        lambda b: (b.change(on(11)), b.back(on(21))),
        # 10 + 11 days of 10.20, 10 days of 20.40.
        "418.20",
    ),
    ("the plan changed twice in a day", lambda b: (b.change(on(11)), b.back(on(11, 18))), "316.20"),
    (
        "the plan changed, and 250 documents were sent",
        # (100 × 10 + 310 × 21) / 31 = 242 are included; 8 at 0.01.
        lambda b: (b.change(on(11)), b.used("one", 250)),
        "530.48",
    ),
    ("the price was edited since", lambda b: b.edit(monthly_fee=999, company_fee=99), "316.20"),
    (
        "the documents and their price were edited since",
        lambda b: (b.used("one", 110), b.edit(included_documents=1, overage_price=9)),
        "316.70",
    ),
    ("another pays for Two", lambda b: b.now("two", bill_to=b.other), "313.10"),
    ("another pays for Two since the 10th", None, "314.00"),
    ("another pays for Two since last week", None, "316.20"),
    ("Two is withheld", lambda b: b.now("two", withhold_billing=True), "313.10"),
    ("the platform is withheld", lambda b: b.now("acme", withhold_billing=True), None),
    (
        "Two's 150 documents are withheld",
        lambda b: (b.used("two", 150), b.now("two", withhold_billing=True)),
        "313.10",
    ),
    (
        "another pays for Two's 150 documents",
        lambda b: (b.used("two", 150), b.now("two", bill_to=b.other)),
        "313.10",
    ),
]


def moved_on(at):
    def happen(books):
        books.was("two", at)
        books.now("two", bill_to=books.other)

    return happen


LATER = {
    "another pays for Two since the 10th": moved_on(on(10)),
    "another pays for Two since last week": moved_on(on(20, month=11)),
}


@pytest.mark.parametrize(
    ("what", "happened", "amount"), MONTHS, ids=[what.replace(" ", "-") for what, _h, _a in MONTHS]
)
def test_a_month_costs_what_is_worked_out_by_hand(what, happened, amount, books):
    (happened or LATER[what])(books)
    assert books.cost() == (None if amount is None else Decimal(amount))


def test_what_one_does_not_pay_the_other_does(books):
    books.used("two", 150)
    books.now("two", bill_to=books.other)
    # 310.00, Two's 3.10, and 50 documents of overage at 0.05.
    assert books.cost("other") == Decimal("315.60")
