"""The row of an organization for an identifier: the one that is there, or a new one."""

from django.db import models

from peppol.identifiers import ParticipantId
from peppol.models import Participant
from tenants.models import Organization
from tenants.prepared import Prepared

_LOCKED = Prepared(
    lambda organization, scheme, folded: (
        Participant.objects.filter(organization=organization)
        .identified(scheme, folded)
        .select_for_update(no_key=True)
    ),
    organization=models.UUIDField(),
    scheme=models.CharField(),
    folded=models.CharField(),
)


def new(organization: Organization, pid: ParticipantId) -> Participant:
    """A participant that is not stored yet."""
    return Participant(
        organization=organization,
        scheme=pid.scheme,
        value=pid.value,
        environment=organization.environment,
    )


def of(organization: Organization, pid: ParticipantId) -> Participant | None:
    """The organization's row for an identifier, nobody else's until the transaction ends."""
    found = _LOCKED.first(organization=organization.pk, scheme=pid.scheme, folded=pid.value.lower())
    if found is not None:
        found.organization = organization
    return found
