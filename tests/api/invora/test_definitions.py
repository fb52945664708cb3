"""What clients send and read that were made from the vendor's protocol definitions."""

import pytest

from apikeys.authentication import authenticate_machine
from tenants.ids import spell
from tenants.models import Organization
from tests.api.invora.conftest import BRANCH, BUSINESSES, REGISTRATION, code, machine_token


def one(branch):
    return f"{BUSINESSES}/{branch['connectedBusiness']['tenantId']}"


@pytest.fixture
def branch(owner):
    return owner.post(BUSINESSES, BRANCH).json()


@pytest.mark.parametrize("path", [f"{BUSINESSES}/list", "/api/v2/identity/branches/list"])
def test_a_list_has_items_and_a_count_at_the_top(owner, branch, path):
    """Where a count has 64 bits, and is a string in JSON."""
    answer = owner.post(path, {}).json()
    (item,) = answer["items"]
    assert answer["totalCount"] == "1" and answer["pagination"]["totalCount"] == 1
    assert item["status"] == "CONNECTED_BUSINESS_STATUS_ACTIVE"
    (plain,) = answer["connectedBusinesses"]
    assert plain == {**item, "status": "ACTIVE"}


@pytest.mark.parametrize(
    ("statuses", "names"),
    [
        (["CONNECTED_BUSINESS_STATUS_ACTIVE"], [BRANCH["name"]]),
        (["SUSPENDED"], ["Resting"]),
        (["ACTIVE", "CONNECTED_BUSINESS_STATUS_SUSPENDED"], ["Resting", BRANCH["name"]]),
        (["CONNECTED_BUSINESS_STATUS_CLOSED"], []),
        ([], ["Resting", BRANCH["name"]]),
    ],
    ids=str,
)
def test_a_list_is_of_the_statuses_that_the_filter_names(owner, branch, statuses, names):
    resting = owner.post(BUSINESSES, {"name": "Resting"}).json()
    owner.post(f"{one(resting)}/suspend", {"reason": "unpaid"})
    body = {"filter": {"part": {"status": {"inValues": statuses}}}, "pagination": {"limit": "1"}}
    found = owner.post(f"{BUSINESSES}/list", body).json()
    assert found["totalCount"] == str(len(names))
    assert [item["name"] for item in found["items"]] == names[:1]
    body["pagination"]["cursor"] = found.get("nextPageCursor")
    if len(names) > 1:
        (item,) = owner.post(f"{BUSINESSES}/list", body).json()["items"]
        assert item["name"] == names[1]
        without = {"pagination": body["pagination"]}
        assert (owner.post(f"{BUSINESSES}/list", without).status_code == 200) == (not statuses)


def test_a_status_that_is_none_is_refused(owner):
    body = {"filter": {"part": {"status": {"inValues": ["RESTING"]}}}}
    assert code(owner.post(f"{BUSINESSES}/list", body))[0] == 400


def test_a_business_without_a_country_is_in_its_platforms(owner, acme):
    made = owner.post(BUSINESSES, {"name": "No Country"}).json()
    assert made["connectedBusiness"]["country"] == acme.country
    assert code(owner.post(BUSINESSES, {"name": "Bad", "country": ""}))[0] == 400


@pytest.mark.parametrize(
    ("body", "name", "tax"),
    [
        ({"name": "Renamed"}, "Renamed", BRANCH["taxId"]),
        ({"name": "Renamed", "taxId": "1", "updateMask": "name"}, "Renamed", BRANCH["taxId"]),
        (
            {"connectedBusiness": {"name": "R", "taxId": "1"}, "updateMask": "connected.taxId"},
            BRANCH["name"],
            "1",
        ),
        ({}, BRANCH["name"], BRANCH["taxId"]),
    ],
)
def test_a_business_is_changed_as_far_as_the_mask_reaches(owner, branch, body, name, tax):
    answer = owner("PUT", one(branch), body)
    assert answer.status_code == 200, answer.content
    assert (answer.json()["name"], answer.json()["taxId"]) == (name, tax)
    assert Organization.objects.get(name=name).vat_number == tax


def test_a_stranger_changes_nothing(rival_owner, branch):
    assert rival_owner("PUT", one(branch), {"name": "Mine"}).status_code == 404
    assert rival_owner.post(f"{one(branch)}/rotate-credentials", {}).status_code == 404
    assert Organization.objects.filter(name=BRANCH["name"]).exists()


def test_a_businesss_credentials_are_replaced(owner, branch):
    before = machine_token(branch)
    fresh = owner.post(f"{one(branch)}/rotate-credentials", {}).json()
    assert fresh["clientId"] == branch["clientId"] and fresh["clientSecret"]
    assert authenticate_machine(machine_token(fresh)).organization.name == BRANCH["name"]
    with pytest.raises(Exception, match="Invalid authentication"):
        authenticate_machine(before)


def test_plans_are_where_the_definitions_have_them_too(owner):
    assert owner.get(f"{REGISTRATION}/available-plans").json() == (
        owner.get("/api/account/v2/plans").json()
    )


def test_the_definitions_name_of_the_header_names_the_organization(owner, acme, rival):
    def status(organization):
        named = {"x-invora-org-id": spell("tenant", organization.pk)}
        return owner.post(f"{BUSINESSES}/list", {}, headers=named).status_code

    assert status(acme) == 200 and status(rival) in (403, 404)
