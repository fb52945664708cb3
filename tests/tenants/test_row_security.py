"""Row-level security: what a forgotten filter shows, namely nothing of anybody else's."""

import pytest
from django.apps import apps
from django.db import Error, connection, transaction

from apikeys.models import ApiKey
from apikeys.services import keys
from peppol.models import Participant
from tenants import persistence
from tenants.errors import Conflict
from tenants.models import Event, Organization
from tenants.row_security import limit_rows_to, tenant_column
from tests.conftest import SYSTEM
from tests.ordinary_role import AS_ORDINARY_ROLE

pytestmark = AS_ORDINARY_ROLE
TENANT_TABLES = {model._meta.db_table: model for model in apps.get_models() if tenant_column(model)}


def test_every_tenant_table_has_its_wall():
    with connection.cursor() as cursor:
        cursor.execute("select relname from pg_class where relrowsecurity and relforcerowsecurity")
        walled = {name for (name,) in cursor.fetchall()}
    assert set(TENANT_TABLES) <= walled
    assert {"tenants_organization", "tenants_event", "apikeys_apikey"} <= set(TENANT_TABLES)


def test_a_query_without_a_filter_finds_ones_own_rows_only(
    acme, bakery, rival, rivals_company, acme_key, bakery_key, rival_key
):
    with limit_rows_to(acme):
        assert set(Organization.objects.all()) == {acme, bakery}
        assert ApiKey.objects.count() == 2
        assert not Event.objects.filter(organization=rival).exists()
    with limit_rows_to(bakery):
        assert set(Organization.objects.all()) == {bakery}
        assert ApiKey.objects.count() == 1
    assert Organization.objects.count() == 4


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
