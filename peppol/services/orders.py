"""What is to be found at the SMP for a participant, as its row and its company say."""

from peppol import code_lists, identifiers
from peppol.models import Participant
from peppol.publishing import Order
from peppol.smp import ApEndpoint, BusinessCard, Entity


def of(participant: Participant) -> Order:
    """The order for a participant; reads its organization."""
    return Order(
        participant=identifiers.parse(participant.identifier),
        document_types=identifiers.DEFAULT_DOCUMENT_TYPES,
        endpoint=ApEndpoint.from_settings(),
        card=_card(participant),
    )


def _card(participant: Participant) -> BusinessCard:
    names = participant.card_names or {"": participant.card_name}
    vat_number = _printable(participant.organization.vat_number)
    entity = Entity(
        names={language: _printable(name) for language, name in names.items()},
        country=_country(participant),
        identifiers=[("VAT", vat_number)] if vat_number else [],
    )
    return BusinessCard([entity])


def _country(participant: Participant) -> str:
    """The company's country, else that of the register that gave out its number."""
    organization = participant.organization
    scheme = code_lists.schemes().get(participant.scheme)
    register = scheme.country if scheme else ""
    return organization.country or organization.address_country or register


def _printable(text: str) -> str:
    """Without what XML cannot carry, and with single blanks."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())
