"""The worker's side of imports: a few lines after the other, each exactly once.

Lines are claimed and the claim committed; then their companies and the notes that they were made
are one transaction, in which each line stands and falls by itself. Whoever is killed at any point
leaves either claims that lapse, or companies and lines that are done. Lines that were begun with
before are taken one by one, and one that workers die of again and again is given up.
"""

import logging
from collections.abc import Iterator, Mapping
from datetime import timedelta
from itertools import takewhile
from math import inf
from time import monotonic
from typing import Any

from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.utils import timezone

from peppol.models import CompanyImport, ImportLine
from peppol.services.companies.onboarding import KeyRequest, onboard
from peppol.services.imports import imports, lines, uploads
from peppol.services.imports.judgements import Judgement
from tenants import background, loops
from tenants.encryption import encrypt
from tenants.errors import Conflict, DomainError
from tenants.models import Organization
from tenants.sentences import Sentence, kept

logger = logging.getLogger(__name__)
State = ImportLine.State

# A thousand lines are one continuous run of a few turns, for a turn takes a moment to begin; and
# whoever tells the worker to stop need not wait for longer than the fifteen seconds they have.
TURN = 10.0
# How long a line whose worker was killed, and the turns after it, wait. A line takes far less.
LEASE = timedelta(seconds=30)
# What may mend itself is begun with again after so long.
_PAUSE = timedelta(seconds=10)
# So many lines are one transaction: whoever waits for the platform's row waits for a moment.
_TOGETHER = 25
# So often a line may be begun with.
_PATIENCE = 3
_NUMBERS = ("company_number", "vat_number")
_KEY_NAME = "Imported key"
_GIVEN_UP = Sentence("This line was begun several times and never came to an end.")


def advance(*, seconds: float = TURN) -> int:
    """Read the files that wait for it, then import lines of all running imports in turn, for
    about `seconds`; returns how many lines.

    One turn at a time, however often the sweeper looks, so that the other workers are free for
    other work; the rest is woken for again.
    """
    uploads.read_waiting()
    if ImportLine.objects.claimed().exists():
        return 0
    ends, worked = monotonic() + seconds, 0
    for claimed in _claims():
        worked += _import(claimed, ends)
        if monotonic() > ends:
            background.wake("imports")
            break
    loops.each("end imports", CompanyImport.objects.running(), _finish)
    return worked


def _claims() -> Iterator[list[ImportLine]]:
    """Lines to work on, of each running import some after the other, until there are none."""
    while True:
        found = 0
        for batch in CompanyImport.objects.running().select_related("organization__parent"):
            lines = _claim(batch) if batch.organization.is_open else []
            found += len(lines)
            if lines:
                yield lines
        if not found:
            return


@transaction.atomic
def _claim(batch: CompanyImport) -> list[ImportLine]:
    """Take the next lines for `LEASE`, or one alone that was begun with before; one that was
    begun with too often is given up instead."""
    free = batch.lines.free().order_by("number")
    rows = free.select_for_update(skip_locked=True, of=("self",), no_key=True)[:_TOGETHER]
    found = list(rows)
    lines = list(takewhile(lambda line: not line.attempts, found)) or found[:1]
    until = timezone.now() + LEASE
    for line in lines:
        line.claimed_until, line.attempts = until, line.attempts + 1
    wanted = ImportLine.objects.filter(pk__in=[line.pk for line in lines])
    wanted.update(claimed_until=until, attempts=F("attempts") + 1)
    for line in lines:
        if line.attempts > _PATIENCE:
            _fail(line, _GIVEN_UP)
    return lines


def _import(lines: list[ImportLine], ends: float = inf) -> int:
    """Onboard the companies of claimed lines, or note why that cannot be; how many lines."""
    try:
        return _onboard_all(lines, ends)
    except Exception:
        logger.exception("Lines of import %s failed together.", lines[0].batch_id)
        for line in lines:
            _put_off(line)
        return len(lines)


@transaction.atomic
def _onboard_all(lines: list[ImportLine], ends: float) -> int:
    """Onboard the companies of lines until the turn `ends`; what is left is free again."""
    batch = CompanyImport.objects.select_related("organization").get(pk=lines[0].batch_id)
    held = _ours(*lines).select_for_update(no_key=True)
    mine = {row.pk for row in held}
    left = [line for line in lines if line.pk in mine]
    is_running = batch.state == CompanyImport.State.RUNNING
    found = [_read(batch, line) for line in left] if is_running else []
    known = _namesakes(batch.organization, found)
    worked = 0
    while left and is_running and not (worked and monotonic() > ends):
        _onboard_one(batch, left.pop(0), found[worked], known)
        worked += 1
    if left:
        _ours(*left).update(claimed_until=None, attempts=F("attempts") - 1)
    return worked


def _onboard_one(
    batch: CompanyImport, line: ImportLine, found: Judgement, known: Mapping[str, Organization]
) -> None:
    try:
        if found.problems:
            _fail(line, *found.problems)
            return
        _refuse(found, known)
        with transaction.atomic():
            _onboard(batch, line, found)
    except DomainError as refusal:
        _fail(line, refusal.told)
    except Exception:
        logger.exception("Line %s of import %s failed.", line.number, line.batch_id)
        _put_off(line)


def _put_off(line: ImportLine) -> None:
    """Have a line begun with again a little later, unless that was done often enough."""
    if line.attempts >= _PATIENCE:
        _fail(line, Sentence("Something unforeseen happened here; the operator's log knows."))
    else:
        _ours(line).update(claimed_until=timezone.now() + _PAUSE)


def _onboard(batch: CompanyImport, line: ImportLine, found: Judgement) -> None:
    made = onboard(
        batch.organization,
        found.profile,
        by=batch.actor,
        key=KeyRequest(name=_KEY_NAME, announced=False) if batch.with_keys else None,
        identifier=found.identifier or None,
        register=batch.register,
        card=found.card,
        send_only=found.send_only,
    )
    secret = encrypt(made.key_secret) if made.key_secret else ""
    _settle(line, State.DONE, company=made.company, secret=secret, identifier=found.identifier)


def _read(batch: CompanyImport, line: ImportLine) -> Judgement:
    """The line read once more: since it was checked, the registers may say otherwise."""
    places = {name: line.cells[place] for name, place in batch.mapping.items()}
    return lines.read(batch.organization, places)


def _namesakes(platform: Organization, found: list[Judgement]) -> dict[str, Organization]:
    """The companies that somebody made since the file was checked, by their numbers."""
    numbers = {n for one in found for n in map(one.profile.get, _NUMBERS) if n}
    wanted = Q(company_number__in=numbers) | Q(vat_number__in=numbers)
    rows = Organization.objects.under(platform).filter(wanted) if numbers else ()
    return {getattr(row, name): row for row in rows for name in _NUMBERS}


def _refuse(found: Judgement, known: Mapping[str, Organization]) -> None:
    """Raise Conflict for a company that is there already."""
    for number in filter(None, map(found.profile.get, _NUMBERS)):
        if number in known:
            raise Conflict(
                "number_taken",
                "You have a company with this number: %(company)s.",
                values={"company": known[number]},
            )


def _fail(line: ImportLine, *sentences: str) -> None:
    _settle(line, State.FAILED, problems=[kept(one) for one in sentences])


def _settle(line: ImportLine, state: str, **facts: Any) -> None:
    _ours(line).update(state=state, claimed_until=None, **facts)


def _ours(*claimed: ImportLine) -> QuerySet[ImportLine]:
    """Lines that were claimed together, as far as nobody else has claimed them since."""
    wanted, until = [line.pk for line in claimed], claimed[0].claimed_until
    return ImportLine.objects.filter(pk__in=wanted, claimed_until=until, state=State.READY)


@transaction.atomic
def _finish(batch: CompanyImport) -> None:
    """End an import of which no line is left; whoever is first says so."""
    if batch.lines.filter(state=State.READY).exists():
        return
    running = CompanyImport.objects.running().filter(pk=batch.pk)
    if running.update(state=CompanyImport.State.DONE, finished_at=timezone.now()):
        imports.note_end(batch)
