"""Identifiers that are noted down before anything is registered under them, or given up."""

from django.db import transaction

from peppol import identifiers
from peppol.identifiers import ParticipantId
from peppol.models import Participant
from peppol.services.registration import events, participants, rows
from peppol.services.registration.events import announce
from peppol.smp.client import RegisteredElsewhere
from tenants import persistence
from tenants.actors import Actor
from tenants.errors import WrongState
from tenants.models import Organization

State = Participant.State
# How the reason begins where it is no other provider that has an identifier.
OURS = "A company of yours has this identifier: "


@transaction.atomic
def propose(organization: Organization, identifier: str, *, by: Actor) -> Participant:
    """Note down the identifier that a company will register under. Claims nothing.

    Raises Invalid when it is malformed.
    """
    pid = identifiers.parse(identifier)
    known = rows.of(organization, pid)
    if known:
        return known
    participant = rows.new(organization, pid)
    participant.warnings = identifiers.warnings(pid)
    persistence.insert(participant)
    announce(participant, events.IDENTIFIER_SET, by=by)
    return participant


@transaction.atomic
def replace(organization: Organization, identifier: str | None, *, by: Actor) -> Participant | None:
    """Make `identifier` the one that a company will register under; None forgets the draft.

    Raises Invalid when it is malformed, and WrongState (`registered`) while another identifier
    of the company is on the network or about to be: unregister that one first.
    """
    pid = identifiers.parse(identifier) if identifier else None
    others = list(Participant.objects.of(organization).select_for_update(no_key=True))
    wanted = _matching(others, pid)
    for other in others:
        if other is wanted:
            continue
        if other.state in Participant.HOLDING_STATES:
            raise WrongState(
                "%(identifier)s is registered on the network: unregister it first.",
                values={"identifier": other.identifier},
                code="registered",
            )
        if other.state == State.DRAFT:
            other.delete()
        elif other.state in Participant.REMOVABLE_STATES:
            participants.unregister(other, by=by)
    if pid is None:
        return None
    if wanted is None:
        return propose(organization, str(pid), by=by)
    if wanted.state == State.UNREGISTERED:
        wanted.state = State.DRAFT
        persistence.update(wanted, ["state", "updated_at"])
        announce(wanted, events.IDENTIFIER_SET, by=by)
    return wanted


@transaction.atomic
def dismiss(participant: Participant, *, by: Actor, reason: str = "") -> Participant:
    """Be done with an identifier that is not on the network: noted down, failed, elsewhere, or
    only sent under.

    What may have got to the SMP of one that failed is taken down first. Raises WrongState
    (`nothing_to_dismiss`) for one that is there or on its way, or gone already.
    """
    participant = participants.locked(participant)
    if participant.state in (*Participant.HELD_UP_STATES, State.SENDS_ONLY):
        return participants.unregister(participant, by=by, reason=reason)
    if participant.state != State.DRAFT:
        raise WrongState(
            "There is nothing to dismiss: %(identifier)s is in another state.",
            values={"identifier": participant.identifier},
            code="nothing_to_dismiss",
        )
    participant.state, participant.requested_at = State.UNREGISTERED, None
    persistence.update(participant, ["state", "requested_at", "updated_at"])
    announce(participant, events.FORGOTTEN, by=by, reason=reason)
    return participant


@transaction.atomic
def note_elsewhere(
    organization: Organization, identifier: str, *, reason: str, by: Actor
) -> Participant:
    """Note down an identifier that somebody else has on the network, until a person acts."""
    participant = propose(organization, identifier, by=by)
    participant.state, participant.last_error = State.ELSEWHERE, reason
    participant.error_code = RegisteredElsewhere.code
    persistence.update(participant, ["state", "last_error", "error_code", "updated_at"])
    announce(participant, events.ELSEWHERE, by=by, reason=reason)
    return participant


def _matching(participants: list[Participant], pid: ParticipantId | None) -> Participant | None:
    wanted = str(pid).lower()
    return next((one for one in participants if one.identifier.lower() == wanted), None)
