"""Looks a company up in the register of its country.

A further register is a function of a number in `_REGISTERS`; Belgium's is the imported KBO.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from django.conf import settings

from peppol.registers import kbo
from tenants.errors import NotFound


@dataclass(frozen=True)
class RegisteredCompany:
    """What a register says of a company. A `synthetic` one is made up, for the sandbox."""

    country: str
    number: str
    names: Mapping[str, str]
    status: str
    street: str = ""
    postal_code: str = ""
    city: str = ""
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
        )
    if settings.PEPPOL_NETWORK == "sandbox":
        return RegisteredCompany(
            "BE", digits, {"": f"Sandbox Company {digits}"}, "active", synthetic=True
        )
    raise UnknownCompany("BE", digits)


_REGISTERS: dict[str, Callable[[str], RegisteredCompany]] = {"BE": _belgian}
