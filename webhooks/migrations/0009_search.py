"""Has rows that are there already be found by their words."""

from typing import Any

from django.db import migrations

from tenants import search


def find(apps: Any, schema_editor: Any) -> None:
    """Write the words of all rows."""
    search.rebuild(apps.get_model("webhooks", "Endpoint"), ("url", "description"), apps)


class Migration(migrations.Migration):
    dependencies = [
        ("webhooks", "0008_given_up_at"),
        ("tenants", "0028_search"),
    ]

    operations = [migrations.RunPython(find, migrations.RunPython.noop)]
