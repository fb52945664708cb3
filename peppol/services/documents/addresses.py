"""Under which Peppol identifier a company sends, which are its own, and who can be written to."""

from django.utils.translation import gettext_noop

from peppol import identifiers
from peppol.invoices import addressing, reading
from peppol.invoices.addressing import Named
from peppol.models import Participant
from peppol.services.documents import stand_ins
from peppol.services.registration import participants
from tenants.errors import Invalid, WrongState
from tenants.models import Organization

# What is not on the network yet, but meant to be.
_PLANNED = (Participant.State.DRAFT,)


def sender_of(company: Organization) -> str:
    """The identifier that `company` sends under. Raises WrongState when it may not send."""
    candidates = list(Participant.objects.of(company))
    leading, offered = participants.leading(candidates), stand_ins.offered()
    if leading is not None and leading.state in Participant.SENDING_STATES:
        if leading.may_send or offered:
            return leading.identifier
    elif offered and not _has_left(candidates):
        return offered.of(company)
    raise WrongState("This company is not registered on the network.", code="not_registered")


def planned_of(company: Organization) -> str:
    """The identifier that `company` will send under as things are; nothing where it has none."""
    leading = participants.leading(list(Participant.objects.of(company)))
    if leading is not None and leading.state in (*Participant.SENDING_STATES, *_PLANNED):
        return leading.identifier
    try:
        return sender_of(company)
    except WrongState:
        return ""


def routed(company: Organization, content: bytes, *, sender: str = "", receiver: str = "") -> bytes:
    """A UBL invoice with the addresses that it goes between written into it.

    They are those that are asked for, else those that it names. Where it names none, or one under
    a scheme that is not in the code list, they follow from the party's tax or company number; of
    the company itself it is its own. Raises Invalid for what is no identifier.
    """
    root = reading.parse(content)
    reading.header(root)
    for asked in filter(None, (sender, receiver)):
        identifiers.parse(asked)
    us, them = addressing.parties(root)
    other = them.address if _is_known(them) else next(iter(them.proposed), them.address)
    changed = addressing.write(root, sender=sender or _own(company, us), receiver=receiver or other)
    return reading.plain(root) if changed else content


def _own(company: Organization, named: Named) -> str:
    """The address of the company in a document of its own, where the document has a wrong one."""
    mine = [one.identifier for one in Participant.objects.of(company).sending()]
    lower = [one.lower() for one in mine]
    if named.address.lower() in lower:
        return named.address
    for proposed in named.proposed:
        if proposed.lower() in lower:
            return mine[lower.index(proposed.lower())]
    return named.address if _is_known(named) else planned_of(company)


def _is_known(named: Named) -> bool:
    offered = stand_ins.offered()
    stands_in = offered is not None and named.address.startswith(f"{offered.scheme}:")
    return stands_in or addressing.is_known(named.address)


def check_own(company: Organization, identifier: str) -> None:
    """Refuse a document that leaves under an identifier which is not the company's own.

    On a real network that is one whose registration is active, or that it only sends under;
    whether it was verified is `gate`'s to say. Raises WrongState when the company
    has none, or not this one yet, and Invalid when it is nobody's here or somebody else's. In the
    sandbox a company without any identifier may say what it likes.
    """
    candidates = list(Participant.objects.of(company).sending())
    named = [one for one in candidates if one.identifier.lower() == identifier.lower()]
    if stand_ins.offered():
        if candidates and not named:
            raise _foreign(identifier)
    elif not any(one.may_send for one in candidates):
        raise WrongState(
            "This company is not registered on the network, so it cannot send.",
            code="not_registered",
        )
    elif not named:
        raise _foreign(identifier)
    elif not named[0].may_send:
        raise WrongState(
            "The registration of %(sender)s is not active yet.",
            values={"sender": identifier},
            code="sender_not_active",
        )


def check_receiver(receiver: str) -> None:
    """Refuse a document that names nobody, or nobody there could be. Raises Invalid."""
    if not receiver:
        sentence = gettext_noop("The document names no receiver.")
        raise Invalid(sentence, code="no_receiver", fields={"to": [sentence]})
    try:
        identifiers.parse(receiver)
    except Invalid as refusal:
        raise Invalid(
            refusal.message, code="malformed_identifier", fields={"to": [refusal.message]}
        ) from None


def _foreign(identifier: str) -> Invalid:
    return Invalid(
        "The document's sender is %(sender)s, which is not an identifier of this company.",
        values={"sender": identifier},
        code="foreign_sender",
    )


def _has_left(candidates: list[Participant]) -> bool:
    left = (Participant.State.UNREGISTERED, Participant.State.UNREGISTERING)
    return any(one.state in left for one in candidates)
