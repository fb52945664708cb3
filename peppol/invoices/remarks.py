"""What of an invoice in our shape is not sent, or is sent otherwise than was meant: as warnings."""

import base64
from collections.abc import Iterator, Mapping
from typing import Any

from peppol.invoices import amounts, shape
from peppol.invoices.payments import ways
from peppol.rules.findings import Breach

_BEGINNINGS = {
    "application/pdf": b"%PDF-",
    "image/png": b"\x89PNG\r\n\x1a\n",
    "image/jpeg": b"\xff\xd8\xff",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": b"PK",
    "application/vnd.oasis.opendocument.spreadsheet": b"PK",
}


def on(given: Any, invoice: Mapping[str, Any]) -> list[Breach]:
    """The remarks on what was given, which `invoice` was read from."""
    unknown = [_remark("unknown_field", *found) for found in shape.unknown_fields(given)]
    unsent = [_remark("not_sent", *found) for found in _unsent(invoice)]
    return [*unknown, *unsent, *_signs(invoice), *_files(invoice)]


def _unsent(invoice: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    named = "payment" if invoice.get("payment") else "payments.0"
    for number, way in enumerate(ways(invoice)):
        path = named if not number else f"payments.{number - (named == 'payment')}"
        for name in ("bic", "accountName"):
            if way[name] and not way["iban"]:
                yield f"{path}.{name}", "It stands with an account; give iban, too."
    for number, line in enumerate(invoice["lines"]):
        for kind in ("allowances", "charges"):
            for place, entry in enumerate(line[kind]):
                if entry.get("vat"):
                    path = f"lines.{number}.{kind}.{place}.vat"
                    yield path, "The VAT of the line applies; it is not sent."
    for side in ("seller", "buyer"):
        party = invoice.get(side) or {}
        if party.get("companyNumberScheme") and not party.get("companyNumber"):
            yield f"{side}.companyNumberScheme", "There is no companyNumber that it is of."
    for number, one in enumerate(invoice["attachments"]):
        for name in ("filename", "mimeType"):
            if one[name] and not one["content"]:
                yield f"attachments.{number}.{name}", "It is of content, which there is none of."
    for group in amounts.totals(invoice).groups:
        for code in group.codes[1:]:
            yield "lines", f"Of a VAT category one reason code is sent; {code} is not."


def _signs(invoice: Mapping[str, Any]) -> Iterator[Breach]:
    if invoice["type"] == "credit_note" and amounts.totals(invoice).payable < 0:
        sentence = (
            "The payable amount of this credit note is negative, so it charges instead of paying"
            " back. Positive quantities and prices take back what an invoice charged."
        )
        yield _remark("negative_total", "lines", sentence)


def _files(invoice: Mapping[str, Any]) -> Iterator[Breach]:
    """Base64 of something else than it is called: a mistake of the caller's, and no broken rule."""
    for number, one in enumerate(invoice["attachments"]):
        kind = one["mimeType"] or "application/pdf"
        begins = base64.b64decode(one["content"][:24])
        if one["content"] and not begins.startswith(_BEGINNINGS.get(kind, b"")):
            sentence = f"It is base64, but no {kind}: whoever opens it will see nothing."
            yield _remark("not_that_file", f"attachments.{number}.content", sentence)


def _remark(rule: str, field: str, sentence: str) -> Breach:
    return Breach(rule, sentence, "", fatal=False, field=field)
