"""Rows that a platform lists with those of its companies know the platform."""

import pytest
from django.apps import apps

from apikeys.models import ApiKey
from peppol.models import Participant
from tenants.models import Organization
from tenants.models.families import OfFamily
from tests.portal.conftest import make_rows

pytestmark = pytest.mark.django_db
FAMILY = [model for model in apps.get_models() if issubclass(model, OfFamily)]


@pytest.fixture
def everybodys(acme, bakery, rival, rivals_company):
    make_rows(acme, bakery, "ours")
    make_rows(rival, rivals_company, "theirs")
    Participant.objects.create(organization=acme, scheme="9915", value="own")
    return acme


@pytest.mark.parametrize("model", FAMILY, ids=lambda model: model.__name__)
def test_a_row_knows_the_platform_of_its_organization(model, everybodys):
    rows = model._default_manager.select_related("organization")
    assert all(row.platform_id == row.organization.platform_id for row in rows)


@pytest.mark.parametrize("model", FAMILY, ids=lambda model: model.__name__)
def test_a_platform_sees_its_family_and_a_company_itself(model, everybodys, bakery):
    rows = model._default_manager.all()
    whose = set(rows.visible_to(everybodys).values_list("organization", flat=True))
    assert whose <= {everybodys.pk, bakery.pk}
    assert set(rows.visible_to(bakery).values_list("organization", flat=True)) <= {bakery.pk}


def test_rows_that_are_written_together_know_it_too(bakery, rivals_company):
    facts = {"kind": "company", "environment": "live", "last_four": "1234"}
    ApiKey.objects.bulk_create(
        ApiKey(organization=one, name=one.name, digest=one.name, **facts)
        for one in (bakery, rivals_company)
    )
    for key in ApiKey.objects.all():
        assert key.platform_id == Organization.objects.get(pk=key.organization_id).parent_id
