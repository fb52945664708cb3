"""How a moment is written for programs."""

from datetime import datetime
from typing import overload


@overload
def utc(at: datetime) -> str: ...
@overload
def utc(at: None) -> None: ...
@overload
def utc(at: datetime | None) -> str | None: ...
def utc(at: datetime | None) -> str | None:
    """ISO 8601 in UTC with a Z, as far as the moment is known."""
    return at.isoformat().replace("+00:00", "Z") if at else None
