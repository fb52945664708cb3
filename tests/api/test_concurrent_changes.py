"""Programs that change the same organization at once: each writes what it sent and nothing else."""

import threading

import pytest
from django.db import connection

from config.api.flowie.requests import companies as flowie
from config.api.goroute import requests as goroute
from tenants.models import Organization
from tenants.row_security import everything
from tenants.services import organizations, settings
from tenants.services.profiles import Merge
from tests.api.goroute.conftest import GoRouteCaller
from tests.conftest import SYSTEM

# What each of those who call at once changes, and what has become of it in the end.
CALLS = (
    {"name": "Renamed"},
    {"address": {"city": "Gent"}},
    {"contact": {"phone": "+32 9 1"}},
    {"metadata": {"erp": "7"}},
    {"metadata": {"crm": "9"}},
    {"metadata": {"tenantId": None}},
)


@pytest.mark.django_db(transaction=True)
def test_calls_at_once_that_change_different_fields_all_survive(acme_key, bakery):
    statuses, start = [], threading.Barrier(len(CALLS))

    @everything()
    def call(fields: dict) -> None:
        try:
            start.wait(10)
            answer = GoRouteCaller(acme_key).patch(f"/organizations/{bakery.pk}", fields)
            statuses.append(answer.status_code)
        finally:
            connection.close()

    callers = [threading.Thread(target=call, args=[fields]) for fields in CALLS]
    for caller in callers:
        caller.start()
    for caller in callers:
        caller.join(60)
    assert statuses == [200] * len(CALLS)
    bakery.refresh_from_db()
    assert (bakery.name, bakery.city, bakery.phone) == ("Renamed", "Gent", "+32 9 1")
    assert bakery.metadata == {"erp": "7", "crm": "9"}


@pytest.mark.django_db
@pytest.mark.parametrize(
    "changes",
    [
        lambda company, fields: goroute.profile(fields, current=company),
        flowie.changes,
    ],
    ids=["goroute", "flowie"],
)
def test_metadata_is_merged_into_what_is_there_when_it_is_written(bakery, changes):
    """Not into what was there when the call was read: another one may have come between."""
    read = Organization.objects.get(pk=bakery.pk)
    first, second = (changes(read, {"metadata": {key: "1"}}) for key in ("erp", "crm"))
    for change in (first, second):
        organizations.update(read, change, by=SYSTEM)
    bakery.refresh_from_db()
    assert bakery.metadata == {"tenantId": "t-1", "erp": "1", "crm": "1"}


@pytest.mark.django_db
def test_settings_are_merged_into_what_is_there(acme):
    stale = Organization.objects.get(pk=acme.pk)
    settings.change(acme, defaults={"language": "nl"}, by=SYSTEM)
    settings.change(stale, defaults={"countries": ["FR"]}, by=SYSTEM)
    acme.refresh_from_db()
    assert acme.defaults == {"language": "nl", "countries": ["FR"]}


def test_what_is_merged_goes_object_by_object():
    held = {"a": {"b": 1, "c": 2}, "d": 3}
    assert Merge({"a": {"b": None, "e": 4}, "d": None}).into(held) == {"a": {"c": 2, "e": 4}}
