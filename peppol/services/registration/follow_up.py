"""What follows on the network from what becomes of organizations, without anybody asking for it."""

from django.db import transaction

from peppol.models import Participant
from peppol.services.identification import gate
from peppol.services.registration import events, participants
from peppol.services.registration.events import announce
from peppol.services.registration.reasons import Reason
from tenants import loops, persistence
from tenants.actors import Actor
from tenants.errors import DomainError
from tenants.models import Organization

State = Participant.State
BY = Actor.system("registration")


def unregister_abandoned(*, limit: int = 500) -> int:
    """Have up to `limit` participants taken down whose organization was closed, deleted or put
    into test mode. Returns how many.

    This catches what a caller of `close` or `delete` left behind.
    """
    rows = Participant.objects.abandoned().select_related("organization")
    return loops.each("take down abandoned registrations", rows.order_by("id")[:limit], _take_down)


def register_awaited(*, limit: int = 500) -> int:
    """Ask for up to `limit` registrations that waited for their company to be verified.

    Returns how many. One that cannot be asked for any more says why, and the others go on.
    """
    awaited = Participant.objects.awaited().select_related("organization").order_by("id")[:limit]
    return loops.each("make awaited registrations", awaited, _register)


def register_identified(*, limit: int = 500) -> int:
    """Ask for up to `limit` registrations that waited for their company to be identified, where
    it was since then, or where that is not asked any more."""
    rows = Participant.objects.waiting_for(gate.CODES).filter(gate.may_go_on())
    rows = rows.select_related("organization__parent").order_by("id")
    return loops.each("make registrations of the identified", rows[:limit], _register)


def unregister_all(organization: Organization, *, by: Actor) -> list[Participant]:
    """Have everything of an organization taken off the network, as when it is closed."""
    rows = Participant.objects.of(organization).filter(state__in=Participant.REMOVABLE_STATES)
    return [participants.unregister(participant, by=by) for participant in rows]


def _take_down(participant: Participant) -> None:
    testing = participant.organization.test_mode
    reason = "It was put into test mode." if testing else "The organization has ended."
    participants.unregister(participant, by=BY, reason=reason)


def _register(participant: Participant) -> None:
    try:
        participants.register(participant.organization, participant.identifier, by=BY)
    except DomainError as refusal:
        _fail(participant, Reason(refusal.message, refusal.code))


@transaction.atomic
def _fail(participant: Participant, reason: Reason) -> None:
    participant = participants.locked(participant)
    participant.state = State.FAILED
    reason.note(participant)
    persistence.update(
        participant, ["state", "last_error", "error_code", "raw_answer", "updated_at"]
    )
    announce(participant, events.FAILED, by=BY, reason=reason.sentence)
