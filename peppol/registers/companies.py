"""Looks a company up in the register of its country.

A further register is a function of a number in `_REGISTERS`; Belgium's is the imported KBO.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

from django.conf import settings
from django.utils.translation import gettext_noop

from peppol import models
from peppol.registers import kbo
from tenants.errors import NotFound
from tenants.sentences import Sentence


@dataclass(frozen=True)
class RegisteredCompany:
    """What a register says of a company. A `synthetic` one is made up, for the sandbox.

    `address_country` is where the address is, if that is abroad; `doubts` are sentences about
    what speaks against the company: that it is bankrupt, say.
    """

    country: str
    number: str
    names: Mapping[str, str]
    status: str
    street: str = ""
    postal_code: str = ""
    city: str = ""
    address_country: str = ""
    doubts: tuple[str, ...] = ()
    synthetic: bool = field(default=False)

    @property
    def name(self) -> str:
        """The name to go by where there is room for one."""
        return next(iter(self.names.values()), "")


class UnknownCompany(NotFound):
    """The register does not know this number."""

    def __init__(self, country: str, number: str) -> None:
        super().__init__(f"Company {number} in the register of {country}")


def look_up(country: str, number: str) -> RegisteredCompany | None:
    """What the register of `country` says of `number`; None where we have no register.

    In the sandbox an unknown Belgian number answers a made-up company, so that the examples of
    the vendors' documents work. Raises UnknownCompany.
    """
    register = _REGISTERS.get(country)
    return register(number) if register else None


def names_of(country: str, number: str) -> Mapping[str, str]:
    """The names by language that a register has for a number, or none; never made up."""
    try:
        found = look_up(country, number)
    except UnknownCompany:
        return {}
    return found.names if found and not found.synthetic else {}


def belgian_number(number: str) -> str:
    """The digits of an enterprise number; older ones were written without the zero in front."""
    digits = re.sub(r"\D", "", number)
    return digits.zfill(10) if len(digits) == 9 else digits


def _belgian(number: str) -> RegisteredCompany:
    digits = belgian_number(number)
    found = kbo.company(digits)
    if found is not None:
        return RegisteredCompany(
            "BE",
            found.number,
            found.names,
            "active" if found.status == "AC" else found.status,
            found.street,
            found.postal_code,
            found.city,
            found.address_country,
            tuple(_doubts(found)),
        )
    if settings.PEPPOL_NETWORK == "sandbox":
        return RegisteredCompany(
            "BE", digits, {"": f"Sandbox Company {digits}"}, "active", synthetic=True
        )
    raise UnknownCompany("BE", digits)


# Legal situations by the register's codes, the first and the last of each kind.
_ORDINARY = ("000", "001", "002", "003")
_SITUATIONS = (
    ("048", "053", gettext_noop("The company register says that it is or was bankrupt.")),
    ("010", "019", gettext_noop("The company register says that it was dissolved or ceased.")),
    ("020", "029", gettext_noop("The company register says that it was merged or split.")),
    ("030", "047", gettext_noop("The company register says that it is under court protection.")),
    ("090", "099", gettext_noop("The company register says that it is under court protection.")),
)


def _doubts(company: models.RegisteredCompany) -> Iterator[str]:
    """What the Belgian register says against an enterprise."""
    if company.status != "AC":
        yield Sentence("The company register does not list it as active.")
    situation = company.situation
    if situation and situation not in _ORDINARY:
        said = [text for first, last, text in _SITUATIONS if first <= situation <= last]
        yield (
            Sentence(said[0])
            if said
            else Sentence(
                "The company register notes a legal situation out of the ordinary: %(code)s.",
                code=situation,
            )
        )
    if company.struck_off_on:
        yield Sentence(
            "The company register struck its address off on %(day)s.",
            day=company.struck_off_on.isoformat(),
        )


_REGISTERS: dict[str, Callable[[str], RegisteredCompany]] = {"BE": _belgian}
