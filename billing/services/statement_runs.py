"""Runs of statements: a month is billed organization by organization, and the run goes on anywhere.

Each organization has a transaction of its own; a statement is unique per organization and month,
so a run that died and is started again bills nobody twice.
"""

import logging
from datetime import date, timedelta
from time import monotonic
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from billing import charges
from billing.models import Statement, StatementRefusal, StatementRun
from billing.services import statements, vat_numbers
from billing.ubl import InvalidStatement
from peppol.services.documents.usage import month_of, this_month
from tenants import background, persistence
from tenants.errors import Invalid, WrongState
from tenants.ids import uuid7
from tenants.models import Organization

logger = logging.getLogger(__name__)
# Longer than one organization takes, with what is asked of VIES; the next makes it new.
_LEASE = timedelta(minutes=1)
# A turn is over long before the worker's patience, which would count as a payer's fault.
_TURN = 900.0
# Whoever waits for an answer is tried again so often, and so many at a time.
_PAUSE = timedelta(hours=1)
_MOST = 100


@transaction.atomic
def start(month: date) -> StatementRun:
    """Begin, or continue, the run of a month that is over. Raises Invalid for one that is not."""
    first, last = month_of(month)
    if last >= timezone.now().date():
        raise Invalid("A month is billed when it is over.", code="month_not_over")
    run, made = StatementRun.objects.get_or_create(
        month=first, defaults={"total": len(charges.payers(first))}
    )
    if not made and run.state == StatementRun.State.FINISHED:
        return run
    background.wake("statements")
    return run


@transaction.atomic
def retry(run: StatementRun) -> StatementRun:
    """Go through a run that has finished once more, for those whose statement was refused.

    Who has a statement keeps it. Raises WrongState for a run that is under way.
    """
    finished = StatementRun.objects.filter(pk=run.pk, state=StatementRun.State.FINISHED)
    begun = finished.update(
        state=StatementRun.State.RUNNING,
        total=len(charges.payers(run.month)),
        done=0,
        reached=None,
        started_at=timezone.now(),
        finished_at=None,
    )
    if not begun:
        raise WrongState("This run is under way.", code="running")
    background.wake("statements")
    run.refresh_from_db()
    return run


def start_due() -> StatementRun | None:
    """Begin the run of the month before this one, once."""
    last_month = this_month() - timedelta(days=1)
    if StatementRun.objects.filter(month=last_month.replace(day=1)).exists():
        return None
    return start(last_month) if charges.payers(last_month.replace(day=1)) else None


def bill_again(statement: Statement) -> Statement | None:
    """Bill the month of a statement that was credited, from the rows as they are now.

    None when it cannot be: why stands with the run then.
    """
    run = statement.run
    if run is None:
        return None
    _try(run, statement.organization_id)
    return Statement.objects.of(statement.organization).standing().filter(month=run.month).first()


def look_again() -> int:
    """Try once more those who only wait for an answer; how many were tried."""
    waiting = StatementRefusal.objects.filter(
        waits=True,
        tried_at__lte=timezone.now() - _PAUSE,
        run__state=StatementRun.State.FINISHED,
    )
    rows = list(waiting.select_related("run")[:_MOST])
    for row in rows:
        _try(row.run, row.organization_id)
    return len(rows)


def _try(run: StatementRun, pk: UUID) -> None:
    """Bill one organization beside the run."""
    try:
        vat_numbers.ask_about(Organization.objects.get(pk=pk))
        with transaction.atomic():
            _issue(run, pk)
    except Exception as error:
        _note(run, pk, error)


def advance(*, limit: int = 10_000, seconds: float = _TURN) -> int:
    """Go on with the runs under way, for about `seconds`; how many organizations were gone through.

    What is left is gone on with at once, by whoever looks next.
    """
    done, ends = 0, monotonic() + seconds
    for run in StatementRun.objects.filter(state=StatementRun.State.RUNNING):
        token = _claim(run)
        if token is not None:
            # Whoever had it before may have gone on since it was looked up.
            run.refresh_from_db()
            done += _advance(run, token, limit, ends)
    return done


# --- One turn at a run ---------------------------------------------------------------------------
def _claim(run: StatementRun) -> UUID | None:
    token, now = uuid7(), timezone.now()
    free = Q(claimed_until=None) | Q(claimed_until__lte=now)
    running = StatementRun.objects.filter(free, pk=run.pk, state=StatementRun.State.RUNNING)
    claimed = running.update(claim=token, claimed_until=now + _LEASE)
    return token if claimed else None


def _advance(run: StatementRun, token: UUID, limit: int, ends: float) -> int:
    pending = [pk for pk in charges.payers(run.month) if run.reached is None or pk > run.reached]
    done = 0
    for pk in pending[:limit]:
        if not _take(run, token, pk):
            return done
        run.reached, run.done = pk, run.done + 1
        done += 1
        if monotonic() > ends:
            break
    _close(run, token, finished=done == len(pending))
    return done


def _take(run: StatementRun, token: UUID, pk: UUID) -> bool:
    """Bill one organization, whatever comes of it; False when another worker has the run."""
    try:
        vat_numbers.ask_about(Organization.objects.get(pk=pk))
        return _bill(run, token, pk)
    except Exception as error:
        # One organization's trouble must not keep the others waiting.
        return _refuse(run, token, pk, error)


@transaction.atomic
def _bill(run: StatementRun, token: UUID, pk: UUID) -> bool:
    if not _step(run, token, pk):
        return False
    _issue(run, pk)
    return True


def _issue(run: StatementRun, pk: UUID) -> None:
    # Two who bill the same one take turns, and the second finds the statement.
    payer = Organization.objects.select_for_update(no_key=True).get(pk=pk)
    if not statements.has_been_billed(pk, run.month):
        statements.issue(payer, run)
    run.refusals.filter(organization=pk).delete()


@transaction.atomic
def _refuse(run: StatementRun, token: UUID, pk: UUID, error: Exception) -> bool:
    """Write down why there is no statement, in the transaction that goes past the organization."""
    if not _step(run, token, pk):
        return False
    _note(run, pk, error)
    return True


def _note(run: StatementRun, pk: UUID, error: Exception) -> None:
    expected = isinstance(error, InvalidStatement | Invalid | statements.Waiting)
    logger.warning("No statement for %s: %s", pk, error, exc_info=None if expected else error)
    reason = str(error) if expected else f"{type(error).__name__}: {error}"
    StatementRefusal.objects.update_or_create(
        run=run,
        organization_id=pk,
        defaults={
            "reason": persistence.printable(reason) or type(error).__name__,
            "waits": isinstance(error, statements.Waiting),
        },
    )


def _step(run: StatementRun, token: UUID, pk: UUID) -> bool:
    moved = StatementRun.objects.filter(pk=run.pk, claim=token).update(
        reached=pk, done=run.done + 1, claimed_until=timezone.now() + _LEASE
    )
    return bool(moved)


def _close(run: StatementRun, token: UUID, *, finished: bool) -> None:
    ours = StatementRun.objects.filter(pk=run.pk, claim=token)
    end = {"state": StatementRun.State.FINISHED, "finished_at": timezone.now()} if finished else {}
    ours.update(claim=None, claimed_until=None, **end)
    if not finished:
        background.wake("statements")
