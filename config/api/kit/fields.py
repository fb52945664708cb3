"""Serializer fields that take a value for what it is and never convert it."""

import re
from typing import Any, ClassVar

from rest_framework import serializers

from peppol import identifiers
from tenants.errors import Invalid
from tenants.search_text import MOST_CHARACTERS, check_searchable
from webhooks import schedule


class Text(serializers.CharField):
    """A JSON string, kept as it came."""

    default_error_messages = {"not_a_string": "Not a string."}

    def __init__(self, **options: Any) -> None:
        super().__init__(**{"trim_whitespace": False, **options})

    def to_internal_value(self, data: Any) -> str:
        if not isinstance(data, str):
            self.fail("not_a_string")
        return str(super().to_internal_value(data))


class SearchText(Text):
    """What is looked for in many places: short, and of few words."""

    def __init__(self, **options: Any) -> None:
        super().__init__(max_length=MOST_CHARACTERS, **options)
        self.validators.append(check_searchable)


class QueryNumber(serializers.IntegerField):
    """A whole number in a query string."""

    default_error_messages = {
        "invalid": "value is not a valid integer",
        "max_string_length": "value is not a valid integer",
    }


class Int64(serializers.IntegerField):
    """A whole number of 64 bits, as JSON has it or, for who cannot, as a string (proto3 JSON)."""

    default_error_messages = {"invalid": "Not a whole number."}

    def __init__(self, **options: Any) -> None:
        super().__init__(**{"min_value": 0, "max_value": 2**63 - 1, **options})

    def to_internal_value(self, data: Any) -> int:
        if isinstance(data, bool) or not isinstance(data, int | str):
            self.fail("invalid")
        if isinstance(data, str) and not re.fullmatch(r"-?[0-9]{1,19}", data):
            self.fail("invalid")
        return int(data)


class Seconds(serializers.IntegerField):
    """A JSON number of whole seconds."""

    def to_internal_value(self, data: Any) -> int:
        if type(data) is not int:
            self.fail("invalid")
        return int(super().to_internal_value(data))


class RetrySchedule(serializers.ListField):
    """How long a webhook waits after each failed attempt; an empty list means the standard steps.

    No vendor has such a field: it is an extension of ours.
    """

    child = Seconds(min_value=1, max_value=schedule.LONGEST_STEP)

    def __init__(self, **options: Any) -> None:
        told = (
            "An extension of ours: seconds to wait after each failed attempt. Empty: the standard "
            f"schedule, {schedule.written(schedule.STANDARD)}."
        )
        most = schedule.MOST_STEPS
        super().__init__(**{"required": False, "max_length": most, "help_text": told, **options})


class Texts(serializers.ListField):
    """A JSON list of strings."""

    child = Text(max_length=200)


class Flag(serializers.BooleanField):
    """A JSON true or false."""

    default_error_messages = {"invalid": "Must be true or false."}

    def to_internal_value(self, data: Any) -> bool:
        if not isinstance(data, bool):
            self.fail("invalid", input=data)
        return bool(data)


class PeppolIdQuery(serializers.Serializer[Any]):
    """The identifier that is asked about, as it is written on the network."""

    # What a surface calls one that cannot be.
    malformed_code: ClassVar[str] = "invalid"

    peppol_id = Text(max_length=200)

    def validate_peppol_id(self, text: str) -> str:
        """As it is written on the network."""
        try:
            return str(identifiers.parse(text))
        except Invalid as refusal:
            raise serializers.ValidationError(refusal.message, self.malformed_code) from None
