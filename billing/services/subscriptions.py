"""Writes to subscriptions: choosing a plan and carrying its limits to the organization."""

from django.db import transaction
from django.utils import timezone

from billing.models import Plan, Subscription
from tenants import events, persistence
from tenants.actors import Actor
from tenants.models import Organization

SELECTED = events.declare("subscription.selected", "A plan was chosen.")


@transaction.atomic
def select(organization: Organization, plan: Plan, *, by: Actor) -> Subscription:
    """Put `organization` on `plan` from now on and write the plan's limits into its row.

    Choosing the current plan again changes nothing but limits that the plan had otherwise.
    """
    organization = Organization.objects.select_for_update().get(pk=organization.pk)
    current = _current(organization)
    if current is None or current.plan_id != plan.pk:
        current = _subscribe(organization, plan, instead_of=current, by=by)
    Organization.objects.filter(pk=organization.pk).update(
        company_limit=plan.company_limit,
        requests_per_minute=plan.requests_per_minute,
        requests_per_hour=plan.requests_per_hour,
        white_label=plan.white_label,
    )
    return current


def _current(organization: Organization) -> Subscription | None:
    found = Subscription.objects.filter(organization=organization, ended_at=None)
    return found.select_related("plan").first()


def _subscribe(
    organization: Organization, plan: Plan, *, instead_of: Subscription | None, by: Actor
) -> Subscription:
    now = timezone.now()
    if instead_of:
        Subscription.objects.filter(pk=instead_of.pk).update(ended_at=now)
    subscription = Subscription(organization=organization, plan=plan, started_at=now)
    persistence.insert(subscription)
    was = instead_of.plan.code if instead_of else None
    events.record(organization, SELECTED, by=by, changes={"plan": [was, plan.code]})
    return subscription
