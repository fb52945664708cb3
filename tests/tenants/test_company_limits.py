"""How many companies a platform may have: who waits for whom, and what is told of a full plan."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection, transaction

from tenants.errors import Forbidden, LimitReached
from tenants.models import Organization
from tenants.row_security import everything
from tenants.services.company_limits import with_room
from tests.conftest import make_company, make_platform
from tests.ordinary_role import ON_POSTGRESQL

only_postgresql = ON_POSTGRESQL[-1]


def create(platform, name):
    """In a thread of its own, as another request would."""
    try:
        with everything():
            return make_company(platform, name)
    finally:
        connection.close()


@only_postgresql
@pytest.mark.django_db(transaction=True)
def test_companies_of_a_platform_without_a_limit_are_made_at_once():
    acme = make_platform("Acme")
    with ThreadPoolExecutor(1) as pool, transaction.atomic():
        make_company(acme, "First")
        assert pool.submit(create, acme, "Second").result(timeout=20).pk


@only_postgresql
@pytest.mark.django_db(transaction=True)
def test_for_the_last_place_one_waits_for_the_other():
    acme = make_platform("Acme")
    Organization.objects.filter(pk=acme.pk).update(company_limit=1)
    # What it holds of the platform is older than the limit, as a request's may be.
    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            make_company(acme, "First")
            second = pool.submit(create, acme, "Second")
        with pytest.raises(LimitReached):
            second.result(timeout=20)


@pytest.mark.django_db
def test_with_as_many_as_the_plan_allows_there_is_no_room(acme):
    Organization.objects.filter(pk=acme.pk).update(company_limit=1)
    assert with_room(acme) == acme
    company = make_company(acme, "First")
    with pytest.raises(LimitReached):
        with_room(acme)
    with pytest.raises(Forbidden):
        with_room(company)
