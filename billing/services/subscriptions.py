"""Writes to plans and subscriptions; a plan's limits are carried to the organizations on it.

A month's fee is divided by days: each day is charged at the plan that is current at its end, and
a day on which the organization was suspended throughout is charged at none.
"""

from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from billing.models import Plan, Subscription
from peppol.services.documents.usage import month_of
from tenants import events, persistence
from tenants.actors import Actor
from tenants.errors import DomainError, Invalid, LimitReached, WrongState
from tenants.models import Organization

SELECTED = events.declare("subscription.selected", "A plan was chosen.")


@transaction.atomic
def select(organization: Organization, plan: Plan, *, by: Actor) -> Subscription:
    """Put `organization` on `plan` from now on and write the plan's limits into its row.

    Choosing the present plan again changes nothing. Raises LimitReached when the plan allows
    fewer companies than there are, WrongState when it is not for platforms and this is one, and
    Invalid when it is in another currency than the present one.
    """
    organization = Organization.objects.select_for_update().get(pk=organization.pk)
    current = Subscription.objects.filter(organization=organization, ended_at=None)
    present = current.select_related("plan").first()
    if present is not None and present.plan_id == plan.pk:
        return present
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
def save_plan(plan: Plan) -> None:
    """Save a plan; those who are on it have its limits at once, but for what staff gave them."""
    if plan._state.adding:
        persistence.insert(plan)
        return
    former = _limits(Plan.objects.select_for_update().get(pk=plan.pk))
    persistence.update(plan, _columns(plan))
    on_it = Subscription.objects.filter(plan=plan, ended_at=None).values("organization_id")
    for name, limit in _limits(plan).items():
        if limit != former[name]:
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


def _limits(plan: Plan) -> dict[str, Any]:
    return {
        "company_limit": plan.company_limit,
        "document_quota": plan.included_documents,
        "requests_per_minute": plan.requests_per_minute,
        "requests_per_hour": plan.requests_per_hour,
        "white_label": plan.white_label,
    }


def _columns(plan: Plan) -> list[str]:
    return [field.attname for field in plan._meta.concrete_fields if not field.primary_key]


def offered_to(organization: Organization | None) -> QuerySet[Plan]:
    """The plans that may be chosen, the cheapest first; None is a business yet to be."""
    return Plan.objects.offered_to(organization)
