"""An answer says once what is described and what is sent."""

from datetime import UTC, date, datetime
from decimal import Decimal
from types import SimpleNamespace

import pytest
from drf_spectacular.drainage import get_override
from rest_framework import serializers

from config.api.kit.answers import (
    Amount,
    Answer,
    Choice,
    Day,
    Text,
    TextOrNull,
    Texts,
    Time,
    nothing,
)


class Street(Answer):
    street = TextOrNull()


class Shown(Answer):
    """A row as an API shows it."""

    id = Text(lambda row: f"row_{row.pk}")
    name = Text("profile.name")
    state = Choice(["on", "off"])
    note = TextOrNull()
    made_at = Time()
    tags = Texts()
    address = Street(source="*")
    branches = Street(many=True)
    first_branch = Street(read=lambda row: row.branches[0])
    open_branches = Street(many=True, read=lambda row: row.branches[1:])
    fee = Amount("cents")
    fields_ = Text("pk")


ROW = SimpleNamespace(
    pk=7,
    profile=SimpleNamespace(name="Bakery"),
    state="on",
    note="",
    made_at=datetime(2026, 11, 30, 8, tzinfo=UTC),
    tags=("a", "b"),
    street="Main St 1",
    cents=Decimal("0.10"),
    branches=[SimpleNamespace(street="")],
)


def test_each_field_is_read_where_it_says():
    assert Shown.of(ROW) == {
        "id": "row_7",
        "name": "Bakery",
        "state": "on",
        "note": None,
        "made_at": "2026-11-30T08:00:00Z",
        "tags": ["a", "b"],
        "address": {"street": "Main St 1"},
        "branches": [{"street": None}],
        "first_branch": {"street": None},
        "open_branches": [],
        "fee": "0.10",
        "fields": 7,
    }


def test_what_is_given_is_sent_instead_of_being_read():
    assert Shown.of(ROW, note="given", branches=[])["note"] == "given"


def test_the_description_has_the_fields_that_are_sent():
    assert set(Shown().get_fields()) == set(Shown.of(ROW))
    assert Shown().get_fields()["note"].allow_null


def test_what_may_be_missing_is_left_out_where_there_is_nothing():
    class Delivery(Answer):
        sent_on = Day(required=False)
        secret = Text(nothing, required=False)
        note = TextOrNull()

    unsent = SimpleNamespace(sent_on=None, note="")
    assert Delivery.of(unsent) == {"note": None}
    sent = SimpleNamespace(sent_on=date(2026, 11, 30), note="")
    shown = Delivery.of(sent, secret="s")
    assert shown == {"sent_on": "2026-11-30", "secret": "s", "note": None}


def test_an_answer_has_no_field_that_it_cannot_read():
    with pytest.raises(TypeError, match="note is no field of an answer"):
        type("Wrong", (Answer,), {"note": serializers.CharField()})


def test_the_description_calls_an_answer_as_its_class_without_answer():
    class BakeryAnswer(Shown):
        """An answer that is another one as well."""

    names = [get_override(answer, "component_name") for answer in (BakeryAnswer, Shown)]
    assert names == ["Bakery", "Shown"]


def test_a_list_that_is_not_required_is_left_out_where_there_is_none():
    class Warned(Answer):
        """Something with warnings, if there are any."""

        warnings = Texts(required=False)

    assert Warned.of(SimpleNamespace(warnings=None)) == {}
    assert Warned.of(SimpleNamespace(warnings=("old",))) == {"warnings": ["old"]}
