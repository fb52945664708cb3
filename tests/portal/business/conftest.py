"""A person without an organization, and the owner of a business that is no platform."""

import pytest
from django.test import Client

from billing.models import Plan
from tenants.models import (
    Organization,
    Role,
    User,
)
from tenants.services import organizations
from tests.conftest import SYSTEM
from tests.portal.browsing import PASSWORD
from tests.portal.conftest import make_member, signed_in


@pytest.fixture
def plan(db) -> Plan:
    Plan.objects.create(
        code="hidden", name="Hidden", monthly_fee="1.00", overage_price="0.1", is_offered=False
    )
    return Plan.objects.create(
        code="growth",
        name="Growth",
        monthly_fee="199.00",
        included_documents=2500,
        overage_price="0.0900",
        company_limit=500,
    )


@pytest.fixture
def nora(db) -> User:
    """A person without an organization."""
    return User.objects.create_user("nora@nora.example", PASSWORD)


@pytest.fixture
def client(nora) -> Client:
    return signed_in(nora)


@pytest.fixture
def books(db) -> Organization:
    """A business that is no platform."""
    return organizations.create("business", {"name": "Nora's Books", "country": "BE"}, by=SYSTEM)


@pytest.fixture
def owner(books) -> Client:
    return signed_in(make_member(books, Role.OWNER, "owner@nora.example"))
