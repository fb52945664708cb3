"""Gives rows that are there already the platform of their organization."""

from collections.abc import Callable
from typing import Any

from django.db import migrations
from django.db.models import F, OuterRef, Subquery
from django.db.models.functions import Coalesce

from tenants.models.families import PlatformField


def add_platform(app: str, *models: str) -> list[migrations.operations.base.Operation]:
    """The operations that add the column to `models` of `app`, filled."""
    return [
        *(migrations.AddField(name, "platform", _empty()) for name in models),
        migrations.RunPython(_filling(app, models), migrations.RunPython.noop),
        *(migrations.AlterField(name, "platform", PlatformField()) for name in models),
    ]


def _empty() -> PlatformField:
    field = PlatformField()
    field.null = True
    return field


def _filling(app: str, models: tuple[str, ...]) -> Callable[[Any, Any], None]:
    def fill(apps: Any, schema_editor: Any) -> None:
        organizations = apps.get_model("tenants", "Organization").objects
        parent = organizations.filter(pk=OuterRef("organization_id")).values("parent_id")
        for name in models:
            rows = apps.get_model(app, name).objects
            rows.update(platform_id=Coalesce(Subquery(parent), F("organization_id")))
            if schema_editor.connection.vendor == "postgresql":
                # The planner would think of the new column that nothing is in it.
                schema_editor.execute(f'analyze "{rows.model._meta.db_table}"')

    return fill
