"""Has rows that are there already be found by their words."""

from typing import Any

from django.db import migrations

from tenants import search


def find(apps: Any, schema_editor: Any) -> None:
    """Write the words of all rows."""
    search.rebuild(apps.get_model("apikeys", "ApiKey"), ("name", "prefix", "last_four"), apps)


class Migration(migrations.Migration):
    dependencies = [
        ("apikeys", "0008_families"),
        ("tenants", "0028_search"),
    ]

    operations = [migrations.RunPython(find, migrations.RunPython.noop)]
