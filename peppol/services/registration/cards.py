"""What people and programs say of a company on its business cards; the worker publishes it."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db import transaction

from peppol import country_profiles
from peppol.identifiers import DEFAULT_DOCUMENT_TYPES
from peppol.models import CompanyCard, Participant
from peppol.services.registration import card_words, desired, events, participants
from peppol.services.registration.card_names import first_of
from peppol.services.registration.events import announce
from tenants import events as trail
from tenants import persistence
from tenants.actors import Actor
from tenants.errors import WrongState
from tenants.models import Organization

State = Participant.State
Publication = Participant.Publication
_WRITTEN = (
    "card_name",
    "card_names",
    "card_state",
    "document_types",
    "metadata_state",
    "attempt_count",
    "next_attempt_at",
    "updated_at",
)


@transaction.atomic
def rename(participant: Participant, *, card_name: str, by: Actor) -> Participant:
    """Change the name on the business card; the worker publishes it.

    Raises WrongState (`not_registered`) unless the participant is on the network or about to be.
    """
    participant = participants.locked(participant)
    if participant.state not in Participant.HOLDING_STATES:
        raise WrongState(
            "%(identifier)s is not registered on the network.",
            values={"identifier": participant.identifier},
            code="not_registered",
        )
    before = participant.card_name
    if before == card_name and participant.card_state != Publication.FAILED:
        return participant
    participant.card_name, participant.card_names = card_name, {}
    # What was said for identifiers to come is no longer so.
    CompanyCard.objects.filter(organization=participant.organization_id).update(names={})
    participant.card_state = Publication.PENDING
    if participant.state == State.ACTIVE:
        participants.hasten(participant)
    persistence.update(participant, list(_WRITTEN))
    announce(participant, events.CARD_CHANGED, by=by, changes={"card_name": [before, card_name]})
    return participant


@transaction.atomic
def describe(company: Organization, said: Mapping[str, Any], *, by: Actor) -> CompanyCard:
    """Have the network know this of a company: fields of `CompanyCard`, those that are left out
    stay. What it has on the network is published anew, and so is what it registers later.

    No change, no event. Raises Invalid with the fields at fault.
    """
    wanted = card_words.checked(said)
    Organization.objects.select_for_update(no_key=True).get(pk=company.pk)
    card = CompanyCard.objects.filter(organization=company).first()
    card = card or CompanyCard(organization=company)
    changes = {
        name: [_plain(getattr(card, name)), _plain(value)]
        for name, value in wanted.items()
        if _plain(getattr(card, name)) != _plain(value)
    }
    if not changes:
        return card
    for name in changes:
        setattr(card, name, wanted[name])
    if card._state.adding:
        persistence.insert(card)
    else:
        persistence.update(card, [*changes, "updated_at"])
    _publish(company, card, set(changes))
    trail.record(company, events.DESCRIBED, by=by, changes=changes)
    return card


def shown(company: Organization) -> dict[str, Any]:
    """What is said of a company by now: what its identifiers show, where it has any.

    `directory` is how far the Directory is, which has what is on the network from here alone.
    """
    card = CompanyCard.objects.filter(organization=company).first()
    card = card or CompanyCard(organization=company)
    said = {name: getattr(card, name) for name in card_words.FIELDS}
    rows = list(Participant.objects.of(company))
    said["directory"] = _in_directory(rows) if card.is_listed else Publication.NONE
    leading = participants.leading(rows)
    if leading is not None:
        named = {"": leading.card_name} if leading.card_name else {}
        said["names"] = leading.card_names or named
        said["document_types"] = [one.uri for one in desired.document_types(leading)]
    return said


def _in_directory(rows: list[Participant]) -> str:
    states = {one.directory_state for one in rows if one.is_registered}
    likely = (Publication.PUBLISHED, Publication.PENDING)
    return next((str(state) for state in likely if state in states), str(Publication.NONE))


def _publish(company: Organization, card: CompanyCard, changed: set[str]) -> None:
    """Note with every identifier of a company what is to be published of it from now on."""
    rows = Participant.objects.of(company).select_for_update(no_key=True).order_by("pk")
    for row in rows:
        if "names" in changed and card.names:
            row.card_names, row.card_name = dict(card.names), first_of(card.names)
        if "document_types" in changed:
            types = [t for t in country_profiles.all_types() if t.uri in card.document_types]
            row.document_types = desired.noted(types or DEFAULT_DOCUMENT_TYPES, row.document_types)
        if row.state == State.ACTIVE:
            if changed - {"document_types"}:
                row.card_state = Publication.PENDING
            if "document_types" in changed:
                row.metadata_state = Publication.PENDING
            row.attempt_count = 0
            participants.hasten(row)
        row.save(update_fields=_WRITTEN)


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value
