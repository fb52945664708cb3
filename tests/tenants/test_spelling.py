"""Numbers of a company are kept in one form, whichever door they come by."""

import pytest

from config.api.flowie.requests.companies import vat_key
from tenants.models import Event
from tenants.services import organizations
from tests.conftest import SYSTEM

pytestmark = pytest.mark.django_db
GIVEN = {"vat_number": "BE 0403.170.701", "company_number": "BE 0403.170.701", "country": "BE"}
KEPT = ("BE0403170701", "0403170701")


def numbers(row):
    row.refresh_from_db()
    return row.vat_number, row.company_number


def test_what_is_stored_is_spelled_once(acme):
    company = organizations.create_company(acme, {"name": "Bakery", **GIVEN}, by=SYSTEM)
    business = organizations.create("business", {"name": "Baker", **GIVEN}, by=SYSTEM)
    assert numbers(company) == numbers(business) == KEPT


def test_a_change_is_spelled_in_its_companys_country(bakery):
    changes = {name: GIVEN[name] for name in ("vat_number", "company_number")}
    organizations.update(bakery, changes, by=SYSTEM)
    assert numbers(bakery) == KEPT
    before = Event.objects.count()
    organizations.update(bakery, changes, by=SYSTEM)
    assert Event.objects.count() == before, "the same number in another spelling is no change"


def test_a_number_is_claimed_in_whatever_spelling():
    claims = {vat_key(one, "live") for one in ("BE 0403.170.701", "be0403170701", "BE0403170701")}
    assert claims == {"BE0403170701"}
