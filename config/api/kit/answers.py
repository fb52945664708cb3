"""What an API answers, said once: each field is what the description shows and what is sent.

    class ParticipantAnswer(Answer):
        '''A Peppol identifier and how far its registration is.'''

        id = Text(lambda row: spell("part", row.pk))
        peppol_id = Text("identifier")
        status = Choice(Participant.State, "state")
        created_at = Time()

    ParticipantAnswer.of(row)   # what is sent, as a dict
    ParticipantAnswer           # what drf-spectacular describes

A field reads the attribute of its own name, another (`"organization.name"`), or what a function
makes of the row. Its other options are those of DRF's field, and only described; but a field
with `required=False` is left out where there is nothing.
"""

from collections.abc import Callable, Iterable
from datetime import date, datetime
from operator import attrgetter
from typing import Any, ClassVar

from drf_spectacular.drainage import set_override
from rest_framework import serializers

from tenants.times import utc

Read = Callable[[Any], Any]


class AnswerField(serializers.Field[Any, Any, Any, Any]):
    """A field of an answer: where its value is read, and how the value is written."""

    def __init__(self, read: str | Read = "", **options: Any) -> None:
        super().__init__(**options)
        self.read = read

    def reader(self, name: str) -> Read:
        """The function that takes this field's value, as it is sent, from a row."""
        read = self.read if callable(self.read) else attrgetter(self.read or name)
        write = self.write
        return read if write is None else lambda row: write(read(row))

    # What is sent of a value that was read; None sends it as it is.
    write: Read | None = None


class Text(AnswerField, serializers.CharField):
    """A string."""


class TextOrNull(Text):
    """A string, or null where there is none: our rows keep an empty one."""

    def __init__(self, read: str | Read = "", **options: Any) -> None:
        super().__init__(read, **{"allow_null": True, **options})

    def reader(self, name: str) -> Read:
        """As of any field: lists read thousands of these, so it is one call for each."""
        read = self.read if callable(self.read) else attrgetter(self.read or name)
        return lambda row: read(row) or None


class Email(AnswerField, serializers.EmailField):
    """An e-mail address."""


class Id(AnswerField, serializers.UUIDField):
    """A UUID, in its usual spelling."""

    def write(self, value: Any) -> str | None:
        return None if value is None else str(value)


class Time(AnswerField, serializers.DateTimeField):
    """A moment, in UTC."""

    def write(self, value: Any) -> str | None:
        at: datetime | None = value
        return utc(at)


class Day(AnswerField, serializers.DateField):
    """A date."""

    def write(self, value: Any) -> str | None:
        on: date | None = value
        return on.isoformat() if on else None


class Number(AnswerField, serializers.IntegerField):
    """A whole number."""


class Amount(AnswerField, serializers.CharField):
    """A decimal number as a string, so that no program rounds it."""

    def write(self, value: Any) -> str | None:
        return None if value is None else str(value)


class Float(AnswerField, serializers.FloatField):
    """A number with a fraction."""


class Flag(AnswerField, serializers.BooleanField):
    """True or false."""


class Anything(AnswerField, serializers.JSONField):
    """Whatever JSON a caller once sent."""


class Mapping(AnswerField, serializers.DictField):
    """A JSON object of any names."""


class Texts(AnswerField, serializers.ListField):
    """A list of strings."""

    child: serializers.Field[Any, Any, Any, Any] = serializers.CharField()

    def write(self, value: Iterable[Any] | None) -> list[Any] | None:
        return None if value is None else list(value)


class Numbers(AnswerField, serializers.ListField):
    """A list of whole numbers."""

    child: serializers.Field[Any, Any, Any, Any] = serializers.IntegerField()

    def write(self, value: Iterable[int]) -> list[int]:
        return list(value)


class Choice(AnswerField, serializers.ChoiceField):
    """One of a few words."""

    def __init__(self, choices: Any, read: str | Read = "", **options: Any) -> None:
        given = getattr(choices, "choices", choices)
        super().__init__(read, choices=given, **options)


class Answer(serializers.Serializer[Any]):
    """An object of an answer. A name that DRF keeps for itself gets a `_`, which is not sent.

    The description calls it as the class is called, without `Answer`.

    An answer within an answer is an attribute too: `address = AddressAnswer(source="*")` reads
    the same row, `AddressAnswer(source="billing")` that attribute of it, and with `read=` what
    the function makes of it; with `many=True` it is a list.
    """

    # Of each field its name, its reader, and whether it is sent where there is nothing.
    _readers: ClassVar[tuple[tuple[str, Read, bool], ...]] = ()
    # Whether all of them are sent, whatever there is.
    _is_whole: ClassVar[bool] = False

    def __init__(self, *args: Any, read: Read | None = None, **options: Any) -> None:
        super().__init__(*args, **options)
        self.read = read

    def __init_subclass__(cls, **options: Any) -> None:
        super().__init_subclass__(**options)
        set_override(cls, "component_name", cls.__name__.removesuffix("Answer"))
        fields = {n.removesuffix("_"): field for n, field in cls._declared_fields.items()}
        cls._declared_fields = fields
        cls._readers = tuple(
            (name, _reader(name, field), field.required) for name, field in fields.items()
        )
        cls._is_whole = all(always for _name, _read, always in cls._readers)

    @classmethod
    def of(cls, row: Any, **given: Any) -> dict[str, Any]:
        """The answer about `row`; what is `given` by name is sent instead of being read."""
        if cls._is_whole and not given:
            return {name: read(row) for name, read, _always in cls._readers}
        sent = {}
        for name, read, always in cls._readers:
            if name in given:
                sent[name] = given[name]
            elif (value := read(row)) is not None or always:
                sent[name] = value
        return sent

    @classmethod
    def of_each(cls, rows: Iterable[Any]) -> list[dict[str, Any]]:
        """The answers about rows, in their order."""
        return [cls.of(row) for row in rows]


def nothing(row: Any) -> None:
    """The reading of a field that is sent only where it is given."""


def _reader(name: str, field: Any) -> Read:
    if isinstance(field, AnswerField):
        return field.reader(name)
    many = isinstance(field, serializers.ListSerializer)
    answer = field.child if many else field
    if not isinstance(answer, Answer):
        raise TypeError(f"{name} is no field of an answer.")
    read, of = _inner(name, field, answer), answer.of_each if many else answer.of
    return lambda row: None if (inner := read(row)) is None else of(inner)


def _inner(name: str, field: Any, answer: Any) -> Read:
    """What an answer within an answer is about."""
    if answer.read is not None:
        read: Read = answer.read
        return read
    source = field.source or name
    return (lambda row: row) if source == "*" else attrgetter(source)
