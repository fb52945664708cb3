"""What an answer says of an invoice is written down there, however the answer was made."""

from django.db.models import Q, QuerySet

from peppol.models import Document
from peppol.readable.documents import read
from peppol.readable.parts import Response
from peppol.services.documents import events
from tenants.actors import Actor

Code = Document.Answer
# After these nothing more is said of an invoice.
FINAL = (Code.REJECTED, Code.PAID)


def note(answer: Document, about: str, *, by: Actor) -> None:
    """Link an answer to the invoice of the number `about`, unless it is linked already, and have
    that say it; in the transaction that accepts the answer or takes it in.

    An answer to what is not here, or is somebody else's, is a document like any other.
    """
    invoice = answer.about or _answered(answer, about)
    response = read(answer)
    if invoice is None or not isinstance(response, Response):
        return
    if answer.about is None:
        answer.about = invoice
        answer.save(update_fields=["about", "updated_at"])
    rows = Document.objects.select_related("organization__parent").select_for_update(
        of=("self",), no_key=True
    )
    row = rows.get(pk=invoice.pk)
    if response.code not in Code.values or not may_follow(response.code, row.answer):
        return
    row.answer = response.code
    row.save(update_fields=["answer", "updated_at"])
    codes = [reason.code for reason in response.reasons if reason.code]
    events.announce_answer(row, answer, by=by, reasons=codes)


def may_follow(code: str, said: str) -> bool:
    """Whether an answer is news after what was said: answers overtake each other on their way, and
    that an invoice came in is the first that is said of it."""
    return said not in FINAL and (code != Code.RECEIVED or not said)


def _answered(answer: Document, about: str) -> Document | None:
    """The invoice of that number that the two have between them, the newest if they are several."""
    if not about:
        return None
    found = Document.objects.filter(
        organization=answer.organization,
        environment=answer.environment,
        kind__in=Document.INVOICES,
        number=about,
    ).exclude(state__in=(Document.State.FAILED, Document.State.HELD))
    return _between(found, answer).order_by("-id").first()


def _between(invoices: QuerySet[Document], answer: Document) -> QuerySet[Document]:
    if answer.direction == Document.Direction.OUTBOUND:
        return invoices.filter(direction=Document.Direction.INBOUND, sender__iexact=answer.receiver)
    to = Q(receiver__iexact=answer.sender) | Q(transmission__sentTo__iexact=answer.sender)
    return invoices.filter(to, direction=Document.Direction.OUTBOUND)
