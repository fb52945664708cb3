"""What is announced about documents: the event types, and what each carries."""

from collections.abc import Mapping, Sequence
from typing import Any

from peppol.models import ComplianceReport, Document, StatusMessage
from tenants import events
from tenants.actors import Actor
from tenants.models import Event
from tenants.times import utc

_EXAMPLE = {
    "id": "019a5b1e-6d6c-7c3e-9a51-0d2f6b1c9e77",
    "direction": "outbound",
    "type": "invoice",
    "number": "2026-0042",
    "state": "delivered",
    "response": "",
    "answer": "",
    "self_billed": False,
    "sender": "0208:0403170701",
    "sender_name": "Bakkerij Peeters BV",
    "receiver": "9957:FR86797978996",
    "receiver_name": "Studio Lumière SARL",
    "issued_on": "2026-11-20",
    "currency": "EUR",
    "amount": "26.50",
    "created_at": "2026-11-20T09:30:00Z",
    "reason": "",
}
_RECEIVED = {
    **_EXAMPLE,
    "direction": "inbound",
    "state": "received",
    "sender": _EXAMPLE["receiver"],
    "sender_name": _EXAMPLE["receiver_name"],
    "receiver": _EXAMPLE["sender"],
    "receiver_name": _EXAMPLE["sender_name"],
}

ACCEPTED = events.declare("document.accepted", "A document was accepted for sending.")
DELIVERED = events.declare(
    "document.delivered",
    "The receiver's access point confirmed that it has the document.",
    public=True,
    example={"document": _EXAMPLE},
)
FAILED = events.declare(
    "document.failed",
    "A document could not be delivered and is not tried again; the reason says why.",
    public=True,
    example={
        "document": {
            **_EXAMPLE,
            "state": "failed",
            "reason": "The receiver is not registered on the network.",
        }
    },
)
RECEIVED = events.declare(
    "document.received",
    "A document arrived for the company.",
    public=True,
    example={"document": _RECEIVED},
)
UNCONFIRMED = events.declare(
    "document.unconfirmed",
    "Nobody knows whether a document arrived: the answer of the access point was lost.",
)
HELD = events.declare(
    "document.held",
    "A document arrived that its company may not read yet; it is kept sealed.",
)
RELEASED = events.declare(
    "document.released", "A document that was kept sealed was given to its company."
)
LIFECYCLE = events.declare(
    "lifecycle.updated",
    "The receiver's side answered a delivered document: received, accepted or rejected.",
    public=True,
    example={"document": {**_EXAMPLE, "response": "accepted"}},
)
COPIED = events.declare("document.copied", "A copy of a document was sent by mail.")
SENT_OTHERWISE = events.declare(
    "document.sent_otherwise",
    "A document that could not go over Peppol was sent by mail.",
    public=True,
    example={
        "document": {**_EXAMPLE, "state": "failed"},
        "to": "invoices@studio-lumiere.example",
    },
)
ANSWERED = events.declare(
    "document.answered",
    "What a buyer says of an invoice: received, in process, under query, accepted, rejected, paid.",
    public=True,
    example={
        "document": {**_EXAMPLE, "answer": "RE"},
        "answer": {
            "id": "019a5b1f-0b52-7d0e-8f4a-5e6c2b9d1a33",
            "code": "RE",
            "reasons": ["PRI", "NIN"],
        },
    },
)
REPORTED = events.declare("compliance.reported", "A document was reported to a tax authority.")
REPORT_RETRIED = events.declare(
    "compliance.retried", "A report to a tax authority that failed was asked for again."
)
REPORT_FAILED = events.declare(
    "compliance.reported.failed",
    "A tax authority refused the report of a document.",
    public=True,
    example={
        "document": _EXAMPLE,
        "report": {"country": "FR", "state": "failed", "reason": "The SIREN is unknown."},
    },
)
STATUS_SENT = events.declare(
    "document.status_sent", "The sender's service provider was told what became of a document."
)
STATUS_FAILED = events.declare(
    "document.status_failed",
    "The sender's service provider could not be told what became of a document.",
)
STATUS_RETRIED = events.declare(
    "document.status_retried", "A status that did not get through is sent again."
)
PURGED = events.declare("document.purged", "A document whose time to be kept is over was deleted.")


def payload(document: Document, *, reason: str = "") -> dict[str, Any]:
    """A document as payloads show it."""
    return {
        "id": str(document.pk),
        "direction": document.direction,
        "type": document.kind,
        "number": document.number,
        "state": document.state,
        "response": document.response,
        "answer": document.answer,
        "self_billed": document.self_billed,
        "sender": document.sender,
        "sender_name": document.sender_name,
        "receiver": document.receiver,
        "receiver_name": document.receiver_name,
        "issued_on": document.issued_on.isoformat() if document.issued_on else None,
        "currency": document.currency,
        "amount": str(document.amount) if document.amount is not None else None,
        "created_at": utc(document.created_at),
        "reason": reason,
        "code": document.error_code if reason else "",
    }


def announce(
    document: Document,
    event: str,
    *,
    by: Actor,
    reason: str = "",
    more: Mapping[str, Any] | None = None,
) -> None:
    """Record `event` of a document; its organization is loaded."""
    events.record_all([of(document, event, by=by, reason=reason, more=more)])


def of(
    document: Document,
    event: str,
    *,
    by: Actor,
    reason: str = "",
    more: Mapping[str, Any] | None = None,
) -> Event:
    """`event` of a document, not written yet."""
    return events.of(
        document.organization,
        event,
        by=by,
        reason=reason,
        environment=document.environment,
        data={"document": payload(document, reason=reason), **(more or {})},
    )


def announce_answer(
    invoice: Document, answer: Document, *, by: Actor, reasons: Sequence[str]
) -> None:
    """Record what is said of an invoice, and by which answer."""
    said = {"id": str(answer.pk), "code": invoice.answer, "reasons": list(reasons)}
    announce(invoice, ANSWERED, by=by, more={"answer": said})


def announce_held(document: Document, *, by: Actor, event: str = HELD) -> None:
    """Record that a document is held, or what became of it, and nothing of what stands in it."""
    events.record_all([of_held(document, event, by=by)])


def of_held(document: Document, event: str, *, by: Actor) -> Event:
    """`event` of a held document, not written yet."""
    shown = {"id": str(document.pk), "receiver": document.receiver, "state": document.state}
    return events.of(
        document.organization,
        event,
        by=by,
        reason=document.last_error,
        environment=document.environment,
        data={"document": shown},
    )


def announce_report(report: ComplianceReport, event: str, *, by: Actor, reason: str = "") -> None:
    """Record `event` of a compliance report."""
    shown = {"country": report.country, "state": report.state, "reason": reason}
    announce(report.document, event, by=by, reason=reason, more={"report": shown})


def announce_status(
    document: Document, status: StatusMessage, event: str, *, by: Actor, reason: str = ""
) -> None:
    """Record what became of a status; of a held document nothing of what stands in it."""
    if document.state == Document.State.HELD:
        announce_held(document, by=by, event=event)
        return
    shown = {"code": status.code, "state": status.state, "to": status.receiver}
    announce(document, event, by=by, reason=reason, more={"status": shown})
