"""The purpose of a client link by which a company completes its own details."""

from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from tenants.services import client_links
from tenants.services.client_links import Purpose

NEEDED = ("country", "address_line1", "postal_code", "city", "email")
# What a company is known by: once it stands there, a client does not change it.
KNOWN_BY = ("country", "company_number", "vat_number")
ASKED = (
    "legal_name",
    *KNOWN_BY,
    "address_line1",
    "address_line2",
    "postal_code",
    "city",
    "email",
    "phone",
)


def _lacking(companies: QuerySet[Any]) -> QuerySet[Any]:
    missing = Q(company_number="", vat_number="")
    for name in NEEDED:
        missing |= Q(**{name: ""})
    return companies.filter(missing)


PROFILE = client_links.declare(
    Purpose(
        "profile",
        _("Complete your company's details"),
        _("Your name, numbers and address, as they stand on your invoices."),
        _lacking,
    )
)
