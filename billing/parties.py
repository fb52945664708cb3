"""Who bills whom: the operator of the installation, and an organization's billing address."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.conf import settings
from django.utils.translation import gettext, gettext_noop

from billing.models import BillingAddress
from peppol import identifiers
from peppol.models import Participant
from peppol.services.registration import participants
from tenants.models import Organization

Party = dict[str, Any]
_EU = frozenset(
    (
        "AT",
        "BE",
        "BG",
        "CY",
        "CZ",
        "DE",
        "DK",
        "EE",
        "ES",
        "FI",
        "FR",
        "GR",
        "HR",
        "HU",
        "IE",
        "IT",
        "LT",
        "LU",
        "LV",
        "MT",
        "NL",
        "PL",
        "PT",
        "RO",
        "SE",
        "SI",
        "SK",
    )
)
_STANDARD, _REVERSE, _EXPORT = "S", "AE", "G"
# Why a category is not taxed, and the reason's code in VATEX.
_EXEMPT = {
    _REVERSE: (gettext_noop("Reverse charge"), "VATEX-EU-AE"),
    _EXPORT: (gettext_noop("Supplied to a customer outside the EU"), "VATEX-EU-G"),
}


def seller() -> Party:
    """The operator, as set in BILLING_SELLER."""
    given: Mapping[str, Any] = settings.BILLING_SELLER
    return {
        "name": given["name"],
        "peppolId": given.get("peppol_id", ""),
        "vatNumber": given.get("vat_number", ""),
        "companyNumber": given.get("company_number", ""),
        "companyNumberScheme": given.get("company_number_scheme", ""),
        "address": {
            "street": given.get("street", ""),
            "city": given.get("city", ""),
            "postalCode": given.get("postal_code", ""),
            "country": given["country"],
        },
        "contact": {
            "name": given.get("contact", ""),
            "email": given.get("email", ""),
            "phone": given.get("phone", ""),
        },
        "iban": given.get("iban", ""),
    }


def buyer(organization: Organization) -> Party:
    """Whom the statement is for: the billing address that it chose, else its own profile."""
    own = BillingAddress.objects.live().filter(organization=organization)
    chosen = own.filter(pk=organization.billing_address_id or UUID(int=0)).first()
    profile = _chosen(chosen) if chosen else _profile(organization)
    return {
        **profile,
        "peppolId": _electronic_address(organization),
        "companyNumber": organization.company_number,
        "contact": {"name": "", "email": organization.email, "phone": organization.phone},
    }


def _chosen(address: BillingAddress) -> Party:
    return {
        "name": address.recipient,
        "vatNumber": address.vat_id,
        "address": {
            "street": address.address_line1,
            "additional": address.address_line2 or address.recipient_additions,
            "city": address.city,
            "postalCode": address.postal_code,
            "region": address.state,
            "country": address.country,
        },
    }


def _profile(organization: Organization) -> Party:
    return {
        "name": organization.legal_name or organization.name,
        "vatNumber": organization.vat_number,
        "address": {
            "street": organization.address_line1,
            "additional": organization.address_line2,
            "city": organization.city,
            "postalCode": organization.postal_code,
            "region": organization.state,
            "country": organization.address_country
            or organization.country
            or settings.BILLING_SELLER["country"],
        },
    }


def may_reverse(seller: Party, buyer: Party) -> bool:
    """Whether the buyer would owe the VAT itself, if the register confirms its number."""
    home, away = seller["address"]["country"], buyer["address"]["country"]
    return away != home and away in _EU and home in _EU and bool(buyer["vatNumber"])


def treatment(seller: Party, buyer: Party, *, is_confirmed: bool) -> tuple[str, Decimal]:
    """How a service is taxed, category and rate: at home, reversed inside the EU for a buyer whose
    VAT number the register confirmed, or not at all outside of it."""
    home, away = seller["address"]["country"], buyer["address"]["country"]
    reverses = is_confirmed and may_reverse(seller, buyer)
    if away == home or (away in _EU and home in _EU and not reverses):
        return _STANDARD, Decimal(str(settings.BILLING_VAT_RATE))
    return (_REVERSE if away in _EU and home in _EU else _EXPORT), Decimal(0)


def exemption(category: str) -> tuple[str, str] | None:
    """Why a category is not taxed, in the current language, and the code; None where it is."""
    if category not in _EXEMPT:
        return None
    reason, code = _EXEMPT[category]
    return gettext(reason), code


def _electronic_address(organization: Organization) -> str:
    """Where it receives, or would; empty when nothing is known of that."""
    leading = participants.leading(list(Participant.objects.of(organization)))
    if leading is not None:
        return leading.identifier
    proposed = identifiers.propose(
        organization.country,
        company_number=organization.company_number,
        vat_number=organization.vat_number,
    )
    return str(proposed[0]) if proposed else ""
