"""Files that were uploaded: kept as they came at once, and read by the worker.

Reading a workbook may take seconds and a hundred megabytes, which are not a web server's to give.
A file is claimed and the claim committed; whoever is killed at it leaves a claim that lapses, and
a file that workers die of is refused.
"""

import logging
from datetime import timedelta

from billiard.exceptions import SoftTimeLimitExceeded
from django.db import transaction
from django.db.models import Q, Sum
from django.utils import timezone
from django.utils.translation import gettext_noop, override

from peppol import spreadsheets
from peppol.models import CompanyImport, ImportFile, ImportLine
from peppol.services.imports import columns, imports
from peppol.spreadsheets import Sheet
from tenants import background, events, persistence
from tenants.actors import Actor
from tenants.errors import DomainError, Invalid, LimitReached
from tenants.models import Organization
from tenants.sentences import say
from tenants.services.mails import language_of

logger = logging.getLogger(__name__)
State = CompanyImport.State

UPLOADED = events.declare("import.uploaded", "A file of companies was uploaded.")
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
    size: int = 0,
    register: bool = True,
    with_keys: bool = False,
) -> CompanyImport:
    """Keep a file to be imported: its lines where it was read already, else for the worker.

    Raises LimitReached (`too_many_uploads`, `too_many_bytes`) where as many wait as may.
    """
    size = len(file) if isinstance(file, bytes) else size
    _check_quota(platform, size)
    batch = CompanyImport(
        organization=platform,
        filename=persistence.printable(filename)[-255:] or "companies",
        size=size,
        register=register,
        with_keys=with_keys,
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
    imports.note(batch, UPLOADED, by)
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
    batch.columns, batch.mapping = sheet.columns, columns.guess(sheet.columns)
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
    """Read each file that waits for it, and check it where its titles tell what is what."""
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
    rows = ImportFile.objects.filter(free).order_by("pk")
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
    return spreadsheets.read(bytes(file.content))


@transaction.atomic
def _settle(file: ImportFile, sheet: Sheet) -> None:
    batch = _done_with(file)
    if batch is None:
        return
    _name_columns(batch, sheet)
    batch.save()
    _keep_lines(batch, sheet)
    if batch.mapping.keys() & {"name", "company_number"}:
        options = {"register": batch.register, "with_keys": batch.with_keys}
        with override(language_of(batch.organization)):
            imports.check(batch, batch.mapping, by=batch.actor, **options)


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


def _done_with(file: ImportFile) -> CompanyImport | None:
    """The import of a file that is not needed any more; None if another has claimed it since, or
    somebody deleted it."""
    mine = ImportFile.objects.filter(pk=file.pk, attempts=file.attempts)
    batch = CompanyImport.objects.select_related("organization").filter(pk=file.pk)
    found = batch.select_for_update(of=("self",), no_key=True).first()
    deleted, _ = mine.delete()
    return found if deleted else None
