"""Files that were uploaded: kept as they came at once, and read by the worker.

Reading a workbook may take seconds and a hundred megabytes, which are not a web server's to give.
A file is claimed and the claim committed; whoever is killed at it leaves a claim that lapses, and
a file that workers die of is refused.
"""

import logging
from dataclasses import asdict
from datetime import timedelta

from billiard.exceptions import SoftTimeLimitExceeded
from django.db import transaction
from django.db.models import Q, Sum
from django.utils import timezone
from django.utils.translation import gettext_noop, override

from peppol import spreadsheets
from peppol.models import CompanyImport, ImportFile, ImportLine
from peppol.services.imports import columns, imports, layouts
from peppol.spreadsheets import Choice, Sheet
from tenants import background, events, persistence
from tenants.actors import Actor
from tenants.errors import DomainError, Invalid, LimitReached, WrongState
from tenants.models import Organization
from tenants.sentences import say
from tenants.services.mails import language_of

logger = logging.getLogger(__name__)
State = CompanyImport.State

UPLOADED = events.declare("import.uploaded", "A file of companies was uploaded.")
REREAD = events.declare("import.read_otherwise", "A file of companies was read otherwise.")
REFUSED = events.declare("import.refused", "A file of companies could not be read.")

# So many files may wait to be imported, and so many bytes of them: each keeps thousands of lines.
MOST_WAITING = 20
MOST_BYTES_WAITING = 50 * 1024 * 1024
# What is smaller is read while somebody waits; of a workbook nobody knows what it unpacks to.
_QUICK = 128 * 1024
_LEASE = timedelta(minutes=2)
_PATIENCE = 3
_BATCH = 500
_UNREADABLE = gettext_noop("This file cannot be read: it has to be a CSV file or an XLSX workbook.")


def is_quickly_read(content: bytes) -> bool:
    """Whether a file may be read while somebody waits for the page."""
    return len(content) <= _QUICK and not content.startswith(b"PK")


@transaction.atomic
def receive(
    platform: Organization,
    filename: str,
    file: Sheet | bytes,
    *,
    by: Actor,
    content: bytes = b"",
) -> CompanyImport:
    """Keep a file to be imported: its lines where it was read already, else for the worker.

    `content` is that of a file that was read, to be read otherwise if need be. Raises
    LimitReached (`too_many_uploads`, `too_many_bytes`) where as many wait as may.
    """
    size = len(file) if isinstance(file, bytes) else len(content)
    _check_quota(platform, size)
    batch = CompanyImport(
        organization=platform,
        filename=persistence.printable(filename)[-255:] or "companies",
        size=size,
        actor_kind=by.kind,
        actor_id=by.id,
        actor_label=by.label,
    )
    if isinstance(file, bytes):
        batch.state = State.READING
        persistence.insert(batch)
        ImportFile.objects.create(batch=batch, organization=platform, content=file)
        background.wake("imports")
    else:
        _name_columns(batch, file)
        persistence.insert(batch)
        _keep_lines(batch, file)
        if content:
            kept = {"batch": batch, "organization": platform, "content": content}
            ImportFile.objects.create(is_read=True, **kept)
    imports.note(batch, UPLOADED, by)
    return batch


def may_be_read_otherwise(batch: CompanyImport) -> bool:
    """Whether a file is still kept, and nothing was imported of it."""
    is_early = batch.state in (State.UPLOADED, State.CHECKED)
    return is_early and ImportFile.objects.filter(batch=batch).exists()


@transaction.atomic
def read_otherwise(batch: CompanyImport, choice: Choice, *, by: Actor) -> CompanyImport:
    """Have a file read anew, by what somebody says of its sheet, separator or line of titles.

    A small one is read at once. Raises Invalid for one that cannot be read so, WrongState once
    the import was started.
    """
    batch = imports.locked(batch, State.UPLOADED, State.CHECKED)
    file = ImportFile.objects.select_for_update(no_key=True).filter(batch=batch).first()
    if file is None or not file.content:
        raise WrongState("This file is not kept any more: upload it again.", code="no_file")
    batch.lines.all().delete()
    batch.reading = asdict(choice)
    content = bytes(file.content)
    if is_quickly_read(content):
        sheet = spreadsheets.read(content, choice, score=columns.score)
        _name_columns(batch, sheet)
        _keep_lines(batch, sheet)
    else:
        batch.state = State.READING
        ImportFile.objects.filter(pk=file.pk).update(is_read=False, attempts=0, claimed_until=None)
        background.wake("imports")
    batch.save()
    imports.note(batch, REREAD, by)
    return batch


def _check_quota(platform: Organization, size: int) -> None:
    waiting = CompanyImport.objects.visible_to(platform).waiting()
    if waiting.count() >= MOST_WAITING:
        raise LimitReached(
            gettext_noop("%(most)s files wait to be imported: start or delete some first."),
            code="too_many_uploads",
            values={"most": MOST_WAITING},
        )
    if (waiting.aggregate(bytes=Sum("size"))["bytes"] or 0) + size > MOST_BYTES_WAITING:
        raise LimitReached(
            gettext_noop("More than %(most)s MB wait to be imported: start or delete some first."),
            code="too_many_bytes",
            values={"most": MOST_BYTES_WAITING // 2**20},
        )


def _name_columns(batch: CompanyImport, sheet: Sheet) -> None:
    batch.columns, batch.mapping = sheet.columns, layouts.propose(batch.organization, sheet.columns)
    batch.reading = {
        **asdict(sheet.read_as),
        "sheets": list(sheet.sheets),
        "first": [list(line) for line in sheet.first],
    }
    batch.total, batch.state = len(sheet.rows), State.UPLOADED


def _keep_lines(batch: CompanyImport, sheet: Sheet) -> None:
    ImportLine.objects.bulk_create(
        (
            ImportLine(organization=batch.organization, batch=batch, number=number, cells=cells)
            for number, cells in zip(sheet.numbers, sheet.rows, strict=True)
        ),
        batch_size=_BATCH,
    )


# --- The worker's side ----------------------------------------------------------------------------


def read_waiting() -> int:
    """Read each file that waits for it."""
    number = 0
    while (file := _claim()) is not None:
        number += 1
        try:
            _settle(file, _sheet(file))
        except DomainError as refusal:
            _refuse(file, refusal.told)
        except SoftTimeLimitExceeded:
            # The worker's time is over, which is no fault of the file's.
            raise
        except Exception:
            # It is looked at again when the claim has lapsed, and refused in the end.
            logger.exception("The file of import %s could not be read.", file.pk)
    return number


@transaction.atomic
def _claim() -> ImportFile | None:
    free = Q(claimed_until=None) | Q(claimed_until__lte=timezone.now())
    rows = ImportFile.objects.filter(free, is_read=False).order_by("pk")
    file = rows.select_for_update(skip_locked=True, no_key=True).first()
    if file is None:
        return None
    file.attempts += 1
    file.claimed_until = timezone.now() + _LEASE
    file.save(update_fields=["attempts", "claimed_until"])
    return file


def _sheet(file: ImportFile) -> Sheet:
    if file.attempts > _PATIENCE:
        raise Invalid(_UNREADABLE, code="unreadable_file")
    chosen = file.batch.reading
    choice = Choice(**{name: chosen[name] for name in asdict(Choice()) if name in chosen})
    return spreadsheets.read(bytes(file.content), choice, score=columns.score)


@transaction.atomic
def _settle(file: ImportFile, sheet: Sheet) -> None:
    batch = _done_with(file, keep=True)
    if batch is None:
        return
    _name_columns(batch, sheet)
    batch.save()
    _keep_lines(batch, sheet)


@transaction.atomic
def _refuse(file: ImportFile, sentence: str) -> None:
    batch = _done_with(file)
    if batch is None:
        return
    with override(language_of(batch.organization)):
        batch.problem = str(say(sentence))
    batch.state = State.REFUSED
    batch.save()
    imports.note(batch, REFUSED, batch.actor, reason=str(sentence))


def _done_with(file: ImportFile, *, keep: bool = False) -> CompanyImport | None:
    """The import of a file that nobody waits for any more, which may be needed once more; None if
    another has claimed it since, or somebody deleted it."""
    mine = ImportFile.objects.filter(pk=file.pk, attempts=file.attempts, is_read=False)
    batch = CompanyImport.objects.select_related("organization").filter(pk=file.pk)
    found = batch.select_for_update(of=("self",), no_key=True).first()
    done = mine.update(is_read=True, claimed_until=None) if keep else mine.delete()[0]
    return found if done else None
