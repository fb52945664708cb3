"""What a month costs an organization, computed from rows of usage and never from documents.

The plan's documents are shared by all companies on the statement. What goes beyond them is divided
among the companies by what each exchanged, so that the lines add up to the whole to the cent.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from uuid import UUID

from django.db.models import F, Q, QuerySet, Sum
from django.utils.translation import gettext as _

from billing.models import Plan, Subscription
from billing.payers import paid_by
from peppol.models import MonthlyUsage
from peppol.models.usage import DOCUMENTS, Usage
from peppol.services.documents.usage import month_of
from tenants.models import Environment, Organization, Suspension

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

    @property
    def amount(self) -> Decimal:
        return self.fee + self.overage_amount

    @property
    def included(self) -> int:
        return self.documents - self.overage


@dataclass(frozen=True)
class Account:
    """What is known of a month before the companies are gone through one by one."""

    payer: Organization
    start: date
    end: date
    plan: Plan
    plan_charges: list[Charge]
    included: int
    documents: int

    @property
    def overage(self) -> int:
        """Documents beyond the plan."""
        return max(0, self.documents - self.included)

    @property
    def overage_amount(self) -> Decimal:
        return cents(self.plan.overage_price * self.overage)

    def charges(self) -> Iterator[Charge]:
        """Every line: the plan's first, then a line per company that used or costs something."""
        yield from self.plan_charges
        seen = _Running(self)
        for companies in _in_chunks(self.payer, self.start, self.end):
            usage = _usage(companies, self.start)
            days = _days(companies, self.start, self.end) if self.plan.company_fee else {}
            for company in companies:
                charge = seen.charge(company, usage.get(company.pk), days.get(company.pk, 0))
                if charge.documents or charge.sent or charge.received or charge.fee:
                    yield charge


@dataclass
class _Running:
    """Divides overage as companies go by: each gets what the sum grew by, so no cent is lost."""

    account: Account
    documents: int = field(default=0)
    overage: int = field(default=0)
    amount: Decimal = field(default=Decimal(0))

    def charge(self, company: Organization, usage: Usage | None, days: int) -> Charge:
        account = self.account
        sent, received = (usage.sent, usage.received) if usage else (0, 0)
        documents = max(sent + received - (usage.failed if usage else 0), 0)
        before, amount_before = self.overage, self.amount
        self.documents += documents
        if account.documents:
            self.overage = account.overage * self.documents // account.documents
        self.amount = cents(account.plan.overage_price * self.overage)
        month = (account.end - account.start).days + 1
        return Charge(
            description=company.title[:255],
            company=company,
            sent=sent,
            received=received,
            documents=documents,
            overage=self.overage - before,
            overage_amount=self.amount - amount_before,
            fee=cents(account.plan.company_fee * days / month),
        )


def of(payer: Organization, month: date) -> Account | None:
    """The account of `payer` for `month`; None when it had no plan then."""
    start, end = month_of(month)
    segments = _segments(payer, start, end)
    if not segments:
        return None
    length = (end - start).days + 1
    plan = segments[-1][0]
    return Account(
        payer=payer,
        start=start,
        end=end,
        plan=plan,
        plan_charges=[
            Charge(
                description=_said(plan, days, length), fee=cents(plan.monthly_fee * days / length)
            )
            for plan, days in segments
        ],
        included=sum(plan.included_documents * days for plan, days in segments) // length,
        documents=_documents(payer, start),
    )


def payers(month: date) -> "list[UUID]":
    """Who had a plan at some time of `month` and is to be billed, in the order of their ids."""
    start, end = month_of(month)
    return list(
        _overlapping(start, end)
        .filter(organization__withhold_billing=False)
        .order_by("organization_id")
        .values_list("organization_id", flat=True)
        .distinct()
    )


def cents(amount: Decimal) -> Decimal:
    """To the cent, half up."""
    return amount.quantize(CENT, ROUND_HALF_UP)


def _segments(payer: Organization, start: date, end: date) -> list[tuple[Plan, int]]:
    """The plans of the month in their order, each with the days that are charged."""
    rows = _overlapping(start, end).filter(organization=payer).select_related("plan")
    free = _suspended_days([payer], start, end).get(payer.pk, set())
    found = []
    for row in rows.order_by("started_at"):
        first = max(start, row.started_at.date())
        last = min(end, row.ended_at.date() - timedelta(days=1)) if row.ended_at else end
        days = {first + timedelta(days=n) for n in range((last - first).days + 1)}
        if days:
            found.append((row.plan, len(days - free)))
    return found


def _overlapping(start: date, end: date) -> QuerySet[Subscription]:
    return Subscription.objects.filter(
        Q(ended_at=None) | Q(ended_at__date__gt=start), started_at__date__lte=end
    )


def _documents(payer: Organization, start: date) -> int:
    """Row by row as the lines count them, so that the sum of the lines is this."""
    used = MonthlyUsage.objects.filter(
        on=start,
        environment=Environment.LIVE,
        organization__in=paid_by(payer).values("pk"),
        sent__gte=F("failed") - F("received"),
    )
    total = used.aggregate(n=Sum(DOCUMENTS, default=0))["n"]
    return int(total)


def _in_chunks(payer: Organization, start: date, end: date) -> Iterator[list[Organization]]:
    """The companies on the statement that existed in the month, some at a time."""
    there = (
        paid_by(payer)
        .filter(Q(deleted_at=None) | Q(deleted_at__date__gte=start), created_at__date__lte=end)
        .order_by("id")
    )
    last: UUID | None = None
    while True:
        rows = list((there.filter(id__gt=last) if last else there)[:_CHUNK])
        if not rows:
            return
        yield rows
        last = rows[-1].pk


def _usage(companies: list[Organization], start: date) -> dict[UUID, Usage]:
    rows = MonthlyUsage.objects.filter(
        on=start, environment=Environment.LIVE, organization__in=companies
    )
    return {row.organization_id: row for row in rows.iterator()}


def _days(companies: list[Organization], start: date, end: date) -> dict[UUID, int]:
    """On how many days of the month each managed company was there and not suspended."""
    free = _suspended_days(companies, start, end)
    found = {}
    for company in companies:
        if company.parent_id is None:
            continue
        gone = company.deleted_at or company.closed_at
        first = max(start, company.created_at.date())
        last = min(end, gone.date()) if gone else end
        days = {first + timedelta(days=n) for n in range((last - first).days + 1)}
        found[company.pk] = len(days - free.get(company.pk, set()))
    return found


def _suspended_days(
    organizations: list[Organization], start: date, end: date
) -> dict[UUID, set[date]]:
    """The days of the month that each was suspended throughout."""
    rows = Suspension.objects.filter(
        Q(ended_at=None) | Q(ended_at__date__gte=start),
        organization__in=organizations,
        started_at__date__lte=end,
    )
    found: dict[UUID, set[date]] = {}
    for row in rows:
        first = max(start, _next_day(row.started_at))
        last = min(end, row.ended_at.date() - timedelta(days=1)) if row.ended_at else end
        days = {first + timedelta(days=n) for n in range((last - first).days + 1)}
        found.setdefault(row.organization_id, set()).update(days)
    return found


def _next_day(at: datetime) -> date:
    return at.date() + timedelta(days=1)


def _said(plan: Plan, days: int, length: int) -> str:
    if days == length:
        return plan.name
    return _("%(plan)s, %(days)d of %(all)d days") % {
        "plan": plan.name,
        "days": days,
        "all": length,
    }
