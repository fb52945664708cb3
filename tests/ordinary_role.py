"""Tests behind row-level security, as an ordinary role of the database, where it has any."""

import pytest
from django.db import connection

AS_ORDINARY_ROLE = [
    pytest.mark.postgres,
    pytest.mark.django_db,
    pytest.mark.skipif(
        connection.vendor != "postgresql", reason="SQLite has no row-level security"
    ),
    pytest.mark.usefixtures("ordinary_role"),
]


@pytest.fixture
def ordinary_role(db):
    """Act as an ordinary role, for superusers walk through walls."""
    with connection.cursor() as cursor:
        cursor.execute("select 1 from pg_roles where rolname = 'gatehouse_tests'")
        if not cursor.fetchone():
            cursor.execute("create role gatehouse_tests")
        cursor.execute("grant usage on schema public to gatehouse_tests")
        cursor.execute("grant all on all tables in schema public to gatehouse_tests")
        cursor.execute("grant all on all sequences in schema public to gatehouse_tests")
        cursor.execute("set local role gatehouse_tests")
