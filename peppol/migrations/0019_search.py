"""Has rows that are there already be found by their words."""

from typing import Any

from django.db import migrations

from tenants import search


def find(apps: Any, schema_editor: Any) -> None:
    """Write the words of all rows."""
    search.rebuild(apps.get_model("peppol", "Participant"), ("value", "card_name"), apps)


class Migration(migrations.Migration):
    dependencies = [
        ("peppol", "0018_files_read_by_the_worker"),
        ("tenants", "0028_search"),
    ]

    operations = [migrations.RunPython(find, migrations.RunPython.noop)]
