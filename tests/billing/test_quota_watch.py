"""Watching quotas: what one organization's notice meets keeps none of the others waiting."""

import pytest
from django.db import connection

from billing.services import quotas
from peppol.models import DailyUsage
from tenants.models import Event, Trouble
from tests.billing.test_quotas import today
from tests.conftest import make_company

pytestmark = pytest.mark.django_db


@pytest.mark.skipif(connection.vendor != "sqlite", reason="The trigger is written for SQLite")
def test_who_cannot_be_told_is_noted_and_the_others_are_told(acme, bakery):
    other = make_company(acme, "Other")
    for company in (bakery, other):
        company.documents_per_day = 1
        company.save()
        DailyUsage.objects.create(organization=company, environment="live", on=today(), sent=1)
    with connection.cursor() as cursor:
        cursor.execute(
            "create trigger no_event before insert on tenants_event "
            f"when new.organization_id = '{bakery.pk.hex}' "
            "begin select raise(fail, 'broken'); end"
        )
    assert quotas.watch() == 2
    assert {row.organization for row in Event.objects.filter(type__startswith="quota")} == {other}
    (trouble,) = Trouble.objects.all()
    assert (trouble.work, trouble.key) == ("quotas", str(bakery.pk)) and "broken" in trouble.said
