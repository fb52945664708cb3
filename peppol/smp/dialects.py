"""The SMPs that can be spoken to, and the one that this installation has.

`SMP_DIALECT` names it. Where it is, everybody asks here: nothing else reads `SMP_URL`.
"""

from collections.abc import Callable

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from peppol.smp.client import SmpClient

# Makes the client of the SMP at an address, with the credentials that the settings have.
Connect = Callable[[str], SmpClient]
_DIALECTS: dict[str, Connect] = {}


def register(name: str, connect: Connect) -> None:
    """Make a dialect known; the app does so at start."""
    _DIALECTS[name] = connect


def names() -> list[str]:
    """What `SMP_DIALECT` can be."""
    return list(_DIALECTS)


def configured_smp() -> SmpClient:
    """The installation's SMP. Raises ImproperlyConfigured when nobody speaks its dialect."""
    connect = _DIALECTS.get(settings.SMP_DIALECT)
    if connect is None:
        raise ImproperlyConfigured(f"SMP_DIALECT is one of {', '.join(names())}.")
    return connect(smp_address())


def smp_address() -> str:
    """Where the installation's SMP is; its circuit breaker goes by this name."""
    return str(settings.SMP_URL).rstrip("/")


def public_smp_address() -> str:
    """What the SML has as the address of the installation's SMP."""
    return str(settings.SMP_PUBLIC_URL or smp_address()).rstrip("/")
