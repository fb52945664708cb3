"""Mails to the people who look after an endpoint: it fails, and it was disabled.

They are its organization's, and the platform's above it: a managed company seldom has people of
its own, and whoever resells is asked first why nothing arrives.
"""

from django.db import transaction

from tenants.actors import Actor
from tenants.models import Membership, Role
from tenants.services import mails
from webhooks.models import Endpoint
from webhooks.services import endpoints

MAIL = mails.declare("endpoint_failing", lambda mail: dict(mail.context))
_READERS = (Role.OWNER, Role.ADMIN, Role.DEVELOPER)


@transaction.atomic
def disable(endpoint: Endpoint, reason: str, *, by: Actor) -> None:
    """Disable an endpoint by ourselves, and tell its people why."""
    endpoints.disable(endpoint, reason=reason, by=by)
    tell(endpoint, 100, reason)


def tell(endpoint: Endpoint, percent: int, reason: str = "") -> None:
    """Have everybody who looks after `endpoint` read how much of its time is over, or all of it."""
    organization = endpoint.organization
    above = [organization.pk, *([organization.parent_id] if organization.parent_id else [])]
    readers = Membership.objects.filter(organization__in=above, role__in=_READERS)
    context = {"url": endpoint.url, "percent": percent, "reason": reason}
    for email in sorted(set(readers.values_list("user__email", flat=True))):
        mails.post(organization, MAIL, to=email, context=context)
