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
    """Put `organization` on `plan` from now on and write the plan's limits into its row."""
    organization = Organization.objects.select_for_update().get(pk=organization.pk)
    now = timezone.now()
    current = Subscription.objects.filter(organization=organization, ended_at=None)
    was = current.values_list("plan__code", flat=True).first()
    current.update(ended_at=now)
    subscription = Subscription(organization=organization, plan=plan, started_at=now)
    persistence.insert(subscription)
    Organization.objects.filter(pk=organization.pk).update(
        company_limit=plan.company_limit,
        requests_per_minute=plan.requests_per_minute,
        requests_per_hour=plan.requests_per_hour,
        white_label=plan.white_label,
    )
    events.record(organization, SELECTED, by=by, changes={"plan": [was, plan.code]})
    return subscription
