"""Identifiers that stand in for companies without one, where a network knows such.

The sandbox does, so that documents can be tried before anything is registered. It hands in at
start how its identifiers look; on a real network nobody stands in for anybody.
"""

from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from django.conf import settings

from peppol.identifiers import ParticipantId
from tenants.models import Organization


@dataclass(frozen=True)
class StandIns:
    """How a network stands in: under which scheme, and who takes what names no receiver."""

    scheme: str
    sink: str
    # Whether anybody on the network receives under an identifier.
    is_receiver: Callable[[str], bool]

    def of(self, company: Organization) -> str:
        """The identifier that stands in for `company`."""
        return f"{self.scheme}:{company.pk.hex}"

    def company_of(self, pid: ParticipantId) -> Organization | None:
        """The company that `pid` stands in for; None when it stands in for nobody."""
        if pid.scheme != self.scheme or len(pid.value) != 32:
            return None
        try:
            key = UUID(pid.value)
        except ValueError:
            return None
        return Organization.objects.live().select_related("parent").filter(pk=key).first()


_sandbox: list[StandIns] = []


def register(sandbox: StandIns) -> None:
    """Say how the sandbox stands in for companies."""
    _sandbox[:] = [sandbox]


def offered() -> StandIns | None:
    """The stand-ins of the network we are on; None on a real one."""
    return _sandbox[0] if _sandbox and settings.PEPPOL_NETWORK == "sandbox" else None
