"""Row-level security: what a forgotten filter shows, namely nothing of anybody else's."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from uuid import uuid4

import pytest
from celery import shared_task
from django.apps import apps
from django.db import DataError, Error, close_old_connections, connection, transaction
from django.db.models import UUIDField

from apikeys.models import ApiKey
from apikeys.services import keys
from peppol.models import Participant
from tenants import persistence
from tenants.errors import Conflict
from tenants.models import Event, Organization
from tenants.postgresql.scope import Scope
from tenants.row_policies import POLICIES, WITHOUT_TENANTS, tenant_column
from tenants.row_security import everything, in_scope, limit_rows_to, nothing
from tests.conftest import SYSTEM
from tests.ordinary_role import ON_POSTGRESQL

pytestmark = ON_POSTGRESQL
MODELS = {
    model._meta.db_table: model
    for model in apps.get_models(include_auto_created=True)
    if not model._meta.proxy
}
TENANT_TABLES = {table for table, model in MODELS.items() if tenant_column(model)} | {*POLICIES}


def test_every_table_is_behind_the_wall_or_has_nothing_of_a_tenants():
    """A new table is under a policy, or somebody says why it need not be."""
    assert set(MODELS) == TENANT_TABLES | set(WITHOUT_TENANTS)
    assert not TENANT_TABLES & set(WITHOUT_TENANTS)


def test_every_tenant_table_has_its_wall():
    with connection.cursor() as cursor:
        cursor.execute("select relname from pg_class where relrowsecurity and relforcerowsecurity")
        walled = {name for (name,) in cursor.fetchall()}
    assert walled == TENANT_TABLES


def test_the_suite_is_run_by_a_role_that_walls_hold():
    with connection.cursor() as cursor:
        cursor.execute("select rolsuper or rolbypassrls from pg_roles where rolname = current_user")
        assert cursor.fetchone() == (False,)


def test_a_query_without_a_filter_finds_ones_own_rows_only(
    acme, bakery, rival, rivals_company, acme_key, bakery_key, rival_key
):
    with limit_rows_to(acme):
        assert set(Organization.objects.all()) == {acme, bakery}
        assert ApiKey.objects.count() == 2
        assert not Event.objects.filter(organization=rival).exists()
    with limit_rows_to(bakery):
        assert set(Organization.objects.all()) == {bakery, acme}
        assert ApiKey.objects.count() == 1
    assert Organization.objects.count() == 4


def test_a_company_reads_its_platforms_own_row_and_does_not_change_it(acme, bakery, rival):
    with limit_rows_to(Organization.objects.get(pk=bakery.pk)):
        assert Organization.objects.get(pk=bakery.pk).parent == acme
        assert Organization.objects.update(city="Gent") == 1
        assert not Organization.objects.select_for_update().filter(pk=acme.pk).exists()
    acme.refresh_from_db()
    assert acme.city == ""


def test_an_update_without_a_filter_changes_ones_own_rows_only(acme, bakery, rival):
    with limit_rows_to(acme):
        Organization.objects.update(city="Gent")
    rival.refresh_from_db()
    assert rival.city == ""


def test_a_row_cannot_be_written_for_a_stranger(acme, rival):
    with (
        pytest.raises(Error, match="row-level security"),
        transaction.atomic(),
        limit_rows_to(acme),
    ):
        keys.issue(rival, name="theirs", by=SYSTEM)


def test_a_strangers_row_in_the_way_is_a_conflict_and_not_a_fault(acme, bakery, rivals_company):
    held = {"scheme": "0208", "value": "0403170701", "state": "active"}
    Participant.objects.create(organization=rivals_company, **held)
    with limit_rows_to(acme), pytest.raises(Conflict, match="already registered on the network"):
        persistence.insert(Participant(organization=bakery, **held))


def test_the_restriction_ends_with_its_block(acme, rival):
    with limit_rows_to(acme):
        pass
    assert Organization.objects.filter(pk=rival.pk).exists()


def test_a_block_that_fails_gives_back_what_was_shown_before(acme, rival):
    with limit_rows_to(acme):
        with (
            pytest.raises(Error),
            transaction.atomic(),
            everything(),
            connection.cursor() as cursor,
        ):
            cursor.execute("select 1/0")
        assert set(Organization.objects.all()) == {acme}
    assert Organization.objects.count() == 2


def test_without_a_scope_no_table_shows_a_row(db):
    with connection.cursor() as cursor:
        for table in sorted(TENANT_TABLES):
            put_a_row(cursor, table)
        assert counted(cursor) == dict.fromkeys(sorted(TENANT_TABLES), 1)
        with nothing():
            assert counted(cursor) == dict.fromkeys(sorted(TENANT_TABLES), 0)
            with everything(), nothing():
                assert not any(counted(cursor).values())


def counted(cursor):
    """How many rows each table behind the wall shows."""
    found = {}
    for table in sorted(TENANT_TABLES):
        cursor.execute(f'select count(*) from "{table}"')  # noqa: S608 — our own names
        (found[table],) = cursor.fetchone()
    return found


def put_a_row(cursor, table):
    """A row of nothing but a key, in a table that demands no more until the test is over."""
    key = MODELS[table]._meta.pk
    cursor.execute(
        "select conname from pg_constraint where conrelid = %s::regclass and contype in ('f', 'c')",
        [table],
    )
    for (name,) in cursor.fetchall():
        cursor.execute(f'alter table "{table}" drop constraint "{name}"')
    for field in MODELS[table]._meta.concrete_fields:
        if not field.null and not field.primary_key:
            cursor.execute(f'alter table "{table}" alter column "{field.column}" drop not null')
    cursor.execute(f'alter table "{table}" disable trigger user')  # it would be counted
    value = uuid4() if isinstance(getattr(key, "target_field", key), UUIDField) else 1
    cursor.execute(f'insert into "{table}" ("{key.column}") values (%s)', [value])  # noqa: S608


def test_a_new_thread_sees_nothing_until_it_says_what(acme):
    with ThreadPoolExecutor(1) as pool:
        assert pool.submit(_seen_by_a_new_connection).result() == ("", "*", "")


def _seen_by_a_new_connection():
    try:
        before = _setting()
        with everything():
            within = _setting()
        return before, within, _setting()
    finally:
        connection.close()


def _setting():
    with connection.cursor() as cursor:
        cursor.execute("select current_setting('gatehouse.organization', true)")
        (found,) = cursor.fetchone()
    return found


class Undo(Exception):
    """Ends a transaction that is not to be kept."""


def undone():
    with suppress(Undo), transaction.atomic():
        assert Organization.objects.count() == 1
        raise Undo


def failed():
    with pytest.raises(DataError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT 1 / 0")


@pytest.mark.parametrize("end", [undone, failed])
def test_what_a_rollback_takes_back_is_told_again(acme, rival, end):
    """The wall is told of a scope by the first query in it, which may be taken back."""
    with limit_rows_to(acme):
        end()
        assert set(Organization.objects.all()) == {acme}
    assert set(Organization.objects.all()) == {acme, rival}


def test_a_rollback_of_the_whole_takes_no_wall_down(transactional_db, acme, rival):
    assert Organization.objects.count() == 2
    with limit_rows_to(acme):
        undone()
        assert _setting() == str(acme.pk)
        assert set(Organization.objects.all()) == {acme}


@pytest.mark.parametrize("read", [list, lambda rows: list(rows.iterator(chunk_size=1))])
def test_the_first_query_in_a_block_is_within_its_wall(transactional_db, acme, rival, read):
    with limit_rows_to(acme):
        assert read(Organization.objects.all()) == [acme]


def test_a_scope_of_anything_but_ids_is_not_told():
    with pytest.raises(ValueError):
        _ = Scope("', true); drop table tenants_event; --").telling


def test_a_connection_that_is_opened_inside_a_block_is_told(transactional_db, acme):
    connection.close()
    assert _setting() == "*"
    with limit_rows_to(acme):
        connection.close()
        assert _setting() == str(acme.pk)


def test_a_connection_that_broke_between_requests_is_made_anew(transactional_db, acme):
    with connection.cursor() as cursor:
        cursor.execute("select pg_backend_pid()")
        (backend,) = cursor.fetchone()
    other = connection.copy()
    with other.cursor() as cursor:
        cursor.execute("select pg_terminate_backend(%s, 5000)", [backend])
    other.close()
    close_old_connections()  # as every request and task begins
    with limit_rows_to(acme):
        assert Organization.objects.count() == 1
    assert _setting() == "*"


def test_what_is_streamed_is_made_in_the_scope_of_its_view(acme, rival):
    def parts():
        yield str(Organization.objects.count()).encode()
        yield str(Organization.objects.count()).encode()

    with limit_rows_to(acme):
        streamed = in_scope(parts())
    assert next(streamed) == b"1" and _setting() == "*" and next(streamed) == b"1"
    assert list(streamed) == []


def test_a_task_sees_all_tenants_and_a_request_nobody_until_it_knows_who_asks(client, acme, rival):
    @shared_task
    def look():
        return Organization.objects.count()

    with nothing():
        assert look() == look.apply().get() == 2 and _setting() == ""
    assert client.get("/portal/").status_code == 302
    assert _setting() == "*"
