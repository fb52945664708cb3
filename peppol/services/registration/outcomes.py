"""What the end of an attempt makes of a participant's row, and the event that says so.

Each takes the row as it stands, locked, inside the transaction that gives the claim back.
"""

import random
from collections.abc import Callable
from datetime import timedelta

from django.db import models
from django.utils import timezone

from peppol.models import Loss, Participant, Transfer
from peppol.services.registration import desired, events, reasons
from peppol.services.registration.events import announce
from peppol.services.registration.reasons import Reason
from peppol.smp.client import BusinessCard, SmpError
from tenants.actors import Actor
from tenants.prepared import Prepared

State = Participant.State
_OPEN = Prepared(
    lambda participant: Transfer.objects.open().filter(participant=participant).only("pk")[:1],
    participant=models.UUIDField(),
)
_LOST = Prepared(
    lambda participant: Loss.objects.open().filter(participant=participant).only("pk")[:1],
    participant=models.UUIDField(),
)
Publication = Participant.Publication
Outcome = Callable[[Participant], None]
WORKER = Actor.system("registration")

# Seconds before the first, second, … new attempt; the last one repeats.
BACKOFF = (10, 30, 120, 600, 3600)
# What should not happen, and may yet mend itself, is a failure after this many attempts.
PATIENCE = 8
# What an active participant may have yet to publish.
PUBLICATIONS = ("metadata_state", "card_state", "directory_state")


def registered(seen: Participant, card_refusal: SmpError | None) -> Outcome:
    """Everything was read back as `seen`, the row when it was claimed, wanted it."""

    def apply(row: Participant) -> None:
        row.state = State.ACTIVE
        row.registered_at = timezone.now()
        row.attempt_count = 0
        reasons.forget(row)
        row.metadata_state = Publication.PUBLISHED
        card_went_out(row, desired.card(seen), card_refusal)
        notice_changes(row, seen)
        at_rest(row)
        close_transfers(row, Transfer.State.COMPLETED)
        end_loss(row, Loss.Outcome.TAKEN_BACK)
        announce(row, events.REGISTERED, by=WORKER)

    return apply


def unregistered(row: Participant) -> None:
    """Nothing is left at the SMP; whoever waits for the identifier may have it."""
    take_off(row)
    announce(row, events.UNREGISTERED, by=WORKER)


def disowned(reason: Reason) -> Outcome:
    """It is another login's at the SMP by now: nothing of it is ours to be taken down."""

    def apply(row: Participant) -> None:
        row.put_up_at = None
        failed(reason)(row)

    return apply


def elsewhere(reason: Reason) -> Outcome:
    """Another SMP has the identifier."""
    return _held_up(reason, State.ELSEWHERE, events.ELSEWHERE)


def failed(reason: Reason) -> Outcome:
    """The SMP refuses the registration, now and when asked again."""
    return _held_up(reason, State.FAILED, events.FAILED)


def _held_up(reason: Reason, state: str, event: str) -> Outcome:
    def apply(row: Participant) -> None:
        row.state, row.next_attempt_at = state, None
        reason.note(row)
        close_transfers(row, Transfer.State.FAILED, reason.sentence)
        announce(row, event, by=WORKER, reason=reason.sentence)

    return apply


def delayed(reason: Reason, *, seconds: float | None = None) -> Outcome:
    """Something that passes came between: try again later, each time a little later.

    Or always after so many `seconds`.
    """

    def apply(row: Participant) -> None:
        was = row.publication_error if row.state == State.ACTIVE else row.last_error
        pause = _pause(row.attempt_count) if seconds is None else timedelta(seconds=seconds)
        _wait(row, reason, pause)
        # The same trouble for days is one fact, not one per attempt.
        if was != reason.sentence:
            active = row.state == State.ACTIVE
            event = events.PUBLICATION_DELAYED if active else events.WAITING
            announce(row, event, by=WORKER, reason=reason.sentence)

    return apply


def baffled(reason: Reason, *, patience: int = PATIENCE) -> Outcome:
    """Something that should not happen came between: be patient for a while."""

    def apply(row: Participant) -> None:
        exhausted = row.attempt_count >= patience and row.state == State.PUBLISHING
        (failed(reason) if exhausted else delayed(reason))(row)

    return apply


def held_back(reason: Reason, seconds: float) -> Outcome:
    """It is not its turn yet. Nothing was attempted, so nothing is counted."""

    def apply(row: Participant) -> None:
        row.attempt_count = max(row.attempt_count - 1, 0)
        _wait(row, reason, timedelta(seconds=seconds))

    return apply


def due_again(row: Participant) -> None:
    """Nobody knows how far the attempt got: look again at once."""
    row.next_attempt_at = timezone.now()


def at_rest(row: Participant) -> None:
    """Due again if something is still to be published, else at rest."""
    pending = any(getattr(row, aspect) == Publication.PENDING for aspect in PUBLICATIONS)
    row.next_attempt_at = timezone.now() if pending else None


def take_off(row: Participant) -> None:
    """The participant is no longer at our SMP."""
    row.state = State.UNREGISTERED
    row.unregistered_at = timezone.now()
    row.registered_at = row.next_attempt_at = row.put_up_at = None
    row.attempt_count = 0
    reasons.forget(row)
    for aspect in PUBLICATIONS:
        setattr(row, aspect, Publication.NONE)
    end_loss(row, Loss.Outcome.LET_GO)
    namesakes = Participant.objects.identified(row.scheme, row.value).exclude(pk=row.pk)
    namesakes.filter(state=State.WAITING).update(next_attempt_at=timezone.now())


def card_went_out(row: Participant, card: BusinessCard | None, refusal: SmpError | None) -> None:
    """The SMP took this card, or that there is none, or refused it."""
    reasons.forget(row)
    if refusal:
        Reason.of(refusal).note(row)
        row.card_state = Publication.FAILED
    elif card is None:
        row.card_state = row.directory_state = Publication.NONE
    else:
        row.card_state = Publication.PUBLISHED
        row.directory_state = Publication.PENDING
    if desired.card(row) != card:
        # It was changed while the former one was on its way.
        row.card_state = Publication.PENDING


def notice_changes(row: Participant, seen: Participant) -> None:
    """Have published again what was changed after `seen` was read."""
    published = (seen.access_point_id, seen.document_types)
    if (row.access_point_id, row.document_types) != published:
        row.metadata_state = Publication.PENDING


def close_transfers(row: Participant, state: str, reason: str = "") -> None:
    """End what is open of its moves between SMPs."""
    # Nearly always there is none, and looking costs a tenth of ending.
    if _OPEN.first(participant=row.pk) is None:
        return
    Transfer.objects.open().filter(participant=row).update(
        state=state, key="", last_error=reason, finished_at=timezone.now()
    )


def end_loss(row: Participant, outcome: str) -> None:
    """What was lost of it is so no longer, or nobody wants it back."""
    # Nearly always there is none.
    if _LOST.first(participant=row.pk) is not None:
        over = {"ended_at": timezone.now(), "next_look_at": None, "outcome": outcome}
        Loss.objects.open().of(row).update(**over)


def _wait(row: Participant, reason: Reason, pause: timedelta) -> None:
    row.next_attempt_at = timezone.now() + pause
    reason.note(row)
    if row.state == State.PUBLISHING:
        row.state = State.WAITING


def _pause(attempts: int) -> timedelta:
    seconds = BACKOFF[min(max(attempts, 1), len(BACKOFF)) - 1]
    # Those that failed together should not all come back together.
    return timedelta(seconds=seconds * random.uniform(0.9, 1.2))  # noqa: S311 — no secret


def has_delayed_work(participant: Participant) -> bool:
    """Whether something of it is yet to be done, or failed."""
    state, late = participant.state, {getattr(participant, a) for a in PUBLICATIONS}
    is_late = not late.isdisjoint((Publication.PENDING, Publication.FAILED))
    return state == State.UNREGISTERING or (state == State.ACTIVE and is_late)
