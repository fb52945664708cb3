"""The nightly look at registrations: is each still at our SMP, and does that say what it should?

A round looks at so many a night, at a measured pace; the next one goes on where it ended. Silence
of the SML is no loss, one look is no proof, and when very much seems to be lost at once it is the
SML or our settings that are wrong: then the round stops, and nothing counts until a person says so.
What our own SMP shows differently becomes a difference, as of a comparison.
"""

import logging
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TypeVar
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_noop

from peppol import identifiers
from peppol.models import BulkOperation, Finding, Loss, Participant, WatchRound
from peppol.services import circuits
from peppol.services.registration import comparing, losses
from peppol.smp import sml
from peppol.smp.client import SmpClient, SmpError
from peppol.smp.dialects import configured_smp, smp_address
from tenants import background, leases, loops, persistence
from tenants.errors import Conflict, WrongState

logger = logging.getLogger(__name__)
State = WatchRound.State
_Answer = TypeVar("_Answer")

_LEASE, _PAUSE = timedelta(seconds=60), timedelta(seconds=60)
# Two nights are further apart; one begins within so many hours.
_NIGHT, _HOURS = timedelta(hours=20), 5
# So many without an answer, one after the other, and nobody is asked for a while.
_SILENT = 5
_AT_A_TIME = 20
# More than every so manieth of so many is no loss but a mistake.
_TOO_MANY = ((5, 2), (20, 10))
WATCHER = "the nightly watch"
NOT_BELIEVED = gettext_noop(
    "Far too many registrations seem to be lost at once. Look at SML_ZONE and SMP_PUBLIC_URL, and "
    "at the SML: nothing counts as lost until somebody says that it is true."
)
_NO_SML = gettext_noop("The network's register of SMPs (SML) does not answer.")


class TooMuch(Exception):
    """More seems to be lost than can be."""


@dataclass
class _Turn:
    """One worker's turn at a round, for as long as it is its own."""

    round: WatchRound
    ends: float
    smp: SmpClient | None
    counts: dict[str, int] = field(default_factory=dict)
    next_look: float = 0.0
    silent: int = 0
    safe: UUID | None = None

    def __post_init__(self) -> None:
        for name in ("looked_at", "unanswered", "doubted", "different"):
            self.counts[name] = getattr(self.round, name)
        self.safe = self.round.cursor

    def keep(self, cursor: UUID | None, **facts: object) -> bool:
        """Write down how far it is and stay at it; False when it is another's."""
        return leases.take(
            self.round, "next_attempt_at", _LEASE, cursor=cursor, **self.counts, **facts
        )

    def pace(self) -> None:
        """Wait until the next look is due."""
        time.sleep(max(self.next_look - time.monotonic(), 0))
        self.next_look = time.monotonic() + 1 / settings.REGISTRATION_WATCH_PER_SECOND


def advance(*, seconds: float = 4.0) -> None:
    """Begin a round where it is time for one, go on with it, and look again at what is doubted."""
    if not sml.is_asked():
        return
    _begin_by_night()
    look_again()
    running = WatchRound.objects.filter(state=State.RUNNING, next_attempt_at__lte=timezone.now())
    for one in running:
        if leases.take(one, "next_attempt_at", _LEASE):
            _go_on(one, seconds)


@transaction.atomic
def begin(*, anew: bool = False) -> WatchRound:
    """Begin a round: where the last one ended, or `anew` from the beginning.

    Raises Conflict (`watch_taken`) while there is one, and WrongState (`no_sml`) where nobody can
    be asked.
    """
    if not sml.is_asked():
        raise WrongState("There is no SML to ask: set SML_ZONE.", code="no_sml")
    if _is_stopped():
        # Whoever begins again has put right what was wrong: all is seen as if for the first time.
        Loss.objects.doubted().delete()
    last = WatchRound.objects.first()
    cursor = last.cursor if last and not anew else None
    made = WatchRound(cursor=cursor, most=max(settings.REGISTRATION_WATCH, 1))
    persistence.insert(made)
    background.wake("watch")
    return made


@transaction.atomic
def believe(stopped: WatchRound) -> None:
    """What seems to be lost is lost: have it count, and the round go on. Raises WrongState."""
    goes_on = {"state": State.RUNNING, "next_attempt_at": timezone.now(), "last_error": ""}
    goes_on |= {"believed": True, "finished_at": None}
    if not WatchRound.objects.filter(pk=stopped.pk, state=State.STOPPED).update(**goes_on):
        raise WrongState("This round was not stopped.", code="not_stopped")
    background.wake("watch")


def look_again() -> int:
    """Look again at what is doubted and due; how many are certain now."""
    if _is_stopped():
        return 0
    due = Loss.objects.doubted().filter(next_look_at__lte=timezone.now())
    rows = due.select_related("participant__organization").order_by("next_look_at")[:_AT_A_TIME]
    return loops.each("look again at lost registrations", rows, _look_again)


def _is_stopped() -> bool:
    """Whether the last round was stopped: what it doubts does not count until a person says so."""
    last = WatchRound.objects.first()
    return last is not None and last.state == State.STOPPED


def _look_again(loss: Loss) -> None:
    if not leases.take(loss, "next_look_at", _LEASE):
        return
    try:
        holder = sml.smp_of(identifiers.parse(loss.participant.identifier))
    except sml.SmlUnavailable:
        losses.put_off(loss)
        return
    if holder is not None and sml.is_our_smp(holder):
        losses.dispel(loss)
    else:
        losses.confirm(loss, holder or "")


def _begin_by_night() -> None:
    hours_in = (timezone.now().hour - settings.REGISTRATION_WATCH_HOUR) % 24
    if settings.REGISTRATION_WATCH <= 0 or hours_in >= _HOURS or _is_stopped():
        return
    if not WatchRound.objects.filter(created_at__gt=timezone.now() - _NIGHT).exists():
        # Another worker may have begun it.
        with suppress(Conflict):
            begin()


def _go_on(one: WatchRound, seconds: float) -> None:
    with configured_smp() as smp:
        answers = circuits.is_closed(smp_address())
        turn = _Turn(one, time.monotonic() + seconds, smp if answers else None)
        over: dict[str, object] = {}
        try:
            if _look_around(turn):
                over = {"state": State.DONE, "finished_at": timezone.now()}
        except sml.SmlUnavailable:
            turn.keep(turn.safe)
            held = leases.held(one, "next_attempt_at")
            held.update(next_attempt_at=timezone.now() + _PAUSE, last_error=_NO_SML)
            return
        except TooMuch:
            over = {"state": State.STOPPED, "last_error": NOT_BELIEVED}
        due = None if over else timezone.now()
        leases.held(one, "next_attempt_at").update(next_attempt_at=due, **over)


def _look_around(turn: _Turn) -> bool:
    """Look at one participant after the other until time is up; whether the round is over."""
    rows = Participant.objects.registered().order_by("pk")
    if turn.round.cursor is not None:
        rows = rows.filter(pk__gt=turn.round.cursor)
    for row in rows.select_related("organization__company_card", "access_point").iterator(50):
        if turn.counts["looked_at"] >= turn.round.most:
            return True
        turn.pace()
        _look_at(turn, row)
        if not turn.keep(row.pk, last_error=""):
            return False
        if _is_too_much(turn):
            raise TooMuch
        # Whether nobody answers at all is found out in one turn.
        if time.monotonic() > turn.ends and not turn.silent:
            return False
    # All have been looked at: the next round begins at the beginning.
    turn.keep(None)
    return True


def _look_at(turn: _Turn, row: Participant) -> None:
    try:
        holder = sml.smp_of(identifiers.parse(row.identifier))
    except sml.SmlUnavailable:
        turn.counts["unanswered"] += 1
        turn.silent += 1
        if turn.silent >= _SILENT:
            turn.counts["unanswered"] -= turn.silent
            turn.counts["looked_at"] -= turn.silent - 1
            raise
        turn.counts["looked_at"] += 1
        return
    turn.silent, turn.safe = 0, row.pk
    turn.counts["looked_at"] += 1
    if holder is None or not sml.is_our_smp(holder):
        losses.doubt(row, holder or "")
        turn.counts["doubted"] += 1
    elif turn.smp is not None:
        turn.counts["different"] += _look_at_ours(turn, turn.smp, row)


def _is_too_much(turn: _Turn) -> bool:
    if turn.round.believed:
        return False
    doubted, looked_at = turn.counts["doubted"], turn.counts["looked_at"]
    return any(doubted >= least and doubted * nth > looked_at for least, nth in _TOO_MANY)


def _look_at_ours(turn: _Turn, smp: SmpClient, row: Participant) -> bool:
    """Whether our own SMP shows something else of it than it should, which is noted down."""
    try:
        found = comparing.compare(row, smp, _call, properties=smp.keeps_properties())
    except SmpError as error:
        logger.warning("The SMP said nothing sensible of %s: %s", row, error.in_full)
        turn.smp = None
        return False
    if found is None:
        return False
    kind, detail = found
    Finding.objects.get_or_create(
        operation=_comparison(turn.round),
        identifier=row.identifier,
        defaults={
            "organization": row.organization,
            "participant": row,
            "kind": kind,
            "detail": detail,
        },
    )
    return True


def _call(call: Callable[..., _Answer], *arguments: object) -> _Answer:
    return call(*arguments)


def _comparison(one: WatchRound) -> BulkOperation:
    """The comparison that the differences of a round are shown with."""
    made, _ = BulkOperation.objects.get_or_create(
        kind=BulkOperation.Kind.RECONCILE,
        started_by=WATCHER,
        created_at__gte=one.created_at,
        defaults={"state": BulkOperation.State.DONE, "finished_at": timezone.now()},
    )
    return made
