"""Files that prove who a company is: which are taken, how they are kept, when they are deleted.

They are kept in the database, encrypted, and handed out as downloads alone.
"""

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_noop

from peppol.models import Evidence, Identification
from tenants import events, loops, persistence
from tenants.actors import Actor
from tenants.encryption import encrypt_bytes
from tenants.errors import Invalid

PURGED = events.declare(
    "company.evidence_purged", "Evidence of who a company is was deleted, for its time was over."
)
MOST_FILES, LARGEST = 5, 10 * 1024 * 1024
# How long what led to no verification is kept.
_REFUSED_DAYS = 180
_SYSTEM = Actor.system("identification")
# A file is what its first bytes say, whatever it is called.
_KINDS = {
    "application/pdf": (b"%PDF-", ".pdf"),
    "image/jpeg": (b"\xff\xd8\xff", ".jpg"),
    "image/png": (b"\x89PNG\r\n\x1a\n", ".png"),
}


@dataclass(frozen=True)
class HandedIn:
    """A file as somebody hands it in."""

    name: str
    content: bytes


def kind_of(file: HandedIn) -> str:
    """The media type of a file. Raises Invalid for one that is not taken."""
    if not file.content:
        raise _refused(gettext_noop("The file is empty."))
    if len(file.content) > LARGEST:
        raise _refused(gettext_noop("The file is larger than %(most)s MB."), most=LARGEST // 2**20)
    for kind, (beginning, _suffix) in _KINDS.items():
        if file.content.startswith(beginning):
            return kind
    raise _refused(gettext_noop("Only PDF files and PNG or JPEG pictures are taken as evidence."))


def check(files: Sequence[HandedIn]) -> None:
    """Refuse files that are not taken, or too many. Raises Invalid."""
    if len(files) > MOST_FILES:
        raise _refused(gettext_noop("No more than %(most)s files are taken."), most=MOST_FILES)
    for file in files:
        kind_of(file)


def keep(identification: Identification, files: Sequence[HandedIn]) -> list[Evidence]:
    """Keep checked files, in the transaction of what they prove."""
    return [_keep(identification, file) for file in files]


def _keep(identification: Identification, file: HandedIn) -> Evidence:
    kind = kind_of(file)
    stem = re.sub(r"\.\w{1,5}$", "", persistence.printable(file.name).strip()) or "evidence"
    row = Evidence(
        organization=identification.organization,
        identification=identification,
        name=stem[:200] + _KINDS[kind][1],
        media_type=kind,
        size=len(file.content),
        digest=hashlib.sha256(file.content).hexdigest(),
        content=encrypt_bytes(file.content),
        retain_until=timezone.localdate() + timedelta(days=_REFUSED_DAYS),
    )
    persistence.insert(row)
    return row


def retain(identification: Identification) -> None:
    """Keep the files at hand for as long as the verification that they led to, and then some."""
    if identification.valid_until:
        days = timedelta(days=settings.IDENTIFICATION_EVIDENCE_DAYS)
        kept = identification.evidence.filter(purged_at=None)
        kept.update(retain_until=identification.valid_until + days)


def purge(*, limit: int = 100) -> int:
    """Delete files whose time is over; what they were, and their prints, stay."""
    rows = Evidence.objects.outdated().select_related("organization").defer("content")
    return loops.each("delete evidence", rows.order_by("retain_until", "id")[:limit], _purge)


@transaction.atomic
def _purge(row: Evidence) -> None:
    rows = Evidence.objects.filter(pk=row.pk, purged_at=None)
    if rows.update(content=b"", purged_at=timezone.now()):
        data = {"evidence": {"name": row.name, "sha256": row.digest}}
        events.record(row.organization, PURGED, by=_SYSTEM, data=data)


def _refused(sentence: str, **values: object) -> Invalid:
    refusal = Invalid(sentence, code="evidence", values=values)
    return Invalid(sentence, code="evidence", values=values, fields={"evidence": [refusal.message]})
