"""Comparing the portal with the SMP: what is missing there, unknown here, or different.

A comparison goes on where the last turn ended. It changes nothing; a person decides about what
it found. What cannot be compared is a finding too, so that no participant keeps the others from
being looked at.
"""

import logging
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import islice
from time import monotonic
from typing import TypeVar
from uuid import UUID

from django.db import transaction
from django.db.models.functions import Lower
from django.utils import timezone

from peppol import identifiers
from peppol.models import BulkOperation, Finding, Participant
from peppol.services import circuits
from peppol.services.registration import comparing, participants
from peppol.services.registration.bulk import participants_of
from peppol.services.registration.claims import Overtaken
from peppol.smp.client import OutOfOrder, SmpClient, SmpError, Unavailable
from peppol.smp.dialects import configured_smp
from tenants import leases, loops
from tenants.actors import Actor
from tenants.errors import DomainError, WrongState

logger = logging.getLogger(__name__)
State = Participant.State
_Answer = TypeVar("_Answer")

# A worker that has not come back after so many seconds died; another one may go on.
_LEASE = timedelta(seconds=60)
# A lease is renewed by whoever goes on for longer than this.
_RENEWAL = 20.0
_PAUSE = timedelta(seconds=30)
# As many as can be repaired while somebody waits.
_REPAIRS = 1000
# So many of the SMP's participants are looked up at a time.
_BATCH = 500
# So often a participant is asked about, of which an SMP that is there says nothing sensible.
_TRIES = 2
_UNFORESEEN = "Something unforeseen happened here; the operator's log knows."
# Where the visits begin, once the SMP's own list has been gone through.
_BEGINNING = UUID(int=0)


def advance(*, seconds: float = 1.5) -> None:
    """Go on with every running comparison for a while."""
    running = BulkOperation.objects.running().filter(kind=BulkOperation.Kind.RECONCILE)
    for operation in running.filter(next_attempt_at__lte=timezone.now()):
        # Of several workers that look at the same time one gets it.
        if leases.take(operation, "next_attempt_at", _LEASE):
            _advance(_Turn(operation, monotonic() + seconds))


@transaction.atomic
def repair(finding: Finding, *, by: Actor) -> None:
    """Have published again what the SMP lacks or shows differently, and deleted what is too much.

    It is repaired once that was read back. Raises WrongState for what is unknown here: `take_down`
    is for that, if it is really ours.
    """
    if finding.participant is None:
        raise WrongState("Nothing here belongs to this identifier.", code="unknown_here")
    participants.republish(finding.participant, by=by, reason=finding.detail[:500])
    Finding.objects.filter(pk=finding.pk).update(repair_asked_at=timezone.now())


def repair_all(operation: BulkOperation, *, by: Actor) -> tuple[int, list[DomainError]]:
    """Repair what `operation` found, each on its own; how many, and why others could not be."""
    repaired, refused = 0, list[DomainError]()
    for finding in operation.findings.repairable().select_related("participant")[:_REPAIRS]:
        try:
            repair(finding, by=by)
        except DomainError as refusal:
            refused.append(refusal)
        except Exception as error:
            loops.note("repair registrations", finding, error)
            refused.append(WrongState(_UNFORESEEN, code="unforeseen"))
        else:
            repaired += 1
    return repaired, refused


@dataclass
class _Turn:
    """One worker's turn at a comparison, for as long as it is its own."""

    operation: BulkOperation
    ends: float
    renewed_at: float = field(default_factory=monotonic)
    properties: bool | None = None

    def step(self, call: Callable[..., _Answer], *arguments: object) -> _Answer:
        """Make one call to the network. Raises Overtaken when the comparison is another's."""
        if monotonic() - self.renewed_at > _RENEWAL:
            self.keep()
        return call(*arguments)

    def keeps_properties(self, smp: SmpClient) -> bool:
        """Whether the SMP keeps properties, asked once a turn."""
        if self.properties is None:
            self.properties = self.step(smp.keeps_properties)
        return self.properties

    def keep(self, **facts: object) -> None:
        """Stay at it, with `facts` written into its row. Raises Overtaken."""
        if not leases.take(self.operation, "next_attempt_at", _LEASE, **facts):
            raise Overtaken
        self.renewed_at = monotonic()


def _advance(turn: _Turn) -> None:
    operation, due, said, finished = turn.operation, timezone.now(), "", False
    with configured_smp() as smp:
        try:
            if operation.cursor is None:
                _look_for_unknown(turn, smp)
            finished = _visit(turn, smp)
        except Overtaken:
            return
        except SmpError as error:
            due, said = timezone.now() + _PAUSE, error.in_full
            if isinstance(error, OutOfOrder):
                circuits.failed(smp.base_url, error.in_full, trouble=error.trouble)
            elif isinstance(error, Unavailable) and error.silent:
                circuits.failed(smp.base_url, error.in_full)
        except Exception:
            logger.exception("Comparison %s met something unforeseen.", operation.pk)
            due, said = timezone.now() + _PAUSE, _UNFORESEEN
    _put_back(operation, due, said, finished=finished)


def _look_for_unknown(turn: _Turn, smp: SmpClient) -> None:
    """Find participants of the SMP that are none of ours. Only a whole comparison can."""
    if turn.operation.platform is None:
        # On a shared SMP what belongs to another login is none of our business.
        listed = smp.own_service_group_ids() if smp.login else smp.service_group_ids()
        for uris in _batches(listed):
            findings = [
                Finding(
                    operation=turn.operation,
                    identifier=_identifier(uri)[:140],
                    kind=Finding.Kind.UNKNOWN,
                )
                for uri in _strangers(uris)
            ]
            turn.step(Finding.objects.bulk_create, findings, None, True)
    turn.keep(cursor=_BEGINNING)


def _batches(uris: Iterator[str]) -> Iterator[list[str]]:
    while batch := list(islice(uris, _BATCH)):
        yield batch


def _strangers(uris: Iterable[str]) -> list[str]:
    """Of identifiers at the SMP, those that nobody here has."""
    named = {uri.lower(): uri for uri in uris}
    values = {_identifier(uri).partition(":")[2] for uri in named}
    ours = Participant.objects.exclude(state__in=(State.DRAFT, State.UNREGISTERED))
    ours = ours.alias(folded=Lower("value")).filter(folded__in=values)
    for scheme, value in ours.values_list("scheme", "value"):
        named.pop(identifiers.ParticipantId(scheme, value).canonical().uri.lower(), None)
    return list(named.values())


def _identifier(uri: str) -> str:
    return uri.split("::", 1)[-1]


def _visit(turn: _Turn, smp: SmpClient) -> bool:
    """Compare participants until time is up; returns whether all have been visited."""
    operation = turn.operation
    rows = participants_of(operation).registered().filter(pk__gt=operation.cursor)
    for participant in rows.select_related("organization__company_card", "access_point").iterator(
        100
    ):
        found = _compared(turn, participant, smp)
        with transaction.atomic():
            turn.keep(cursor=participant.pk, visited=operation.visited + 1)
            if found is not None:
                _note(operation, participant, *found)
        if monotonic() > turn.ends:
            return False
    return True


def _compared(turn: _Turn, participant: Participant, smp: SmpClient) -> tuple[str, str] | None:
    """The kind and the detail of what is to be found, whatever comes of the look at it.

    Raises SmpError when the SMP is not there at all, and Overtaken.
    """
    said = ""
    for _ in range(_TRIES):
        try:
            return comparing.compare(
                participant, smp, turn.step, properties=turn.keeps_properties(smp)
            )
        except Overtaken:
            raise
        except Unavailable as error:
            turn.step(smp.ping)
            said = error.in_full
        except OutOfOrder:
            raise
        except SmpError as error:
            said = error.in_full
            break
        except Exception:
            logger.exception("The comparison of %s met something unforeseen.", participant.pk)
            said = _UNFORESEEN
            break
    return Finding.Kind.DIFFERENT, f"It could not be compared: {said}"


def _note(operation: BulkOperation, participant: Participant, kind: str, detail: str) -> None:
    """Write the finding down, unless the participant changed while it was looked at."""
    unchanged = Participant.objects.registered().filter(
        pk=participant.pk, updated_at=participant.updated_at
    )
    if unchanged.exists():
        Finding.objects.get_or_create(
            operation=operation,
            identifier=participant.identifier,
            defaults={
                "organization": participant.organization,
                "participant": participant,
                "kind": kind,
                "detail": detail,
            },
        )


def _put_back(operation: BulkOperation, due: datetime, said: str, *, finished: bool) -> None:
    held = leases.held(operation, "next_attempt_at").filter(state=BulkOperation.State.RUNNING)
    if not finished:
        held.update(next_attempt_at=due, last_error=said)
        return
    found = operation.findings.exclude(kind=Finding.Kind.UNKNOWN).count()
    held.update(
        state=BulkOperation.State.DONE,
        finished_at=timezone.now(),
        next_attempt_at=None,
        last_error="",
        total=operation.visited,
        succeeded=operation.visited - found,
        failed=found,
    )
