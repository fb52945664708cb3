"""Under which Peppol identifier a company sends, and whose an identifier is."""

from uuid import UUID

from django.conf import settings

from peppol import identifiers
from peppol.models import Participant
from peppol.sandbox.exchange import STAND_IN
from peppol.sandbox.models import Group
from peppol.services.registration import participants
from tenants.errors import Invalid, WrongState
from tenants.models import Organization


def sender_of(company: Organization) -> str:
    """The identifier that `company` sends under. Raises WrongState when it may not send."""
    candidates = list(Participant.objects.of(company))
    leading = participants.leading(candidates)
    if leading is not None and leading.state in Participant.HOLDING_STATES:
        if leading.is_registered or settings.PEPPOL_NETWORK == "sandbox":
            return leading.identifier
    elif settings.PEPPOL_NETWORK == "sandbox" and not _has_left(candidates):
        return stand_in(company)
    raise WrongState("This company is not registered on the network.", code="not_registered")


def check_own(company: Organization, identifier: str) -> None:
    """Refuse a document that says it comes from somebody else.

    Raises Invalid. A company without any identifier may say in the sandbox what it likes.
    """
    own = {one.identifier.lower() for one in Participant.objects.of(company).holding()}
    if own and identifier.lower() not in own:
        raise Invalid(
            "The document's sender is %(sender)s, which is not an identifier of this company.",
            values={"sender": identifier},
            code="foreign_sender",
        )


def stand_in(company: Organization) -> str:
    """The sandbox's identifier for a company that has none of its own."""
    return f"{STAND_IN}:{company.pk.hex}"


def is_known_in_sandbox(identifier: str) -> bool:
    """Whether the sandbox has somebody who receives under `identifier`."""
    if identifier.startswith(f"{STAND_IN}:"):
        return True
    return Group.objects.filter(uri=f"{identifiers.SCHEME}::{identifier}".lower()).exists()


def owner_of(identifier: str) -> Organization | None:
    """The open company that receives under `identifier`; None when nobody here does."""
    try:
        pid = identifiers.parse(identifier)
    except Invalid:
        return None
    company = _stood_in_for(pid)
    if company is None:
        found = (
            Participant.objects.identified(pid.scheme, pid.value)
            .registered()
            .select_related("organization__parent")
            .first()
        )
        company = found.organization if found else None
    return company if company is not None and company.is_open else None


def _stood_in_for(pid: identifiers.ParticipantId) -> Organization | None:
    if settings.PEPPOL_NETWORK != "sandbox" or pid.scheme != STAND_IN or len(pid.value) != 32:
        return None
    try:
        key = UUID(pid.value)
    except ValueError:
        return None
    return Organization.objects.live().select_related("parent").filter(pk=key).first()


def _has_left(candidates: list[Participant]) -> bool:
    left = (Participant.State.UNREGISTERED, Participant.State.UNREGISTERING)
    return any(one.state in left for one in candidates)
