"""Mails to whoever wants to hear of documents: one has arrived, one could not be delivered."""

import logging
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from peppol.models import Document
from peppol.readable.documents import write_pdf
from peppol.services.documents import events
from tenants.models import Event, Mail
from tenants.persistence import printable
from tenants.services import domains, mail_routes, mails

logger = logging.getLogger(__name__)


def _received(mail: Mail) -> dict[str, Any] | None:
    row, _event = _about(mail)
    if row is None:
        return None
    frame = mail_routes.frame_of(mail)
    files = _files(row, frame["language"])
    partner = row.sender_name or row.sender
    return {**frame, **_facts(row, partner), "attachments": files, "has_files": bool(files)}


def _failed(mail: Mail) -> dict[str, Any] | None:
    row, event = _about(mail)
    if row is None:
        return None
    partner = row.receiver_name or row.receiver
    reason = event.reason if event else row.last_error
    return {**mail_routes.frame_of(mail), **_facts(row, partner), "reason": reason or "–"}


def _about(mail: Mail) -> tuple[Document | None, Event | None]:
    """The document that a mail is about, and what happened to it; nothing once either is gone."""
    event = mail_routes.event_of(mail)
    key = event.data.get("document", {}).get("id") if event else None
    rows = Document.objects.filter(organization=mail.organization, pk=key) if key else None
    return (
        rows.select_related("organization__parent").first() if rows is not None else None
    ), event


def _facts(row: Document, partner: str) -> dict[str, Any]:
    address = domains.address_of(row.organization)
    page = reverse("portal:peppol_document_change", args=[row.pk])
    return {"document": row, "partner": partner, "link": f"{address}{page}"}


def _files(row: Document, language: str) -> list[tuple[str, bytes, str]]:
    """The document as it came, and as PDF where it can be shown; none that no mail server takes."""
    if row.payload_size > settings.MAIL_MOST_BYTES:
        return []
    stem = f"{row.kind}-{printable(row.number) or row.pk}".replace("/", "-")[:80]
    is_json = row.format == Document.Format.JSON
    ending, kind = ("json", "application/json") if is_json else ("xml", "application/xml")
    files = [(f"{stem}.{ending}", row.content(), kind)]
    try:
        with translation.override(language):
            sheet = write_pdf(row, language=language)
    except Exception as error:
        # What cannot be shown is enclosed as it came.
        logger.info("Document %s goes without a PDF: %s", row.pk, error)
        return files
    with_sheet = [(f"{stem}.pdf", sheet, "application/pdf"), *files]
    size = sum(len(content) for _name, content, _kind in with_sheet)
    return with_sheet if size <= settings.MAIL_MOST_BYTES else files


mail_routes.declare(
    "received",
    _("Received documents"),
    mails.declare("received", _received),
    events.RECEIVED,
)
mail_routes.declare(
    "failed", _("Documents not delivered"), mails.declare("failed", _failed), events.FAILED
)
