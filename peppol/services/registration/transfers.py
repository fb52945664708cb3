"""Moves of participants between SMPs: taken over with a migration key, or handed over with one.

The key is a secret that the two providers exchange outside of the network. The SMP work is the
participant's worker's; what people do here only says what is wanted.
"""

import re

from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext_noop

from peppol import identifiers
from peppol.models import Participant, Transfer
from peppol.services.registration import events, outcomes, participants, reasons
from peppol.services.registration.claims import Claim
from peppol.services.registration.events import announce
from peppol.services.registration.outcomes import WORKER, Outcome
from peppol.services.registration.reasons import Reason
from peppol.smp.client import RefusedBySmp, SmpClient
from tenants import persistence
from tenants.actors import Actor
from tenants.errors import Invalid, WrongState
from tenants.prepared import Prepared
from tenants.sentences import within
from webhooks import secrets

State = Transfer.State
_INBOUND = Prepared(
    lambda participant: Transfer.objects.open().filter(
        participant=participant, direction=Transfer.Direction.INBOUND
    )[:1],
    participant=models.UUIDField(),
)
_SIGNS = r"@#$%()\[\]{}*^_\-!~|+="
# The SML's rule: 8 to 24 characters, of each kind two at least.
_KEY = re.compile(
    rf"(?=(?:.*[A-Z]){{2}})(?=(?:.*[a-z]){{2}})(?=(?:.*[0-9]){{2}})(?=(?:.*[{_SIGNS}]){{2}})"
    rf"[A-Za-z0-9{_SIGNS}]{{8,24}}"
)


@transaction.atomic
def take_over(participant: Participant, key: str, *, by: Actor) -> Transfer:
    """Register a participant that another provider holds, with the migration key from there.

    Raises Invalid (`malformed_key`); Conflict (`transfer_taken`, `identifier_registered_taken`);
    WrongState where there is nothing to retry.
    """
    if not _KEY.fullmatch(key):
        sentence = gettext_noop(
            "A migration key has 8 to 24 characters without blanks, and at least two each of "
            "upper case, lower case, digits and special characters."
        )
        raise Invalid(sentence, code="malformed_key", fields={"migration_key": [sentence]})
    if participant.state not in (Participant.State.ELSEWHERE, Participant.State.FAILED):
        raise _not_elsewhere(participant)
    transfer = _new(participant, Transfer.Direction.INBOUND, key=secrets.encrypt(key))
    participants.retry(participant, by=by, reason="A migration key was given.")
    return transfer


@transaction.atomic
def await_release(participant: Participant, *, by: Actor) -> Transfer:
    """Register a participant as soon as the provider that holds it has deregistered it.

    That goes without a migration key, which few providers give. It is looked for until the
    transfer is cancelled. Raises Conflict (`transfer_taken`, `identifier_registered_taken`) and
    WrongState (`not_elsewhere`), and what `participants.retry` raises.
    """
    if participant.state not in Participant.HELD_UP_STATES:
        raise _not_elsewhere(participant)
    transfer = _new(participant, Transfer.Direction.INBOUND)
    participants.retry(participant, by=by, reason="It is registered once it is released.")
    return transfer


@transaction.atomic
def hand_over(participant: Participant, *, by: Actor) -> Transfer:
    """Prepare a participant's move to another provider; its migration key will be there soon.

    Raises WrongState (`not_registered`) and Conflict (`transfer_taken`).
    """
    participant = participants.locked(participant)
    if participant.state != Participant.State.ACTIVE:
        raise WrongState(
            "%(identifier)s is not registered on the network.",
            values={"identifier": participant.identifier},
            code="not_registered",
        )
    transfer = _new(participant, Transfer.Direction.OUTBOUND)
    _want(participant, events.TRANSFER_REQUESTED, by=by)
    return transfer


@transaction.atomic
def reveal_key(transfer: Transfer, *, by: Actor) -> str:
    """The migration key for the other provider, while the transfer is open.

    Raises WrongState (`no_key`). Who read it is in the history.
    """
    transfer = _locked(transfer)
    if transfer.state != State.READY or transfer.direction != Transfer.Direction.OUTBOUND:
        raise WrongState("There is no migration key to show.", code="no_key")
    announce(transfer.participant, events.TRANSFER_KEY_SHOWN, by=by)
    return secrets.decrypt(transfer.key)


@transaction.atomic
def finish(transfer: Transfer, *, by: Actor) -> Transfer:
    """Give the participant up: the other provider has taken it over."""
    return _move(transfer, State.FINISHING, by=by)


@transaction.atomic
def cancel(transfer: Transfer, *, by: Actor) -> Transfer:
    """Keep the participant after all; of one that comes to us, forget the key that we were given.

    A worker that is at it comes to its end; what it finds is what counts. The SML goes on honouring
    the key, and refuses to let the participant be unregistered, until the key is replaced or used:
    the SMP tells it nothing. Raises WrongState (`not_ready`) for one that has ended, or that is
    being ended.
    """
    if transfer.direction == Transfer.Direction.INBOUND:
        return _forget(transfer, by=by)
    return _move(transfer, State.CANCELLING, by=by)


def due(participant: Participant) -> Transfer | None:
    """The transfer that the worker has to do something for, if any."""
    return (
        Transfer.objects.filter(participant=participant, state__in=Transfer.WORK_STATES)
        .filter(direction=Transfer.Direction.OUTBOUND)
        .first()
    )


def inbound_key(participant: Participant) -> str:
    """The migration key that a participant is to be taken over with; mostly there is none."""
    transfer = _inbound(participant)
    return secrets.decrypt(transfer.key) if transfer and transfer.key else ""


def awaits_release(participant: Participant) -> bool:
    """Whether it is registered as soon as nobody else has it."""
    transfer = _inbound(participant)
    return transfer is not None and not transfer.key


def _inbound(participant: Participant) -> Transfer | None:
    return _INBOUND.first(participant=participant.pk)


def work(transfer: Transfer, claim: Claim, smp: SmpClient) -> Outcome:
    """Do at the SMP what the transfer asks for."""
    pid = identifiers.parse(claim.participant.identifier)
    try:
        if transfer.state == State.PENDING:
            if claim.participant.attempt_count > 1:
                _clear(claim, smp, pid)
            return _ready(transfer, claim.step(smp.start_migration, pid))
        if transfer.state == State.CANCELLING:
            _clear(claim, smp, pid)
            return _ended(transfer, State.CANCELLED, events.TRANSFER_CANCELLED)
        # A worker that died after the call finds nothing left to finish.
        if claim.step(smp.service_group, pid) is not None:
            claim.step(smp.finish_migration, pid)
        return _handed_over(transfer)
    except RefusedBySmp as refusal:
        return _ended(transfer, State.FAILED, events.TRANSFER_FAILED, reason=Reason.of(refusal))


def _clear(claim: Claim, smp: SmpClient, pid: identifiers.ParticipantId) -> None:
    """Forget a migration that may be under way at the SMP."""
    try:
        claim.step(smp.cancel_migration, pid)
    except RefusedBySmp as refusal:
        if refusal.status not in (400, 404):
            raise


def _ready(transfer: Transfer, key: str) -> Outcome:
    def apply(row: Participant) -> None:
        _record(transfer, State.READY, key=secrets.encrypt(key))
        _rest(row)
        announce(row, events.TRANSFER_READY, by=WORKER)

    return apply


def _handed_over(transfer: Transfer) -> Outcome:
    def apply(row: Participant) -> None:
        _record(transfer, State.COMPLETED, finished_at=timezone.now())
        outcomes.take_off(row)
        announce(row, events.UNREGISTERED, by=WORKER, reason="Another provider took it over.")

    return apply


def _ended(transfer: Transfer, state: str, event: str, *, reason: Reason | None = None) -> Outcome:
    said = reason.sentence if reason else ""

    def apply(row: Participant) -> None:
        _record(transfer, state, last_error=said, finished_at=timezone.now())
        _rest(row)
        if reason:
            row.error_code, row.raw_answer = reason.code, reason.answer
        announce(row, event, by=WORKER, reason=said)

    return apply


def _rest(row: Participant) -> None:
    row.attempt_count = 0
    reasons.forget(row)
    outcomes.at_rest(row)


def _record(transfer: Transfer, state: str, *, key: str = "", **columns: object) -> None:
    Transfer.objects.filter(pk=transfer.pk).update(
        state=state, key=key, updated_at=timezone.now(), **columns
    )


def _new(participant: Participant, direction: str, *, key: str = "") -> Transfer:
    transfer = Transfer(
        organization=participant.organization,
        participant=participant,
        direction=direction,
        key=key,
    )
    persistence.insert(transfer)
    return transfer


def _forget(transfer: Transfer, *, by: Actor) -> Transfer:
    transfer = _locked(transfer)
    if transfer.state not in Transfer.OPEN_STATES:
        raise _not_ready(transfer)
    transfer.state, transfer.key, transfer.finished_at = State.CANCELLED, "", timezone.now()
    persistence.update(transfer, ["state", "key", "finished_at", "updated_at"])
    participant = participants.locked(transfer.participant)
    if participant.state == Participant.State.WAITING:
        # Without the key the next attempt finds out who holds it.
        participants.hasten(participant)
        persistence.update(participant, ["next_attempt_at", "updated_at"])
    announce(participant, events.TRANSFER_CANCELLED, by=by)
    return transfer


def _not_elsewhere(participant: Participant) -> WrongState:
    return WrongState(
        "%(identifier)s is not held by another provider.",
        values={"identifier": participant.identifier},
        code="not_elsewhere",
    )


def _not_ready(transfer: Transfer) -> WrongState:
    return WrongState(
        "This transfer is in another state: %(state)s.",
        values={"state": within(State(transfer.state).label)},
        code="not_ready",
    )


def _move(transfer: Transfer, state: str, *, by: Actor) -> Transfer:
    transfer = _locked(transfer)
    # One that is still being prepared can be cancelled, and nothing else.
    begun = (State.READY, State.PENDING) if state == State.CANCELLING else (State.READY,)
    if transfer.direction != Transfer.Direction.OUTBOUND or transfer.state not in begun:
        raise _not_ready(transfer)
    transfer.state = state
    persistence.update(transfer, ["state", "updated_at"])
    _want(participants.locked(transfer.participant), events.TRANSFER_REQUESTED, by=by)
    return transfer


def _want(participant: Participant, event: str, *, by: Actor) -> None:
    participant.attempt_count = 0
    participants.hasten(participant)
    persistence.update(participant, ["attempt_count", "next_attempt_at", "updated_at"])
    announce(participant, event, by=by)


def _locked(transfer: Transfer) -> Transfer:
    return (
        Transfer.objects.select_related("participant__organization")
        .select_for_update(of=("self",), no_key=True)
        .get(pk=transfer.pk)
    )
