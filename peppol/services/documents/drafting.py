"""From our JSON shape to UBL that nobody has judged yet."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_noop

from peppol.invoices import remarks, shape, writing
from peppol.rules.findings import Breach
from peppol.services.documents import addresses, sellers
from tenants.errors import Invalid
from tenants.models import Organization


@dataclass(frozen=True)
class Written:
    """UBL, the checked invoice that it was written from, and what is not sent as it was meant."""

    content: bytes
    invoice: Mapping[str, Any]
    remarks: list[Breach]


def write(
    company: Organization,
    content: Mapping[str, Any],
    *,
    sender: str | None = None,
    kind: str = "",
    receiver: str = "",
    completed: bool = True,
) -> Written:
    """Write an invoice in our JSON shape. What is left out of the seller, the company's profile
    says; of what is self-billed, and of the buyer then, for the company is the buyer.

    Unless it is to be `completed`, the profile says nothing: it is somebody else's invoice.
    Without a `sender` it is the identifier that the company has by now, if any: a draft needs none.
    Raises Invalid for its fields.
    """
    wanted = {"type": kind} if kind in ("invoice", "credit_note") and "type" not in content else {}
    sender = addresses.planned_of(company) if sender is None else sender
    self_billed = content.get("typeCode") in shape.SELF_BILLED
    own, other = ("buyer", "seller") if self_billed else ("seller", "buyer")
    party = content.get(own)
    party = sellers.completed(party, company, sender) if completed else party
    invoice = sellers.numbered(shape.read({**content, **wanted, own: party}))
    if other not in invoice:
        sentence = gettext_noop("This field is required.")
        raise Invalid(sentence, code="invalid_invoice", fields={other: [sentence]})
    invoice[other]["peppolId"] = invoice[other]["peppolId"] or receiver
    return Written(writing.write(invoice), invoice, remarks.on(content, invoice))
