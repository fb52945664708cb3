"""Organizations: create, list, read, change, close."""

import re

import pytest

from peppol.models import Participant
from tenants.errors import WrongState
from tenants.models import Event, Organization
from tenants.services import organizations
from tests.api.goroute.conftest import SAMPLE
from tests.conftest import SYSTEM, make_company

PLAIN = {"name": "One", "country": "NL"}


def test_the_published_sample_creates_an_organization(call):
    """GOR-01, GOR-02, GOR-03, GOR-05, GOR-31."""
    answer = call.post("/organizations", SAMPLE)
    made = answer.json()
    assert answer.status_code == 201
    assert {"org_id", "name", "legal_name", "country", "status", "created_at"} <= set(made)
    assert re.fullmatch(r"org_[A-Za-z0-9]+", made["org_id"]) and made["status"] == "active"
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z", made["created_at"])
    read = call.get(f"/organizations/{made['org_id']}").json()
    assert {name: read[name] for name in SAMPLE} == SAMPLE
    assert Event.objects.latest("id").actor_kind == "key"


def test_two_creations_are_two_organizations(call):
    """GOR-02: nothing has to be unique (C-65)."""
    ids = {call.post("/organizations", SAMPLE).json()["org_id"] for _ in range(2)}
    assert len(ids) == 2


def test_the_list_has_the_keys_organizations_newest_first(call, first, second, acme, rival_call):
    """GOR-04, GOR-19: the platform's own ends the list."""
    listed = call.get("/organizations").json()
    assert [one["name"] for one in listed["organizations"]] == ["Second", "First", acme.name]
    assert (listed["total"], listed["next_cursor"]) == (3, None)
    assert first not in rival_call.get("/organizations").content.decode()


@pytest.mark.parametrize("limit", [1, 2, 3, 4])
def test_pages_hold_every_organization_once(call, acme, limit):
    for n in range(5):
        make_company(acme, f"Company {n}")
    seen, cursor = [], ""
    while True:
        page = call.get(f"/organizations?limit={limit}&cursor={cursor}").json()
        seen += [one["name"] for one in page["organizations"]]
        assert len(page["organizations"]) <= limit and page["total"] == 6
        cursor = page["next_cursor"]
        if not cursor:
            break
    assert seen == [*(f"Company {n}" for n in (4, 3, 2, 1, 0)), acme.name]


def test_a_change_is_partial_and_nested_objects_merge(call):
    """GOR-06."""
    made = call.post("/organizations", {**SAMPLE, "metadata": {"id": "c-1", "tier": "gold"}}).json()
    body = {"contact": {"email": "newemail@acme.example.com"}, "metadata": {"tier": None}}
    changed = call.patch(f"/organizations/{made['org_id']}", body).json()
    assert changed["contact"] == {"email": body["contact"]["email"], "phone": "+31201234567"}
    assert changed["metadata"] == {"id": "c-1"}
    same = ("name", "legal_name", "country", "vat_number", "address", "created_at")
    assert {name: changed[name] for name in same} == {name: made[name] for name in same}


@pytest.mark.parametrize(
    ("body", "name", "value"),
    [
        ({"address": {"city": "Utrecht"}}, "address", {**SAMPLE["address"], "city": "Utrecht"}),
        ({"contact": None}, "contact", {"email": None, "phone": None}),
        ({"legal_name": None}, "legal_name", None),
        ({"contact": {"phone": ""}}, "contact", {**SAMPLE["contact"], "phone": None}),
        ({}, "name", SAMPLE["name"]),
        ({"status": "closed", "org_id": "org_x", "parent": None}, "status", "active"),
    ],
    ids=["nested", "null object", "null", "blank", "nothing", "what is not the caller's to set"],
)
def test_what_a_change_leaves_behind(call, body, name, value):
    made = call.post("/organizations", SAMPLE).json()
    answer = call.patch(f"/organizations/{made['org_id']}", body)
    assert (answer.status_code, answer.json()[name]) == (200, value)


def test_a_suspended_organization_can_be_read_and_changed_but_does_nothing(call, first, bakery):
    """GOR-21."""
    row = Organization.objects.get(name="First")
    organizations.suspend(row, reason="Invoice 7 is unpaid", by=SYSTEM)
    read = call.get(f"/organizations/{first}").json()
    assert (read["status"], read["status_reason"]) == ("suspended", "Invoice 7 is unpaid")
    assert call.patch(f"/organizations/{first}", {"legal_name": "F"}).status_code == 200
    for thing in ("invoices", "transactions", "participants", "webhooks", "api-keys"):
        assert call.get(f"/organizations/{first}/{thing}").status_code == 200
    for thing in ("invoices", "participants", "webhooks", "api-keys"):
        answer = call.post(f"/organizations/{first}/{thing}", {"name": "x"})
        assert (answer.status_code, answer.json()["error"]) == (403, "organization_suspended")
    organizations.reactivate(row, by=SYSTEM)
    assert call.post(f"/organizations/{first}/invoices", {"number": "1"}).status_code == 201


def test_closing_is_for_good_and_takes_it_off_the_network(call, first):
    """GOR-22."""
    call.post(f"/organizations/{first}/participants", {"peppol_id": "0208:0403170701"})
    closed = call.delete(f"/organizations/{first}")
    assert (closed.status_code, closed.json()["status"]) == (200, "closed")
    assert Participant.objects.get().state == "unregistered", "nothing was put up yet"
    row = Organization.objects.get(name="First")
    with pytest.raises(WrongState):
        organizations.reactivate(row, by=SYSTEM)
    assert call.get(f"/organizations/{first}").json()["status"] == "closed"
    for answer in (
        call.delete(f"/organizations/{first}"),
        call.patch(f"/organizations/{first}", {"name": "Again"}),
        call.post(f"/organizations/{first}/invoices", {"number": "1"}),
        call.post(f"/organizations/{first}/webhooks", {}),
    ):
        assert (answer.status_code, answer.json()["error"]) == (403, "organization_closed")


def test_a_pending_organization_waits(call, first):
    """GOR-03: created, awaiting verification."""
    Organization.objects.filter(name="First").update(status="pending")
    assert call.get(f"/organizations/{first}").json()["status"] == "pending"
    answer = call.post(f"/organizations/{first}/invoices", {"number": "1"})
    assert (answer.status_code, answer.json()["error"]) == (403, "organization_pending")


def test_a_pending_organization_prepares(call, first):
    """What is prepared works once it is verified; its identifiers are registered then."""
    Organization.objects.filter(name="First").update(status="pending")
    assert call.patch(f"/organizations/{first}", {"name": "Renamed"}).status_code == 200
    noted = call.post(f"/organizations/{first}/participants", {"peppol_id": "0208:0403170701"})
    assert (noted.status_code, noted.json()["status"]) == (201, "draft")
    assert call.post(f"/organizations/{first}/api-keys", {"name": "Till"}).status_code == 201


def test_a_platform_does_not_close_itself(call, acme):
    answer = call.delete(f"/organizations/{acme.pk}")
    assert (answer.status_code, answer.json()["error"]) == (403, "own_organization")


def test_a_full_plan_is_told_from_other_refusals(call, acme, first):
    Organization.objects.filter(pk=acme.pk).update(company_limit=1)
    answer = call.post("/organizations", PLAIN)
    assert (answer.status_code, answer.json()["error"]) == (403, "company_limit_reached")


def test_a_key_of_one_organization_makes_and_closes_none(key_of, bakery):
    """GOR-18, C-03."""
    company = key_of(bakery)
    assert company.post("/organizations", PLAIN).json()["error"] == "not_a_platform_key"
    assert company.delete(f"/organizations/{bakery.pk}").status_code == 403
    listed = company.get("/organizations").json()
    assert [one["name"] for one in listed["organizations"]] == [bakery.name]
    assert listed["total"] == 1


@pytest.mark.parametrize("path", ["", "/"])
@pytest.mark.parametrize("base", ["/peppol-api/api/v1", "/api/v1"])
def test_both_prefixes_answer_alike_with_and_without_a_slash(call, first, base, path):
    """GOR-25."""
    answer = call.get(f"/organizations{path}", base=base)
    assert answer.json() == call.get("/organizations").json()
    assert call.post(f"/organizations{path}", PLAIN, base=base).status_code == 201


def test_the_list_costs_the_same_however_long_it_is(call, acme, costs):
    """Key, page and total; the key's use is noted once a minute."""
    call.get("/organizations")
    for count in (3, 30):
        for n in range(count):
            make_company(acme, f"{count}-{n}")
        with costs(4):
            call.get("/organizations?limit=20")


def test_one_organization_costs_three_queries(call, first, costs):
    call.get("/organizations")
    with costs(3):
        call.get(f"/organizations/{first}")
