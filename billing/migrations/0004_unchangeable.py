"""What was issued stays as it is: the database refuses to change statements and their lines."""

from django.db import migrations

_TABLES = ("billing_statement", "billing_statementline")


def forbid(apps, schema_editor):
    vendor = schema_editor.connection.vendor
    if vendor == "postgresql":
        schema_editor.execute(
            "create or replace function billing_refuse() returns trigger as $$ begin "
            "raise exception 'An issued statement cannot be changed.' "
            "using errcode = 'integrity_constraint_violation'; end $$ language plpgsql"
        )
    for table in _TABLES:
        if vendor == "sqlite":
            schema_editor.execute(
                f"create trigger {table}_unchangeable before update on {table} begin "
                "select raise(abort, 'An issued statement cannot be changed.'); end"
            )
        elif vendor == "postgresql":
            schema_editor.execute(
                f"create trigger {table}_unchangeable before update on {table} "
                "for each row execute function billing_refuse()"
            )


def allow(apps, schema_editor):
    for table in _TABLES:
        on = f" on {table}" if schema_editor.connection.vendor == "postgresql" else ""
        schema_editor.execute(f"drop trigger if exists {table}_unchangeable{on}")


class Migration(migrations.Migration):
    dependencies = [("billing", "0003_statements")]

    operations = [migrations.RunPython(forbid, allow)]
