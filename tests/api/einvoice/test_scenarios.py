"""The vendor's own example programs, step by step."""

import re

from tests.api.einvoice.conftest import TENANTS


def create_tenant_safely(call, name, description):
    """Create, or find on the first page what is there already."""
    answer = call.post(TENANTS, {"name": name, "description": description})
    if answer.status_code == 409:
        return next(t for t in call.get(TENANTS).json()["tenants"] if t["name"] == name)
    assert answer.status_code == 201
    return answer.json()


def register_on_peppol(call, tenant_id, peppol_id):
    """Check what has to hold, then register."""
    if call.get(f"{TENANTS}/{tenant_id}").json()["test_mode"]:
        raise ValueError("Cannot register test-mode tenant on Peppol")
    if not re.fullmatch(r"\d{4}:\d+", peppol_id):
        raise ValueError("Invalid Peppol ID format")
    return call.post(f"{TENANTS}/{tenant_id}/peppol/register", {"peppol_id": peppol_id})


def test_create_or_find_gives_the_same_tenant_twice(call):
    """EIN-45; and EIN-13: what is read is what creation answered."""
    first = create_tenant_safely(call, "customer-1", "One")
    again = create_tenant_safely(call, "customer-1", "One")
    assert again["id"] == first["id"]
    assert call.get(f"{TENANTS}/{first['id']}").json() == first


def test_a_tenant_is_registered_when_its_prerequisites_hold(call):
    """EIN-46."""
    tenant = create_tenant_safely(call, "customer-2", "Two")
    answer = register_on_peppol(call, tenant["id"], "0208:0403170701")
    assert answer.status_code == 202 and answer.json()["peppol_id"] == "0208:0403170701"
