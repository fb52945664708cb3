"""The worker's side of runs: a few companies after the other, each exactly once.

Lines are claimed and the claim committed; then the changes and the notes that they were made are
one transaction, in which each company stands and falls by itself. Whoever is killed leaves either
claims that lapse, or companies and lines that are done.
"""

import logging
from collections.abc import Iterator
from datetime import timedelta
from itertools import takewhile
from time import monotonic
from typing import Any

from django.db import transaction
from django.db.models import F, QuerySet
from django.utils import timezone

from peppol.models import CompanyRun, CompanyRunLine
from peppol.services.company_runs import runs
from peppol.services.company_runs.kinds import KINDS, Doing
from tenants import background, loops
from tenants.actors import Actor
from tenants.encryption import encrypt
from tenants.errors import DomainError
from tenants.sentences import Sentence, kept

logger = logging.getLogger(__name__)
State = CompanyRunLine.State
TURN = 10.0
LEASE = timedelta(seconds=30)
_PAUSE = timedelta(seconds=10)
_TOGETHER = 25
_PATIENCE = 3
_UNFORESEEN = Sentence("Something unforeseen happened here; the operator's log knows.")


def advance(*, seconds: float = TURN) -> int:
    """Change companies of all runs in turn for about `seconds`; returns how many."""
    if CompanyRunLine.objects.claimed().exists():
        return 0
    ends, worked = monotonic() + seconds, 0
    for lines in _claims():
        worked += len(lines)
        _change(lines)
        if monotonic() > ends:
            background.wake("company_runs")
            break
    loops.each("end runs", CompanyRun.objects.running(), _finish)
    return worked


def _claims() -> Iterator[list[CompanyRunLine]]:
    while True:
        found = 0
        for run in CompanyRun.objects.running().select_related("organization__parent"):
            lines = _claim(run) if run.organization.is_open else []
            found += len(lines)
            if lines:
                yield lines
        if not found:
            return


@transaction.atomic
def _claim(run: CompanyRun) -> list[CompanyRunLine]:
    """Take the next lines for `LEASE`, or one alone that was begun with before; one that was
    begun with too often is given up instead."""
    free = run.lines.free().order_by("id")
    found = list(free.select_for_update(skip_locked=True, of=("self",), no_key=True)[:_TOGETHER])
    lines = list(takewhile(lambda line: not line.attempts, found)) or found[:1]
    until = timezone.now() + LEASE
    for line in lines:
        line.claimed_until, line.attempts = until, line.attempts + 1
    wanted = CompanyRunLine.objects.filter(pk__in=[line.pk for line in lines])
    wanted.update(claimed_until=until, attempts=F("attempts") + 1)
    for line in lines:
        if line.attempts > _PATIENCE:
            _fail(line, _UNFORESEEN)
    return lines


def _change(lines: list[CompanyRunLine]) -> None:
    try:
        _change_all(lines)
    except Exception:
        logger.exception("Companies of run %s failed together.", lines[0].run_id)
        for line in lines:
            _put_off(line)


@transaction.atomic
def _change_all(lines: list[CompanyRunLine]) -> None:
    """Change the companies of claimed lines that are still ours, while the run goes on."""
    run = CompanyRun.objects.get(pk=lines[0].run_id)
    held = _ours(*lines).select_related("company").order_by("id")
    mine = list(held.select_for_update(of=("self",), no_key=True))
    if run.state != CompanyRun.State.RUNNING:
        _ours(*lines).update(claimed_until=None, attempts=F("attempts") - 1)
        return
    for line in mine:
        _change_one(run, line)


def _change_one(run: CompanyRun, line: CompanyRunLine) -> None:
    kind = KINDS[run.kind]
    try:
        with transaction.atomic():
            came = kind.act(Doing(line.company, run.options, run.actor, line.made))
            secret = encrypt(came.secret) if came.secret else ""
            _settle(line, State.DONE, made=dict(came.made), secret=secret)
    except DomainError as refusal:
        _fail(line, refusal.told)
    except Exception:
        logger.exception("Company %s of run %s failed.", line.company_id, line.run_id)
        _put_off(line)


def _put_off(line: CompanyRunLine) -> None:
    """Have a line begun with again a little later, unless that was done often enough."""
    if line.attempts >= _PATIENCE:
        _fail(line, _UNFORESEEN)
    else:
        _ours(line).update(claimed_until=timezone.now() + _PAUSE)


def _fail(line: CompanyRunLine, sentence: Sentence) -> None:
    _settle(line, State.FAILED, said=kept(sentence))


def _settle(line: CompanyRunLine, state: str, **facts: Any) -> None:
    _ours(line).update(state=state, claimed_until=None, **facts)


def _ours(*claimed: CompanyRunLine) -> "QuerySet[CompanyRunLine]":
    """Lines that were claimed together, as far as nobody else has claimed them since."""
    wanted, until = [line.pk for line in claimed], claimed[0].claimed_until
    return CompanyRunLine.objects.filter(pk__in=wanted, claimed_until=until, state=State.READY)


@transaction.atomic
def _finish(run: CompanyRun) -> None:
    """End a run of which no company is left; whoever is first says so."""
    if run.lines.filter(state=State.READY).exists():
        return
    running = CompanyRun.objects.running().filter(pk=run.pk)
    if running.update(state=CompanyRun.State.DONE, finished_at=timezone.now()):
        counts = run.count()
        by = Actor.system("companies")
        runs.note(run, runs.FINISHED, by, done=counts["done"], failed=counts["failed"])
