"""Participant identifiers: read, judge and derive them.

Malformed ones are refused everywhere. What is well formed but doubtful (a scheme that left the
code list, wrong check digits) is a warning while trying things out and a refusal in production.
"""

import base64
import hashlib
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_noop
from stdnum import ean, lei
from stdnum.at import uid as at_uid
from stdnum.be import vat as be_vat
from stdnum.ch import uid as ch_uid
from stdnum.de import leitweg as de_leitweg
from stdnum.de import vat as de_vat
from stdnum.dk import cvr as dk_cvr
from stdnum.fi import ytunnus as fi_ytunnus
from stdnum.fr import siren as fr_siren
from stdnum.fr import siret as fr_siret
from stdnum.fr import tva as fr_tva
from stdnum.it import iva as it_iva
from stdnum.lu import tva as lu_tva
from stdnum.nl import btw as nl_btw
from stdnum.no import orgnr as no_orgnr
from stdnum.se import orgnr as se_orgnr

from peppol import code_lists, national_numbers
from peppol.code_lists import DocumentType, Process
from tenants.errors import Invalid
from tenants.sentences import Sentence

__all__ = [
    "DEFAULT_DOCUMENT_TYPES",
    "SCHEME",
    "DocumentType",
    "ParticipantId",
    "Process",
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


@dataclass(frozen=True)
class _Check:
    """How numbers of one scheme are checked beyond the code list's own pattern."""

    pattern: str
    example: str
    number: Callable[[str], bool] = lambda value: True


def _after(prefix: str, check: Callable[[str], Any]) -> Callable[[str], bool]:
    return lambda value: bool(check(value.removeprefix(prefix)))


def _sirene(value: str) -> bool:
    return bool(fr_siren.is_valid(value) if len(value) == 9 else fr_siret.is_valid(value))


_CHECKS = {
    "0208": _Check(r"[01]\d{9}", "0208:0403170701", be_vat.is_valid),
    "9925": _Check(r"BE[01]\d{9}", "9925:BE0403170701", _after("BE", be_vat.is_valid)),
    # The list's pattern asks for 17 digits; the numbers in use have the 8 of the register.
    "0106": _Check(r"\d{8}|\d{12}|\d{17}", "0106:12345678"),
    "0190": _Check(r"\d{20}", "0190:00000001820029336000"),
    "9944": _Check(r"NL\d{9}B\d{2}", "9944:NL004495445B01", nl_btw.is_valid),
    "0240": _Check(r"\d{11}", "0240:19992204096"),
    "9938": _Check(r"LU\d{8}", "9938:LU15027442", lu_tva.is_valid),
    "0002": _Check(r"\d{9}(\d{5})?", "0002:784301772", _sirene),
    "0009": _Check(r"\d{14}", "0009:78430177200025", fr_siret.is_valid),
    "9957": _Check(r"FR[0-9A-Z]{2}\d{9}", "9957:FR86797978996", fr_tva.is_valid),
    "0225": _Check(r"[A-Za-z0-9_-]{1,130}", "0225:797978996"),
    "9930": _Check(r"DE\d{9}", "9930:DE136695976", de_vat.is_valid),
    "0204": _Check(
        r"\d{2,12}(-[0-9A-Z]{0,30})?-\d{2}", "0204:991-33333TEST-33", de_leitweg.is_valid
    ),
    "0246": _Check(r"DE\d{9}(-\d{5})?(\.[0-9A-Z]{1,8})?", "0246:DE123456789"),
    "9914": _Check(r"ATU\d{8}", "9914:ATU13585627", at_uid.is_valid),
    "0184": _Check(r"[1-9]\d{7}", "0184:13585628", dk_cvr.is_valid),
    "0198": _Check(r"DK\d{8}", "0198:DK13585628", dk_cvr.is_valid),
    "0192": _Check(r"\d{9}", "0192:988077917", no_orgnr.is_valid),
    "0007": _Check(r"\d{10}", "0007:1234567897", se_orgnr.is_valid),
    "0216": _Check(
        r"0037\d{8}[A-Z0-9]{0,5}", "0216:003720774740", lambda v: bool(fi_ytunnus.is_valid(v[4:12]))
    ),
    "0211": _Check(r"IT\d{11}", "0211:IT00743110157", _after("IT", it_iva.is_valid)),
    "0088": _Check(r"\d{13}", "0088:9012345000004", ean.is_valid),
    "0060": _Check(r"\d{9}", "0060:123456789"),
    "0199": _Check(r"[A-Z0-9]{18}\d{2}", "0199:213800KUD8LAJWSQ9D15", lei.is_valid),
    "0183": _Check(r"CHE\d{9}", "0183:CHE100155212", ch_uid.is_valid),
}

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
        return [_and(said, _MEANT.get(pid.scheme))]
    doubts: list[str] = []
    if scheme.deprecated:
        doubts.append(
            Sentence(
                "%(scheme)s (%(name)s) is deprecated in the official code list.",
                scheme=pid.scheme,
                name=scheme.id,
            )
        )
    if not scheme.registrable:
        doubts.append(
            Sentence(
                "%(scheme)s (%(name)s) is not meant for registration.",
                scheme=pid.scheme,
                name=scheme.id,
            )
        )
    return doubts + _number_doubts(pid, scheme)


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
    check = _CHECKS.get(pid.scheme)
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
    if check and not check.number(pid.value.upper()):
        return [
            Sentence(
                "The check digits of “%(value)s” are wrong for %(scheme)s: is it a typing error?",
                value=pid.value,
                scheme=scheme.id,
            )
        ]
    return []


# Two sentences in a row: nothing to translate.
_BOTH = "%(first)s %(second)s"


def _and(first: str, second: str | None) -> str:
    return Sentence(_BOTH, first=first, second=Sentence(second)) if second else first


def _malformed(sentence: str, given: str) -> Invalid:
    values = {"given": given[:60]}
    fields = {"peppol_id": [sentence % values]}
    return Invalid(sentence, code="malformed_identifier", values=values, fields=fields)
