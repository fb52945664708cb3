"""Test and live are apart: a TEST token sees, makes and changes what is for trying out (C-47)."""

import pytest

from apikeys.models import ApiKey
from billing.models import BillingAddress
from config.api.fiskaly.ids import spell
from tenants.models import Organization
from tenants.services import people
from tests.api.fiskaly.conftest import (
    ADDRESS,
    ALL,
    NEW,
    make_key,
    make_user,
    names,
    one,
    opened,
    opened_by,
)
from tests.conftest import SYSTEM, make_company

PLACES = "/billing-addresses"


@pytest.fixture
def tried(acme):
    """A test company of acme's, beside the live bakery."""
    return make_company(acme, "Tried", environment="test")


def test_a_test_token_sees_test_organizations_and_its_own(trying, acme, bakery, tried):
    """FIS-04, FIS-62."""
    assert names(trying.get(ALL)) == ["Tried"] and trying.get(ALL).json()["count"] == 1
    assert names(trying.get(f"{ALL}?env=LIVE")) == []
    assert trying.get(one(acme)).status_code == trying.get(one(tried)).status_code == 200
    for path in ("", "/api-keys", "/users"):
        unknown = trying.get(f"{ALL}/{acme.pk.int}{path}")
        answer = trying.get(f"{one(bakery)}{path}")
        assert (answer.status_code, answer.content) == (404, unknown.content), path


def test_a_live_token_sees_both(live, acme, bakery, tried):
    assert names(live.get(ALL)) == ["Acme Accounting", "Bakery Peeters", "Tried"]


def test_a_test_token_changes_nothing_live(trying, acme, bakery):
    """Not even its own organization, of which it makes and sees test keys alone."""
    person = {"email": "new@acme.example"}
    for row, status in ((bakery, 404), (acme, 403)):
        for method, path, body in (
            ("PATCH", "", {"name": "Changed"}),
            ("PUT", "", {"name": "Changed"}),
            ("DELETE", "", None),
            ("POST", "/enable-env", {"env": "TEST"}),
            ("POST", "/users", person),
        ):
            assert trying(method, one(row) + path, body).status_code == status, (row, path)
    assert trying.post(f"{one(bakery)}/api-keys", {"name": "abc"}).status_code == 404
    assert trying.post(f"{one(acme)}/api-keys", {"name": "abc"}).json()["_envs"] == ["TEST"]
    assert set(Organization.objects.values_list("name", flat=True)) == {acme.name, bakery.name}


def test_what_a_test_key_makes_goes_live_by_a_live_key_or_a_person(trying, live, acme):
    """FIS-34, FIS-35."""
    below = {**NEW, "managed_by_organization_id": spell(acme.pk)}
    first, second = (trying.post(ALL, below).json() for _ in range(2))
    for made, who, status in (
        (first, trying, 403),
        (first, live, 200),
        (second, opened_by(make_user("olga@acme.example", acme)), 200),
    ):
        assert who.post(f"{one(made)}/enable-env", {"env": "LIVE"}).status_code == status
    assert trying.get(one(first)).status_code == 404
    assert live.get(one(first)).json()["_envs"] == ["TEST", "LIVE"]


def test_addresses_of_test_and_live_tokens_are_apart(trying, live, acme, bakery):
    """FIS-52, FIS-53."""
    for_trying, counts = trying.post(PLACES, ADDRESS).json(), live.post(PLACES, ADDRESS).json()
    assert (for_trying["_envs"], counts["_envs"]) == (["TEST"], ["TEST", "LIVE"])
    assert [row["_id"] for row in trying.get(PLACES).json()["data"]] == [for_trying["_id"]]
    assert live.get(PLACES).json()["count"] == 2
    hidden = f"{PLACES}/{counts['_id']}"
    for method in ("GET", "PATCH", "PUT", "DELETE"):
        assert trying(method, hidden, {"town": "Graz"}).status_code == 404, method
    theirs = trying.post(PLACES, {**ADDRESS, "organization_id": spell(bakery.pk)})
    assert theirs.status_code == 404
    assert not BillingAddress.objects.filter(organization=bakery).exists()


def test_a_test_key_of_a_live_company_sees_it_and_nothing_else(bakery, tried):
    fis = opened(*make_key(bakery, ApiKey.Kind.COMPANY))
    assert fis.get(one(bakery)).status_code == 200 and names(fis.get(ALL)) == []
    assert fis.patch(one(bakery), {"name": "Changed"}).status_code == 403


def test_a_person_of_both_signs_in_live(acme, tried):
    person = make_user("both@acme.example", tried)
    assert names(opened_by(person).get(ALL)) == ["Tried"]
    people.join(acme, person, role="viewer", by=SYSTEM)
    assert names(opened_by(person).get(ALL)) == ["Acme Accounting", "Tried"]


# --- What a role may change of its own organization ----------------------------------------------
@pytest.mark.parametrize(
    ("role", "own", "companys"),
    [
        ("owner", 200, 200),
        ("admin", 200, 200),
        ("developer", 403, 200),
        ("billing", 403, 403),
        ("viewer", 403, 403),
    ],
)
def test_who_changes_a_legal_profile(acme, bakery, role, own, companys):
    """A developer corrects companies' addresses, and not the platform's own profile."""
    person = opened_by(make_user("p@acme.example", acme, role=role))
    machine = opened(*make_key(acme, environment="live", role=role))
    for who in (person, machine):
        for method in ("PATCH", "PUT"):
            assert who(method, one(acme), {"vat_id": "BE1"}).status_code == own
            assert who(method, one(bakery), {"vat_id": "BE1"}).status_code == companys
