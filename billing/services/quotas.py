"""Quotas: how much of its documents an organization has used, and telling it when it is much.

What a payer may have in a month is what its bill includes for that month, unless staff gave it
another number; what counts is what the bill counts. Every page, every surface, the notices and the
refusal to send more ask here.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import F, Q, Sum
from django.utils import timezone

from billing import charges, counting
from billing.days import Month, ever_payers, subscribed
from billing.models import QuotaNotice
from billing.payers import BILLED, PAYER
from peppol.models import DailyUsage, MonthlyUsage
from peppol.models.usage import DOCUMENTS
from peppol.services.documents import limits
from peppol.services.documents.limits import REACHED, WARNING, Quota
from peppol.services.documents.usage import month_of
from tenants import events, loops
from tenants.actors import Actor
from tenants.models import Environment, Organization, Suspension

Period = QuotaNotice.Period
WATCH = Actor.system("quota")
_EXAMPLE = {
    "period": "month",
    "month": "2026-11",
    "documents": 2000,
    "included": 2500,
    "percentage": 80,
    "hard": False,
}
WARNED = events.declare(
    "quota.warning",
    "80 % of the documents of a month, or of those that may be sent on a day, are used.",
    public=True,
    example={"quota": _EXAMPLE},
)
USED_UP = events.declare(
    "quota.reached",
    "All documents of a month or day are used. Where sending stops then, nothing more is sent; "
    "else more are overage and charged.",
    public=True,
    example={"quota": {**_EXAMPLE, "documents": 2500, "percentage": 100}},
)


def of(payer: Organization, day: date) -> Quota:
    """What `payer` has used, in the month of `day`, of the documents that it may have."""
    account = charges.of(payer, day)
    if account is None:
        used = counting.without_plan(payer, day)
        return Quota(used, payer.document_quota, payer.quota_is_hard)
    return of_account(account)


def of_account(account: charges.Account) -> Quota:
    """The same, of an account that is known already."""
    payer, today = account.payer, timezone.now().date()
    limit: int | None = account.included
    if today in account.month:
        terms = account.terms_on.get(today)
        if terms is None or terms.included_documents != payer.document_quota:
            limit = payer.document_quota  # what staff gave it, or nothing after the plan's end
    return Quota(account.documents, limit, payer.quota_is_hard)


@dataclass(frozen=True)
class _Reading:
    """How much of what somebody has used; it is counted when it is looked at."""

    organization: Organization
    period: str
    on: date
    count: Callable[[], Quota]


def watch() -> int:
    """Record what was crossed since the last look; how many notices it made."""
    today = timezone.now().date()
    month = month_of(today)[0]
    rows = QuotaNotice.objects.filter(on__in=(today, month))
    told = set(rows.values_list("organization", "period", "percentage"))
    before = rows.count()

    def look(reading: _Reading) -> None:
        quota = reading.count()
        for percentage in (WARNING, REACHED):
            crossed = (quota.percent or 0) >= percentage
            if crossed and (reading.organization.pk, reading.period, percentage) not in told:
                _tell(reading, quota, percentage)

    loops.each("quotas", _readings(today, month), look, of=lambda one: one.organization)
    return rows.count() - before


def _readings(today: date, month: date) -> Iterator[_Reading]:
    for payer in _payers(month):
        yield _Reading(payer, Period.MONTH, month, partial(of, payer, today))
    of_month = MonthlyUsage.objects.filter(on=month).annotate(counted=DOCUMENTS)
    for company in _companies(of_month, "document_quota", "perMonth"):
        count = partial(limits.of_company, company, today)
        yield _Reading(company, Period.MONTH, month, count)
    of_day = DailyUsage.objects.filter(on=today).annotate(counted=F("sent"))
    for company in _companies(of_day, "documents_per_day", "perDay"):
        yield _Reading(company, Period.DAY, today, partial(limits.day_of_company, company, today))
    limited = Organization.objects.live().filter(parent=None, documents_per_day__gt=0)
    for platform in limited.iterator(chunk_size=500):
        count = partial(limits.day_of_platform, platform, today)
        yield _Reading(platform, Period.DAY, today, count)


def _payers(month: date) -> Iterable[Organization]:
    """Those who pay and have used much of a quota in `month`, or are to be counted to know.

    Whoever is far from it goes by a sum over all; the others are counted one by one.
    """
    whole = Month.of(month)
    rows = (
        MonthlyUsage.objects.filter(on=month, environment=Environment.LIVE, **BILLED)
        .values(payer=PAYER.of("organization"))
        .annotate(documents=Sum(F("sent") + F("received")))
        .order_by()
    )
    at_most = {row["payer"]: row["documents"] for row in rows}
    # What the month includes is less for these than their quota says, or others count for them.
    late = Q(started_at__gt=whole.begins_at) | Q(ended_at__gt=whole.begins_at)
    divided = set(subscribed(whole).filter(late).values_list("organization", flat=True))
    suspended = Suspension.objects.filter(Q(ended_at=None) | Q(ended_at__gt=whole.begins_at))
    divided |= set(suspended.values_list("organization", flat=True))
    divided |= set(ever_payers(whole))
    payers = Organization.objects.live().filter(document_quota__gt=0)
    for payer in payers.filter(pk__in={*at_most, *divided}).iterator(chunk_size=500):
        near = at_most.get(payer.pk, 0) * 100 >= (payer.document_quota or 0) * WARNING
        if near or payer.pk in divided:
            yield payer


def _companies(rows: Any, own: str, given: str) -> Iterator[Organization]:
    """Managed companies that have used much of their own limit, or of what each is given."""
    live = rows.filter(environment=Environment.LIVE, organization__deleted_at=None)
    limit = F(f"organization__{own}")
    near = live.alias(used=F("counted") * 100, warned=limit * WARNING).filter(
        **{"organization__parent__isnull": False, f"organization__{own}__gt": 0},
        used__gte=F("warned"),
    )
    yield from _of(near)
    for platform in Organization.objects.platforms().filter(defaults__has_key="documentLimits"):
        most = platform.defaults["documentLimits"].get(given)
        if most:
            theirs = live.filter(organization__parent=platform, **{f"organization__{own}": None})
            yield from _of(theirs.filter(counted__gte=most * WARNING / 100))


def _of(rows: Any) -> Iterator[Organization]:
    found = rows.values("organization")
    companies = Organization.objects.filter(pk__in=found).select_related("parent")
    yield from companies.iterator(chunk_size=500)


@transaction.atomic
def _tell(reading: _Reading, quota: Quota, percentage: int) -> None:
    organization, period = reading.organization, reading.period
    try:
        with transaction.atomic():
            QuotaNotice.objects.create(
                organization=organization, period=period, on=reading.on, percentage=percentage
            )
    except IntegrityError:
        return
    facts = {
        "period": period,
        period: f"{reading.on:%Y-%m}" if period == Period.MONTH else f"{reading.on}",
        "documents": quota.used,
        "included": quota.limit,
        "percentage": percentage,
        "hard": quota.is_hard,
    }
    event = USED_UP if percentage >= REACHED else WARNED
    events.record(organization, event, by=WATCH, data={"quota": facts})
