"""Changes to many participants at once: another access point, other document types, the Directory.

An operation visits the participants in the order of their ids, a few at a time, and writes into
each row what is wanted from now on; the registration workers publish it, between the
registrations. What came of each is a row of its own. Whoever goes on after a crash finds in the
rows how far it has come.
"""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from peppol import code_lists
from peppol.models import AccessPoint, BulkOperation, Participant
from peppol.models.participants import ParticipantQuerySet
from peppol.services.registration import bulk_results, bulk_wishes
from tenants import background, loops, persistence
from tenants.actors import Actor
from tenants.errors import Invalid, WrongState
from tenants.models import Organization

Kind = BulkOperation.Kind
State = BulkOperation.State
Pause = BulkOperation.Pause
Publication = Participant.Publication

# So many participants of an operation wait for their publication at a time, once as many are
# done: what goes wrong with everybody goes wrong with a few first.
WINDOW, _FIRST = 100, 10


@transaction.atomic
def start(
    kind: str,
    *,
    by: Actor,
    platform: Organization | None = None,
    access_point: AccessPoint | None = None,
    document_type: str = "",
    document_types: Sequence[str] = (),
    canary: int = 0,
    stop_at: int = 10,
) -> BulkOperation:
    """Start an operation on all participants, or on those of `platform` and its companies.

    No `access_point` means the installation's own. With a `canary` it stops after so many and
    waits for `resume`; so it does once `stop_at` percent of the latest failed. Raises Invalid for
    document types that the code list does not have in force.
    """
    types = []
    if kind in (Kind.ADD_DOCUMENT_TYPE, Kind.REMOVE_DOCUMENT_TYPE):
        given = [*document_types, *filter(None, [document_type])]
        types = [_document_type(one) for one in given or [""]]
    operation = BulkOperation(
        kind=kind,
        platform=platform,
        access_point=access_point,
        document_type=types[0] if types else "",
        document_types=types,
        canary=0 if kind == Kind.RECONCILE else canary,
        stop_at=stop_at,
        started_by=by.label,
        next_attempt_at=timezone.now(),
    )
    operation.total = participants_of(operation).count()
    persistence.insert(operation)
    background.wake("bulk")
    return operation


@transaction.atomic
def pause(operation: BulkOperation) -> BulkOperation:
    """Visit no further participants for now. Raises WrongState unless it is running."""
    moved = BulkOperation.objects.running().filter(pk=operation.pk)
    if not moved.update(state=State.PAUSED, paused_because=Pause.PERSON):
        raise WrongState("This operation is not running.", code="not_running")
    operation.refresh_from_db()
    return operation


@transaction.atomic
def resume(operation: BulkOperation) -> BulkOperation:
    """Go on with an operation that was paused; what failed until now is no reason to stop again.

    After the canary all others follow. Raises WrongState unless it is paused.
    """
    paused = BulkOperation.objects.filter(pk=operation.pk, state=State.PAUSED)
    row = paused.select_for_update(no_key=True).first()
    if row is None:
        raise WrongState("This operation is not paused.", code="not_paused")
    if row.paused_because == Pause.CANARY:
        row.canary = 0
    row.state, row.paused_because, row.last_error = State.RUNNING, "", ""
    row.resumed_at = row.next_attempt_at = timezone.now()
    row.save()
    background.wake("bulk")
    return row


@transaction.atomic
def cancel(operation: BulkOperation) -> BulkOperation:
    """Visit no further participants; what was wanted of those visited is still published.

    Raises WrongState when the operation is over.
    """
    moved = BulkOperation.objects.unfinished().filter(pk=operation.pk)
    over = {"state": State.CANCELLED, "finished_at": timezone.now(), "next_attempt_at": None}
    if not moved.update(**over):
        raise WrongState("This operation is over.", code="over")
    operation.refresh_from_db()
    return operation


def advance() -> None:
    """Go on with every operation that changes participants, as far as there is room."""
    open_ones = BulkOperation.objects.exclude(kind=Kind.RECONCILE).with_something_to_do()
    loops.each("change many registrations", open_ones, lambda operation: _advance(operation.pk))


def participants_of(operation: BulkOperation) -> ParticipantQuerySet:
    """Those an operation is about, in the order in which it visits them."""
    rows = Participant.objects.order_by("pk")
    if operation.platform is not None:
        rows = rows.visible_to(operation.platform)
    return rows


@transaction.atomic
def _advance(key: UUID) -> None:
    open_ones = BulkOperation.objects.with_something_to_do().filter(pk=key)
    # Another worker that is at it holds the lock; then there is nothing to do here.
    operation = open_ones.select_for_update(skip_locked=True, no_key=True).first()
    if operation is None:
        return
    waiting = bulk_results.settle(operation)
    if operation.state != State.RUNNING:
        _sum_up(operation)
        operation.save()
        return
    more = _to_come(operation).exists()
    why = bulk_results.too_many_failures(operation) if more else ""
    batch = [] if why else _visit(operation, waiting)
    if why:
        _stop(operation, Pause.FAILURES, why)
    elif not batch and waiting:
        operation.last_error = bulk_results.what_holds_up(operation)
    elif not batch and more and operation.canary:
        _stop(operation, Pause.CANARY, "")
    elif not batch:
        operation.last_error = ""
        operation.state, operation.finished_at = State.DONE, timezone.now()
        operation.next_attempt_at = None
        _sum_up(operation)
    operation.save()


def _visit(operation: BulkOperation, waiting: int) -> list[Participant]:
    """Write down with the next participants what is wanted of them."""
    done = sum(operation.count())
    room = min(WINDOW, max(_FIRST, done)) - waiting
    if operation.canary:
        room = min(room, operation.canary - bulk_results.published(operation))
    rows = _to_come(operation).select_for_update(of=("self",), no_key=True)
    batch = list(rows.select_related("organization")[: max(room, 0)])
    for participant in batch:
        bulk_wishes.try_to_wish(operation, participant)
    if batch:
        operation.cursor = batch[-1].pk
        operation.visited += len(batch)
        operation.total = max(operation.total, operation.visited)
        background.wake("registrations")
    return batch


def _to_come(operation: BulkOperation) -> ParticipantQuerySet:
    rows = participants_of(operation)
    return rows if operation.cursor is None else rows.filter(pk__gt=operation.cursor)


def _stop(operation: BulkOperation, why: str, said: str) -> None:
    operation.state, operation.paused_because, operation.last_error = State.PAUSED, why, said


def _sum_up(operation: BulkOperation) -> None:
    operation.succeeded, operation.failed = operation.count()


def _document_type(name: Any) -> str:
    """The identifier of a document type, given by it or by its name."""
    for one in code_lists.document_types():
        if name in (one.uri, one.value, one.name):
            return one.uri
    names = ", ".join(f"“{one.name}”" for one in code_lists.document_types())
    raise Invalid(
        "“%(given)s” is not one of %(names)s.",
        values={"given": name, "names": names},
        code="unknown_document_type",
    )
