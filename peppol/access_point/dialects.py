"""The access points that can be spoken to, and the one that this installation has.

`ACCESS_POINT_DIALECT` names it. Where it is, everybody asks here: nothing else reads
`ACCESS_POINT_URL`.
"""

from collections.abc import Callable

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from peppol.access_point.client import AccessPointClient

# Makes the client of the access point at an address, with the token that the settings have.
Connect = Callable[[str], AccessPointClient]
_DIALECTS: dict[str, Connect] = {}


def register(name: str, connect: Connect) -> None:
    """Make a dialect known; the app does so at start."""
    _DIALECTS[name] = connect


def names() -> list[str]:
    """The names that `ACCESS_POINT_DIALECT` can have."""
    return list(_DIALECTS)


def configured_access_point() -> AccessPointClient:
    """The installation's access point.

    Raises ImproperlyConfigured when nobody speaks its dialect.
    """
    connect = _DIALECTS.get(settings.ACCESS_POINT_DIALECT)
    if connect is None:
        raise ImproperlyConfigured(f"ACCESS_POINT_DIALECT is one of {', '.join(names())}.")
    return connect(access_point_address())


def access_point_address() -> str:
    """Where the installation's access point is; its circuit breaker goes by this name."""
    return str(settings.ACCESS_POINT_URL).rstrip("/")
