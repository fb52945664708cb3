"""Companies that are the same as one that is about to be made: by their numbers and identifiers."""

import re
from collections.abc import Mapping

from peppol import identifiers, national_numbers, written_numbers
from peppol.identifiers import ParticipantId
from peppol.models import Participant
from tenants import search
from tenants.errors import Invalid
from tenants.models import Organization

_NUMBERS = ("country", "company_number", "vat_number")
_COUNTRY = re.compile(r"^[A-Z]{2}(?=.{3})")
# VAT numbers that have the register's number in them.
_INSIDE = {
    "CH": re.compile(r"(?:CHE|E)?(\d{9})[A-Z]*"),
    "FR": re.compile(r"[0-9A-Z]{2}(\d{9})"),
    "NO": re.compile(r"(\d{9})MVA"),
    "SE": re.compile(r"(\d{10})01"),
}


def keys_of(profile: Mapping[str, str]) -> set[str]:
    """By what a company is the same as another: its numbers, however they are written.

    A VAT number says itself of which country it is, whatever the company's.
    """
    keys = set()
    for name in ("company_number", "vat_number"):
        number = re.sub(r"[^0-9A-Za-z]", "", profile.get(name) or "").upper()
        country = profile.get("country", "")
        if name == "vat_number":
            country = written_numbers.prefix_country(number) or country
        number = number.removeprefix(national_numbers.vat_prefix(country)).removeprefix(country)
        inside = _INSIDE[country].fullmatch(number) if country in _INSIDE else None
        number = (inside[1] if inside else number).lstrip("0")
        # A word is no number.
        if any(sign.isdigit() for sign in number):
            keys.add(f"{country}{number}")
    return keys


def keys_of_identifier(identifier: str) -> set[str]:
    """By what the holder of an identifier is the same as another company."""
    scheme, _, value = identifier.lower().partition(":")
    if not value:
        return set()
    country = identifiers.country_of(ParticipantId(scheme, value))
    numbers = {"country": country, "company_number": value} if len(country) == 2 else {}
    return {f"{scheme}:{value}"} | keys_of(numbers)


def known(platform: Organization) -> dict[str, str]:
    """The names of a platform's companies by all that they are known by."""
    rows = Organization.objects.under(platform)
    numbered = rows.exclude(company_number="", vat_number="").values_list("name", *_NUMBERS)
    found = {
        key: name
        for name, *numbers in numbered.iterator()
        for key in keys_of(dict(zip(_NUMBERS, numbers, strict=True)))
    }
    held = Participant.objects.filter(organization__in=rows)
    for scheme, value, name in held.values_list("scheme", "value", "organization__name"):
        for key in keys_of_identifier(f"{scheme}:{value}"):
            found.setdefault(key, name)
    return found


def find(platform: Organization, profile: Mapping[str, str]) -> list[Organization]:
    """The companies of a platform that have a number of `profile`, in whatever spelling."""
    wanted = keys_of(profile)
    rows = Organization.objects.under(platform)
    found = [
        pk
        for key in wanted
        # Those that have its digits somewhere are few, however many companies there are.
        for pk, *numbers in search.narrow(rows, _COUNTRY.sub("", key), within=platform)
        .values_list("pk", *_NUMBERS)
        .iterator()
        if wanted & keys_of(dict(zip(_NUMBERS, numbers, strict=True)))
    ]
    return list(Organization.objects.filter(pk__in=found).order_by("id"))


def holder(platform: Organization, identifier: str) -> Organization | None:
    """The company of a platform, or itself, that has an identifier on the network."""
    try:
        pid = identifiers.parse(identifier)
    except Invalid:
        return None
    rows = Participant.objects.visible_to(platform).identified(pid.scheme, pid.value).sending()
    row = rows.select_related("organization").first()
    return row.organization if row else None
