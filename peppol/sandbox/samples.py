"""A real invoice from outside, for whoever wants to see one arrive."""

import secrets
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.utils import timezone

from peppol.access_point.client import AccessPointError
from peppol.access_point.dialects import configured_access_point
from peppol.invoices import reading, shape, writing
from peppol.sbdh import Envelope
from peppol.services.documents import addresses
from tenants.errors import DomainError, Kind, WrongState
from tenants.ids import uuid7
from tenants.models import Organization

_SUPPLIER: dict[str, Any] = {
    "name": "Sandbox Supplies BV",
    "peppolId": "0208:0202239951",
    "vatNumber": "BE0202239951",
    "companyNumber": "0202239951",
    "companyNumberScheme": "0208",
    "address": {
        "street": "Proefstraat 1",
        "city": "Brussel",
        "postalCode": "1000",
        "country": "BE",
    },
    "contact": {"name": "Sam Sample", "email": "sam@sandbox.example", "phone": "+32 2 555 01 01"},
}


def send_to(company: Organization, *, number: str = "") -> Envelope:
    """Submit an invoice to `company` at the sandbox's access point, as a supplier elsewhere would.

    Raises WrongState outside the sandbox or for a company that cannot receive, and DomainError
    when the access point does not take it.
    """
    if settings.PEPPOL_NETWORK != "sandbox":
        raise WrongState("Samples arrive in the sandbox only.", code="not_sandbox")
    content = _invoice(company, addresses.sender_of(company), number)
    found = reading.header(reading.parse(content))
    envelope = Envelope(
        instance_id=str(uuid7()),
        sender=found.sender,
        receiver=found.receiver,
        document_type=found.document_type,
        process=found.profile,
        country_c1="BE",
        content=content,
    )
    try:
        with configured_access_point() as access_point:
            status = access_point.submit(envelope, reference="sample", organization="")
    except AccessPointError as error:
        raise DomainError(Kind.UNAVAILABLE, "access_point", error.message) from error
    if status.error:
        raise DomainError(Kind.UNAVAILABLE, "not_delivered", status.error)
    return envelope


def _invoice(company: Organization, receiver: str, number: str) -> bytes:
    today = timezone.now().date()
    rate = {"category": "S", "rate": "21"}
    return writing.write(
        shape.read(
            {
                "number": number or f"SAMPLE-{secrets.token_hex(3).upper()}",
                "issueDate": today,
                "dueDate": today + timedelta(days=30),
                "buyerReference": "SAMPLE",
                "seller": _SUPPLIER,
                "buyer": {
                    "name": company.legal_name or company.name,
                    "peppolId": receiver,
                    "vatNumber": company.vat_number,
                    "address": {
                        "street": company.address_line1,
                        "city": company.city,
                        "postalCode": company.postal_code,
                        "country": company.country or "BE",
                    },
                },
                "payment": {"iban": "BE71096123456769", "terms": "30 days"},
                "lines": [
                    {"name": "Paper, A4", "quantity": 20, "unitPrice": "4.95", "vat": rate},
                    {"name": "Delivery", "quantity": 1, "unitPrice": "12.50", "vat": rate},
                ],
            }
        )
    )
