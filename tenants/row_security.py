"""The second wall on PostgreSQL: row-level security on every table that belongs to a tenant.

The first wall is the query itself, which starts at the caller's organization. Inside `narrowed`
the database too shows and accepts only rows of the caller's organizations and those that they
manage or have made, so a query
that forgot to start there finds nothing of anybody else's. Outside `narrowed` (workers, operator
staff, migrations) there is no caller to protect others from. SQLite has the first wall only.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.apps import AppConfig
from django.db import connection, models, transaction

from tenants.models import Organization

_SETTING = "gatehouse.organization"


@contextmanager
def limit_rows_to(*organizations: Organization) -> Iterator[None]:
    """Show and accept only rows of `organizations`, and of those that they manage or have made,
    until the block ends.

    On PostgreSQL the block is one transaction, for the restriction must end with it: a setting
    that outlived it would be the next request's. On other databases nothing happens.
    """
    if connection.vendor != "postgresql":
        yield
        return
    with transaction.atomic():
        _restrict(*organizations)
        yield
        # Inside an outer transaction, such as a test's, the setting has to be taken back by hand.
        _restrict()


def _restrict(*organizations: Organization) -> None:
    ids = ",".join(str(organization.pk) for organization in organizations)
    with connection.cursor() as cursor:
        cursor.execute("select set_config(%s, %s, true)", [_SETTING, ids])


def build(app_config: AppConfig, using: str, **_: Any) -> None:
    """After a migration, put the wall around every tenant table of the app that was migrated."""
    if using != "default" or connection.vendor != "postgresql":
        return
    for model in app_config.get_models():
        column = tenant_column(model)
        if column:
            _enclose(model._meta.db_table, column)


def tenant_column(model: type[models.Model]) -> str | None:
    """The column that says whose a row is; None for a table that belongs to nobody."""
    if model is Organization:
        return "id"
    for field in model._meta.concrete_fields:
        if field.name == "organization" and field.related_model is Organization:
            return field.column
    return None


def _enclose(table: str, column: str) -> None:
    # As a subquery it is read once for a statement, not for every row.
    setting = f"nullif(current_setting('{_SETTING}', true), '')"
    scope = f"(select string_to_array({setting}, ','))::uuid[]"
    theirs = f"parent_id = any({scope}) or created_by_organization_id = any({scope})"
    companies = (
        theirs
        if column == "id"
        else f"{column} in (select id from tenants_organization where {theirs})"  # noqa: S608 — names of our own tables
    )
    with connection.cursor() as cursor:
        cursor.execute(f'drop policy if exists tenant on "{table}"')
        cursor.execute(
            f'create policy tenant on "{table}" '
            f"using ({scope} is null or {column} = any({scope}) or {companies})"
        )
        cursor.execute(f'alter table "{table}" enable row level security')
        cursor.execute(f'alter table "{table}" force row level security')
