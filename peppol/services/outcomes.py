"""What the end of an attempt makes of a participant's row, and the event that says so.

Each takes the row as it stands, locked, inside the transaction that gives the claim back.
"""

import random
from collections.abc import Callable
from datetime import timedelta

from django.utils import timezone

from peppol.models import Participant
from peppol.services import announcements
from peppol.services.announcements import announce
from tenants.actors import Actor

State = Participant.State
Publication = Participant.Publication
Outcome = Callable[[Participant], None]
WORKER = Actor.system("registration")

# Seconds before the first, second, … new attempt; the last one repeats.
BACKOFF = (10, 30, 120, 600, 3600)
# What should not happen, and may yet mend itself, is a failure after this many attempts.
PATIENCE = 8


def registered(card_name: str, card_refusal: str) -> Outcome:
    """Everything was read back; `card_name` is the name that went out on the card."""

    def apply(row: Participant) -> None:
        row.state = State.ACTIVE
        row.registered_at = timezone.now()
        row.last_error, row.attempt_count = "", 0
        _card_went_out(row, card_name, card_refusal)
        announce(row, announcements.REGISTERED, by=WORKER)

    return apply


def card_published(card_name: str, card_refusal: str) -> Outcome:
    """A changed business card was taken, or refused."""

    def apply(row: Participant) -> None:
        row.attempt_count = 0
        _card_went_out(row, card_name, card_refusal)
        event = announcements.CARD_REFUSED if card_refusal else announcements.CARD_PUBLISHED
        announce(row, event, by=WORKER, reason=card_refusal)

    return apply


def directory_told(row: Participant) -> None:
    """The Directory was told of the card."""
    row.directory_state, row.publication_error = Publication.PUBLISHED, ""
    row.attempt_count, row.next_attempt_at = 0, None
    announce(row, announcements.DIRECTORY_PUBLISHED, by=WORKER)


def directory_refused(reason: str) -> Outcome:
    """The SMP will not tell the Directory."""

    def apply(row: Participant) -> None:
        row.directory_state, row.publication_error = Publication.FAILED, reason
        row.next_attempt_at = None
        announce(row, announcements.DIRECTORY_DELAYED, by=WORKER, reason=reason)

    return apply


def unregistered(row: Participant) -> None:
    """Nothing is left at the SMP; whoever waits for the identifier may have it."""
    row.state = State.UNREGISTERED
    row.unregistered_at = timezone.now()
    row.registered_at = row.next_attempt_at = None
    row.last_error, row.attempt_count = "", 0
    namesakes = Participant.objects.identified(row.scheme, row.value).exclude(pk=row.pk)
    namesakes.filter(state=State.WAITING).update(next_attempt_at=timezone.now())
    announce(row, announcements.UNREGISTERED, by=WORKER)


def elsewhere(reason: str) -> Outcome:
    """Another SMP has the identifier."""

    def apply(row: Participant) -> None:
        row.state, row.last_error, row.next_attempt_at = State.ELSEWHERE, reason, None
        announce(row, announcements.ELSEWHERE, by=WORKER, reason=reason)

    return apply


def failed(reason: str) -> Outcome:
    """The SMP refuses the registration, now and when asked again."""

    def apply(row: Participant) -> None:
        row.state, row.last_error, row.next_attempt_at = State.FAILED, reason, None
        announce(row, announcements.FAILED, by=WORKER, reason=reason)

    return apply


def delayed(reason: str) -> Outcome:
    """Something that passes came between: try again later, each time a little later."""

    def apply(row: Participant) -> None:
        was = row.publication_error if row.state == State.ACTIVE else row.last_error
        _wait(row, reason, _pause(row.attempt_count))
        # The same trouble for days is one fact, not one per attempt.
        if was != reason:
            announce(row, _delay_event(row), by=WORKER, reason=reason)

    return apply


def baffled(reason: str) -> Outcome:
    """Something that should not happen came between: be patient for a while."""

    def apply(row: Participant) -> None:
        exhausted = row.attempt_count >= PATIENCE and row.state == State.PUBLISHING
        (failed(reason) if exhausted else delayed(reason))(row)

    return apply


def held_back(reason: str, seconds: float) -> Outcome:
    """It is not its turn yet. Nothing was attempted, so nothing is counted."""

    def apply(row: Participant) -> None:
        row.attempt_count = max(row.attempt_count - 1, 0)
        _wait(row, reason, timedelta(seconds=seconds))

    return apply


def due_again(row: Participant) -> None:
    """Nobody knows how far the attempt got: look again at once."""
    row.next_attempt_at = timezone.now()


def _card_went_out(row: Participant, card_name: str, refusal: str) -> None:
    row.publication_error = refusal
    row.next_attempt_at = None
    if row.card_name != card_name:
        # It was renamed while the old name was on its way.
        row.card_state, row.next_attempt_at = Publication.PENDING, timezone.now()
    elif refusal:
        row.card_state = Publication.FAILED
    else:
        row.card_state = Publication.PUBLISHED
        row.directory_state, row.next_attempt_at = Publication.PENDING, timezone.now()


def _wait(row: Participant, reason: str, pause: timedelta) -> None:
    row.next_attempt_at = timezone.now() + pause
    if row.state == State.ACTIVE:
        row.publication_error = reason
        return
    row.last_error = reason
    if row.state == State.PUBLISHING:
        row.state = State.WAITING


def _delay_event(row: Participant) -> str:
    active = row.state == State.ACTIVE
    return announcements.DIRECTORY_DELAYED if active else announcements.WAITING


def _pause(attempts: int) -> timedelta:
    seconds = BACKOFF[min(max(attempts, 1), len(BACKOFF)) - 1]
    # Those that failed together should not all come back together.
    return timedelta(seconds=seconds * random.uniform(0.9, 1.2))  # noqa: S311 — no secret
