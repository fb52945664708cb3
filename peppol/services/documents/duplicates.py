"""The same invoice twice: one seller, one number, one kind, and two documents.

It is a warning, because a number may come again for a reason; a platform whose defaults say
`refuseDuplicates` has it refused. What failed never counts.
"""

from typing import Any

from django.utils.translation import gettext_noop

from peppol.models import Document
from tenants.errors import Conflict
from tenants.models import Organization

CODE = "duplicate_document"
SENTENCE = gettext_noop("%(number)s of %(seller)s was there before, as document %(id)s.")
_KINDS = (Document.Kind.INVOICE, Document.Kind.CREDIT_NOTE)


def earlier(document: Any, company: Organization, environment: str) -> Document | None:
    """The latest document of the company's with seller, number and kind of this one, if any.

    `document` is a row that is not written yet, or what was prepared for one.
    """
    if not document.number or document.kind not in _KINDS:
        return None
    return (
        Document.objects.filter(organization=company, environment=environment)
        .filter(number=document.number, kind=document.kind, sender__iexact=document.sender)
        .exclude(state=Document.State.FAILED)
        .order_by("-id")
        .first()
    )


def note(document: Document) -> None:
    """Warn of a twin of a row that is not written yet."""
    twin = earlier(document, document.organization, document.environment)
    if twin is None:
        return
    message = SENTENCE % values(twin)
    found = {"rule": CODE, "message": message, "location": "number", "fatal": False}
    before = document.transmission.get("warnings", [])
    document.transmission = {**document.transmission, "warnings": [*before, found]}


def is_marked(document: Document) -> bool:
    """Whether it was found to be a twin of an earlier one when it came or went."""
    return any(found.get("rule") == CODE for found in document.transmission.get("warnings", ()))


def refuse(document: Document, company: Organization) -> None:
    """Raise Conflict (`duplicate_document`) for a twin, where the platform wants it so."""
    if not (company.parent or company).defaults.get("refuseDuplicates"):
        return
    twin = earlier(document, company, document.environment)
    if twin is not None:
        raise Conflict(CODE, SENTENCE, values=values(twin), document_id=str(twin.pk))


def values(twin: Document) -> dict[str, str]:
    """What the sentence says of the earlier one."""
    return {"number": twin.number, "seller": twin.sender, "id": str(twin.pk)}
