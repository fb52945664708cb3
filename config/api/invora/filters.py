"""Of a list of Connected Businesses, which are wanted: as the vendor's definitions have it."""

from typing import Any

from rest_framework import serializers

from config.api.invora.messages import Message
from config.api.kit.fields import Text
from tenants.models import Organization

STATUS = "CONNECTED_BUSINESS_STATUS_"


class Statuses(Message):
    """Any of these, in the short form or in the long one."""

    inValues = serializers.ListField(child=Text(max_length=60), required=False, max_length=20)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """In our words."""
        given = attrs.get("inValues", [])
        ours = [one.removeprefix(STATUS).lower() for one in given]
        for one, named in zip(ours, given, strict=True):
            if one not in Organization.Status.values:
                sentence = f"There is no status “{named}”."
                raise serializers.ValidationError({"inValues": sentence}, "invalid")
        return {"inValues": ours}


class Part(Message):
    """What a business has to be like."""

    status = Statuses(required=False)


class Filter(Message):
    """Which businesses are wanted, as the vendor's definitions have it."""

    part = Part(required=False)


def statuses(search: dict[str, Any]) -> list[str]:
    """The statuses that a `Search` wants, all of them where it names none."""
    found: list[str] = (
        search.get("filter", {}).get("part", {}).get("status", {}).get("inValues", [])
    )
    return sorted(set(found))
