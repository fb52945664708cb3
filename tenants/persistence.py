"""Rows are written through here, so that a constraint's own sentence reaches the caller."""

import re
from collections.abc import Callable, Mapping
from typing import TypeVar

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import IntegrityError, OperationalError, connection, models, transaction
from django.utils.translation import gettext, gettext_noop

from tenants.errors import Conflict, Invalid

_Result = TypeVar("_Result")
# C0 without tab, line feed and carriage return, and DEL.
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
NO_CONTROL = gettext_noop("Control characters are not allowed.")
# SQLSTATE of a transaction that was ended to let another one go on, and of one that came too late.
_VICTIM = ("40P01", "40001")


def unless_victim(call: Callable[[], _Result], *, attempts: int = 3) -> _Result:
    """Make `call`, which is one transaction, and make it again when a deadlock ended it.

    PostgreSQL waits for a row that may yet take a unique value, so two who each wait for the
    other's row are none's mistake. Inside an outer transaction nothing can be repeated.
    """
    for _ in range(attempts - 1):
        try:
            return call()
        except OperationalError as error:
            if not is_victim(error) or connection.in_atomic_block:
                raise
    return call()


def is_victim(error: BaseException) -> bool:
    """Whether an error says that a transaction was ended for another one's sake."""
    return getattr(error.__cause__, "sqlstate", None) in _VICTIM


def printable(text: str) -> str:
    """`text` without control characters, which neither XML nor PostgreSQL can hold."""
    return _CONTROL.sub("", text)


def refuse_control(options: Mapping[str, object]) -> None:
    """Raise Invalid where what somebody typed, by its name, has control characters."""
    faults = [name for name, value in options.items() if has_control(value)]
    if faults:
        sentence = NO_CONTROL
        raise Invalid(
            sentence, code="control_characters", fields={name: [sentence] for name in faults}
        )


def marked(text: str) -> str:
    """`text` with U+FFFD in the place of each control character, so that it is seen."""
    return _CONTROL.sub("\ufffd", text)


def insert(row: models.Model) -> None:
    """Validate and insert `row`.

    Raises `Invalid` with the fields at fault, or `Conflict` with the code and sentence of the
    violated constraint; the loser of a race gets the same answer as the latecomer.
    """
    _write(row, force_insert=True)


def update(row: models.Model, fields: list[str]) -> None:
    """Validate `row` and write `fields`; the errors are those of `insert`."""
    _write(row, update_fields=fields)


def _write(
    row: models.Model, *, force_insert: bool = False, update_fields: list[str] | None = None
) -> None:
    _refuse_if_invalid(lambda: _clean(row, update_fields))
    try:
        with transaction.atomic():
            row.save(force_insert=force_insert, update_fields=update_fields)
    except IntegrityError as error:
        # The database refuses by itself, whoever was first; only then is it worth the queries to
        # find out which constraints it was,
        _refuse_if_invalid(row.validate_constraints)
        # unless the row in the way belongs to another tenant and is hidden from us.
        for constraint in row._meta.constraints:
            if constraint.name in str(error):
                raise _refusal(
                    ValidationError(
                        constraint.get_violation_error_message(),
                        code=constraint.violation_error_code,
                    )
                ) from None
        raise


def _clean(row: models.Model, written: list[str] | None) -> None:
    # Foreign keys are given as rows by our own code and enforced by the database.
    _refuse_control_characters(row, written)
    row.clean_fields(exclude={f.name for f in row._meta.fields if f.is_relation})
    row.clean()


def _refuse_control_characters(row: models.Model, written: list[str] | None) -> None:
    """They break every file that is made of the row later: its XML, its PDF, its table.

    What another server answered is kept without them.
    """
    if isinstance(answered := getattr(row, "last_error", None), str):
        setattr(row, "last_error", printable(answered))  # noqa: B010
    faults = {
        field.name: gettext(NO_CONTROL)
        for field in row._meta.concrete_fields
        if (written is None or field.attname in written or field.name in written)
        and isinstance(field, models.CharField | models.TextField | models.JSONField)
        and has_control(getattr(row, field.attname))
    }
    if faults:
        raise ValidationError(faults)


def has_control(value: object) -> bool:
    """Whether a text, or one in an object or a list, has control characters."""
    if isinstance(value, str):
        return _CONTROL.search(value) is not None
    if isinstance(value, dict):
        return any(has_control(key) or has_control(one) for key, one in value.items())
    return isinstance(value, list | tuple) and any(has_control(one) for one in value)


def _refuse_if_invalid(look: Callable[[], None]) -> None:
    try:
        look()
    except ValidationError as error:
        raise _refusal(error) from None


def _refusal(error: ValidationError) -> Invalid | Conflict:
    if hasattr(error, "error_dict"):
        general = error.error_dict.get(NON_FIELD_ERRORS, [])
        fields = {k: v for k, v in error.error_dict.items() if k != NON_FIELD_ERRORS}
    else:
        general, fields = error.error_list, {}
    sentences = {
        name: [str(message) for entry in entries for message in entry.messages]
        for name, entries in fields.items()
    }
    if sentences:
        first = next(iter(sentences))
        sentence = f"{first}: {sentences[first][0]}"
        return Invalid(sentence, fields=sentences)
    constraint = general[0]
    code = constraint.code or "invalid"
    if code.endswith("_taken"):
        return Conflict(code, str(constraint.messages[0]))
    return Invalid(str(constraint.messages[0]), code=code)
