"""What stands before the host of a receiver's address: a user name and a password.

They are kept apart from the address, encrypted, and sent as Basic auth (RFC 7617); the address is
shown without them.
"""

import re
from base64 import b64encode
from typing import NamedTuple
from urllib.parse import quote, unquote, urlsplit

from django.utils.translation import gettext_noop

from tenants.errors import Invalid
from tenants.outside_text import STRUCK_OUT
from webhooks import guard

_AUTHORITY = re.compile(r"(?<=//)[^/?#]*")
# RFC 3986: whatever else stands in front of an @ is written as %40 and so on.
_USER_INFO = re.compile(r"(?:[A-Za-z0-9._~!$&'()*+,;=:-]|%[0-9A-Fa-f]{2})*")
_MOST = 500
# Shorter ones would be struck out of ordinary words.
_SHORTEST = 4


class Target(NamedTuple):
    """An address that may be called, and `user:password` for it; empty for a bare `@`, None where
    nothing stands before the host."""

    url: str
    credentials: str | None


def apart(url: str) -> Target:
    """Take an address apart. Raises Invalid for what cannot be sent, and for one that we would
    not call."""
    found = _AUTHORITY.search(url)
    before, sign, host = found.group().rpartition("@") if found else ("", "", "")
    if found is None or not sign:
        return Target(guard.check_url(url), None)
    bare = guard.check_url(url[: found.start()] + host + url[found.end() :])
    return Target(bare, _read(before))


def _read(before: str) -> str:
    name, _, password = before.partition(":")
    text = f"{unquote(name)}:{unquote(password)}"
    is_sendable = len(text) <= _MOST and text.isprintable() and ":" not in unquote(name)
    if not _USER_INFO.fullmatch(before) or not is_sendable:
        sentence = gettext_noop(
            "Write what is no letter or digit of the user name and the password as %40 and so on."
        )
        raise Invalid(sentence, code="invalid_url", fields={"url": [sentence]})
    return text if text != ":" else ""


def header(credentials: str) -> dict[str, str]:
    """The header that carries them; none without any."""
    return {"Authorization": f"Basic {_encoded(credentials)}"} if credentials else {}


def without(content: bytes, credentials: str) -> bytes:
    """An answer without the password, should the receiver say it back."""
    password = credentials.partition(":")[2]
    if len(password) < _SHORTEST:
        return content.replace(_encoded(credentials).encode(), STRUCK_OUT.encode())
    for form in (_encoded(credentials), password, quote(password, safe="")):
        content = content.replace(form.encode(), STRUCK_OUT.encode())
    return content


def is_same_receiver(one: str, other: str) -> bool:
    """Whether two addresses are of one host and port, which alone may be told a password."""
    a, b = urlsplit(one), urlsplit(other)
    return (a.scheme, a.hostname, a.port) == (b.scheme, b.hostname, b.port)


def _encoded(credentials: str) -> str:
    return b64encode(credentials.encode()).decode()
