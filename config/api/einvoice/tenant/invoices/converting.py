"""From the invoice inside of a PDF to flat JSON, and to the UBL that this becomes."""

from base64 import b64encode
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from rest_framework.exceptions import ValidationError

from config.api.einvoice.tenant.invoices import drafting
from config.api.einvoice.tenant.responses.invoices import whole
from peppol.invoices import headers, reading
from peppol.readable import attachments
from peppol.readable import reading as readable
from peppol.readable.parts import Invoice
from peppol.rules import judging
from tenants.models import Organization


@dataclass(frozen=True)
class Converted:
    """What an invoice says in flat JSON, the valid UBL of it, and why there is none."""

    said: dict[str, Any]
    ubl: str = ""
    obstacles: list[str] = field(default_factory=list)


def convert(
    company: Organization, content: bytes, *, vendor_tax_id: str = "", customer_tax_id: str = ""
) -> Converted:
    """Read an invoice in UBL or CII. The tax ids are for what does not say them itself."""
    said = {**whole(content), "attachments": list(_files(content))}
    said["vendor_tax_id"] = said["vendor_tax_id"] or vendor_tax_id or None
    said["customer_tax_id"] = said["customer_tax_id"] or customer_tax_id or None
    root = reading.parse(content)
    if root.tag != headers.CII:
        return _judged(said, reading.plain(root))
    try:
        drafted = drafting.draft(company, _sent(said), is_own=_is_of(company, said))
    except ValidationError as refusal:
        return Converted(said, obstacles=_sentences("", refusal.detail))
    return _judged(said, drafted.content)


def _files(content: bytes) -> Iterator[dict[str, Any]]:
    """The files inside of the invoice, which go into what it becomes."""
    found = readable.read([content])
    for one in found.attachments if isinstance(found, Invoice) else ():
        if one.is_inside:
            file = attachments.extract([content], one.place).bytes()
            yield {
                "file_name": one.title or str(one.place + 1),
                "file_type": one.media_type or "application/pdf",
                "file_size": len(file),
                "file_data": b64encode(file).decode(),
            }


def _judged(said: dict[str, Any], ubl: bytes) -> Converted:
    fatal = judging.judge(reading.parse(ubl)).fatal
    if fatal:
        return Converted(said, obstacles=[f"{one.rule}: {one.message}" for one in fatal])
    return Converted(said, ubl.decode())


def _sent(said: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in said.items() if value not in (None, [])}


def _is_of(company: Organization, said: dict[str, Any]) -> bool:
    """Whether the tenant is the one who sells; what another leaves out, its profile cannot say."""
    own = _digits(company.vat_number) or _digits(company.company_number)
    theirs = {_digits(said["vendor_tax_id"] or ""), _digits(said["vendor_company_id"] or "")}
    return bool(own) and own in theirs


def _digits(text: str) -> str:
    return "".join(letter for letter in text if letter.isdigit())


def _sentences(path: str, detail: Any) -> list[str]:
    if isinstance(detail, dict):
        return [s for name, one in detail.items() for s in _sentences(f"{path}.{name}", one)]
    if isinstance(detail, list):
        return [s for one in detail for s in _sentences(path, one)]
    return [f"{path.strip('.')}: {detail}"]
