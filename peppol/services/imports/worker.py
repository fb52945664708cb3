"""The worker's side of imports: one line after the other, each exactly once.

A line is claimed and the claim committed; then its company and the note that it was made are
one transaction. Whoever is killed at any point leaves either a claim that lapses, or a company
and a line that is done. A line that workers die of again and again is given up.
"""

import logging
from collections.abc import Iterator
from datetime import timedelta
from time import monotonic
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import override

from peppol.models import CompanyImport, ImportLine
from peppol.services.companies.onboarding import KeyRequest, onboard
from peppol.services.imports import imports, lines, uploads
from peppol.services.imports.judgements import Judgement
from tenants import background, leases, loops
from tenants.encryption import encrypt
from tenants.errors import Conflict, DomainError, Invalid
from tenants.models import Organization
from tenants.sentences import Sentence, say
from tenants.services.mails import language_of

logger = logging.getLogger(__name__)
State = ImportLine.State

# A thousand lines are one continuous run of a few turns, for a turn takes a moment to begin; and
# whoever tells the worker to stop need not wait for longer than the fifteen seconds they have.
TURN = 10.0
# How long a line whose worker was killed, and the turns after it, wait. A line takes far less.
LEASE = timedelta(seconds=30)
# What may mend itself is begun with again after so long.
_PAUSE = timedelta(seconds=10)
# So often a line may be begun with.
_PATIENCE = 3
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
        _import(claimed)
        worked += 1
        if monotonic() > ends:
            background.wake("imports")
            break
    loops.each("end imports", CompanyImport.objects.running(), _finish)
    return worked


def _claims() -> Iterator[ImportLine]:
    """Lines to work on, of each running import one after the other, until there are none."""
    while True:
        found = 0
        for batch in CompanyImport.objects.running().select_related("organization__parent"):
            line = _claim(batch) if batch.organization.is_open else None
            if line is not None:
                found += 1
                yield line
        if not found:
            return


@transaction.atomic
def _claim(batch: CompanyImport) -> ImportLine | None:
    """Take the next line for `LEASE`; one that was begun with too often is given up instead."""
    free = batch.lines.free().order_by("number")
    line = free.select_for_update(skip_locked=True, of=("self",), no_key=True).first()
    if line is None:
        return None
    leases.take(line, "claimed_until", LEASE, attempts=line.attempts + 1)
    if line.attempts > _PATIENCE:
        _fail(line, _GIVEN_UP)
    return line


def _import(line: ImportLine) -> None:
    """Onboard the company of a claimed line, or note why that cannot be."""
    try:
        _onboard(line)
    except DomainError as refusal:
        _fail(line, refusal.told)
    except Exception:
        logger.exception("Line %s of import %s failed.", line.number, line.batch_id)
        if line.attempts >= _PATIENCE:
            _fail(line, Sentence("Something unforeseen happened here; the operator's log knows."))
        else:
            _ours(line).update(claimed_until=timezone.now() + _PAUSE)


@transaction.atomic
def _onboard(line: ImportLine) -> None:
    batch = CompanyImport.objects.select_related("organization").get(pk=line.batch_id)
    fresh = _ours(line).select_for_update(no_key=True).first()
    if fresh is None:
        return
    if batch.state != CompanyImport.State.RUNNING:
        _ours(line).update(claimed_until=None)
        return
    found = _judged(batch, fresh)
    made = onboard(
        batch.organization,
        found.profile,
        by=batch.actor,
        key=KeyRequest(name=_KEY_NAME, announced=False) if batch.with_keys else None,
        identifier=found.identifier or None,
        register=batch.register,
    )
    secret = encrypt(made.key_secret) if made.key_secret else ""
    _settle(line, State.DONE, company=made.company, secret=secret, identifier=found.identifier)


def _judged(batch: CompanyImport, line: ImportLine) -> Judgement:
    """The line read once more: since it was checked, somebody may have made the company."""
    places = {name: line.cells[place] for name, place in batch.mapping.items()}
    found = lines.read(batch.organization, places)
    if found.problems:
        sentence = " ".join(_told(batch.organization, one) for one in found.problems)
        raise Invalid(sentence)
    for name in ("company_number", "vat_number"):
        number = found.profile.get(name)
        rows = Organization.objects.under(batch.organization)
        namesake = rows.filter(**{name: number}).first() if number else None
        if namesake:
            raise Conflict(
                "number_taken",
                "You have a company with this number: %(company)s.",
                values={"company": namesake},
            )
    return found


def _fail(line: ImportLine, sentence: str) -> None:
    _settle(line, State.FAILED, problems=[_told(line.organization, sentence)])


def _told(platform: Organization, sentence: str) -> str:
    """A sentence in the language of the platform's mails: nobody's page is open here."""
    with override(language_of(platform)):
        return str(say(sentence))


def _settle(line: ImportLine, state: str, **facts: Any) -> None:
    _ours(line).update(state=state, claimed_until=None, **facts)


def _ours(line: ImportLine) -> QuerySet[ImportLine]:
    """The line, if nobody else has claimed it since."""
    return leases.held(line, "claimed_until").filter(state=State.READY)


@transaction.atomic
def _finish(batch: CompanyImport) -> None:
    """End an import of which no line is left; whoever is first says so."""
    if batch.lines.filter(state=State.READY).exists():
        return
    running = CompanyImport.objects.running().filter(pk=batch.pk)
    if running.update(state=CompanyImport.State.DONE, finished_at=timezone.now()):
        imports.note_end(batch)
