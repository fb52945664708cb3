"""Writes that people and programs ask for: put a company on the network, take it off again.

None of them waits for the network. They leave a row that says what is wanted; the worker
(`registrations`) brings the SMP in line with it, and notices when a later wish overtakes it.
"""

from collections.abc import Sequence

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from peppol import identifiers
from peppol.identifiers import DocumentType
from peppol.models import Participant, Transfer
from peppol.services.identification import gate
from peppol.services.identification.gate import Act
from peppol.services.registration import admission, desired, events, outcomes, reasons, rows
from peppol.services.registration.card_names import first_of, registered_names
from peppol.services.registration.events import announce
from peppol.services.registration.reasons import Reason
from tenants import background, persistence
from tenants.actors import Actor
from tenants.errors import WrongState
from tenants.models import Organization

State = Participant.State
Publication = Participant.Publication
_NONE = Reason("", "")

# Which of a company's comes first where there is room for one; of the past last.
_LEADING = {str(state): 0 for state in Participant.HOLDING_STATES} | {
    str(State.SENDS_ONLY): 1,
    str(State.DRAFT): 2,
}
# What starting anew forgets about earlier attempts.
_PROGRESS = (
    "state",
    "metadata_state",
    "card_state",
    "directory_state",
    "publication_error",
    "attempt_count",
    "next_attempt_at",
    "last_error",
    "error_code",
    "raw_answer",
    "requested_at",
    "registered_at",
    "unregistered_at",
    "put_up_at",
    "warnings",
    "card_name",
    "card_names",
    "document_types",
    "environment",
    "updated_at",
)


@transaction.atomic
def register(
    organization: Organization,
    identifier: str,
    *,
    by: Actor,
    card_name: str = "",
    document_types: Sequence[DocumentType] = (),
) -> Participant:
    """Ask for a company's registration under `identifier`; returns at once, in state pending.

    For a company that waits to be verified, or has to be identified first, it is noted down, and
    asked for once that is done.
    While one is under way or done, this is it: nothing changes. Without a `card_name` the
    business card carries the names that were said of the company, else the national register's
    where we have that register, else the company's own; without `document_types` it receives what
    was said of the company, else the usual ones.

    Raises Invalid for an identifier that is malformed or, on the production network, unsound;
    Conflict (`identifier_registered_taken`) when another company holds it; WrongState
    (`test_mode`, `test_environment`, `not_active`, `deleted`).
    """
    pid = identifiers.parse(identifier)
    organization = admission.admit(organization, to_wait=True)
    warnings = identifiers.check_registrable(pid, settings.PEPPOL_NETWORK)
    participant = rows.of(organization, pid) or rows.new(organization, pid)
    if participant.state in Participant.HOLDING_STATES:
        return participant
    participant.warnings = [*warnings, *identifiers.abroad(pid, organization.country)]
    said = getattr(organization, "company_card", None)
    if card_name or not participant.card_name:
        names = {} if card_name else (said and said.names) or registered_names(pid)
        own_name = first_of(names) or organization.legal_name or organization.title
        participant.card_name = card_name or own_name[:255]
        participant.card_names = dict(names)
    before = participant.document_types or (said.document_types if said else [])
    participant.document_types = desired.noted(document_types, before)
    if not organization.is_open:
        return _await(participant, by=by)
    refusal = gate.obstacle(organization, Act.REGISTER, participant.identifier)
    if refusal:
        return _await(participant, Reason(refusal.message, refusal.code), by=by)
    return _start(participant, events.REQUESTED, by=by)


@transaction.atomic
def unregister(participant: Participant, *, by: Actor, reason: str = "") -> Participant:
    """Ask for a participant to be taken off the network, wherever its registration stands.

    Raises WrongState (`not_registered`) when it never was on it or is off already.
    """
    participant = locked(participant)
    if participant.state == State.UNREGISTERING:
        return participant
    if participant.state not in Participant.REMOVABLE_STATES:
        raise WrongState(
            "%(identifier)s is not registered on the network.",
            values={"identifier": participant.identifier},
            code="not_registered",
        )
    was = participant.state
    if was == State.ACTIVE:
        participant.put_up_at = participant.put_up_at or timezone.now()
    if participant.put_up_at is None and not participant.is_claimed:
        return _give_up(participant, by=by, reason=reason)
    participant.state = State.UNREGISTERING
    participant.attempt_count = 0
    reasons.forget(participant)
    for aspect in outcomes.PUBLICATIONS:
        setattr(participant, aspect, Publication.NONE)
    hasten(participant)
    persistence.update(participant, list(_PROGRESS))
    outcomes.close_transfers(participant, Transfer.State.CANCELLED)
    announce(
        participant,
        events.UNREGISTERING,
        by=by,
        reason=reason,
        changes={"state": [str(was), str(participant.state)]},
    )
    return participant


def _give_up(participant: Participant, *, by: Actor, reason: str) -> Participant:
    """Nothing of it ever got to the SMP, so nobody has to be asked."""
    was = participant.state
    outcomes.take_off(participant)
    persistence.update(participant, list(_PROGRESS))
    outcomes.close_transfers(participant, Transfer.State.CANCELLED)
    changed = {"state": [str(was), str(participant.state)]}
    announce(participant, events.UNREGISTERED, by=by, reason=reason, changes=changed)
    return participant


@transaction.atomic
def retry(participant: Participant, *, by: Actor, reason: str = "") -> Participant:
    """Have what failed or waits tried again now, as if for the first time.

    Raises WrongState (`nothing_to_retry`) when nothing is held up, and what `register` raises.
    """
    participant = locked(participant)
    if participant.state in (State.FAILED, State.ELSEWHERE, State.WAITING):
        admitted = admission.admit(participant.organization)
        refusal = gate.obstacle(admitted, Act.REGISTER, participant.identifier)
        if refusal:
            raise refusal
        pid = identifiers.parse(participant.identifier)
        participant.warnings = identifiers.check_registrable(pid, settings.PEPPOL_NETWORK)
        return _start(participant, events.RETRIED, by=by, reason=reason)
    if not outcomes.has_delayed_work(participant):
        raise WrongState(
            "Nothing holds %(identifier)s up.",
            values={"identifier": participant.identifier},
            code="nothing_to_retry",
        )
    for aspect in outcomes.PUBLICATIONS:
        if getattr(participant, aspect) == Publication.FAILED:
            setattr(participant, aspect, Publication.PENDING)
    participant.attempt_count = 0
    hasten(participant)
    persistence.update(participant, list(_PROGRESS))
    announce(participant, events.RETRIED, by=by, reason=reason)
    return participant


@transaction.atomic
def republish(participant: Participant, *, by: Actor, reason: str = "") -> Participant:
    """Have everything of a registered participant published anew, whatever the SMP has.

    Raises WrongState (`not_registered`).
    """
    participant = locked(participant)
    if participant.state != State.ACTIVE:
        raise WrongState(
            "%(identifier)s is not registered on the network.",
            values={"identifier": participant.identifier},
            code="not_registered",
        )
    participant.metadata_state = participant.card_state = Publication.PENDING
    participant.attempt_count = 0
    hasten(participant)
    persistence.update(participant, list(_PROGRESS))
    announce(participant, events.RETRIED, by=by, reason=reason)
    return participant


def leading(participants: Sequence[Participant]) -> Participant | None:
    """Of a company's participants, the one to show where there is room for one.

    What is on the network or on its way there, else what is planned, else the latest of the past.
    """
    if len(participants) < 2:
        return next(iter(participants), None)
    latest_first = sorted(participants, key=lambda one: one.updated_at, reverse=True)
    return min(latest_first, key=lambda one: _LEADING.get(one.state, 3), default=None)


def _await(participant: Participant, reason: Reason = _NONE, *, by: Actor) -> Participant:
    """Note down what is registered once the company is verified, or identified."""
    known = participant.is_awaited and participant.error_code == reason.code
    participant.state, participant.requested_at = State.DRAFT, timezone.now()
    reason.note(participant)
    if participant._state.adding:
        persistence.insert(participant)
    else:
        persistence.update(participant, list(_PROGRESS))
    if not known:
        announce(participant, events.IDENTIFIER_SET, by=by)
    return participant


def _start(participant: Participant, event: str, *, by: Actor, reason: str = "") -> Participant:
    was = participant.state
    participant.state = State.PENDING
    participant.environment = participant.organization.environment
    participant.card_state = Publication.PENDING
    participant.directory_state = participant.metadata_state = Publication.NONE
    reasons.forget(participant)
    participant.attempt_count = 0
    participant.requested_at = timezone.now()
    participant.registered_at = participant.unregistered_at = None
    hasten(participant)
    if participant._state.adding:
        persistence.insert(participant)
    else:
        persistence.update(participant, list(_PROGRESS))
    changes = {"state": [str(was), str(participant.state)]}
    announce(participant, event, by=by, reason=reason, changes=changes)
    return participant


def hasten(participant: Participant) -> None:
    """Have the worker look now, or if one is at it, as soon as that one lets go."""
    if not participant.is_claimed:
        participant.next_attempt_at = timezone.now()
    background.wake("registrations")


def locked(participant: Participant) -> Participant:
    """The row as it stands, nobody else's until the transaction ends."""
    return (
        Participant.objects.select_related("organization")
        .select_for_update(of=("self",), no_key=True)
        .get(pk=participant.pk)
    )
