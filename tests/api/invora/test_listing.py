"""The list of Connected Businesses: INV-21, INV-22, C-52."""

import pytest

from tenants.models import Organization
from tenants.services import organizations
from tests.api.invora.conftest import BUSINESSES, code, fields, names
from tests.conftest import SYSTEM, make_company

LIST = f"{BUSINESSES}/list"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("riyadh", ["Acme Riyadh Branch"]),
        ("RIYADH", ["Acme Riyadh Branch"]),
        ("", None),
        ("  riyadh ", ["Acme Riyadh Branch"]),
        ("müller", ["Bäckerei MÜLLER"]),
        ("%", []),
        ("_", []),
        ("acme r", ["Acme Riyadh Branch"]),
        ("nothing", []),
        ("rival", []),
    ],
)
def test_the_list_is_searched_by_name_in_any_case(owner, branch, rivals_company, text, found):
    """INV-21."""
    owner.post(BUSINESSES, {"name": "Bäckerei MÜLLER", "country": "DE"})
    everybody = ["Bäckerei MÜLLER", "Acme Riyadh Branch"]
    answer = owner.post(LIST, {"textSearch": text, "pagination": {"limit": 20}})
    assert names(answer) == (everybody if found is None else found)


@pytest.mark.parametrize("limit", [1, 2, 3, "2"])
def test_cursors_lead_through_all_of_the_list(owner, acme, limit):
    """INV-22, C-52."""
    made = {make_company(acme, f"Branch {n}").name for n in range(6)}
    seen, cursor = [], None
    for _ in range(10):
        body = owner.post(LIST, {"pagination": {"limit": limit, "cursor": cursor}}).json()
        assert len(body["connectedBusinesses"]) <= int(limit)
        seen += [one["name"] for one in body["connectedBusinesses"]]
        assert body["pagination"]["totalCount"] == 6
        cursor = body.get("nextPageCursor")
        assert body["pagination"].get("nextPageCursor") == cursor
        if cursor is None:
            break
    assert len(seen) == len(set(seen)) == 6 and set(seen) == made


def test_a_cursor_holds_while_businesses_come_and_go(owner, acme):
    """INV-22."""
    made = [make_company(acme, f"Branch {n}") for n in range(5)]
    first = owner.post(LIST, {"pagination": {"limit": 2}}).json()
    make_company(acme, "Newcomer")
    organizations.delete(made[3], by=SYSTEM)  # the one that the cursor stands on
    rest = owner.post(LIST, {"pagination": {"cursor": first["nextPageCursor"]}})
    assert names(rest) == ["Branch 2", "Branch 1", "Branch 0"]


@pytest.mark.parametrize(
    "body",
    [
        None,
        {},
        {"pagination": None},
        {"pagination": {"limit": 0}},
        {"textSearch": None},
        {"pagination": {"limit": 10**12}},
    ],
)
def test_without_a_limit_there_is_one(owner, acme, body):
    Organization.objects.bulk_create(
        Organization(kind="managed", parent=acme, name=f"Branch {n}") for n in range(101)
    )
    asked = isinstance(body, dict) and (body.get("pagination") or {}).get("limit")
    assert len(names(owner.post(LIST, body))) == (100 if asked else 50)


@pytest.mark.parametrize("cursor", ["x", "x:y", "é", "a" * 501, 5, "IjAxOTIi:AAAA", "..", "null"])
def test_a_forged_cursor_is_refused(owner, branch, cursor):
    answer = owner.post(LIST, {"pagination": {"cursor": cursor}})
    assert code(answer)[:2] == (400, "INVALID_ARGUMENT")
    assert fields(answer)[0].endswith("cursor")


def test_a_cursor_belongs_to_one_list(owner, rival_owner, acme):
    for n in range(3):
        make_company(acme, f"Branch {n}")
    cursor = owner.post(LIST, {"pagination": {"limit": 1}}).json()["nextPageCursor"]
    for call, text in ((rival_owner, ""), (owner, "branch")):
        answer = call.post(LIST, {"textSearch": text, "pagination": {"cursor": cursor}})
        assert code(answer)[2] == "INVALID_CURSOR"


@pytest.mark.parametrize(
    "body",
    [
        {"pagination": {"limit": -1}},
        {"pagination": {"limit": "-1"}},
        {"pagination": {"limit": 1.5}},
        {"pagination": {"limit": True}},
        {"pagination": {"limit": "ten"}},
        {"pagination": []},
        {"pagination": {"limit": "9223372036854775808"}},
        {"pagination": 5},
        {"textSearch": 5},
        {"textSearch": "x" * 201},
        {"textSearch": "x " * 9},
        [],
        "text",
        5,
    ],
)
def test_a_bad_search_is_refused(owner, body):
    assert code(owner.post(LIST, body))[:2] == (400, "INVALID_ARGUMENT")


def test_pages_cost_the_same_however_long_the_list_is(owner, acme, costs):
    for n in range(3):
        make_company(acme, f"Branch {n}")
    cursor = owner.post(LIST, {"pagination": {"limit": 1}}).json()["nextPageCursor"]
    for body in ({}, {"pagination": {"limit": 2, "cursor": cursor}}, {"textSearch": "branch"}):
        with costs(5):  # session, user, membership, rows, count
            owner.post(LIST, body)
