"""Cells that a spreadsheet shows instead of running them."""

from decimal import Decimal
from typing import Any

# A cell that begins with one of these is a formula to some program, in their wide forms, too.
SIGNS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def harmless(value: Any) -> Any:
    """`value` as a cell: numbers stay numbers, and all else becomes text that is no formula."""
    if isinstance(value, int | float | Decimal):
        return value
    text = "" if value is None else str(value)
    return f"'{text}" if text.lstrip(" ").startswith(SIGNS) else text


def as_before(text: str) -> str:
    """What `harmless` made of a text, as it was."""
    is_marked = text.startswith("'") and text[1:].lstrip(" ").startswith(SIGNS)
    return text[1:] if is_marked else text
