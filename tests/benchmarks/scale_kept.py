"""What is kept beside the rows of a grown platform: its sums, and the words that find it."""

from datetime import date
from itertools import islice
from typing import Any

from django.db import connection, models

_AT_A_TIME = 20_000
_INSERT = """
insert into tenants_searchword (organization_id, platform_id, kind, row_id, word)
select * from unnest(%s::uuid[], %s::uuid[], %s::text[], %s::uuid[], %s::bytea[])
"""
_COLUMNS = ("organization_id", "platform_id", "kind", "row_id", "word")


def write() -> None:
    """Make it of the rows that were seeded."""
    from apikeys.models import ApiKey
    from peppol.models import Participant
    from peppol.services.documents import usage
    from tenants.models import Organization
    from webhooks.models import Endpoint

    usage.put_right(date.min)
    for model in (Organization, Participant, ApiKey, Endpoint):
        _write_words(model)


def _write_words(model: type[models.Model]) -> None:
    """As `search.rebuild` writes them, in statements of many rows."""
    from tenants import search

    rows = model._default_manager.order_by("pk").iterator(chunk_size=2000)
    words = (facts for row in rows for facts in search.facts_of(row))
    while batch := list(islice(words, _AT_A_TIME)):
        columns: list[list[Any]] = [[facts[name] for facts in batch] for name in _COLUMNS]
        with connection.cursor() as cursor:
            cursor.execute(_INSERT, columns)
