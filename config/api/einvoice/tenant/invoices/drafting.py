"""From a call's flat JSON to the UBL of a draft, with what has to be said about it."""

import base64
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from django.utils import translation
from rest_framework.exceptions import ValidationError

from config.api.einvoice.tenant.invoices import places, sums, words
from config.api.einvoice.tenant.invoices.fields import InvoiceFields
from peppol.invoices import advice
from peppol.readable import pdf, reading
from peppol.rules.findings import Breach, Judgement
from peppol.services.documents import drafting
from peppol.services.documents.drafting import Written
from tenants.errors import Invalid
from tenants.models import Organization


@dataclass(frozen=True)
class Drafted:
    """UBL, the invoice in our shape that it was written from, and remarks on what was given."""

    content: bytes
    invoice: Mapping[str, Any]
    remarks: list[Breach]


def draft(
    company: Organization, body: Any, *, with_pdf: bool = False, is_own: bool = True
) -> Drafted:
    """Write the document that a call describes. Raises DRF's ValidationError, with its fields.

    One that is not its own, somebody else sells by: the company's profile says nothing of it.
    """
    reader = InvoiceFields(data=body)
    reader.is_valid(raise_exception=True)
    fields = reader.validated_data
    content = words.to_ours(fields, is_own=is_own)
    written = _written(company, content, is_own)
    if (paid := sums.prepaid(fields, written.invoice)) is not None:
        written = _written(company, content := {**content, "prepaidAmount": paid}, is_own)
    sums.check(fields, written.invoice)
    if with_pdf:
        files = [*content.get("attachments", []), _page_of(written)]
        written = _written(company, {**content, "attachments": files}, is_own)
    said = [replace(one, field=_spelled(one.field)) for one in written.remarks]
    return Drafted(written.content, written.invoice, [*words.remarks(body, fields), *said])


def _written(company: Organization, content: Mapping[str, Any], is_own: bool) -> Written:
    try:
        return drafting.write(company, content, completed=is_own)
    except Invalid as refusal:
        raise ValidationError(places.nested(refusal.fields)) from None


def _page_of(written: Written) -> dict[str, Any]:
    """The document as a PDF that goes into it."""
    with translation.override("en"):
        page = pdf.write(reading.lay_out(reading.read([written.content])), language="en")
    name = f"{written.invoice['number']}.pdf".replace("/", "-")[:255]
    return {
        "id": name,
        "filename": name,
        "mimeType": "application/pdf",
        "content": base64.b64encode(page).decode(),
    }


def _spelled(path: str) -> str:
    return ".".join(map(str, places.theirs(path)))


def explained(judged: Judgement, drafted: Drafted) -> list[Breach]:
    """What was judged of a drafted document, each with the field of the JSON that it is about."""
    found = advice.explained(judged, drafted.invoice).breaches
    return [
        replace(
            one,
            field=_spelled(one.field) if one.field else "",
            message=f"{one.message} {one.advice}".strip(),
        )
        for one in found
    ]
