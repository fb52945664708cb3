"""Participant identifiers: read, judge and derive them.

Malformed ones are refused everywhere. What is well formed but doubtful (a scheme that left the
code list, wrong check digits) is a warning while trying things out and a refusal in production.
"""

import base64
import hashlib
import re
from dataclasses import dataclass

from django.utils.translation import gettext_noop

from peppol import check_digits, code_lists, national_numbers
from peppol.code_lists import DocumentType, Process
from tenants.errors import Invalid
from tenants.sentences import Sentence

__all__ = [
    "DEFAULT_DOCUMENT_TYPES",
    "SCHEME",
    "DocumentType",
    "ParticipantId",
    "Process",
    "abroad",
    "check_registrable",
    "country_of",
    "parse",
    "propose",
    "warnings",
]

# The one identifier scheme of the network; the ICD before the colon says whose numbers they are.
SCHEME = "iso6523-actorid-upis"
DEFAULT_DOCUMENT_TYPES = code_lists.default_document_types()

# Policy for Peppol identifiers allows these characters, 135 of them with ICD and colon.
_FORM = re.compile(r"(\d{4}):([A-Za-z0-9][A-Za-z0-9._~-]{0,129})", re.ASCII)


@dataclass(frozen=True)
class ParticipantId:
    """An identifier on the network: an ICD, such as 0208, and a number under it."""

    scheme: str
    value: str

    def __str__(self) -> str:
        return f"{self.scheme}:{self.value}"

    @property
    def uri(self) -> str:
        """As it stands in an SMP's paths: `iso6523-actorid-upis::0208:0403170701`."""
        return f"{SCHEME}::{self}"

    def canonical(self) -> "ParticipantId":
        """The spelling by which two identifiers are the same: case does not count."""
        return ParticipantId(self.scheme, self.value.lower())

    def sml_name(self, zone: str) -> str:
        """The DNS name under which the SML of `zone` knows the participant (Peppol SML, NAPTR)."""
        digest = hashlib.sha256(str(self.canonical()).encode()).digest()
        label = base64.b32encode(digest).decode().rstrip("=").lower()
        return f"{label}.{SCHEME}.{zone}"


# Countries whose numbers are of another's schemes: Northern Ireland's are British.
_SCHEMES_OF = {"XI": "GB"}
# What people write although it is wrong, and what they mean.
_MEANT = {
    "9999": gettext_noop("A DUNS number goes under 0060, a GLN under 0088."),
    "9956": gettext_noop("Use 0208 with the enterprise number, or 9925 with the VAT number."),
    "0193": gettext_noop("Use 0208 with the enterprise number."),
}
_CONFUSED = {
    "0184": gettext_noop("0184 is the Danish CVR register; a Dutch KVK number goes under 0106."),
    "0009": gettext_noop("0009 is the SIRET of 14 digits; a French VAT number goes under 9957."),
}


def parse(text: str) -> ParticipantId:
    """Read `0208:0403170701`, with or without the scheme's name in front.

    Raises Invalid (`malformed_identifier`) for what cannot be an identifier on any network
    (EIN-12): national patterns and check digits are the business of `warnings`.
    """
    found = _FORM.fullmatch(text.strip().removeprefix(f"{SCHEME}::"))
    if not found:
        raise _malformed(
            "“%(given)s” is not a Peppol identifier: it takes four digits, a colon and "
            "letters or digits, such as 0208:0403170701.",
            text,
        )
    scheme, value = found.groups()
    if scheme == "0208" and not value.isdigit():
        raise _malformed(
            "“%(given)s” is not a Belgian enterprise number: after 0208 come digits only, "
            "such as 0208:0403170701. A VAT number goes under 9925.",
            text,
        )
    return ParticipantId(scheme, value)


def warnings(pid: ParticipantId) -> list[str]:
    """Say what is doubtful about an identifier, and what would be right."""
    scheme = code_lists.schemes().get(pid.scheme)
    if scheme is None:
        said = Sentence("%(scheme)s is not in the official code list.", scheme=pid.scheme)
        return [_and(said, _MEANT.get(pid.scheme))]
    if scheme.is_removed():
        said = Sentence(
            "%(scheme)s (%(name)s) left the official code list on %(day)s.",
            scheme=pid.scheme,
            name=scheme.id,
            day=scheme.removed_on,
        )
        return [_and(said, _instead_of(pid.scheme))]
    doubts: list[str] = []
    if scheme.deprecated:
        said = Sentence(
            "%(scheme)s (%(name)s) is deprecated in the official code list.",
            scheme=pid.scheme,
            name=scheme.id,
        )
        doubts.append(_and(said, _instead_of(pid.scheme)))
    if not scheme.registrable:
        doubts.append(
            Sentence(
                "%(scheme)s (%(name)s) is not meant for registration.",
                scheme=pid.scheme,
                name=scheme.id,
            )
        )
    return doubts + _number_doubts(pid, scheme)


def abroad(pid: ParticipantId, country: str) -> list[str]:
    """A hint where a scheme holds numbers of another country than the company's: no refusal."""
    theirs = country_of(pid)
    if not theirs or not country or theirs == _SCHEMES_OF.get(country, country):
        return []
    return [
        Sentence(
            "%(scheme)s holds numbers of %(theirs)s, and the company is in %(ours)s.",
            scheme=pid.scheme,
            theirs=theirs,
            ours=country,
        )
    ]


def check_registrable(pid: ParticipantId, network: str) -> list[str]:
    """Return the warnings; on the production network any of them is a refusal.

    Raises Invalid (`identifier_refused`).
    """
    doubts = warnings(pid)
    if doubts and network == "production":
        said = " ".join(doubts)
        raise Invalid(said, code="identifier_refused", fields={"peppol_id": list(doubts)})
    return doubts


def country_of(pid: ParticipantId) -> str:
    """The country whose numbers an identifier's scheme holds (alpha-2), or the empty string."""
    scheme = code_lists.schemes().get(pid.scheme)
    return scheme.country if scheme else ""


def propose(country: str, *, company_number: str = "", vat_number: str = "") -> list[ParticipantId]:
    """The identifiers a company of `country` (alpha-2) would have, the usual one first (C-34).

    Numbers may be written in any way; one that cannot be a number of that country proposes none.
    """
    found = national_numbers.identifiers(country, company_number, vat_number)
    return [ParticipantId(scheme, value) for scheme, value in found]


def _number_doubts(pid: ParticipantId, scheme: code_lists.Scheme) -> list[str]:
    check = check_digits.CHECKS.get(pid.scheme)
    pattern = check.pattern if check else scheme.pattern
    if pattern and not re.fullmatch(pattern, pid.value, re.IGNORECASE):
        words = {"value": pid.value, "scheme": scheme.id}
        said = (
            Sentence(
                "“%(value)s” does not have the form of a number under %(scheme)s, such as "
                "%(example)s.",
                example=check.example,
                **words,
            )
            if check
            else Sentence(
                "“%(value)s” does not have the form of a number under %(scheme)s.", **words
            )
        )
        return [_and(said, _CONFUSED.get(pid.scheme))]
    if not check_digits.fit(pid.scheme, pid.value.upper()):
        return [
            Sentence(
                "The check digits of “%(value)s” are wrong for %(scheme)s: is it a typing error?",
                value=pid.value,
                scheme=scheme.id,
            )
        ]
    return []


def _instead_of(icd: str) -> str | None:
    """What to use instead of a scheme that left the list, or is about to."""
    if icd in _MEANT or icd not in code_lists.SUCCESSORS:
        return _MEANT.get(icd)
    instead = code_lists.SUCCESSORS[icd]
    name = code_lists.schemes()[instead].id
    return Sentence("Use %(scheme)s (%(name)s) instead.", scheme=instead, name=name)


# Two sentences in a row: nothing to translate.
_BOTH = "%(first)s %(second)s"


def _and(first: str, second: str | None) -> str:
    return Sentence(_BOTH, first=first, second=Sentence(second)) if second else first


def _malformed(sentence: str, given: str) -> Invalid:
    values = {"given": given[:60]}
    fields = {"peppol_id": [sentence % values]}
    return Invalid(sentence, code="malformed_identifier", values=values, fields=fields)
