"""How a worker takes a participant to work on, keeps it, and gives it back.

Several workers may look at the same time, any of them may die at any line, and people change
their minds while the network is slow. So a claim is a token in the row and the end of a lease;
before every call the worker makes sure that the row is still its own and still wants the same,
and what it found out is written only then.
"""

import threading
from collections.abc import Callable
from contextlib import suppress
from contextvars import copy_context
from copy import deepcopy
from dataclasses import dataclass
from datetime import datetime, timedelta
from time import monotonic
from typing import Self, TypeVar
from uuid import UUID

from django.db import DatabaseError, connection, models, transaction
from django.utils import timezone

from peppol.models import Participant
from peppol.models.participants import ParticipantQuerySet
from tenants.ids import uuid7
from tenants.prepared import Prepared

State = Participant.State
# What is read with a participant, for what is to be found at the SMP follows from it.
_READ = ("organization__parent", "organization__company_card", "access_point")
_Answer = TypeVar("_Answer")

_WHOLE = Participant.objects.select_related(*_READ)
# Registrations come before cards and Directory entries.
_NEXT = [
    Prepared(
        lambda now, rows=rows: (
            rows(_WHOLE.due(now))
            .select_for_update(of=("self",), skip_locked=True, no_key=True)
            .order_by("next_attempt_at", "id")[:1]
        ),
        now=models.DateTimeField(),
    )
    for rows in (lambda due: due.exclude(state=State.ACTIVE), lambda due: due)
]
_DUE = Prepared(
    lambda now: Participant.objects.due(now).order_by().only("pk")[:1], now=models.DateTimeField()
)
_NAMESAKE = Prepared(
    lambda id, scheme, value: _namesakes(id, scheme, value).order_by().only("pk")[:1],
    id=models.UUIDField(),
    scheme=models.CharField(),
    value=models.CharField(),
)
_HELD = Prepared(
    lambda id, token: _WHOLE.filter(pk=id, claim=token).select_for_update(
        of=("self",), no_key=True
    ),
    id=models.UUIDField(),
    token=models.UUIDField(),
)


# For so many seconds a row that was just looked at is not looked at again. Nobody else calls the
# network for it meanwhile; a change of mind is noticed a call later, or when the claim ends.
_FRESH = 0.1
# A claim is good for so many seconds, and renewed after so many, be it in the middle of a call.
_LEASE, _RENEWAL = 6.0, 2.0


class Overtaken(Exception):
    """Somebody wants something else of the participant by now, or another worker is at it."""


@dataclass
class Claim:
    """A participant that this worker, and no other, is at.

    `participant` is as it was when it was claimed. `obstacle` says what has to be waited for
    first; `successor` means that the identifier is on the network for somebody else by now.
    """

    participant: Participant
    token: UUID
    obstacle: str = ""
    successor: bool = False
    renewed_at: float = 0.0
    checked_at: float = 0.0

    @property
    def state(self) -> str:
        """What the row is in as long as nobody changes their mind."""
        return self.participant.state

    def step(self, call: Callable[..., _Answer], *arguments: object) -> _Answer:
        """Make one call to the network. Raises Overtaken when it should not be made any more."""
        self._keep()
        return call(*arguments)

    def begin(self) -> None:
        """Note that something of the participant may be at the SMP from now on.

        Raises Overtaken, and then nothing is.
        """
        if self.participant.put_up_at is not None:
            return
        ours = Participant.objects.filter(
            pk=self.participant.pk, claim=self.token, state=self.state
        )
        self.participant.put_up_at = timezone.now()
        if not ours.update(put_up_at=self.participant.put_up_at):
            raise Overtaken

    def _keep(self) -> None:
        if monotonic() - self.checked_at < _FRESH:
            return
        ours = Participant.objects.filter(
            pk=self.participant.pk, claim=self.token, state=self.state
        )
        if monotonic() - self.renewed_at > _RENEWAL:
            kept = bool(ours.update(next_attempt_at=_lease_end()))
            self.renewed_at = monotonic()
        else:
            kept = ours.exists()
        if not kept:
            raise Overtaken
        self.checked_at = monotonic()

    def renew(self) -> None:
        """Stay at it, whatever is wanted of the participant by now: a call is under way."""
        if monotonic() - self.renewed_at > _RENEWAL:
            held = Participant.objects.filter(pk=self.participant.pk, claim=self.token)
            held.update(next_attempt_at=_lease_end())
            self.renewed_at = monotonic()


class Keeper:
    """Renews the claim that a worker has for as long as that is alive, however long a call takes.

    So a lease can be short, and what a killed worker was at is soon found by another one.
    """

    def __init__(self) -> None:
        self.claim: Claim | None = None
        self._over = threading.Event()
        run = copy_context().run
        self._thread = threading.Thread(target=run, args=(self._keep,), daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()

    def _keep(self) -> None:
        try:
            while not self._over.wait(_RENEWAL / 4):
                with suppress(DatabaseError):
                    if self.claim is not None:
                        self.claim.renew()
        finally:
            connection.close()


def take() -> Claim | None:
    """Claim the participant that has been due for longest; None when there is nothing to do."""
    # Look before taking the write lock.
    if _DUE.first(now=timezone.now()) is None:
        return None
    with transaction.atomic():
        now = timezone.now()
        participant = next((row for rows in _NEXT if (row := rows.first(now=now))), None)
        if participant is None:
            return None
        claim = Claim(participant, uuid7(), renewed_at=monotonic())
        _look_at_namesakes(claim)
        if participant.state != State.UNREGISTERING and participant.state != State.ACTIVE:
            participant.state = State.PUBLISHING
        participant.claim = claim.token
        participant.attempt_count += 1
        participant.next_attempt_at = _lease_end()
        participant.save(
            update_fields=["state", "claim", "attempt_count", "next_attempt_at", "updated_at"]
        )
    return claim


@transaction.atomic
def settle(claim: Claim, outcome: Callable[[Participant], None]) -> bool:
    """Give the participant back with `outcome` applied to the row as it stands now.

    Returns whether it was applied. It is not when another worker took over; nor when somebody
    changed their mind, and then the row is due at once for what they want now.
    """
    row = _HELD.first(id=claim.participant.pk, token=claim.token)
    if row is None:
        return False
    before = _columns(row)
    row.claim = None
    unchanged = row.state == claim.state
    if unchanged:
        outcome(row)
    else:
        row.next_attempt_at = timezone.now()
    changed = [name for name, value in _columns(row).items() if before[name] != value]
    row.save(update_fields=[*changed, "updated_at"])
    return unchanged


def _columns(row: Participant) -> dict[str, object]:
    names = [field.attname for field in row._meta.concrete_fields]
    return {name: deepcopy(getattr(row, name)) for name in names}


def _look_at_namesakes(claim: Claim) -> None:
    """Keep the order when an identifier passes from one company to another.

    The new holder waits until the old one is off the network; and an old one that comes late
    must not take down what the new one has put up.
    """
    participant = claim.participant
    pk, scheme, value = participant.pk, participant.scheme, participant.value
    if _NAMESAKE.first(id=pk, scheme=scheme, value=value.lower()) is None:
        return
    namesakes = _namesakes(pk, scheme, value)
    if participant.state == State.UNREGISTERING:
        # A look without a lock is enough: whoever comes starts only when it has locked our row too,
        # which we hold. And two workers that made way for each other would do so for ever.
        claim.successor = namesakes.filter(state__in=(State.PUBLISHING, State.ACTIVE)).exists()
        return
    states = [one.state for one in namesakes.select_for_update(skip_locked=True, no_key=True)]
    if len(states) < namesakes.count():
        claim.obstacle = "Another worker is at this identifier."
    elif State.UNREGISTERING in states and participant.state != State.ACTIVE:
        claim.obstacle = "The identifier is still being taken off the network for another company."


def _namesakes(id: UUID, scheme: str, value: str) -> ParticipantQuerySet:
    same = Participant.objects.identified(scheme, value).exclude(pk=id)
    return same.exclude(state__in=(State.DRAFT, State.UNREGISTERED))


def lease() -> float:
    """How long a claim is good without renewal, in seconds; how long a dead worker's row rests."""
    return _LEASE


def _lease_end() -> datetime:
    return timezone.now() + timedelta(seconds=lease())
