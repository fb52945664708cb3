"""A platform's own company is found by any number it has, however somebody writes it."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from peppol.services.companies import namesakes
from tests.conftest import make_company

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "stored, asked",
    [
        ({"company_number": "0403170701"}, "0403.170.701"),
        ({"company_number": "0403170701"}, "BE 0403 170 701"),
        ({"company_number": "0403170701"}, "403170701"),
        ({"vat_number": "BE0403170701"}, "0403170701"),
        ({"vat_number": "FR40303265045", "country": "FR"}, "303 265 045"),
        ({"vat_number": "SE556703748501", "country": "SE"}, "556703-7485"),
    ],
)
def test_a_company_is_found_in_every_spelling(acme, rivals_company, stored, asked):
    company = make_company(acme, "Ours", **stored)
    given = {"country": company.country, "company_number": asked}
    assert namesakes.find(acme, given) == [company]
    assert namesakes.find(rivals_company.parent, given) == []


def test_others_that_have_its_digits_are_not_it(acme):
    make_company(acme, "Longer", company_number="04031707019")
    make_company(acme, "Elsewhere", company_number="0403170701", country="NL")
    assert namesakes.find(acme, {"country": "BE", "company_number": "0403170701"}) == []


def test_not_every_company_is_read_for_it(acme):
    """The first step of a company took a second where there are a hundred thousand."""
    for number in range(5):
        make_company(acme, f"Company {number}", company_number=f"040317070{number}")
    with CaptureQueriesContext(connection) as asked:
        (found,) = namesakes.find(acme, {"country": "BE", "company_number": "0403170703"})
    assert found.name == "Company 3"
    assert all("tenants_searchword" in one["sql"] or " IN (" in one["sql"] for one in asked)
