"""How many documents may be sent: by a company, by all of a platform, by all that one pays for.

Limits of a month are of documents as the bill counts them, and stop only where they are *hard*;
those of a day are of documents accepted for sending, whatever became of them, and always stop.
What is received is counted in the month and never stopped. Only the live environment is limited.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from django.db.models import Sum

from peppol.models import DailyUsage, MonthlyUsage
from peppol.models.usage import DOCUMENTS
from peppol.services.documents.usage import month_of
from tenants.errors import DomainError, Kind, QuotaReached
from tenants.models import Environment, Organization
from tenants.row_security import limit_rows_to

# From this share of a quota on, and when it is used up, somebody is told (FLO-45, FLO-66).
WARNING, REACHED = 80, 100


@dataclass(frozen=True)
class Quota:
    """How many documents one may have in a month, or send on a day, and how many there are."""

    used: int
    limit: int | None = None
    is_hard: bool = False

    @property
    def percent(self) -> int | None:
        """How many of a hundred are used, rounded down; None of a quota without limit."""
        return self.used * 100 // self.limit if self.limit else None

    @property
    def tone(self) -> str:
        """`fine`, `near` from 80 %, `over` from 100 %; nothing used is always fine."""
        if not self.used or self.percent is None or self.percent < WARNING:
            return "fine"
        return "over" if self.percent >= REACHED else "near"

    @property
    def stops(self) -> bool:
        """Whether another document is refused."""
        return self.is_hard and self.limit is not None and self.used >= self.limit


# What counts for whoever pays, and against what, is known to those who make the bill.
_of_payer: list[Callable[[Organization, date], Quota]] = []


def count_for_payers(quota: Callable[[Organization, date], Quota]) -> None:
    """Have `quota` say how much of the month of a day somebody who pays has used."""
    _of_payer[:] = [quota]


def of_payer(payer: Organization, day: date) -> Quota:
    """What counts for `payer` in the month of `day`."""
    return _of_payer[0](payer, day)


def of_company(company: Organization, day: date) -> Quota:
    """A managed company's own month: its own limit, else what its platform gives each."""
    own, given = company.document_quota, _given(company)
    rows = MonthlyUsage.objects.filter(
        organization=company, environment=Environment.LIVE, on=month_of(day)[0]
    )
    used = int(rows.aggregate(n=Sum(DOCUMENTS, default=0))["n"])
    if own is not None:
        return Quota(used, own, company.quota_is_hard)
    return Quota(used, given.get("perMonth"), bool(given.get("hard")))


def day_of_company(company: Organization, day: date) -> Quota:
    """A managed company's own day."""
    own = company.documents_per_day
    limit = own if own is not None else _given(company).get("perDay")
    return Quota(_sent([company.pk], day), limit, is_hard=True)


def day_of_platform(platform: Organization, day: date) -> Quota:
    """The day of an organization with all that it manages."""
    family = Organization.objects.filter(parent=platform).values("pk")
    sent = _sent([platform.pk], day) + _sent(family, day)
    return Quota(sent, platform.documents_per_day, is_hard=True)


def check(company: Organization, environment: str, at: datetime) -> None:
    """Raise where `company`, whose row is locked, may not send one more document at `at`.

    QuotaReached (`quota_reached`, `plan_ended`) is of the month, `daily_limit_reached` of the day.
    Whoever shares a limit waits here for each other, until their transactions end.
    """
    if environment != Environment.LIVE:
        return
    day = at.date()
    if company.parent_id is not None:
        if day_of_company(company, day).stops:
            raise _no_more_today("This company has sent its documents of today.", at)
        if of_company(company, day).stops:
            raise QuotaReached("This company has used its documents of this month.")
    # Those beside the company are not the caller's to see, but they count.
    payer = [Organization(pk=company.bill_to_id)] if company.bill_to_id else []
    with limit_rows_to(company.parent or company, *payer):
        _check_shared(company, at)


def _check_shared(company: Organization, at: datetime) -> None:
    day, platform, payer = at.date(), _limited_by_day(company), _limited_by_month(company)
    _wait_for(platform, payer)
    if platform and day_of_platform(platform, day).stops:
        raise _no_more_today("All documents of today are sent.", at)
    if payer and of_payer(payer, day).stops:
        if not payer.document_quota:
            raise QuotaReached("The plan has ended: choose one to send again.", code="plan_ended")
        raise QuotaReached("The documents that the plan includes this month are used up.")


def _limited_by_day(company: Organization) -> Organization | None:
    """Who shares a limit of the day with all that it manages, `company` among them."""
    platform = company.parent or company
    return platform if platform.documents_per_day is not None else None


def _limited_by_month(company: Organization) -> Organization | None:
    """Who pays for `company`, where its quota is hard; nobody does where billing is withheld."""
    if company.withhold_billing:
        return None
    payer = company.parent or company
    if company.bill_to_id:
        payer = Organization.objects.get(pk=company.bill_to_id)
    return payer if payer.quota_is_hard and payer.document_quota is not None else None


def _wait_for(*organizations: Organization | None) -> None:
    """Let nobody else count against the limits of these until the transaction ends."""
    wanted = sorted({one.pk for one in organizations if one})
    if wanted:
        rows = Organization.objects.filter(pk__in=wanted).order_by("pk")
        list(rows.select_for_update(no_key=True).values_list("pk"))


def _given(company: Organization) -> dict[str, Any]:
    """The limits that its platform gives each of its companies."""
    return (company.parent and company.parent.defaults.get("documentLimits")) or {}


def _sent(organizations: Any, day: date) -> int:
    rows = DailyUsage.objects.filter(
        organization__in=organizations, environment=Environment.LIVE, on=day
    )
    return int(rows.aggregate(n=Sum("sent", default=0))["n"])


def _no_more_today(sentence: str, at: datetime) -> DomainError:
    """Whoever is told so may ask again when the day (UTC) is over."""
    tomorrow = datetime.combine(at.date() + timedelta(days=1), time(), UTC)
    wait = int((tomorrow - at).total_seconds()) + 1
    return DomainError(
        Kind.RATE_LIMITED, "daily_limit_reached", sentence, details={"retry_after": wait}
    )
