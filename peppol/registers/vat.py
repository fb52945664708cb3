"""Whether a VAT number is valid: asked of VIES, remembered, and never waited for long.

The sandbox asks nobody and goes by the check digits.
"""

import asyncio
import re
from dataclasses import asdict, dataclass
from urllib.parse import quote

import aiohttp
from django.conf import settings
from django.core.cache import cache
from stdnum.eu import vat as eu_vat

from tenants.outside_text import read_json

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
    country = {"GR": "EL"}.get(number[:2], number[:2])
    url = f"{settings.VIES_URL}/ms/{country}/vat/{quote(number[2:], safe='')}"
    try:
        answer = read_json(asyncio.run(_fetch(url, settings.VIES_TIMEOUT)))
    except (aiohttp.ClientError, TimeoutError, OSError, ValueError):
        return Validity(number, None)
    valid = answer.get("isValid") if isinstance(answer, dict) else None
    # A member state that does not answer is reported as an error, not as a no.
    if not isinstance(valid, bool) or (
        not valid and answer.get("userError", "INVALID") != "INVALID"
    ):
        return Validity(number, None)
    name, address = (str(answer.get(part) or "")[:500] for part in ("name", "address"))
    return Validity(number, valid, name.strip("- "), address.strip("- "))


async def _fetch(url: str, seconds: float) -> bytes:
    """GET within a deadline for everything, the body's last byte included."""
    timeout = aiohttp.ClientTimeout(total=seconds)
    async with (
        aiohttp.ClientSession(timeout=timeout) as session,
        session.get(url, allow_redirects=False, raise_for_status=True) as response,
    ):
        body = b""
        async for chunk in response.content.iter_chunked(4096):
            body += chunk
            if len(body) > _MOST_BYTES:
                raise ValueError("The answer is too long.")
        return body
