"""What a platform's companies exchanged is summed when it is counted, and checked every night."""

from datetime import date

import pytest
from django.utils import timezone

from peppol.models import DailyUsage, FamilyUsage
from peppol.services.documents import usage
from peppol.tasks import check_sums
from tenants.models import Organization
from tenants.row_security import limit_rows_to
from tests.conftest import make_company

pytestmark = pytest.mark.django_db


def sent(organization):
    return usage.days(organization).totals()["sent"]


def test_a_platforms_days_are_its_own_and_its_companies(acme, bakery, rivals_company):
    for one in (acme, bakery, bakery, rivals_company):
        usage.count(one, "live", "sent", timezone.now())
    assert (sent(acme), sent(bakery)) == (3, 2)


def test_it_adds_rows_of_a_few_and_not_of_every_company(acme, django_assert_num_queries):
    for n in range(20):
        usage.count(make_company(acme, f"C{n}"), "live", "received", timezone.now())
    assert FamilyUsage.objects.of(acme).count() <= FamilyUsage.SHARDS
    with django_assert_num_queries(1):
        assert usage.days(acme).totals()["received"] == 20


def test_a_company_adds_to_the_sum_and_does_not_see_it(bakery):
    bakery = Organization.objects.select_related("parent").get(pk=bakery.pk)
    with limit_rows_to(bakery):
        usage.count(bakery, "live", "sent", timezone.now())
        usage.count(bakery, "live", "sent", timezone.now())
    assert sent(bakery.parent) == 2


def test_at_night_sums_are_put_right(acme, bakery, rivals_company):
    today = timezone.now()
    for one in (acme, bakery, rivals_company):
        usage.count(one, "live", "sent", today)
    assert usage.put_right(date.min) == 0
    DailyUsage.objects.filter(organization=bakery).update(sent=7)
    FamilyUsage.objects.filter(organization=rivals_company.parent_id).delete()
    check_sums()
    assert (sent(acme), sent(rivals_company.parent)) == (8, 1)
    assert usage.put_right(date.min) == 0


def test_what_nobody_exchanged_is_taken_out_of_the_sum(acme):
    FamilyUsage.objects.create(
        organization=acme, environment="live", on=timezone.now().date(), sent=5
    )
    assert usage.put_right(date.min) == 1
    assert sent(acme) == 0
