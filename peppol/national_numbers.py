"""Which Peppol identifiers follow from the numbers that a company of a country has.

What is written beside a number (blanks, dots, the country in front, `MVA` or `MWST` behind) is
no part of it. A number that has not the form of its country's numbers leads to nothing.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

_COMPANY, _VAT = "company", "vat"


@dataclass(frozen=True)
class _Rule:
    """An identifier under `scheme`, from the first of `sources` that has the `form`.

    The form's groups are put together behind `before`, with `between` them; with `digits`,
    filled up with zeros.
    """

    scheme: str
    sources: tuple[str, ...]
    form: str
    before: str = ""
    digits: int = 0
    between: str = ""

    def value(self, numbers: dict[str, str]) -> str:
        for source in self.sources:
            found = re.fullmatch(self.form, numbers[source], re.ASCII)
            if found:
                number = self.between.join(g for g in found.groups() if g)
                return self.before + number.zfill(self.digits)
        return ""


_EITHER = (_COMPANY, _VAT)
_UEN = r"\d{8,9}[A-Z]|[RST]\d{2}[A-Z]{2}\d{4}[A-Z]"
# By country, the usual identifier first. What stands in front of a VAT number is cut off before.
_RULES: dict[str, tuple[_Rule, ...]] = {
    "AE": (_Rule("0235", (_VAT, _COMPANY), r"(1\d{9})(?:\d{5})?"),),
    "AT": (_Rule("9914", (_VAT,), r"U?(\d{8})", "ATU"),),
    "AU": (_Rule("0151", _EITHER, r"(\d{11})"),),
    "BE": (
        _Rule("0208", _EITHER, r"(\d{9,10})", digits=10),
        _Rule("9925", (_VAT,), r"(0?\d{9}|1\d{9})", "BE", digits=10),
    ),
    "CH": (_Rule("0183", _EITHER, r"(?:CHE|E)?(\d{9})(?:MWST|TVA|IVA|TPV|HR)?", "CHE"),),
    "DE": (
        _Rule("9930", (_VAT,), r"(\d{9})", "DE"),
        _Rule("0246", (_COMPANY,), r"(\d{9})(\d{5})", "DE", between="-"),
    ),
    "DK": (
        _Rule("0184", _EITHER, r"(\d{8})"),
        _Rule("0198", (_VAT,), r"(\d{8})", "DK"),
    ),
    "EE": (
        _Rule("0191", (_COMPANY,), r"([1789]\d{7})"),
        _Rule("9931", (_VAT,), r"(\d{9})", "EE"),
    ),
    "FI": (_Rule("0216", _EITHER, r"(\d{8})", "0037"),),
    "FR": (
        _Rule("9957", (_VAT,), r"([0-9A-Z]{2}\d{9})", "FR"),
        _Rule("0002", (_COMPANY,), r"(\d{9})(?:\d{5})?"),
        _Rule("0009", (_COMPANY,), r"(\d{14})"),
        _Rule("0225", (_COMPANY,), r"(\d{9})(?:\d{5})?"),
        _Rule("0225", (_VAT,), r"[0-9A-Z]{2}(\d{9})"),
    ),
    "GR": (_Rule("9933", (_VAT,), r"(\d{9})"),),
    "HU": (_Rule("9910", (_VAT, _COMPANY), r"(\d{8})(?:\d{3})?", "HU"),),
    "IS": (_Rule("0196", _EITHER, r"(\d{10})"),),
    "IT": (
        _Rule("0211", (_VAT, _COMPANY), r"(\d{11})", "IT"),
        _Rule("0210", (_COMPANY,), r"([A-Z]{6}[0-9A-Z]{10})"),
    ),
    "JP": (
        _Rule("0188", (_COMPANY,), r"(\d{13})"),
        _Rule("0221", (_VAT,), r"T?(\d{13})", "T"),
    ),
    "LT": (
        _Rule("0200", (_COMPANY,), r"(\d{9})"),
        _Rule("9937", (_VAT,), r"(\d{9}|\d{12})", "LT"),
    ),
    "LU": (
        _Rule("0240", (_COMPANY,), r"(\d{11})"),
        _Rule("9938", (_VAT,), r"(\d{8})", "LU"),
    ),
    "LV": (
        _Rule("0218", (_COMPANY,), r"(\d{11})"),
        _Rule("9939", (_VAT,), r"(\d{11})", "LV"),
    ),
    "MY": (_Rule("0230", (_VAT, _COMPANY), r"([A-Z]{0,2}\d{9,13})"),),
    "NG": (_Rule("0244", (_VAT, _COMPANY), r"(\d{13})"),),
    "NL": (
        _Rule("0106", (_COMPANY,), r"(\d{8}|\d{12})"),
        _Rule("0190", (_COMPANY,), r"(\d{20})"),
        _Rule("9944", (_VAT,), r"(\d{9}B\d{2})", "NL"),
    ),
    "NO": (_Rule("0192", _EITHER, r"(\d{9})(?:MVA)?"),),
    "NZ": (_Rule("0088", (_COMPANY,), r"(94\d{11})"),),
    "OM": (_Rule("0248", (_VAT,), r"(\d{10})", "OM"),),
    "SE": (
        _Rule("0007", (_COMPANY,), r"(?:16)?(\d{10})"),
        _Rule("0007", (_VAT,), r"(\d{10})\d{2}"),
    ),
    "SG": (_Rule("0195", _EITHER, rf"(?:UEN)?({_UEN})", "SGUEN"),),
    "SK": (
        _Rule("0245", (_VAT,), r"(\d{10})"),
        _Rule("9950", (_VAT,), r"(\d{10})", "SK"),
        _Rule("0158", (_COMPANY,), r"(\d{8})"),
    ),
    "US": (_Rule("9959", _EITHER, r"(\d{9})"),),
}
_VAT_PREFIXES = {"GR": "EL", "MC": "FR"}
# Where the register's number is the VAT number, without the country in front.
_ONE_NUMBER = {
    "ES": r"([A-Z]\d{7}[0-9A-Z]|\d{8}[A-Z])",
    "HR": r"(\d{11})",
    "PT": r"(\d{9})",
    "RO": r"(\d{2,10})",
}
# Of most other countries the list has one scheme that takes the VAT number with its prefix.
_VAT_SCHEMES = {
    "AD": "9922",
    "AL": "9923",
    "BA": "9924",
    "BG": "9926",
    "CY": "9928",
    "CZ": "9929",
    "ES": "9920",
    "GB": "9932",
    "HR": "9934",
    "IE": "9935",
    "LI": "9936",
    "MC": "9940",
    "ME": "9941",
    "MK": "9942",
    "MT": "9943",
    "PL": "9945",
    "PT": "9946",
    "RO": "9947",
    "RS": "9948",
    "SI": "9949",
    "SM": "9951",
    "TR": "9952",
    "VA": "9953",
}
_RULES |= {
    country: (
        _Rule(scheme, (_VAT,), r"([0-9A-Z]{2,20})", _VAT_PREFIXES.get(country, country)),
        *(
            [_Rule(scheme, (_COMPANY,), _ONE_NUMBER[country], country)]
            if country in _ONE_NUMBER
            else ()
        ),
    )
    for country, scheme in _VAT_SCHEMES.items()
}


# Schemes of the numbers by which registers know companies, as invoices name them.
REGISTERS = {
    "AU": ("0151",),
    "BE": ("0208",),
    "CH": ("0183",),
    "DK": ("0184",),
    "EE": ("0191",),
    "FR": ("0002",),
    "IS": ("0196",),
    "JP": ("0188",),
    "LT": ("0200",),
    "LU": ("0240",),
    "LV": ("0218",),
    "NL": ("0106", "0190"),
    "NO": ("0192",),
    "NZ": ("0088",),
    "SE": ("0007",),
    "SG": ("0195",),
    "SK": ("0158",),
}


def identifiers(country: str, company_number: str, vat_number: str) -> Iterator[tuple[str, str]]:
    """Scheme and value of what a company of `country` (alpha-2, any case) has, the usual first."""
    country = country.strip().upper()
    numbers = {
        _COMPANY: _bare(company_number, country),
        _VAT: _bare(vat_number, country),
    }
    seen = set()
    for rule in _RULES.get(country, ()):
        value = rule.value(numbers)
        if value and rule.scheme not in seen:
            seen.add(rule.scheme)
            yield rule.scheme, value


def company_number(country: str, number: str) -> tuple[str, str]:
    """A company's number as its register writes it, with its scheme (ICD); none if not known."""
    country = country.strip().upper()
    found = dict(identifiers(country, number, ""))
    for scheme in REGISTERS.get(country, ()):
        if scheme in found:
            return found[scheme], scheme
    return number, ""


def has_rules(country: str) -> bool:
    """Whether numbers of `country` lead to identifiers at all."""
    return country.strip().upper() in _RULES


def vat_prefix(country: str) -> str:
    """The two letters in front of VAT numbers of `country` (alpha-2): Greece's are EL."""
    return _VAT_PREFIXES.get(country, country)


def _bare(number: str, country: str) -> str:
    """The number's letters and digits, without the country in front."""
    plain = re.sub(r"[^0-9A-Za-z]", "", number).upper()
    for prefix in (vat_prefix(country), country):
        # Two letters in front of nothing are no prefix.
        if prefix and len(plain) > len(prefix) + 2:
            plain = plain.removeprefix(prefix)
    return plain
