"""Documents by mail, as PDF and as the file it is: what could not go over Peppol, and copies."""

from typing import Any

from django.db import transaction
from django.utils import translation

from peppol.models import Document
from peppol.readable.documents import write_pdf
from peppol.services.documents import events
from peppol.services.identification import gate
from peppol.services.identification.gate import Act
from peppol.services.registration import admission
from tenants.actors import Actor
from tenants.errors import WrongState
from tenants.models import Mail
from tenants.persistence import printable
from tenants.services import mails


def may_be_mailed(document: Document) -> bool:
    """Whether it is one that did not arrive, and that a person could read."""
    return (
        document.direction == Document.Direction.OUTBOUND
        and document.state == Document.State.FAILED
        and document.kind in Document.INVOICES
        and document.format != Document.Format.JSON
    )


@transaction.atomic
def send(document: Document, to: str, *, by: Actor) -> Document:
    """Have a document that failed sent to a mail address.

    Raises WrongState (`not_failed`), and what `admission.admit` and `gate.obstacle` say of who may
    not send any more: by mail as little as over Peppol.
    """
    rows = Document.objects.select_related("organization__parent").select_for_update(
        of=("self",), no_key=True
    )
    row = rows.get(pk=document.pk)
    if not may_be_mailed(row):
        raise WrongState("Only what did not arrive is sent by mail.", code="not_failed")
    refusal = gate.obstacle(admission.admit(row.organization), Act.SEND, row.sender)
    if refusal:
        raise refusal
    post(row, to, by=by)
    row.save(update_fields=["transmission", "updated_at"])
    return row


def post(row: Document, to: str, *, by: Actor) -> None:
    """Post the mail and note it at the row, which the caller saves, in its transaction."""
    mails.post(row.organization, DOCUMENT, to=to, context={"document": str(row.pk)})
    row.transmission = {**row.transmission, "mailedTo": to}
    events.announce(row, events.SENT_OTHERWISE, by=by, more={"to": to})


def may_be_copied(document: Document) -> bool:
    """Whether it is an invoice that a person could read, whichever way it went."""
    return document.kind in Document.INVOICES and document.format != Document.Format.JSON


@transaction.atomic
def send_copy(document: Document, to: str, *, by: Actor) -> None:
    """Have a copy of an invoice sent to a mail address; nothing becomes of the document by it.

    Raises WrongState (`not_readable`) for what is no such invoice.
    """
    if not may_be_copied(document):
        raise WrongState("There is nothing in it to read.", code="not_readable")
    mails.post(document.organization, COPY, to=to, context={"document": str(document.pk)})
    events.announce(document, events.COPIED, by=by, more={"to": to})


def _letter(mail: Mail) -> dict[str, Any] | None:
    """What the mail says, and its files; nothing once the document is gone."""
    rows = Document.objects.filter(organization=mail.organization, pk=mail.context["document"])
    row = rows.select_related("organization").first()
    if row is None:
        return None
    language = translation.get_language() or "en"
    stem = f"{row.kind}-{printable(row.number) or row.pk}".replace("/", "-")[:80]
    return {
        "document": row,
        "sender": row.organization.title,
        "attachments": [
            (f"{stem}.pdf", write_pdf(row, language=language), "application/pdf"),
            (f"{stem}.xml", row.content(), "application/xml"),
        ],
    }


DOCUMENT = mails.declare("document", _letter)
COPY = mails.declare("document_copy", _letter)
