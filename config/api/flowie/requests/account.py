"""What a stranger asks for who wants to try."""

from typing import Any

from rest_framework import serializers

from config.api.flowie.requests.fields import Strict
from config.api.flowie.requests.keys import KEY_TYPES
from config.api.kit.fields import Text


class Beginning(Strict):
    """What the key is called, and of which kind it is to be."""

    keyType = serializers.ChoiceField(["personal", *KEY_TYPES], default="personal")

    def get_fields(self) -> dict[str, Any]:
        """`label` is a word of serializers and cannot be named above."""
        label = Text(max_length=100, allow_blank=True, default="")
        return {"label": label, **super().get_fields()}
