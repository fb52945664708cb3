"""How values of a document are shown: as it has them, in the reader's notation."""

import re
from datetime import date
from decimal import Decimal

from django.utils.formats import date_format, number_format

from peppol.readable.parts import Amount

_NUMBER = re.compile(r"[+-]?\d{1,24}(\.\d{0,24})?|[+-]?\.\d{1,24}")


def number_of(text: str) -> Decimal | None:
    """The number that `text` is, if it is one as XML writes them."""
    return Decimal(text) if _NUMBER.fullmatch(text) else None


def number(text: str, *, least: int = 0) -> str:
    """A number in the reader's notation, with all its decimals but no zeros at the end."""
    value = number_of(text)
    if value is None:
        return text
    _sign, _dot, decimals = format(value, "f").partition(".")
    places = max(len(decimals.rstrip("0")), least)
    return str(number_format(value, places, force_grouping=True, use_l10n=True))


def amount(found: Amount, *, currency: bool = False) -> str:
    """An amount with two decimals at least."""
    shown = number(found.text, least=2)
    return f"{shown} {found.currency}" if currency and found.currency and shown else shown


def day(text: str) -> str:
    """A day, or a period of two, as the reader writes it."""
    if "/" in text:
        return " – ".join(day(part) for part in text.split("/", 1))
    try:
        return date_format(date.fromisoformat(text[:10]), "DATE_FORMAT")
    except ValueError:
        return text


def percent(text: str) -> str:
    """A rate."""
    return f"{number(text)} %" if text else ""
