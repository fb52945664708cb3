"""Under which Peppol identifier a company sends, and whose an identifier is."""

from peppol import identifiers
from peppol.models import Participant
from peppol.services.documents import stand_ins
from peppol.services.registration import participants
from tenants.errors import Invalid, WrongState
from tenants.models import Organization


def sender_of(company: Organization) -> str:
    """The identifier that `company` sends under. Raises WrongState when it may not send."""
    candidates = list(Participant.objects.of(company))
    leading, offered = participants.leading(candidates), stand_ins.offered()
    if leading is not None and leading.state in Participant.HOLDING_STATES:
        if leading.is_registered or offered:
            return leading.identifier
    elif offered and not _has_left(candidates):
        return offered.of(company)
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


def owner_of(identifier: str) -> Organization | None:
    """The open company that receives under `identifier`; None when nobody here does."""
    try:
        pid = identifiers.parse(identifier)
    except Invalid:
        return None
    offered = stand_ins.offered()
    company = offered.company_of(pid) if offered else None
    if company is None:
        found = (
            Participant.objects.identified(pid.scheme, pid.value)
            .registered()
            .select_related("organization__parent")
            .first()
        )
        company = found.organization if found else None
    return company if company is not None and company.is_open else None


def _has_left(candidates: list[Participant]) -> bool:
    left = (Participant.State.UNREGISTERED, Participant.State.UNREGISTERING)
    return any(one.state in left for one in candidates)
