"""Countries as people and registers write them: by code, and by name in the portal's languages."""

import gettext
from functools import cache, lru_cache

import pycountry

from peppol.spelling import plain

# Names that no list of countries has, and the letters that stand on cars.
_ALSO = {
    "AT": "A|Republik Österreich",
    "BE": "B|Koninkrijk België|Royaume de Belgique",
    "CZ": "Czech Republic|Tsjechische Republiek|République tchèque|Tschechische Republik",
    "DE": "D|Duitsland (Bondsrep.)|Allemagne (Rép. féd.)|Federal Republic of Germany",
    "ES": "E",
    "FR": "F|République française",
    "GB": "UK|Great Britain|England|Scotland|Wales|Groot-Brittannië|Verenigd Koninkrijk|Engeland|"
    "Grande-Bretagne|Angleterre|Großbritannien",
    "GR": "EL",
    "IE": "Republic of Ireland|Ierland (Republiek)",
    "IT": "I",
    "LU": "L|Groothertogdom Luxemburg|Grand-Duché de Luxembourg|Luxembourg (Grand-Duché)",
    "NL": "Holland|The Netherlands|Netherlands|Nederland|Pays-Bas|Niederlande",
    "US": "United States of America|Verenigde Staten van Amerika|États-Unis d'Amérique",
}


def code(name: str) -> str | None:
    """The alpha-2 code of a country by its code or its name; None for one that nobody knows."""
    return _countries().get(plain(name))


@lru_cache(1024)
def name(alpha_2: str) -> str | None:
    """The country's name in English; None for a code that nobody knows."""
    country = pycountry.countries.get(alpha_2=alpha_2)
    return country.name if country else None


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
    for alpha_2, also in _ALSO.items():
        for name in also.split("|"):
            found.setdefault(plain(name), alpha_2)
    return found
