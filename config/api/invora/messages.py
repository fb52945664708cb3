"""What all that callers of the Identity API send has in common."""

from typing import Any

from rest_framework import serializers


class Message(serializers.Serializer[Any]):
    """A proto3 message in JSON: a field that is null is a field that is not there."""

    def get_fields(self) -> dict[str, serializers.Field[Any, Any, Any, Any]]:
        """The document says so of those that may be left out."""
        fields = super().get_fields()
        for field in fields.values():
            field.allow_null = not field.required
        return fields

    def to_internal_value(self, data: Any) -> Any:
        if isinstance(data, dict):
            data = {name: value for name, value in data.items() if value is not None}
        return super().to_internal_value(data)
