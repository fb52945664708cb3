"""The sites of a platform: where its clients are sent back to, and who may frame their pages."""

from collections.abc import Iterable
from typing import Any
from urllib.parse import SplitResult, urlsplit

import idna

from tenants.errors import Invalid
from tenants.models import Organization

MOST = 20
_LONGEST = 2000


def of(platform: Organization) -> tuple[str, ...]:
    """The origins that a platform allows, such as `https://app.acme.example`."""
    kept: Any = platform.defaults.get("clientLinks")
    found = kept.get("origins") if isinstance(kept, dict) else None
    # Whatever else was kept there is none: this goes into a header of ours.
    known = (origin_of(one) for one in found or () if isinstance(one, str))
    return tuple(one for one in known if one)[:MOST]


def read(lines: Iterable[str]) -> list[str]:
    """What somebody typed as origins, each once. Raises Invalid for what is none."""
    found: dict[str, None] = {}
    for line in lines:
        origin = origin_of(line.strip(), alone=True)
        if not origin:
            raise Invalid(
                "“%(given)s” is no origin, such as https://app.example.com.",
                values={"given": line.strip()[:80]},
                code="bad_origin",
            )
        found[origin] = None
    if len(found) > MOST:
        raise Invalid("At most %(most)s origins.", values={"most": MOST}, code="too_many")
    return [*found]


def check_return(platform: Organization, url: str) -> str:
    """The address that a client is sent back to, if the platform allows its origin.

    Raises Invalid. What a browser would read otherwise than we do is refused as well.
    """
    if url and (origin_of(url) not in of(platform) or len(url) > _LONGEST):
        sentence = "The return address has to be https, at an origin that the platform allows."
        raise Invalid(sentence, code="return_url_refused", fields={"return_url": [sentence]})
    return url


def origin_of(url: str, *, alone: bool = False) -> str:
    """The https origin of an address, empty where it has none; `alone`: that it consists of."""
    # Browsers take a backslash for a slash, and leave white space out.
    if not url.isprintable() or any(sign in url for sign in " \\\t"):
        return ""
    try:
        parts = urlsplit(url)
        return _origin(parts) if not alone or _is_bare(parts) else ""
    except (ValueError, idna.IDNAError):
        return ""


def _is_bare(parts: SplitResult) -> bool:
    return parts.path in ("", "/") and not (parts.query or parts.fragment)


def _origin(parts: SplitResult) -> str:
    if parts.scheme != "https" or not parts.hostname or "@" in parts.netloc:
        return ""
    host = idna.encode(parts.hostname, uts46=True).decode().lower()
    if "." not in host:
        return ""
    return f"https://{host}" if parts.port in (None, 443) else f"https://{host}:{parts.port}"
