"""Companies that are the same as one that is about to be made: by their numbers and identifiers."""

import re
from collections.abc import Mapping

from peppol import identifiers
from peppol.models import Participant
from tenants.errors import Invalid
from tenants.models import Organization

_NUMBERS = ("country", "company_number", "vat_number")


def keys_of(profile: Mapping[str, str]) -> set[str]:
    """By what a company is the same as another: its numbers, however they are written."""
    country = profile.get("country", "")
    numbers = (profile.get("company_number", ""), profile.get("vat_number", ""))
    digits = [re.sub(r"[^0-9A-Za-z]", "", number).upper() for number in numbers]
    return {f"{country}{one.removeprefix(country).lstrip('0')}" for one in digits if one}


def find(platform: Organization, profile: Mapping[str, str]) -> list[Organization]:
    """The companies of a platform that have a number of `profile`, in whatever spelling."""
    wanted = keys_of(profile)
    if not wanted:
        return []
    rows = Organization.objects.under(platform).exclude(company_number="", vat_number="")
    found = [
        pk
        for pk, *numbers in rows.values_list("pk", *_NUMBERS).iterator()
        if wanted & keys_of(dict(zip(_NUMBERS, numbers, strict=True)))
    ]
    return list(Organization.objects.filter(pk__in=found).order_by("id"))


def holder(platform: Organization, identifier: str) -> Organization | None:
    """The company of a platform, or itself, that has an identifier on the network."""
    try:
        pid = identifiers.parse(identifier)
    except Invalid:
        return None
    rows = Participant.objects.visible_to(platform).identified(pid.scheme, pid.value).holding()
    row = rows.select_related("organization").first()
    return row.organization if row else None
