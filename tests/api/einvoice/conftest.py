import pytest

TENANTS = "/api/admin/tenants"


@pytest.fixture
def tenant(call):
    """A tenant as the Admin API answered its creation."""
    body = {"name": "customer-company-bvba", "peppol_ids": ["0208:0123456789"]}
    return call.post(TENANTS, body).json()


@pytest.fixture
def at(tenant):
    """Paths below the tenant."""
    return lambda rest="": f"{TENANTS}/{tenant['id']}{rest}"
