"""What the end of an attempt makes of a document's row, and the event that says so.

Each takes the row as it stands, locked, inside the transaction that gives the claim back.
"""

import random
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Self

from django.utils import timezone
from django.utils.translation import gettext_noop

from peppol.access_point.client import AccessPointError, Progress, Status
from peppol.access_point.phase4 import FAILED, RECEIVERS
from peppol.models import Document
from peppol.services.documents import by_mail, events, failures
from peppol.services.documents.claims import Outcome
from tenants.actors import Actor

State = Document.State
WORKER = Actor.system("transmission")
# Seconds before the first, second, … look at what the access point is still at,
_LOOKS = (1, 2, 5, 15, 60, 180, 600, 1800, 3600)
# and at whether the receiver's side has answered: at once, later by the hour, then four times a
# day. Twenty questions a document are 12 a second where 50,000 documents are sent a day.
_ANSWERS = (1, 5, 60, 600, *(3600,) * 5, 6 * 3600)
# For how long the receiver's side may answer a delivered document.
_RESPONSE_WAIT = timedelta(days=3)
# After so long nobody waits any more; the access point gives up long before.
_PATIENCE = timedelta(days=5)
# How often what waits for its company to be identified is looked at, besides when that is done.
_WAIT = timedelta(minutes=10)
_VAGUE = "transmission_failed"


@dataclass(frozen=True)
class Reason:
    """Why a document goes no further: a sentence and a code for everybody, and what the access
    point said, which is the operator's alone."""

    sentence: str = ""
    code: str = ""
    answer: str = ""

    @classmethod
    def of(cls, error: AccessPointError) -> Self:
        """What an answer of the access point comes to."""
        return cls(error.message, error.code, error.answer)

    @classmethod
    def told(cls, status: Status) -> Self:
        """What the access point says of a document that is not delivered."""
        return cls(status.error, status.code, status.answer)

    def note(self, row: Document) -> None:
        """Write it into the row; an empty one forgets what was there, a vague one does not."""
        if self.code == _VAGUE and row.error_code in RECEIVERS:
            row.raw_answer = self.answer or row.raw_answer
            return
        row.last_error, row.error_code, row.raw_answer = self.sentence, self.code, self.answer


_NOTHING = Reason()
NO_MEMORY = Reason(
    gettext_noop("The access point's answer was lost, and it keeps no status to be asked for."),
    "answer_lost",
)
_SILENT = Reason(
    gettext_noop("For five days the access point has not said whether the document arrived."),
    "access_point_silent",
)
UNFORESEEN = Reason("Something unforeseen happened here; the operator's log knows.", "unforeseen")


def moved(status: Status) -> Outcome:
    """How far the access point is with it."""
    if status.progress is Progress.SENT:
        return delivered(status)
    if status.progress is Progress.FAILED:
        return failed(Reason.told(status) if status.error else Reason(FAILED, _VAGUE))
    return under_way(Reason.told(status))


def delivered(status: Status) -> Outcome:
    """It has arrived."""

    def apply(row: Document) -> None:
        row.state = State.DELIVERED
        _NOTHING.note(row)
        row.finished_at = timezone.now()
        row.transmission = {**row.transmission, **status.details}
        row.attempt_count = 0
        events.announce(row, events.DELIVERED, by=WORKER)
        if status.response_pending or status.response:
            look_again(row)
        else:
            at_rest(row)

    return apply


def failed(reason: Reason) -> Outcome:
    """It did not arrive, and nothing more is tried."""

    def apply(row: Document) -> None:
        if row.is_final:
            # What has arrived has arrived, whatever is said of it afterwards.
            later(reason)(row)
            return
        row.state = State.FAILED
        reason.note(row)
        row.finished_at, row.next_attempt_at = timezone.now(), None
        failures.note(row, by=WORKER, reason=row.last_error)

    return apply


def out_of_reach(reason: Reason) -> Outcome:
    """The receiver is not there, or does not take it: by mail, where that was asked for."""

    def apply(row: Document) -> None:
        failed(reason)(row)
        to = row.transmission.get("fallback")
        if to and by_mail.may_be_mailed(row):
            by_mail.post(row, to, by=WORKER)

    return apply


def unknown(reason: Reason) -> Outcome:
    """It may have arrived, and sent again it would arrive twice: staff have to find out."""

    def apply(row: Document) -> None:
        row.state, row.next_attempt_at = State.UNKNOWN, None
        replace(reason, answer=reason.answer or row.raw_answer).note(row)
        events.announce(row, events.UNCONFIRMED, by=WORKER, reason=reason.sentence)

    return apply


def under_way(reason: Reason) -> Outcome:
    """The access point has it and is at it: it is only asked from now on."""

    def apply(row: Document) -> None:
        if timezone.now() - row.created_at > _PATIENCE:
            unknown(_SILENT)(row)
            return
        reason.note(row)
        look_again(row)

    return apply


def later(reason: Reason, *, handed_over: bool = True) -> Outcome:
    """Try again; without asking for the status when nothing can have been handed over."""

    def apply(row: Document) -> None:
        if row.is_final and timezone.now() - row.created_at > _RESPONSE_WAIT:
            at_rest(row)
            return
        (_NOTHING if row.is_final else reason).note(row)
        untouched = row.state == State.SENDING and not handed_over and row.attempt_count == 1
        if not row.is_final and timezone.now() - row.created_at > _PATIENCE:
            (failed(reason) if untouched else unknown(_SILENT))(row)
            return
        look_again(row)
        if untouched:
            row.attempt_count = 0

    return apply


def waits(reason: Reason) -> Outcome:
    """It is not handed over before its company may send; nothing of it was."""

    def apply(row: Document) -> None:
        reason.note(row)
        row.state, row.attempt_count = State.ACCEPTED, 0
        row.next_attempt_at = timezone.now() + _WAIT

    return apply


def answered(status: Status) -> Outcome:
    """What the receiver's side says of a delivered document."""

    def apply(row: Document) -> None:
        if status.response and status.response != row.response:
            row.response = status.response
            events.announce(row, events.LIFECYCLE, by=WORKER)
        # It says so once.
        done = bool(row.response)
        finished_at = row.finished_at or row.created_at
        if done or timezone.now() - finished_at > _RESPONSE_WAIT:
            at_rest(row)
        else:
            look_again(row)

    return apply


def at_rest(row: Document) -> None:
    """Nobody looks at it any more."""
    row.next_attempt_at = None


def look_again(row: Document) -> None:
    """Look again later, each time a little later."""
    looks = _ANSWERS if row.state == State.DELIVERED else _LOOKS
    seconds = looks[min(max(row.attempt_count, 1), len(looks)) - 1]
    # Those that failed together should not all come back together.
    pause = timedelta(seconds=seconds * random.uniform(0.9, 1.2))  # noqa: S311 — no secret
    row.next_attempt_at = timezone.now() + pause
