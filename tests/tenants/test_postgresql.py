"""The engine: savepoints that go to the database with the next query end as all savepoints do."""

from contextlib import suppress
from datetime import UTC, datetime

import pytest
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext

from tenants.models import Organization
from tests.conftest import make_company, make_platform
from tests.ordinary_role import ON_POSTGRESQL

pytestmark = ON_POSTGRESQL
# What the driver says itself of what it cannot write down is no error of the database's.
BROKEN = (DatabaseError, ValueError)


class Undo(Exception):
    """Ends a block whose changes are not to be kept."""


def names():
    return sorted(Organization.objects.values_list("name", flat=True))


def rename(row, name):
    Organization.objects.filter(pk=row.pk).update(name=name)


def test_what_came_before_a_savepoint_stays(transactional_db, acme):
    with transaction.atomic():
        rename(acme, "before")
        with suppress(Undo), transaction.atomic():
            rename(acme, "within")
            raise Undo
        assert names() == ["before"]
    assert names() == ["before"]


def test_the_end_of_an_outer_savepoint_takes_inner_ones_along(transactional_db, acme):
    with transaction.atomic():
        rename(acme, "before")
        with suppress(Undo), transaction.atomic():
            with transaction.atomic():
                rename(acme, "innermost")
            assert names() == ["innermost"]
            with suppress(Undo), transaction.atomic():
                raise Undo
            raise Undo
        assert names() == ["before"]
        with transaction.atomic(), transaction.atomic():
            rename(acme, "after")
    assert names() == ["after"]


def broken_by_the_database(row):
    Organization.objects.create(pk=row.pk, kind="platform", name="twice")


def broken_on_the_way(row):
    Organization.objects.filter(name="\x00").count()


def broken_in_its_columns(row):
    with connection.cursor() as cursor:
        cursor.execute("SELECT no_such_column FROM tenants_organization")


@pytest.mark.parametrize(
    "query", [broken_by_the_database, broken_on_the_way, broken_in_its_columns]
)
def test_work_goes_on_after_a_query_that_broke_first_thing(transactional_db, acme, query):
    with transaction.atomic():
        rename(acme, "before")
        with pytest.raises(BROKEN), transaction.atomic():
            query(acme)
        assert names() == ["before"]
        rename(acme, "after")
    assert names() == ["after"]


def test_savepoints_by_hand(transactional_db, acme):
    with transaction.atomic():
        first = transaction.savepoint()
        rename(acme, "one")
        second = transaction.savepoint()
        rename(acme, "two")
        transaction.savepoint_rollback(second)
        assert names() == ["one"]
        transaction.savepoint_commit(second)
        transaction.savepoint_rollback(first)
        assert names() == ["Acme Accounting"]


def test_a_failed_transaction_leaves_nothing_to_the_next(transactional_db, acme):
    with suppress(Undo), transaction.atomic():
        with transaction.atomic():
            rename(acme, "gone")
        raise Undo
    with transaction.atomic():
        assert names() == ["Acme Accounting"]


def test_savepoints_cost_no_way_to_the_database_of_their_own(acme):
    with CaptureQueriesContext(connection) as asked:
        make_company(acme, "Bakery")
        make_platform("Another")
    last = [query["sql"].split("; ")[-1] for query in asked.captured_queries]
    assert any(sql.startswith("INSERT") for sql in last)
    assert not [sql for sql in last if sql.startswith(("SAVEPOINT", "RELEASE"))]


def test_no_query_is_compiled(db):
    """Behind the walls the planner would have it done for every list, which takes seconds."""
    with connection.cursor() as cursor:
        cursor.execute("show jit")
        assert cursor.fetchone() == ("off",)


def test_moments_are_read_in_utc_whatever_zone_they_were_written_in(db):
    with connection.cursor() as cursor:
        cursor.execute("select timestamptz '2026-07-01 12:00:00.5+05:45'")
        (at,) = cursor.fetchone()
    assert at == datetime(2026, 7, 1, 6, 15, 0, 500_000, tzinfo=UTC)
    assert at.tzinfo is UTC
