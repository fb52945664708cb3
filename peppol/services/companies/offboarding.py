"""The end of a company in one operation: keys, webhooks, identifiers, and the company itself."""

from dataclasses import dataclass

from django.db import transaction

from apikeys.models import ApiKey
from apikeys.services import keys
from peppol.models import Participant
from peppol.services.registration import participants
from tenants.actors import Actor
from tenants.models import Organization
from tenants.services import organizations
from webhooks.models import Endpoint
from webhooks.services import endpoints

# A webhook keeps so much of a reason; the events keep all of it.
_SHORT = 255


@dataclass(frozen=True)
class Remains:
    """What a company still has that offboarding ends."""

    keys: list[ApiKey]
    endpoints: list[Endpoint]
    participants: list[Participant]
    is_closed: bool

    @property
    def is_asked_for(self) -> bool:
        """Whether nothing has to be asked for any more; the network may still be at it."""
        idle = [one for one in self.participants if one.state != Participant.State.UNREGISTERING]
        return self.is_closed and not (self.keys or self.endpoints or idle)


def remains(company: Organization) -> Remains:
    """What `company` still has: keys that are not revoked, webhooks that are enabled, identifiers
    that are, or may be, on the network."""
    on_network = (*Participant.REMOVABLE_STATES, Participant.State.UNREGISTERING)
    return Remains(
        list(ApiKey.objects.of(company).live().order_by("id")),
        list(Endpoint.objects.of(company).active().order_by("id")),
        list(Participant.objects.of(company).filter(state__in=on_network).order_by("id")),
        company.status == Organization.Status.CLOSED,
    )


@transaction.atomic
def offboard(company: Organization, *, reason: str, by: Actor) -> None:
    """End a company for good: revoke its keys, disable its webhooks, take its identifiers off the
    network, close it. All of it or nothing; the network follows in the background.

    May be called again for what came up since. Raises WrongState for a deleted company.
    """
    found = remains(company)
    for key in found.keys:
        keys.revoke(key, reason=reason, by=by)
    for endpoint in found.endpoints:
        endpoints.disable(endpoint, reason=reason[:_SHORT], by=by)
    for participant in found.participants:
        participants.unregister(participant, reason=reason, by=by)
    if not found.is_closed:
        organizations.close(company, reason=reason, by=by)
