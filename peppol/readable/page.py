"""A document's sheet as HTML: for a page of ours, and as a page of its own that fetches nothing."""

import base64
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from django.template.defaultfilters import filesizeformat
from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe

from peppol.readable import payment_code
from peppol.readable.parts import Attachment
from peppol.readable.sheet import Sheet

# By its place in the document: where an attachment can be looked at, and where it is downloaded.
Links = Mapping[int, tuple[str, str]]


@dataclass(frozen=True)
class AttachmentRow:
    """An attachment as it is offered."""

    title: str
    details: str
    view: str
    download: str


def context(sheet: Sheet, links: Links | None = None) -> dict[str, Any]:
    """What `documents/sheet.html` needs."""
    return {
        "sheet": sheet,
        "code": _image(sheet.payment_code) if sheet.payment_code else "",
        "attachments": [_row(one, links or {}) for one in sheet.attachments],
    }


def write(sheet: Sheet) -> bytes:
    """The sheet as a page of its own, in the language that is switched on."""
    page = render_to_string("documents/page.html", {**context(sheet), "style": _style()})
    return page.encode()


@cache
def policy() -> str:
    """The Content-Security-Policy of that page: its own style, its own pictures, nothing else."""
    digest = base64.b64encode(hashlib.sha256(_style().encode()).digest()).decode()
    return (
        f"default-src 'none'; style-src 'sha256-{digest}'; img-src data:; "
        "frame-ancestors 'none'; base-uri 'none'; form-action 'none'; sandbox"
    )


@cache
def _style() -> SafeString:
    folder = files("peppol") / "static" / "gatehouse"
    texts = (folder.joinpath(name).read_text() for name in ("sheet.css", "sheet_page.css"))
    return mark_safe("".join(texts))  # noqa: S308 — our own files


def _row(one: Attachment, links: Links) -> AttachmentRow:
    view, download = links.get(one.place, ("", ""))
    size = str(filesizeformat(one.size)) if one.is_inside else ""
    said = (one.description if one.description != one.title else "", one.address, size)
    details = " · ".join(part for part in said if part)
    return AttachmentRow(one.title, details, view, download)


def _image(code: str) -> str:
    drawing = payment_code.drawing(payment_code.matrix(code))
    return f"data:image/svg+xml;base64,{base64.b64encode(drawing.encode()).decode()}"
