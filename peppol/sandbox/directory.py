"""The sandbox's Directory: reads cards from the SMP and finds them again."""

from collections.abc import Iterable
from typing import Any

from django.utils import timezone
from lxml.builder import ElementMaker

from peppol.sandbox import faults
from peppol.sandbox.models import Card, Fault
from peppol.smp import documents
from peppol.smp.client import Entity

_MOST = 1000
_xml = ElementMaker()


class NotTaken(Exception):
    """The Directory did not take the card."""


def index(card: Card) -> None:
    """Enter a card, or enter it anew. Raises NotTaken."""
    if faults.current() == Fault.Kind.DIRECTORY:
        raise NotTaken
    Card.objects.filter(pk=card.pk).update(indexed_at=timezone.now())


def search(wanted: dict[str, str], page: int, size: int) -> dict[str, Any]:
    """Answer a search as the public Directory does: what matches all of `wanted`, paged."""
    cards = Card.objects.exclude(indexed_at=None).select_related("group").order_by("id")
    if wanted.get("participant"):
        cards = cards.filter(group__uri=wanted["participant"].lower())
    matches = [match for match in map(_match, cards[:_MOST]) if _fits(match, wanted)]
    shown = matches[page * size : (page + 1) * size]
    return {
        "version": "1.0",
        "total-result-count": len(matches),
        "used-result-count": len(shown),
        "result-page-index": page,
        "result-page-count": size,
        "first-result-index": page * size,
        "last-result-index": page * size + len(shown) - 1,
        "query-terms": " ".join(filter(None, wanted.values())),
        "creation-dt": timezone.now().isoformat(timespec="milliseconds"),
        "matches": shown,
    }


def to_xml(found: dict[str, Any]) -> bytes:
    """The answer to a search in the Directory's other form."""
    facts = {name: str(value) for name, value in found.items() if name != "matches"}
    return documents.to_bytes(_xml.resultlist(*map(_match_in_xml, found["matches"]), facts))


def _match_in_xml(match: dict[str, Any]) -> Any:
    ids = [
        _xml(tag, one["value"], scheme=one["scheme"])
        for tag, one in (
            ("participantID", match["participantID"]),
            *(("docTypeID", one) for one in match["docTypes"]),
        )
    ]
    return _xml.match(*ids, *map(_entity_in_xml, match["entities"]))


def _entity_in_xml(entity: dict[str, Any]) -> Any:
    names = [dict(one) for one in entity["name"]]
    geo, more, since = (
        [_xml(tag, entity[tag])] if entity[tag] else []
        for tag in ("geoInfo", "additionalInfo", "regDate")
    )
    return _xml.entity(
        *(_xml.name(one.pop("name"), one) for one in names),
        _xml.countryCode(entity["countryCode"]),
        *geo,
        *(_xml.identifier(one["value"], scheme=one["scheme"]) for one in entity["identifiers"]),
        *map(_xml.website, entity["websites"]),
        *(_xml.contact({k: v for k, v in one.items() if v}) for one in entity["contacts"]),
        *more,
        *since,
    )


def _match(card: Card) -> dict[str, Any]:
    scheme, _, value = card.group.uri.partition("::")
    entities = documents.read_card(documents.parse_xml(card.body.encode())).entities
    return {
        "participantID": {"scheme": scheme, "value": value},
        "docTypes": [
            dict(zip(("scheme", "value"), name.split("::", 1), strict=True))
            for name in card.group.services.values_list("document_type", flat=True)
        ],
        "entities": [_entity(entity) for entity in entities],
    }


def _entity(entity: Entity) -> dict[str, Any]:
    return {
        "name": [
            {"name": name, **({"language": language} if language else {})}
            for language, name in entity.names.items()
        ],
        "countryCode": entity.country,
        "geoInfo": entity.location,
        "identifiers": [{"scheme": s, "value": v} for s, v in entity.identifiers],
        "websites": entity.websites,
        "contacts": [
            {"type": c.kind, "name": c.name, "phone": c.phone, "email": c.email}
            for c in entity.contacts
        ],
        "additionalInfo": entity.additional,
        "regDate": entity.registered_on,
    }


def _fits(match: dict[str, Any], wanted: dict[str, str]) -> bool:
    names = [n["name"] for e in match["entities"] for n in e["name"]]
    countries = [e["countryCode"] for e in match["entities"]]
    places = [e["geoInfo"] for e in match["entities"]]
    everything = [match["participantID"]["value"], *names, *countries, *places]
    return all(
        _holds(term, texts)
        for term, texts in (
            (wanted.get("q"), everything),
            (wanted.get("name"), names),
            (wanted.get("country"), countries),
            (wanted.get("geoinfo"), places),
        )
    )


def _holds(term: str | None, texts: Iterable[str]) -> bool:
    return not term or any(term.lower() in text.lower() for text in texts)
