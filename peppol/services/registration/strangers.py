"""What is at the SMP and belongs to nobody here: looked at, shown, and deleted if one says so."""

from dataclasses import dataclass

from django.utils import timezone

from peppol import identifiers
from peppol.identifiers import ParticipantId
from peppol.models import Finding, Participant
from peppol.smp import publishing
from peppol.smp.client import SmpClient
from peppol.smp.dialects import configured_smp
from tenants.errors import WrongState

State = Participant.State


@dataclass(frozen=True)
class Stranger:
    """What the SMP says of a participant that nobody here has.

    `ours` is whether it belongs to our login there, None where that cannot be told; `reference` is
    which of our organizations it was put there for, if it was.
    """

    identifier: str
    ours: bool | None
    reference: str
    document_types: int


def look(finding: Finding) -> Stranger:
    """Look at what was found. Calls the network: not for a transaction. Raises SmpError."""
    with configured_smp() as smp:
        return _look(smp, identifiers.parse(finding.identifier))


def take_down(finding: Finding, *, sure: bool = False) -> None:
    """Delete at the SMP what nobody here knows. Calls the network: not for a transaction.

    Raises WrongState when somebody here has the identifier by now (`known_here`), when it is not
    our login's there or that cannot be told (`not_ours`), and, unless somebody is `sure`, when it
    was not put there from here (`not_from_here`); and SmpError.
    """
    pid = identifiers.parse(finding.identifier)
    if _known(pid.scheme, pid.value):
        raise WrongState(
            "%(identifier)s belongs to a company here.",
            values={"identifier": pid},
            code="known_here",
        )
    with configured_smp() as smp:
        found = _look(smp, pid)
        if not found.ours:
            raise WrongState(
                "At the SMP %(identifier)s does not belong to our login, or SMP_USERNAME does not "
                "say whose that is.",
                values={"identifier": pid},
                code="not_ours",
            )
        if not found.reference and not sure:
            raise WrongState(
                "%(identifier)s was not put there from here: say that you are sure.",
                values={"identifier": pid},
                code="not_from_here",
            )
        publishing.withdraw(smp, pid, lambda call, *arguments: call(*arguments))
    Finding.objects.filter(pk=finding.pk).update(repaired_at=timezone.now())


def _look(smp: SmpClient, pid: ParticipantId) -> Stranger:
    ours: bool | None = None
    if smp.login:
        ours = pid.uri.lower() in {uri.lower() for uri in smp.own_service_group_ids()}
    return Stranger(
        str(pid),
        ours,
        smp.shown_property(pid, publishing.PROPERTY) or "",
        len(smp.service_group(pid) or ()),
    )


def _known(scheme: str, value: str) -> bool:
    namesakes = Participant.objects.identified(scheme, value)
    return namesakes.exclude(state__in=(State.DRAFT, State.UNREGISTERED)).exists()
