"""What is usual in a country on Peppol: which identifier is whose, and which documents it knows.

The schemes are those of `national_numbers`, the usual one first; here is what a person has to know
of them, and the types of document that the country has beside BIS Billing.
"""

from functools import cache
from typing import Any

from django.utils.translation import gettext_lazy as _

from peppol import code_lists
from peppol.code_lists import DocumentType

# The address of the French reform; documents to it go by processes of its own.
REFORM = "0225"
_FRENCH = ":france:"
# By country and scheme, what the code list does not say.
_NOTES: dict[tuple[str, str], Any] = {
    ("BE", "0208"): _(
        "The one that everybody addresses. Since 1 January 2026 companies invoice each other so."
    ),
    ("BE", "9925"): _("An extra beside 0208; a few senders address the VAT number."),
    ("NL", "0106"): _("The usual one of companies."),
    ("NL", "0190"): _("For public bodies."),
    ("LU", "0240"): _("The one of the register; 9938 goes by the VAT number."),
    ("FR", "9957"): _("For trade abroad; the address of the reform is 0225."),
    ("FR", REFORM): _(
        "The address of the reform: companies receive there since 1 September 2026, all send "
        "from 1 September 2027. A suffix may follow the SIREN, after an underscore."
    ),
    ("FR", "0009"): _("One place of business only."),
    ("DE", "9930"): _("The usual one. Since 1 January 2025 every company has to take e-invoices."),
    ("DE", "0246"): _("The business number, where the company has one."),
    ("GR", "9933"): _("Nine digits, without EL in front."),
    ("SK", "0245"): _("The tax number; e-invoices are mandatory from 1 January 2027."),
    ("NZ", "0088"): _("The NZBN, which is a GLN."),
}
_PINT = ("PINT Invoice v1.0", "PINT Credit Note v1.0")
_SELF_BILLED = ("PINT Self-Billing Invoice v1.0", "PINT Self-Billing Credit Note v1.0")


def _pint(land: str, *names: str) -> tuple[str, ...]:
    return tuple(f"{land} {name}" for name in names)


# By country the types of its own, as the code list calls them, beside BIS Billing.
_TYPES: dict[str, tuple[str, ...]] = {
    "AE": _pint("AE", *_PINT, *_SELF_BILLED),
    "AU": _pint("A-NZ", *_PINT, *_SELF_BILLED),
    "DE": (
        "XRechnung UBL Invoice V3.0",
        "XRechnung UBL Credit Note V3.0",
        "XRechnung CII Invoice V3.0",
    ),
    "FR": (
        "France UBL Invoice CIUS",
        "France UBL Credit Note CIUS",
        "France CII Invoice CIUS",
        "France UBL Invoice Extension",
        "France UBL Credit Note Extension",
        "France CII Invoice Extension",
        "France CDAR",
    ),
    "JP": _pint("JP", _PINT[0]),
    "MY": _pint("MY", *_PINT, *_SELF_BILLED),
    "NG": _pint("NG", *_PINT, *_SELF_BILLED),
    "NL": ("SI-UBL 2.0 Invoice", "SI-UBL 2.0 Credit Note"),
    "NZ": _pint("A-NZ", *_PINT, *_SELF_BILLED),
    "OM": _pint("OM", *_PINT, *_SELF_BILLED),
    "SG": _pint("SG", *_PINT),
}


def note(country: str, scheme: str) -> Any:
    """What a person should know of a scheme in a country; empty where that is nothing."""
    return _NOTES.get((country, scheme), "")


def national_types(country: str) -> tuple[DocumentType, ...]:
    """The document types of a country's own, in the order in which they are offered."""
    known = {one.name: one for one in code_lists.all_document_types()}
    return tuple(known[name] for name in _TYPES.get(country, ()))


@cache
def all_types() -> tuple[DocumentType, ...]:
    """Everything that a participant may be registered for: of every country, and of its own."""
    found = dict.fromkeys(code_lists.document_types())
    for country in _TYPES:
        found |= dict.fromkeys(national_types(country))
    return tuple(found)


def types_of(country: str) -> tuple[DocumentType, ...]:
    """What a company of a country is offered to receive."""
    return (*code_lists.document_types(), *national_types(country))


def under(scheme: str, types: tuple[DocumentType, ...]) -> tuple[DocumentType, ...]:
    """Types with the processes that an identifier of `scheme` takes them by: the French ones are
    those of the reform's address."""
    if scheme != REFORM:
        return types
    whole = {one.uri: one for one in code_lists.all_document_types()}
    return tuple(whole.get(one.uri, one) for one in types)
