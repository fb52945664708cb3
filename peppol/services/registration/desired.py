"""What is to be found at the SMP for a participant, as its row and its company say."""

import re
from collections.abc import Iterable
from dataclasses import replace

from django.conf import settings

from peppol import code_lists, country_profiles, identifiers
from peppol.identifiers import DocumentType
from peppol.models import AccessPoint, CompanyCard, Participant
from peppol.smp import trust
from peppol.smp.client import ApEndpoint, BusinessCard, Contact, Entity
from peppol.smp.publishing import DesiredState

# What an address may be written with; a percent sign begins an octet.
_ADDRESS = re.compile(r"([A-Za-z0-9\-._~:/?#\[\]@!$&'()*+,;=]|%[0-9A-Fa-f]{2})+")


def of(participant: Participant, *, migration_key: str = "", lost: bool = False) -> DesiredState:
    """The order for a participant; reads its organization and its access point."""
    return DesiredState(
        participant=identifiers.parse(participant.identifier),
        document_types=document_types(participant),
        chosen=bool(participant.document_types),
        endpoint=endpoint(participant.access_point),
        card=card(participant),
        migration_key=migration_key,
        reference=str(participant.organization_id),
        put_up=participant.put_up_at is not None,
        lost=lost,
    )


def document_types(participant: Participant) -> tuple[DocumentType, ...]:
    """What a participant receives: its own list, else the usual set."""
    wanted = participant.document_types
    types = tuple(t for t in country_profiles.all_types() if t.uri in wanted)
    usual = types if wanted else identifiers.DEFAULT_DOCUMENT_TYPES
    return country_profiles.under(participant.scheme, usual)


def troubles() -> list[str]:
    """What is wrong with the settings that every registration publishes, a sentence each.

    An SMP refuses XML with something else there as a whole, and does not say why.
    """
    as4 = _is_url(settings.ACCESS_POINT_AS4_URL, ("https", "http"))
    contact = is_contact(settings.TECHNICAL_CONTACT_URL)
    said = []
    if not as4:
        said.append("ACCESS_POINT_AS4_URL is no address, such as https://ap.example.com/as4.")
    elif settings.PEPPOL_NETWORK != "sandbox" and not as4.startswith("https:"):
        said.append("ACCESS_POINT_AS4_URL begins with https:// on a real network.")
    if not contact:
        said.append(
            "TECHNICAL_CONTACT_URL is no address, such as mailto:ops@example.com or "
            "https://example.com/contact."
        )
    return said


def is_contact(text: str) -> bool:
    """Whether an SMP takes this as the address of a technical contact."""
    return bool(_is_url(text, ("https", "http", "mailto", "tel")))


def _is_url(text: str, schemes: tuple[str, ...]) -> str:
    """The address as it was given, or nothing where it is none of these schemes."""
    scheme, _, rest = text.partition(":")
    whole = _ADDRESS.fullmatch(text) is not None and scheme in schemes
    if scheme in ("http", "https"):
        whole = whole and bool(re.match("//[^/?#@]*[A-Za-z0-9]", rest))
    return text if whole and rest else ""


def noted(document_types: Iterable[DocumentType], before: Iterable[str] = ()) -> list[str]:
    """What a participant's list says when these are asked for, what it said `before` without any.
    Of the usual set it says nothing, and so follows the code list; unless it had one of a country's
    own types before, which the SMP is told to forget by a list without it."""
    if not document_types:
        return list(before)
    wanted = [one.uri for one in document_types]
    usual = {one.uri for one in identifiers.DEFAULT_DOCUMENT_TYPES}
    offered = {one.uri for one in code_lists.document_types()}
    return [] if set(wanted) == usual and set(before) <= offered else wanted


def own_endpoint() -> ApEndpoint:
    """The installation's access point, which registrations point at if they name no other."""
    return _endpoint_at(settings.ACCESS_POINT_AS4_URL, trust.access_point_certificate())


def endpoint(access_point: AccessPoint | None) -> ApEndpoint:
    """What registrations publish of an access point; of the installation's own where there is
    none.
    """
    if access_point is None:
        return own_endpoint()
    return _endpoint_at(access_point.url, access_point.certificate, access_point.contact_url)


def _endpoint_at(url: str, certificate: str, contact_url: str = "") -> ApEndpoint:
    return ApEndpoint(
        url=url,
        certificate=certificate,
        description="Gatehouse access point",
        contact_url=contact_url or settings.TECHNICAL_CONTACT_URL,
    )


def card(participant: Participant) -> BusinessCard | None:
    """The business card; None for a company that the Directory is not to list."""
    said = said_by(participant)
    if said is not None and not said.is_listed:
        return None
    names = participant.card_names or {"": participant.card_name}
    vat_number = _printable(participant.organization.vat_number)
    entity = Entity(
        names={language: _printable(name) for language, name in names.items()},
        country=_country(participant),
        identifiers=[("VAT", vat_number)] if vat_number else [],
    )
    return BusinessCard([entity if said is None else _with_details(entity, said)])


def said_by(participant: Participant) -> CompanyCard | None:
    """What the participant's company said of itself, if anything."""
    found: CompanyCard | None = getattr(participant.organization, "company_card", None)
    return found


def _with_details(entity: Entity, said: CompanyCard) -> Entity:
    further = [(_printable(scheme), _printable(value)) for scheme, value in said.identifiers]
    return replace(
        entity,
        location=_printable(said.location),
        identifiers=list(dict.fromkeys([*entity.identifiers, *further])),
        websites=list(said.websites),
        contacts=[Contact(*map(_printable, contact)) for contact in said.contacts],
        additional=_printable(said.additional),
        registered_on=said.registered_on.isoformat() if said.registered_on else "",
    )


def _country(participant: Participant) -> str:
    """The company's country, else that of the register that gave out its number."""
    organization = participant.organization
    scheme = code_lists.schemes().get(participant.scheme)
    register = scheme.country if scheme else ""
    return organization.country or organization.address_country or register


def _printable(text: str) -> str:
    """Without what XML cannot carry, and with single blanks."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())
