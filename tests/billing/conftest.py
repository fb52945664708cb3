"""A plan, and a platform on it that used more than it includes."""

import pytest

from billing.models import Plan
from tenants.services import organizations
from tests.billing.factories import at, old, subscribe, use
from tests.conftest import SYSTEM, make_company


@pytest.fixture
def plan(db):
    return Plan.objects.create(
        code="growth",
        name="Growth",
        monthly_fee="310.00",
        included_documents=100,
        overage_price="0.0333",
        company_fee="3.10",
        company_limit=500,
    )


@pytest.fixture
def billed(acme, plan):
    """acme, on the plan since long ago, with two companies that used it."""
    organizations.update(
        acme,
        {
            "address_line1": "Rue Neuve 1",
            "city": "Brussel",
            "postal_code": "1000",
            "vat_number": "BE0403170701",
            "email": "ap@acme.example",
        },
        by=SYSTEM,
    )
    subscribe(acme, plan, since=at(1, 1))
    for name, sent, received, failed in (("One", 60, 20, 0), ("Two", 30, 5, 5)):
        use(old(make_company(acme, name)), sent, received, failed)
    old(acme)
    return acme
