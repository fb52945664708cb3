"""Runs of statements: a month is billed organization by organization, and the run goes on anywhere.

Each organization has a transaction of its own; a statement is unique per organization and month,
so a run that died and is started again bills nobody twice.
"""

import logging
from datetime import date, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from billing import charges
from billing.models import Statement, StatementRun
from billing.services import statements
from billing.ubl import InvalidStatement
from peppol.services.documents.usage import month_of, this_month
from tenants import background
from tenants.errors import Invalid, WrongState
from tenants.ids import uuid7
from tenants.models import Organization

logger = logging.getLogger(__name__)
_LEASE = timedelta(minutes=5)


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
        last_error="",
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


def advance(*, limit: int = 10_000) -> int:
    """Go on with the runs under way; how many organizations were gone through."""
    done = 0
    for run in StatementRun.objects.filter(state=StatementRun.State.RUNNING):
        token = _claim(run)
        if token is not None:
            done += _advance(run, token, limit)
    return done


# --- One turn at a run ---------------------------------------------------------------------------
def _claim(run: StatementRun) -> UUID | None:
    token, now = uuid7(), timezone.now()
    free = Q(claimed_until=None) | Q(claimed_until__lte=now)
    claimed = StatementRun.objects.filter(free, pk=run.pk).update(
        claim=token, claimed_until=now + _LEASE
    )
    return token if claimed else None


def _advance(run: StatementRun, token: UUID, limit: int) -> int:
    pending = [pk for pk in charges.payers(run.month) if run.reached is None or pk > run.reached]
    done: int = 0
    refused: list[str] = []
    for pk in pending[:limit]:
        try:
            if not _bill(run, token, pk):
                return done
        except (InvalidStatement, Invalid) as error:
            # One organization with an incomplete address must not keep the others waiting.
            logger.warning("No statement for %s: %s", pk, error)
            refused.append(f"{pk}: {error}")
            _step(run, token, pk)
        done += 1
    _close(run, token, finished=len(pending) <= limit, refused=refused)
    return done


@transaction.atomic
def _bill(run: StatementRun, token: UUID, pk: UUID) -> bool:
    """Bill one organization and move the run on; False when another worker has the run."""
    if not _step(run, token, pk):
        return False
    if Statement.objects.filter(
        organization=pk, month=run.month, kind=Statement.Kind.INVOICE
    ).exists():
        return True
    statements.issue(Organization.objects.get(pk=pk), run)
    return True


def _step(run: StatementRun, token: UUID, pk: UUID) -> bool:
    done = charges.payers(run.month).index(pk) + 1 if run.reached is None else run.done + 1
    moved = StatementRun.objects.filter(pk=run.pk, claim=token).update(
        reached=pk, done=done, claimed_until=timezone.now() + _LEASE
    )
    run.reached, run.done = pk, done
    return bool(moved)


def _close(run: StatementRun, token: UUID, *, finished: bool, refused: list[str]) -> None:
    ours = StatementRun.objects.filter(pk=run.pk, claim=token)
    errors = "\n".join(filter(None, [run.last_error, *refused]))
    if finished:
        ours.update(
            state=StatementRun.State.FINISHED,
            finished_at=timezone.now(),
            claim=None,
            claimed_until=None,
            last_error=errors,
        )
    else:
        ours.update(claim=None, claimed_until=None, last_error=errors)
