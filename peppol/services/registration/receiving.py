"""What a participant receives, changed while it is on the network."""

from collections.abc import Sequence

from django.db import transaction

from peppol.identifiers import DEFAULT_DOCUMENT_TYPES, DocumentType
from peppol.models import Participant
from peppol.services.registration import desired, events, participants
from tenants import persistence
from tenants.actors import Actor

_WRITTEN = ["document_types", "metadata_state", "next_attempt_at", "updated_at"]


@transaction.atomic
def change(
    participant: Participant, document_types: Sequence[DocumentType], *, by: Actor
) -> Participant:
    """Have a participant receive these and no others; the worker publishes it. No change, no
    event."""
    row = participants.locked(participant)
    before = row.document_types
    wanted = desired.noted(document_types or DEFAULT_DOCUMENT_TYPES, before)
    if set(before) == set(wanted):
        return participant
    row.document_types = wanted
    if row.state == Participant.State.ACTIVE:
        row.metadata_state = Participant.Publication.PENDING
        participants.hasten(row)
    persistence.update(row, _WRITTEN)
    changes = {"document_types": [before, wanted]}
    events.announce(row, events.DOCUMENT_TYPES_CHANGED, by=by, changes=changes)
    return row
