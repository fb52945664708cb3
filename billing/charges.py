"""What a month costs an organization, computed from rows of usage and never from documents.

The plan's documents are shared by all companies on the statement. What goes beyond them is divided
among the companies by what each exchanged, so that the lines add up to the whole to the cent.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from itertools import groupby
from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext as _

from billing import counting
from billing.counting import Count
from billing.days import (
    Month,
    PayerHistory,
    earliest,
    ever_paid_by,
    moved,
    subscribed,
    suspended,
    terms_by_day,
)
from billing.models import Plan, SubscriptionTerms
from tenants.models import Organization

CENT = Decimal("0.01")
_CHUNK = 500


@dataclass(frozen=True)
class Charge:
    """One line of a statement. `company` is empty on the lines of the plan."""

    description: str
    company: Organization | None = None
    sent: int = 0
    received: int = 0
    documents: int = 0
    overage: int = 0
    fee: Decimal = Decimal(0)
    overage_amount: Decimal = Decimal(0)
    corrects_month: date | None = None

    @property
    def amount(self) -> Decimal:
        return self.fee + self.overage_amount

    @property
    def included(self) -> int:
        return max(0, self.documents - self.overage)


@dataclass(frozen=True)
class Account:
    """What is known of a month before the companies are gone through one by one."""

    payer: Organization
    month: Month
    terms_on: dict[date, SubscriptionTerms]
    plan_charges: list[Charge]
    included: int
    documents: int

    @property
    def terms(self) -> SubscriptionTerms:
        """The last of the month: in their currency, and for their price of overage, it is."""
        return next(reversed(self.terms_on.values()))

    @property
    def plan(self) -> Plan:
        return self.terms.subscription.plan

    @property
    def overage(self) -> int:
        """Documents beyond the plan."""
        return max(0, self.documents - self.included)

    @property
    def overage_amount(self) -> Decimal:
        return cents(self.terms.overage_price * self.overage)

    def charges(self) -> Iterator[Charge]:
        """Every line: the plan's first, then a line per company that used or costs something."""
        yield from self.plan_charges
        seen = _Running(self)
        for companies in _in_chunks(self.payer, self.month):
            usage = counting.by_company(companies, self.payer, self.month, set(self.terms_on))
            fees = _fees(companies, self)
            for company in companies:
                count = usage.get(company.pk, Count())
                charge = seen.charge(company, count, fees.get(company.pk, Decimal(0)))
                if charge.documents or charge.sent or charge.received or charge.fee:
                    yield charge


@dataclass
class _Running:
    """Divides overage as companies go by: each gets what the sum grew by, so no cent is lost."""

    account: Account
    documents: int = field(default=0)
    overage: int = field(default=0)
    amount: Decimal = field(default=Decimal(0))

    def charge(self, company: Organization, count: Count, fee: Decimal) -> Charge:
        account = self.account
        before, amount_before = self.overage, self.amount
        self.documents += count.documents
        if account.documents:
            self.overage = account.overage * self.documents // account.documents
        self.amount = cents(account.terms.overage_price * self.overage)
        return Charge(
            description=company.title[:255],
            company=company,
            sent=count.sent,
            received=count.received,
            documents=count.documents,
            overage=self.overage - before,
            overage_amount=self.amount - amount_before,
            fee=fee,
        )


def of(payer: Organization, day: date) -> Account | None:
    """The account of `payer` for the month of `day`; None when it had no plan then, or when none
    of its days counts, because it is for trying out or its billing is withheld."""
    month = Month.of(day)
    terms_on = terms_by_day(payer, month)
    own = PayerHistory.of([payer], month)
    counted = {day for day in terms_on if own.on(payer.pk, day) is not None}
    if not counted:
        return None
    free = set(terms_on) - counted | suspended([payer.pk], month).get(payer.pk, set())
    segments = _segments(terms_on, free)
    return Account(
        payer=payer,
        month=month,
        terms_on=terms_on,
        plan_charges=[
            Charge(
                description=_said(terms, days, month.length),
                fee=cents(terms.monthly_fee * days / month.length),
            )
            for terms, days in segments
        ],
        included=sum(terms.included_documents * days for terms, days in segments) // month.length,
        documents=counting.documents(payer, month, set(terms_on)),
    )


def payers(day: date) -> "list[UUID]":
    """Who had a plan at some time of the month and may have to pay, in the order of their ids."""
    month = Month.of(day)
    changed = moved(month).values("organization")
    return list(
        subscribed(month)
        .filter(Q(organization__withhold_billing=False) | Q(organization__in=changed))
        .order_by("organization_id")
        .values_list("organization_id", flat=True)
        .distinct()
    )


def cents(amount: Decimal) -> Decimal:
    """To the cent, half up."""
    return amount.quantize(CENT, ROUND_HALF_UP)


def _segments(
    terms_on: dict[date, SubscriptionTerms], free: set[date]
) -> list[tuple[SubscriptionTerms, int]]:
    """The terms of the month in their order, each with the days that are charged."""
    groups = (list(days) for _pk, days in groupby(terms_on.items(), lambda item: item[1].pk))
    return [(group[0][1], len({day for day, _terms in group} - free)) for group in groups]


def _in_chunks(payer: Organization, month: Month) -> Iterator[list[Organization]]:
    """The companies on the statement that existed in the month, some at a time."""
    there = ever_paid_by(payer, month).filter(
        Q(deleted_at=None) | Q(deleted_at__gte=month.begins_at), created_at__lt=month.ends_at
    )
    last: UUID | None = None
    while True:
        rows = list((there.filter(id__gt=last) if last else there).order_by("id")[:_CHUNK])
        if not rows:
            return
        yield rows
        last = rows[-1].pk


def _fees(companies: list[Organization], account: Account) -> dict[UUID, Decimal]:
    """What each managed company costs by its days: those on which it was there, this payer paid
    for it, and neither it nor its platform was suspended."""
    if not any(terms.company_fee for terms in account.terms_on.values()):
        return {}
    month, found = account.month, {}
    history = PayerHistory.of(companies, month)
    free = suspended([pk for one in companies for pk in (one.pk, one.parent_id)], month)
    for company in companies:
        if company.parent_id is None:
            continue
        days = month.between(company.created_at, earliest(None, company))
        days -= free.get(company.pk, set()) | free.get(company.parent_id, set())
        fees = [
            account.terms_on[day].company_fee
            for day in days & account.terms_on.keys()
            if history.on(company.pk, day) == account.payer.pk
        ]
        found[company.pk] = cents(sum(fees, Decimal(0)) / month.length)
    return found


def _said(terms: SubscriptionTerms, days: int, length: int) -> str:
    if days == length:
        return terms.name
    return _("%(plan)s, %(days)d of %(all)d days") % {
        "plan": terms.name,
        "days": days,
        "all": length,
    }
