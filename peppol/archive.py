"""Documents in one file: a ZIP of what was sent and received, with a manifest of digests."""

import hashlib
import json
import re
import zipfile
from collections.abc import Iterable
from typing import Any

from peppol.contents import Content, pieces_of
from peppol.models import Document
from tenants.errors import Invalid
from tenants.times import utc

MOST_DOCUMENTS, MOST_BYTES = 500, 200 * 1024 * 1024
MANIFEST = "manifest.json"


def pack(rows: Iterable[Document]) -> Content:
    """The ZIP of documents, byte for byte, and a manifest that says what each is (SHA-256).

    A payload that the storage does not have is said to be missing. Raises Invalid (`too_many`,
    `too_large`).
    """
    wanted = list(rows)
    if len(wanted) > MOST_DOCUMENTS:
        raise Invalid(
            "At most %(most)s documents go into one file.",
            values={"most": MOST_DOCUMENTS},
            code="too_many",
        )
    if sum(row.payload_size for row in wanted) > MOST_BYTES:
        raise Invalid(
            "At most %(most)s MB of documents go into one file.",
            values={"most": MOST_BYTES // 2**20},
            code="too_large",
        )
    packed = Content()
    sink: Any = _Sink(packed)
    with zipfile.ZipFile(sink, "w", zipfile.ZIP_DEFLATED) as archive:
        entries = [_add(archive, row) for row in wanted]
        said = json.dumps({"documents": entries}, ensure_ascii=False, indent=1)
        archive.writestr(MANIFEST, said)
    return packed


class _Sink:
    """What a ZIP is written to from beginning to end, without ever going back."""

    def __init__(self, content: Content) -> None:
        self._content = content

    def write(self, piece: bytes) -> int:
        self._content.write(piece)
        return len(piece)

    def flush(self) -> None:
        """There is nothing to flush."""


def _add(archive: zipfile.ZipFile, row: Document) -> dict[str, Any]:
    name, digest, size = _name(row), hashlib.sha256(), 0
    try:
        with row.opened() as file, archive.open(name, "w") as entry:
            for piece in pieces_of(file):
                entry.write(piece)
                digest.update(piece)
                size += len(piece)
    except OSError:
        return {**_about(row), "file": None, "size": None, "sha256": None}
    return {**_about(row), "file": name, "size": size, "sha256": digest.hexdigest()}


def _about(row: Document) -> dict[str, Any]:
    return {
        "id": str(row.pk),
        "direction": row.direction,
        "type": row.kind,
        "selfBilled": row.self_billed,
        "number": row.number,
        "issueDate": row.issued_on.isoformat() if row.issued_on else None,
        "sender": row.sender,
        "senderName": row.sender_name,
        "receiver": row.receiver,
        "receiverName": row.receiver_name,
        "currency": row.currency,
        "amount": None if row.amount is None else str(row.amount),
        "state": row.shown_state,
        "createdAt": utc(row.created_at),
    }


def _name(row: Document) -> str:
    """A name that no file system stumbles over, and that no two documents share."""
    number = re.sub(r"[^A-Za-z0-9._-]+", "-", row.number).strip("-.")[:60] or "document"
    suffix = Document.Format(row.format).suffix
    return f"{row.direction}/{number}-{row.pk.hex[-12:]}.{suffix}"
