"""Writes to plans and subscriptions; a plan's limits are carried to the organizations on it.

A month's fee is divided by days: each day is charged at the plan that is current at its end, and
a day on which the organization was suspended throughout is charged at none. A subscription has a
copy of its plan's terms, so that another price holds from the next month on and never for the past.
"""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.db.models.functions import Coalesce, Least
from django.utils import timezone

from billing.models import Plan, Subscription, SubscriptionTerms
from billing.models.plans import TERMS
from peppol.services.documents.usage import month_of
from tenants import events, loops, persistence
from tenants.actors import Actor
from tenants.errors import DomainError, Invalid, LimitReached, WrongState
from tenants.models import Organization

SELECTED = events.declare("subscription.selected", "A plan was chosen.")
CANCELLED = events.declare("subscription.cancelled", "A plan was cancelled.")
ENDED = events.declare("subscription.ended", "A plan ended.")
SWEEPER = Actor.system("billing")
# After its plan has ended an organization makes and sends nothing more; what it has stays.
_NONE = {"company_limit": 0, "document_quota": 0, "quota_is_hard": True, "white_label": False}
# What of a plan holds from the next month on, as its price does.
_DATED = {"document_quota": "included_documents", "quota_is_hard": "quota_is_hard"}


@transaction.atomic
def select(organization: Organization, plan: Plan, *, by: Actor) -> Subscription:
    """Put `organization` on `plan` from now on and write the plan's limits into its row.

    Choosing the present plan again takes back that it was cancelled and changes nothing else.
    Raises LimitReached when the plan allows fewer companies than there are, WrongState when it is
    not for platforms and this is one, and Invalid when it is in another currency.
    """
    organization = Organization.objects.select_for_update(no_key=True).get(pk=organization.pk)
    current = Subscription.objects.filter(organization=organization, ended_at=None)
    present = current.select_related("plan").first()
    if present is not None and present.plan_id == plan.pk:
        return _kept(present, by)
    refusal = obstacle(organization, plan, present.plan if present else None)
    if refusal is not None:
        raise refusal
    now = timezone.now()
    current.update(ended_at=now)
    subscription = Subscription(organization=organization, plan=plan, started_at=now)
    persistence.insert(subscription)
    Organization.objects.filter(pk=organization.pk).update(**_limits(plan))
    was = present.plan.code if present else None
    events.record(organization, SELECTED, by=by, changes={"plan": [was, plan.code]})
    return subscription


@transaction.atomic
def cancel(
    organization: Organization, *, now: bool = False, reason: str = "", by: Actor
) -> Subscription:
    """End the plan of `organization`: at the end of the month, or `now`, which charges today still.

    Raises WrongState when it has no plan.
    """
    organization = Organization.objects.select_for_update(no_key=True).get(pk=organization.pk)
    present = Subscription.objects.current().of(organization).select_related("plan").first()
    if present is None:
        raise WrongState("This organization is on no plan.", code="no_plan")
    today = timezone.now()
    present.ends_at = today if now else _next_month(today.date())
    present.save(update_fields=["ends_at"])
    changes = {"ends_at": [None, present.ends_at.isoformat()]}
    events.record(organization, CANCELLED, by=by, reason=reason, changes=changes)
    if now:
        _end(present, today, by)
    return present


def keep_up() -> int:
    """End the subscriptions whose time has come, or whose organization is gone, and let terms that
    have begun become quotas. What fails waits for the next look, and the others go on."""
    now = timezone.now()
    gone = Least(
        Coalesce("organization__closed_at", now + timedelta(days=1)),
        Coalesce("organization__deleted_at", now + timedelta(days=1)),
        Coalesce("ends_at", now + timedelta(days=1)),
    )
    ending = Subscription.objects.current().annotate(gone=gone).filter(gone__lte=now)
    ending = ending.select_related("organization", "plan")
    pending = SubscriptionTerms.objects.filter(is_pending=True, since__lte=now.date())
    pending = pending.select_related("subscription").order_by("since")
    ended = loops.each("end subscriptions", ending, _end_gone)
    return ended + loops.each("begin terms of a plan", pending, _begin)


@transaction.atomic
def save_plan(plan: Plan) -> None:
    """Save a plan; those who are on it have its limits at once, but for what staff gave them.

    What it costs and includes holds for them from the first day of the next month.
    """
    if plan._state.adding:
        persistence.insert(plan)
        return
    stored = Plan.objects.select_for_update(no_key=True).get(pk=plan.pk)
    former = _limits(stored)
    persistence.update(plan, _columns(plan))
    if any(getattr(plan, name) != getattr(stored, name) for name in TERMS):
        _date_terms(plan)
    on_it = Subscription.objects.filter(plan=plan, ended_at=None).values("organization_id")
    for name, limit in _limits(plan).items():
        if limit != former[name] and name not in _DATED:
            unaltered = Organization.objects.filter(pk__in=on_it, **{name: former[name]})
            unaltered.update(**{name: limit})


def obstacle(organization: Organization, plan: Plan, present: Plan | None) -> DomainError | None:
    """What keeps `organization`, which is on `present`, from choosing `plan`; None when nothing."""
    if organization.is_platform and not plan.platform:
        return WrongState("This plan is not for those who manage companies.", code="not_entitled")
    companies = Organization.objects.under(organization).count()
    if plan.company_limit is not None and companies > plan.company_limit:
        return LimitReached(
            "This plan allows %(limit)d companies; there are %(companies)d.",
            values={"limit": plan.company_limit, "companies": companies},
            code="company_limit_reached",
            limit=plan.company_limit,
        )
    if present is not None and present.currency != plan.currency:
        return Invalid(
            "This plan is in %(currency)s, the present one in %(present)s.",
            values={"currency": plan.currency, "present": present.currency},
            code="other_currency",
        )
    return None


def days_of_change(present: Subscription, today: date) -> tuple[int, int]:
    """When `present` ends today: how many days of this month are charged at it, and how many at
    the plan that follows. The day itself is charged at the new one."""
    first, last = month_of(today)
    begun = max(first, present.started_at.date())
    return max((today - begun).days, 0), (last - today).days + 1


def _kept(present: Subscription, by: Actor) -> Subscription:
    if present.ends_at is not None:
        changes = {"ends_at": [present.ends_at.isoformat(), None]}
        present.ends_at = None
        present.save(update_fields=["ends_at"])
        events.record(present.organization, SELECTED, by=by, changes=changes)
    return present


def _end_gone(row: Any) -> None:
    _end(row, row.gone, SWEEPER)


@transaction.atomic
def _end(row: Subscription, at: datetime, by: Actor) -> None:
    if not Subscription.objects.current().filter(pk=row.pk).update(ended_at=at):
        return
    row.ended_at = at
    Organization.objects.filter(pk=row.organization_id).update(**_NONE)
    events.record(row.organization, ENDED, by=by, changes={"plan": [row.plan.code, None]})


@transaction.atomic
def _begin(terms: SubscriptionTerms) -> None:
    """Let the documents of terms that have begun be the quota, unless staff gave another."""
    if not SubscriptionTerms.objects.filter(pk=terms.pk, is_pending=True).update(is_pending=False):
        return
    before = SubscriptionTerms.objects.filter(
        subscription=terms.subscription_id, since__lt=terms.since
    )
    former = before.order_by("-since").first()
    on_it = Organization.objects.filter(
        pk=terms.subscription.organization_id,
        **{name: getattr(former, term, None) for name, term in _DATED.items()},
    )
    if terms.subscription.ended_at is None:
        on_it.update(**{name: getattr(terms, term) for name, term in _DATED.items()})


def _date_terms(plan: Plan) -> None:
    """Copy a plan's terms into the subscriptions to it, from the next month on."""
    since = _next_month(timezone.now().date()).date()
    for subscription in Subscription.objects.current().filter(plan=plan).iterator(chunk_size=500):
        subscription.plan = plan
        SubscriptionTerms.objects.filter(subscription=subscription, since=since).delete()
        SubscriptionTerms.of(subscription, since, is_pending=True).save()


def _next_month(day: date) -> datetime:
    return datetime.combine(month_of(day)[1] + timedelta(days=1), time(), UTC)


def _limits(plan: Plan) -> dict[str, Any]:
    return {
        "company_limit": plan.company_limit,
        **{name: getattr(plan, term) for name, term in _DATED.items()},
        "documents_per_day": plan.documents_per_day,
        "requests_per_minute": plan.requests_per_minute,
        "requests_per_hour": plan.requests_per_hour,
        "white_label": plan.white_label,
        "verify_companies": plan.verify_companies,
    }


def _columns(plan: Plan) -> list[str]:
    return [field.attname for field in plan._meta.concrete_fields if not field.primary_key]


def offered_to(organization: Organization | None) -> QuerySet[Plan]:
    """The plans that may be chosen, the cheapest first; None is a business yet to be."""
    return Plan.objects.offered_to(organization)
