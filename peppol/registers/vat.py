"""Whether a VAT number is valid: asked of VIES, remembered, and never waited for long.

The sandbox asks nobody and goes by the check digits.
"""

import re
from dataclasses import asdict, dataclass
from typing import Any
from urllib.parse import quote

import requests
from django.conf import settings
from django.core.cache import cache
from stdnum.eu import vat as eu_vat

_VALID_FOR, _INVALID_FOR, _UNKNOWN_FOR = 24 * 3600, 3600, 300
_MOST_BYTES = 64 * 1024


@dataclass(frozen=True)
class Validity:
    """What is known of a VAT number. `valid` is None when nobody could be asked."""

    number: str
    valid: bool | None
    name: str = ""
    address: str = ""


def check(number: str) -> Validity:
    """Say whether a VAT number, with its country prefix, is valid.

    Takes no longer than `VIES_TIMEOUT` seconds; an answer is remembered for a day, a no for an
    hour, silence for five minutes.
    """
    compact = re.sub(r"[^0-9A-Za-z]", "", number).upper()
    key = f"vat:{compact[:40]}"
    known = cache.get(key)
    if known is not None:
        return Validity(**known)
    found = _ask(compact)
    kept = {True: _VALID_FOR, False: _INVALID_FOR, None: _UNKNOWN_FOR}[found.valid]
    cache.set(key, asdict(found), kept)
    return found


def _ask(number: str) -> Validity:
    if not re.fullmatch(r"[A-Z]{2}[0-9A-Z]{2,13}", number):
        return Validity(number, False)
    if not settings.VIES_URL:
        return Validity(number, bool(eu_vat.is_valid(number)))
    # A number whose check digits are wrong need not leave the house.
    if number[:2].lower() in eu_vat.MEMBER_STATES and not eu_vat.is_valid(number):
        return Validity(number, False)
    return _vies(number)


def _vies(number: str) -> Validity:
    url = f"{settings.VIES_URL}/ms/{number[:2]}/vat/{quote(number[2:], safe='')}"
    timeout = settings.VIES_TIMEOUT
    try:
        with requests.get(
            url, timeout=(timeout / 2, timeout / 2), allow_redirects=False, stream=True
        ) as response:
            response.raise_for_status()
            content = response.raw.read(_MOST_BYTES + 1, decode_content=True)
            answer: Any = requests.models.complexjson.loads(content[:_MOST_BYTES])  # type: ignore[attr-defined]
    except (requests.RequestException, OSError, ValueError):
        return Validity(number, None)
    valid = answer.get("isValid") if isinstance(answer, dict) else None
    # A member state that does not answer is reported as an error, not as a no.
    if not isinstance(valid, bool) or (
        not valid and answer.get("userError", "INVALID") != "INVALID"
    ):
        return Validity(number, None)
    name, address = (str(answer.get(part) or "")[:500] for part in ("name", "address"))
    return Validity(number, valid, name.strip("- "), address.strip("- "))
