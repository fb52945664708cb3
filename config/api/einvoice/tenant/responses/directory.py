"""What the tenant API answers of what the Peppol Directory finds."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.utils import timezone

from config.api.kit.answers import Answer, Number, Text, TextOrNull, Time
from tenants.errors import DomainError, Kind


@dataclass(frozen=True)
class Search:
    """What was searched for, and the Directory's answer as it came."""

    text: str
    answer: Mapping[str, Any]

    @property
    def matches(self) -> list[Any]:
        return self.answer.get("matches") or []


def _at(name: str) -> Text:
    return Text(lambda match: match.get(name, ""))


def _or_null(name: str) -> TextOrNull:
    return TextOrNull(lambda match: match.get(name))


def _each(name: str, match: Mapping[str, Any]) -> list[Any]:
    return match.get(name) or []


class IdentifierAnswer(Answer):
    """An identifier with its scheme."""

    scheme = _at("scheme")
    value = _at("value")


class MatchedEntityAnswer(Answer):
    """A business in the Directory."""

    name = Text(
        lambda one: next((name.get("name") for name in _each("name", one)), None), allow_null=True
    )
    country_code = _or_null("countryCode")
    website = Text(lambda one: next(iter(_each("websites", one)), None), allow_null=True)
    geo_info = _or_null("geoInfo")
    additional_info = _or_null("additionalInfo")
    registration_date = _or_null("regDate")
    identifiers = IdentifierAnswer(read=partial(_each, "identifiers"), many=True)


class MatchAnswer(Answer):
    """A participant in the Directory."""

    peppol_id = Text(lambda match: (match.get("participantID") or {}).get("value", ""))
    peppol_scheme = Text(lambda match: (match.get("participantID") or {}).get("scheme", ""))
    entities = MatchedEntityAnswer(read=partial(_each, "entities"), many=True)
    document_types = IdentifierAnswer(read=partial(_each, "docTypes"), many=True)


class PeppolSearchResultAnswer(Answer):
    """What the Directory found."""

    total_count = Number(lambda found: int(found.answer.get("total-result-count") or 0))
    used_count = Number(lambda found: len(found.matches))
    participants = MatchAnswer(source="matches", many=True)
    query_terms = Text("text")
    search_date = Time(lambda found: timezone.now())

    @classmethod
    def of(cls, row: Any, **given: Any) -> dict[str, Any]:
        """As everywhere. Raises DomainError for what cannot be read."""
        try:
            return super().of(row, **given)
        except (AttributeError, TypeError, ValueError, LookupError):
            sentence = "The Peppol Directory's answer cannot be read."
            raise DomainError(Kind.UNAVAILABLE, "directory_unavailable", sentence) from None
