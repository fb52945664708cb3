"""Answers to invoices: what a buyer says of one (Invoice Response), and the network (MLS).

An answer is a document of its own that is linked to the invoice, which says the latest of them.
"""

import re

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_noop

from peppol.invoices import answering
from peppol.invoices.answering import Answer
from peppol.models import Document
from peppol.readable import words
from peppol.readable.documents import read
from peppol.readable.parts import Invoice, Response
from peppol.services.documents import answered, documents, events, intake
from tenants.actors import Actor
from tenants.errors import DomainError, Invalid, Kind, WrongState
from tenants.ids import uuid7
from tenants.models import Environment

SYSTEM = Actor.system("documents")
Code = Document.Answer
# What the seller cannot understand without a reason.
_NEEDS_REASON = (Code.UNDER_QUERY, Code.ON_CONDITIONS, Code.REJECTED)
_MOST_LETTERS = 1000
# The scheme of service providers, and how their access points' certificates are named.
_PROVIDERS = "0242:"
_SEAT = re.compile(r"P[A-Z]{2}([0-9]{6})")


def may_be_answered(document: Document) -> bool:
    """Whether it is an invoice that came in, of which something may still be said."""
    return (
        document.direction == Document.Direction.INBOUND
        and document.state == Document.State.RECEIVED
        and document.kind in Document.INVOICES
        and document.answer not in answered.FINAL
    )


def send(invoice: Document, answer: Answer, *, by: Actor) -> Document:
    """Answer an invoice that came in: the answer is sent, and the invoice says it.

    Raises Invalid for a code that nobody knows or a reason that is missing, WrongState
    (`not_answerable`) for what is no such invoice or was rejected or paid before, and what
    sending raises.
    """
    _check(answer)
    if not _may_say(invoice, answer.code):
        raise _not_answerable(invoice)
    company = invoice.organization
    content = answering.write(
        f"IR-{uuid7().hex[-12:]}",
        answer,
        about=_about(invoice),
        sender=answering.Corner(invoice.receiver, company.legal_name or company.name),
        receiver=answering.Corner(invoice.sender, invoice.sender_name or invoice.sender),
        on=timezone.now().date(),
    )
    prepared = intake.from_ubl(company, content)
    with transaction.atomic():
        row = _locked(invoice)
        if not _may_say(row, answer.code):
            raise _not_answerable(row)
        return documents.send(
            company, prepared, by=by, environment=Environment(row.environment), about=row
        )


def note(document: Document, about: str) -> None:
    """Link an answer that came in to what it is about; in the transaction that takes it in.

    An answer to what we never sent, or sent to somebody else, is a document like any other.
    """
    if not about:
        return
    if document.kind == Document.Kind.RESPONSE:
        answered.note(document, about, by=SYSTEM)
    elif document.kind == Document.Kind.STATUS:
        note_status(document, about, sender=document.sender, said=read(document))


def note_status(
    document: Document | None, about: str, *, sender: str, said: object
) -> Document | None:
    """Write down what the network says of a document of ours, and return that; None of others'.

    `document` is the status itself, where it is kept as one. Only the receiver of what we sent,
    and its service provider, may say something of it: anybody on the network can send a status.
    """
    sent = Document.objects.outbound().filter(instance_id=about)
    if document is not None:
        sent = sent.filter(organization=document.organization)
    found = sent.first()
    if found is None or not isinstance(said, Response):
        return None
    row = _locked(found)
    if not _is_from_receiver(row, sender):
        return None
    if document is not None:
        document.about = found
        document.save(update_fields=["about", "updated_at"])
    meaning = {"AP": "accepted", "AB": "received", "RE": "rejected"}.get(said.code, "")
    if not meaning or (row.response == Document.Response.REJECTED and meaning != "rejected"):
        return row
    row.response = meaning
    row.transmission = {
        **row.transmission,
        "statusReasons": _sentences(said),
        "statusFrom": sender.lower(),
    }
    row.save(update_fields=["response", "transmission", "updated_at"])
    events.announce(row, events.LIFECYCLE, by=SYSTEM, reason=" ".join(_sentences(said))[:1000])
    return row


def _may_say(invoice: Document, code: str) -> bool:
    return may_be_answered(invoice) and answered.may_follow(code, invoice.answer)


def _is_from_receiver(sent: Document, sender: str) -> bool:
    """Whether a status comes from where a document went.

    Service providers are known by their seat, which the certificate of their access point has in
    its name. Where that is not known whoever came first is who speaks, and nobody after them.
    """
    told = sent.transmission
    if sender.lower() in (sent.receiver.lower(), str(told.get("sentTo", "")).lower()):
        return True
    seat = _SEAT.fullmatch(str(told.get("c3CertSubjectCN", "")))
    if seat:
        return sender == f"{_PROVIDERS}{seat[1]}"
    first = told.get("statusFrom") or sender.lower()
    return sender.startswith(_PROVIDERS) and sender.lower() == first


def _check(answer: Answer) -> None:
    """Raise Invalid for what is no answer."""
    wrong = {
        "status": answer.code not in Code.values,
        "reasons": bool(set(answer.reasons) - set(words.REASONS)),
        "actions": bool(set(answer.actions) - set(words.ACTIONS)),
    }
    unknown = [name for name, is_wrong in wrong.items() if is_wrong]
    if unknown:
        sentence = "This code is not known."
        raise Invalid(sentence, code="unknown_code", fields={n: [sentence] for n in unknown})
    if answer.code in _NEEDS_REASON and not answer.reasons:
        sentence = "Say why: this answer needs a reason."
        raise Invalid(sentence, code="reason_missing", fields={"reasons": [sentence]})
    if len(answer.text) > _MOST_LETTERS or len(answer.note) > _MOST_LETTERS:
        raise Invalid("The text is longer than 1,000 letters.", code="too_long")


def _not_answerable(invoice: Document) -> WrongState:
    sentence = gettext_noop(
        "Only an invoice that came in is answered, until it is rejected or paid."
    )
    if may_be_answered(invoice):
        sentence = gettext_noop(
            "It was answered already; that it came in is said first, or not at all."
        )
    return WrongState(sentence, code="not_answerable")


def _about(invoice: Document) -> answering.About:
    said = read(invoice)
    if not isinstance(said, Invoice):
        raise DomainError(
            Kind.UNAVAILABLE, "payload_unavailable", "The content of this document cannot be read."
        )
    plain = "381" if invoice.kind == Document.Kind.CREDIT_NOTE else "380"
    return answering.About(said.number, said.type_code or plain, invoice.issued_on)


def _sentences(said: Response) -> list[str]:
    """Why, in words: at most ten sentences, each of no more letters than one reads."""
    found = [said.text, *(reason.text or reason.code for reason in said.reasons)]
    return [text[:300] for text in found if text][:10]


def _locked(document: Document) -> Document:
    rows = Document.objects.select_related("organization__parent").select_for_update(
        of=("self",), no_key=True
    )
    return rows.get(pk=document.pk)
