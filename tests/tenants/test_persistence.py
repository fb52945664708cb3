"""A transaction that was ended for another one's sake is made again."""

import threading

import pytest
from django.db import OperationalError, connection, transaction

from tenants.errors import Invalid
from tenants.models import Organization
from tenants.persistence import insert, is_victim, unless_victim
from tenants.row_security import everything
from tests.conftest import make_platform


class _Cause(Exception):
    def __init__(self, sqlstate):
        super().__init__(sqlstate)
        self.sqlstate = sqlstate


def failing(sqlstate, times):
    calls = []

    def call():
        calls.append(1)
        if len(calls) <= times:
            raise OperationalError("ended") from _Cause(sqlstate)
        return len(calls)

    return call, calls


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("sqlstate", "times", "made"), [("40P01", 1, 2), ("40001", 2, 3)])
def test_a_victim_is_tried_again(sqlstate, times, made):
    call, _ = failing(sqlstate, times)
    assert unless_victim(call) == made


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("sqlstate", "times", "made"), [("40P01", 9, 3), ("57P01", 9, 1)])
def test_it_is_not_tried_for_ever_nor_for_another_reason(sqlstate, times, made):
    call, calls = failing(sqlstate, times)
    with pytest.raises(OperationalError):
        unless_victim(call)
    assert len(calls) == made


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif("connection.vendor != 'postgresql'", reason="SQLite has one writer at a time")
def test_two_that_wait_for_each_other_both_get_through():
    rows = [make_platform("One"), make_platform("Two")]
    meeting = threading.Barrier(2, timeout=10)
    victims = []

    @everything()
    def write(first, second):
        def call():
            with transaction.atomic():
                Organization.objects.select_for_update().get(pk=first.pk)
                if not victims:
                    meeting.wait()
                try:
                    Organization.objects.select_for_update().get(pk=second.pk)
                except OperationalError as error:
                    victims.append(is_victim(error))
                    raise

        try:
            unless_victim(call)
        finally:
            connection.close()

    threads = [threading.Thread(target=write, args=pair) for pair in (rows, rows[::-1])]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert victims and all(victims), "one of them, or both where the server looks late"


def test_a_row_in_order_is_written_without_being_looked_up(db, django_assert_num_queries):
    """Constraints are the database's; each that was asked beforehand cost a query of its own."""
    platform = Organization(kind=Organization.Kind.PLATFORM, name="Acme", country="BE")
    # The words it is found by besides the row; on SQLite the savepoint and its release.
    with django_assert_num_queries(2 if connection.vendor == "postgresql" else 4):
        insert(platform)


def test_what_a_constraint_refuses_is_refused_in_its_own_words(db):
    orphan = Organization(kind=Organization.Kind.MANAGED, name="Bakery", country="BE")
    with pytest.raises(Invalid) as refused:
        insert(orphan)
    sentences = [str(c.violation_error_message) for c in Organization._meta.constraints]
    assert refused.value.message in sentences
