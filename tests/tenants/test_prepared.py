"""Queries that are put together once answer as those that are put together each time."""

from contextlib import suppress
from datetime import timedelta

import pytest
from django.db import connection, models, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from apikeys.models import ApiKey
from apikeys.services import keys
from tenants import events
from tenants.models import Event, Organization
from tenants.prepared import Prepared, PreparedInsert

KEYS = Prepared(
    lambda id, now: ApiKey.objects.usable(now).filter(pk=id).select_related("organization__parent"),
    id=models.UUIDField(),
    now=models.DateTimeField(),
)


def values(row):
    return {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields}


def test_the_rows_are_those_of_the_queryset_with_all_they_have(bakery, by):
    made = keys.issue(bakery, name="k", metadata={"a": "é"}, by=by)[0]
    keys.issue(bakery, name="another", by=by)
    now = timezone.now()
    with CaptureQueriesContext(
        connection,
    ) as asked:
        (found,) = KEYS.rows(id=made.pk, now=now)
        owner = found.organization
        platform = owner.parent
    assert len(asked) == 1
    plain = ApiKey.objects.get(pk=made.pk)
    assert values(found) == values(plain)
    assert values(owner) == values(plain.organization)
    assert values(platform) == values(plain.organization.parent)
    assert not found._state.adding and found._state.db == "default"


def test_each_call_has_values_of_its_own(bakery, by):
    first, second = (keys.issue(bakery, name=name, by=by)[0] for name in ("a", "b"))
    ends = timezone.now() + timedelta(hours=1)
    ApiKey.objects.filter(pk=second.pk).update(expires_at=ends)
    assert KEYS.first(id=first.pk, now=timezone.now()) == first
    assert KEYS.first(id=second.pk, now=timezone.now()) == second
    assert KEYS.first(id=second.pk, now=ends) is None
    assert KEYS.rows(id=first.pk, now=ends) == [first]


def test_a_row_is_inserted_as_it_is_saved(acme, by):
    saved, inserted = (events.of(acme, "company.updated", by=by, reason="é") for _ in range(2))
    saved.save(force_insert=True)
    PreparedInsert(Event).write(inserted)
    PreparedInsert(Event).write(events.of(acme, "company.updated", by=by))
    assert not inserted._state.adding
    one, other = (values(Event.objects.get(pk=row.pk)) for row in (saved, inserted))
    differing = {name for name in one if one[name] != other[name]}
    assert differing <= {"id", "occurred_at", "distributed_at"}


def test_a_statement_outlives_what_is_rolled_back(transactional_db, acme):
    asked = Prepared(lambda id: Organization.objects.filter(pk=id), id=models.UUIDField())
    with suppress(ZeroDivisionError), transaction.atomic():
        assert asked.first(id=acme.pk) == acme
        raise ZeroDivisionError
    assert asked.first(id=acme.pk) == acme
    connection.close()
    assert asked.first(id=acme.pk) == acme


def test_a_value_that_the_query_does_not_ask_by_is_a_mistake():
    lax = Prepared(lambda id: Organization.objects.all(), id=models.UUIDField())
    with pytest.raises(TypeError):
        lax.rows(id=None)
