"""What follows when a document will not arrive: it is counted and announced as failed, and what
only it said is said no more."""

from peppol.models import Document
from peppol.readable.documents import read
from peppol.readable.parts import Response
from peppol.services.documents import events, usage
from tenants.actors import Actor


def note(document: Document, *, by: Actor, reason: str = "") -> None:
    """Count and announce a failure, in the transaction that makes the document `failed`."""
    usage.count_document(document, "failed", document.created_at)
    if document.kind == Document.Kind.RESPONSE and document.about is not None:
        _take_back(document, document.about)
    events.announce(document, events.FAILED, by=by, reason=reason)


def _take_back(answer: Document, about: Document) -> None:
    """Have the invoice say what its seller was told last, for this answer they never got."""
    invoice = Document.objects.select_for_update(no_key=True).get(pk=about.pk)
    told = invoice.answers.outbound().filter(kind=Document.Kind.RESPONSE).exclude(pk=answer.pk)
    last = told.exclude(state=Document.State.FAILED).order_by("-id").first()
    said = read(last) if last is not None else None
    code = said.code if isinstance(said, Response) else ""
    invoice.answer = code if code in Document.Answer.values else ""
    invoice.save(update_fields=["answer", "updated_at"])
