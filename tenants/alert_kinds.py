"""Of what people can be alerted: kinds of trouble and of news, by the events that tell of them."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from tenants.access.roles import SEES, Area, is_open_to
from tenants.models import Membership


@dataclass(frozen=True)
class AlertKind:
    """A kind: for whoever sees `area`, of events of these types."""

    name: str
    title: Any
    area: Area
    types: tuple[str, ...]


KINDS: dict[str, AlertKind] = {
    kind.name: kind
    for kind in (
        AlertKind(
            "document",
            _("A document failed or is held"),
            Area.DOCUMENTS,
            ("document.failed", "document.held"),
        ),
        AlertKind(
            "registration",
            _("A registration failed, was lost, or is elsewhere"),
            Area.REGISTRATIONS,
            ("company.smp_failed", "company.smp_lost", "company.smp_elsewhere"),
        ),
        AlertKind(
            "webhook",
            _("A webhook fails or was disabled"),
            Area.WEBHOOKS,
            ("endpoint.failing", "endpoint.disabled"),
        ),
        AlertKind(
            "quota",
            _("A quota is nearly or wholly used"),
            Area.USAGE,
            ("quota.warning", "quota.reached"),
        ),
        AlertKind(
            "application",
            _("An application was answered"),
            Area.SETTINGS,
            ("application.approved", "application.rejected", "application.info_requested"),
        ),
        AlertKind("statement", _("A statement was issued"), Area.BILLING, ("statement.issued",)),
    )
}
BY_TYPE: dict[str, AlertKind] = {name: kind for kind in KINDS.values() for name in kind.types}


def known_to(member: Membership) -> list[str]:
    """The kinds of which somebody may know, by their role and whose people they are."""
    mine = [kind for kind in KINDS.values() if kind.area in SEES[member.role]]
    return [kind.name for kind in mine if is_open_to(member.organization, kind.area)]
