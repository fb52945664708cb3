"""Lists of organizations: filters, orders, pages."""

import pytest

from tenants.ids import uuid7
from tenants.models import Organization
from tenants.services import people
from tests.api.fiskaly.conftest import ALL, FIELDS, NEW, names, opened_by
from tests.conftest import SYSTEM, make_company, make_platform

WORDS = [
    "name",
    "id",
    "address_line1",
    "zip",
    "town",
    "display_name",
    "vat_id",
    "address_line2",
    "state",
    "tax_number",
    "economy_id",
]


def test_the_list_has_every_field(fis, acme, bakery):
    """FIS-10."""
    body = fis.get(ALL).json()
    assert (set(body), body["_type"], body["count"]) == (
        {"data", "count", "_type"},
        "ORGANIZATION_LIST",
        2,
    )
    assert all(set(row) == FIELDS for row in body["data"])


def test_filters(fis, live, acme, bakery, managed):
    """FIS-11."""
    main = fis.post(ALL, {**NEW, "name": "Main"}).json()
    assert names(fis.get(f"{ALL}?type=ORGANIZATION")) == ["Acme Accounting", "Main"]
    assert names(fis.get(f"{ALL}?type=MANAGED_ORGANIZATION")) == ["Bakery Peeters", NEW["name"]]
    assert names(fis.get(f"{ALL}?env=LIVE")) == ["Acme Accounting", "Bakery Peeters"]
    assert len(names(fis.get(f"{ALL}?env=TEST"))) == 4
    assert len(names(fis.get(f"{ALL}?env=&type=&managed_by_organization_id="))) == 4
    for parent in (main["_id"], uuid7(), "x"):
        assert names(fis.get(f"{ALL}?managed_by_organization_id={parent}")) == []


def test_the_count_is_that_of_the_rows_whoever_made_them(fis, live, acme, rival, managed):
    """FIS-10."""
    fis.post(ALL, {**NEW, "name": "Main"})
    make_company(acme, "Live", environment="live")
    make_company(rival, "Foreign")
    theirs = make_company(rival, "Made by us")
    Organization.objects.filter(pk=theirs.pk).update(created_by_organization=acme)
    for caller in (fis, live):
        for query in ("", "?limit=1", "?env=LIVE", "?type=MANAGED_ORGANIZATION"):
            whole = caller.get(f"{ALL}{query}").json()
            unlimited = caller.get(f"{ALL}{query.replace('limit=1', 'limit=100')}").json()
            assert whole["count"] == len(unlimited["data"]), query


@pytest.mark.parametrize("word", WORDS)
def test_every_order_goes_both_ways(fis, acme, word):
    """FIS-12."""
    for n, town in enumerate(["Wien", "Graz", "Linz"]):
        make_company(
            acme,
            f"C{n}",
            city=town,
            postal_code=str(9 - n),
            address_line1=town * 2,
            display_name=town,
            vat_number=str(n % 2),
            state="S",
            tax_number=str(n),
            economy_id=str(-n),
            address_line2="",
        )
    up, down = (
        [row["_id"] for row in fis.get(f"{ALL}?order_by={word}&order={order}").json()["data"]]
        for order in ("asc", "desc")
    )
    assert len(up) == 4 and up == down[::-1]


def test_names_ascend_unless_something_else_is_said(fis, acme):
    """FIS-12."""
    for name in ("Zebra", "Bear", "Cat"):
        make_company(acme, name)
    assert names(fis.get(ALL)) == ["Acme Accounting", "Bear", "Cat", "Zebra"]


def test_pages_do_not_overlap_and_the_count_counts_all(fis, acme):
    """FIS-13, FIS-15."""
    for n in range(7):
        make_company(acme, f"C{n % 2}")
    found = []
    for offset in range(0, 9, 3):
        body = fis.get(f"{ALL}?limit=3&offset={offset}").json()
        assert body["count"] == 8
        found += [row["_id"] for row in body["data"]]
    assert len(found) == len(set(found)) == 8
    assert fis.get(f"{ALL}?limit=0").json()["data"] == []


@pytest.mark.parametrize(
    "query",
    [
        "limit=5001",
        "limit=-1",
        "limit=x",
        "limit=1.5",
        "offset=-1",
        "order=up",
        "order_by=age",
        "order_by=_id",
        "env=PROD",
        "type=X",
        "limit=99999999999999999999",
        "limit=",
        "order_by=%00",
        "offset=99999999999999999999",
        "managed_by_organization_id=%00",
    ],
)
def test_a_query_that_makes_no_sense_is_refused(fis, query):
    """FIS-14."""
    answer = fis.get(f"{ALL}?{query}")
    assert answer.status_code == 400 and answer.json()["code"] == "E_INVALID"


def test_whoever_is_reached_twice_is_listed_once(robin, acme, bakery):
    """FIS-15: as a member, and as one of the platform's."""
    people.join(bakery, robin, role="viewer", by=SYSTEM)
    body = opened_by(robin).get(ALL).json()
    assert [row["name"] for row in body["data"]] == ["Acme Accounting", "Bakery Peeters"]
    assert body["count"] == 2


@pytest.mark.parametrize("rows", [1, 12])
def test_a_list_takes_as_many_queries_however_long(fis, acme, rows, costs):
    for n in range(rows):
        make_company(acme, f"C{n}")
    fis.get(ALL)
    with costs(5):  # the key, the others, ids, rows, count
        fis.get(ALL)


@pytest.mark.parametrize("limit", [1, 2, 5, 100])
@pytest.mark.parametrize("order", ["asc", "desc"])
@pytest.mark.parametrize("few", [500, 2])
def test_what_one_made_stands_among_ones_companies(
    live, acme, rival, limit, order, few, monkeypatch
):
    """FIS-13: the companies are read by their index, whatever else is in the list."""
    monkeypatch.setattr("config.api.fiskaly.listings._FEW", few)
    for name in ("Zeta", "Beta", "Beta", "Omega", "Alpha"):
        make_company(acme, name)
    made = [make_platform("Aachen"), make_platform("Mitte"), make_company(rival, "Zz")]
    Organization.objects.filter(pk__in=[one.pk for one in made]).update(
        created_by_organization=acme
    )
    seen, offset = [], 0
    while page := names(live.get(f"{ALL}?limit={limit}&offset={offset}&order={order}")):
        seen, offset = seen + page, offset + limit
    wanted = ["Aachen", acme.name, "Alpha", "Beta", "Beta", "Mitte", "Omega", "Zeta", "Zz"]
    assert seen == (wanted if order == "asc" else wanted[::-1])
