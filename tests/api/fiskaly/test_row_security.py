"""The surface behind PostgreSQL's second wall."""

from config.api.fiskaly.ids import spell
from tenants.models import Organization
from tenants.services import people
from tests.api.fiskaly.conftest import ADDRESS, NEW, opened_by
from tests.conftest import SYSTEM
from tests.ordinary_role import ON_POSTGRESQL

pytestmark = ON_POSTGRESQL


def test_whoever_made_an_organization_is_let_through_to_it(fis, rival_fis):
    """C-47a."""
    made = fis.post("/organizations", NEW).json()
    path = f"/organizations/{made['_id']}"
    assert fis.patch(path, {"town": "Graz"}).json()["town"] == "Graz"
    assert fis.post(f"{path}/api-keys", {"name": "abc"}).status_code == 200
    assert fis.post(f"{path}/users", {"email": "x@example.com"}).status_code == 200
    assert fis.get(f"{path}/users").json()["count"] == 1
    address = {**ADDRESS, "organization_id": made["_id"]}
    assert fis.post("/billing-addresses", address).status_code == 200
    assert rival_fis.get(path).status_code == 404


def test_a_person_is_let_through_to_all_of_their_organizations(robin, acme, bakery, rival):
    people.join(rival, robin, role="viewer", by=SYSTEM)
    rows = opened_by(robin).get("/organizations").json()["data"]
    assert {row["_id"] for row in rows} == {spell(o.pk) for o in (acme, bakery, rival)}
    assert Organization.objects.count() == 3
