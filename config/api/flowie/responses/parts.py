"""Fields that several answers are made of."""

from typing import Any

from config.api.kit.answers import Number, Read, Text, TextOrNull
from tenants.ids import spell


class Count(Number):
    """How many."""

    def __init__(self, read: str | Read = "", **options: Any) -> None:
        super().__init__(read, **{"min_value": 0, **options})


class CompanyId(Text):
    """The company that a row belongs to."""

    def __init__(self, read: str | Read = "organization_id", **options: Any) -> None:
        super().__init__(read, **options)

    def write(self, value: Any) -> str | None:
        return None if value is None else spell("comp", value)


class NextCursor(TextOrNull):
    """Where a list goes on; null on its last page."""

    def __init__(self) -> None:
        super().__init__("next")
