"""The kinds of field that the JSON shape of an invoice has, each with what it takes."""

import base64
import binascii
import re
from decimal import Decimal
from typing import Any

import pycountry
import stdnum.iban
import stdnum.iso11649
from rest_framework import serializers
from stdnum.exceptions import ValidationError as WrongNumber

# What XML has no way to write, not even escaped.
_UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
# EN 16931's list of countries has these beside ISO 3166-1: Kosovo's goods, and Northern Ireland.
_MORE_COUNTRIES = ("1A", "XI")
_MIME_TYPES = (
    "application/pdf",
    "image/png",
    "image/jpeg",
    "text/csv",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "application/vnd.oasis.opendocument.spreadsheet",
)


class Words(serializers.CharField):
    """Text that has to be there, and that XML can write."""

    def to_internal_value(self, data: Any) -> str:
        text: str = super().to_internal_value(data)
        found = _UNWRITABLE.search(text)
        if found:
            raise serializers.ValidationError(
                f"Character {found.start() + 1} (U+{ord(found.group()):04X}) cannot be written in"
                " XML; leave it out."
            )
        return text


class Text(Words):
    """Optional text."""

    def __init__(self, longest: int | None = 1000, **options: Any) -> None:
        super().__init__(
            max_length=longest, required=False, default="", allow_blank=True, **options
        )


class Amount(serializers.DecimalField):
    """Money or a quantity; given as a number or, to be exact, as a string."""

    def __init__(self, places: int = 2, **options: Any) -> None:
        super().__init__(max_digits=16 + places, decimal_places=places, **options)


class Price(Amount):
    """A price of an item (BT-146, BT-148), which is never negative."""

    def __init__(self, **options: Any) -> None:
        super().__init__(places=11, **options)

    def to_internal_value(self, data: Any) -> Decimal:
        price: Decimal = super().to_internal_value(data)
        if price < 0:
            raise serializers.ValidationError(
                "A price is never negative. To take something back, give the line a negative"
                " quantity, or an allowance; a credit note has positive prices and quantities of"
                " what it takes back."
            )
        return price


class Code(Words):
    """A short code in capitals."""

    def to_internal_value(self, data: Any) -> str:
        return super().to_internal_value(data).upper()


class Country(Code):
    """ISO 3166-1 alpha-2, and what EN 16931 has beside it."""

    def to_internal_value(self, data: Any) -> str:
        code = super().to_internal_value(data)
        listed = len(code) == 2 and pycountry.countries.get(alpha_2=code) is not None
        if not listed and code not in _MORE_COUNTRIES:
            raise serializers.ValidationError("This is no ISO 3166-1 alpha-2 code, such as BE.")
        return code


class Currency(Code):
    """ISO 4217."""

    def to_internal_value(self, data: Any) -> str:
        code = super().to_internal_value(data)
        if pycountry.currencies.get(alpha_3=code) is None:
            raise serializers.ValidationError("This is no ISO 4217 code, such as EUR.")
        return code


class Account(Text):
    """An IBAN with its check digits, without blanks; or an account that has none."""

    def to_internal_value(self, data: Any) -> str:
        text = re.sub(r"\s", "", super().to_internal_value(data))
        if re.match(r"[A-Za-z]{2}\d\d", text):
            try:
                return str(stdnum.iban.validate(text))
            except WrongNumber:
                raise serializers.ValidationError(
                    "This IBAN is mistyped: its check digits or its length are wrong."
                ) from None
        return text


class PaymentReference(Text):
    """A reference of the payer's, checked where it has check digits: +++…+++ and RF…."""

    def to_internal_value(self, data: Any) -> str:
        text = super().to_internal_value(data).strip()
        belgian = re.fullmatch(r"([+*]{3})(\d{3})/?(\d{4})/?(\d{5})\1", text)
        if belgian:
            digits = "".join(belgian.groups()[1:])
            if (int(digits[:10]) % 97 or 97) != int(digits[10:]):
                raise serializers.ValidationError(
                    "This structured reference is mistyped: its last two digits do not follow from"
                    " the ten before."
                )
        elif text.startswith(("+++", "***")):
            raise serializers.ValidationError("A structured reference is +++123/4567/89012+++.")
        elif re.match(r"RF\d\d", text) and not stdnum.iso11649.is_valid(text):
            raise serializers.ValidationError("This creditor reference (RF) is mistyped.")
        return text


class Content(Text):
    """A file in base64; blanks and line breaks in it are left out.

    How large it may be follows from how large a document may be.
    """

    def __init__(self) -> None:
        super().__init__(longest=None)

    def to_internal_value(self, data: Any) -> str:
        text = super().to_internal_value(data)
        if text.startswith("data:"):
            raise serializers.ValidationError(
                "Give the base64 alone, without “data:…;base64,” in front."
            )
        bare = re.sub(r"\s", "", text)
        try:
            base64.b64decode(bare, validate=True)
        except (binascii.Error, ValueError):
            raise serializers.ValidationError("This is no base64.") from None
        return bare


class MimeType(Text):
    """The type of an attachment, of the six that EN 16931 takes."""

    def to_internal_value(self, data: Any) -> str:
        text = super().to_internal_value(data).strip().lower()
        if text and text not in _MIME_TYPES:
            raise serializers.ValidationError(f"Attachments are {', '.join(_MIME_TYPES)}.")
        return text
