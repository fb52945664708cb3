"""Countries as people write them in a file: by code, and by name in the portal's languages."""

import gettext
from functools import cache

import pycountry

from peppol.services.imports.columns import plain
from tenants.models import Organization


def country_code(text: str, platform: Organization) -> str | None:
    """The alpha-2 code of a country by its code or its name; None for one that nobody knows."""
    if not text:
        return platform.country
    return country_named(text)


def country_named(text: str) -> str | None:
    """The alpha-2 code of a country by its code or its name; None for any other text."""
    return _countries().get(plain(text))


@cache
def _countries() -> dict[str, str]:
    """Codes and names, in the portal's languages, without spaces and signs."""
    found: dict[str, str] = {}
    languages = [
        gettext.translation(
            "iso3166-1", pycountry.LOCALES_DIR, languages=[code], fallback=True
        ).gettext
        for code in ("fr", "nl", "de")
    ]
    for country in pycountry.countries:
        names = [country.name, getattr(country, "common_name", country.name)]
        names += [say(country.name) for say in languages]
        for name in (country.alpha_2, country.alpha_3, *names):
            found.setdefault(plain(name), country.alpha_2)
    return found
