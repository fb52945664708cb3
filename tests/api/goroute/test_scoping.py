"""For whom a call is made: by path, by header, by the key; and nobody else's is ever shown."""

import pytest

from apikeys.models import ApiKey
from apikeys.services import keys
from tenants.ids import spell, uuid7
from tenants.models import Event, Organization
from tenants.services import organizations
from tests.api.goroute.conftest import GoRouteCaller
from tests.conftest import SYSTEM, make_company, make_platform

THINGS = ("invoices", "transactions", "participants", "webhooks", "api-keys")


def send(caller, number, path="/invoices"):
    return caller.post(path, {"number": number})


def numbers(caller, path="/invoices"):
    answer = caller.get(path).json()
    return [one["number"] for one in answer[path.rsplit("/", 1)[-1]]]


def test_without_a_header_the_keys_default_organization_acts(call, acme, first):
    """GOR-07: a platform key's default is its platform until somebody chooses another."""
    assert send(call, "of the platform").json()["org_id"] == spell("org", acme.pk)
    keys.set_default(ApiKey.objects.get(), Organization.objects.get(name="First"), by=SYSTEM)
    assert numbers(call) == []
    assert send(call, "of the first").json()["org_id"] == first
    assert numbers(call, f"/organizations/{first}/invoices") == ["of the first"]


def test_a_default_that_was_deleted_is_not_replaced_by_another(call, first):
    row = Organization.objects.get(name="First")
    keys.set_default(ApiKey.objects.get(), row, by=SYSTEM)
    organizations.delete(row, by=SYSTEM)
    assert call.get("/invoices").status_code == 404


def test_path_and_header_name_the_same(call, for_org, first, second):
    """GOR-08 to GOR-14, GOR-27: one key, two organizations, nothing of one at the other."""
    assert send(for_org(first), "1").json()["org_id"] == first
    assert send(call, "2", f"/organizations/{second}/invoices").json()["org_id"] == second
    for thing in ("invoices", "transactions"):
        for org_id, number in ((first, "1"), (second, "2")):
            by_path = call.get(f"/organizations/{org_id}/{thing}").json()
            assert by_path == for_org(org_id).get(f"/{thing}").json()
            assert [one["number"] for one in by_path[thing]] == [number]


def test_a_sent_invoice_is_a_transaction(for_org, first):
    """GOR-11, GOR-12."""
    caller = for_org(first)
    sent = send(caller, "2026-1")
    assert sent.status_code == 201 and sent["Content-Type"] == "application/json"
    (row,) = caller.get("/transactions").json()["transactions"]
    assert (row["id"], row["invoice_id"]) == (sent.json()["transaction_id"], sent.json()["id"])
    assert caller.get(f"/transactions/{row['id']}").json() == row
    read = caller.get(f"/invoices/{sent.json()['id']}").json()
    assert '"2026-1"' in read["content"]


@pytest.mark.parametrize("spelling", ["org", "tenant", "uuid"])
def test_path_and_header_may_both_be_there_and_agree(call, acme, first, spelling):
    """C-04; an id in any spelling is the same id (C-05)."""
    row = Organization.objects.get(name="First")
    header = str(row.pk) if spelling == "uuid" else spell(spelling, row.pk)
    headers = {"X-Organization-Id": header}
    answer = call.get(f"/organizations/{first}/invoices", headers=headers)
    assert answer.status_code == 200


@pytest.mark.parametrize("path", ["", "/invoices", "/transactions", "/webhooks"])
@pytest.mark.parametrize("other", ["second", "unknown", "malformed", "empty"])
def test_path_and_header_that_contradict_are_refused(call, first, second, path, other):
    """C-04: never silently one of them."""
    headers = {"second": second, "unknown": spell("org", uuid7()), "malformed": "x", "empty": ""}
    answer = call.get(
        f"/organizations/{first}{path}", headers={"X-Organization-Id": headers[other]}
    )
    assert (answer.status_code, answer.json()["error"]) == (400, "organization_mismatch")


@pytest.fixture
def strange(rivals_company, acme):
    """Ids that are not acme's, and one that is nobody's."""
    deleted = make_company(acme, "Deleted")
    organizations.delete(deleted, by=SYSTEM)
    return {
        "another platform's": spell("org", rivals_company.pk),
        "another platform": spell("org", rivals_company.parent_id),
        "deleted": spell("org", deleted.pk),
        "unknown": spell("org", uuid7()),
        "malformed": "org_abc123def456",
        "empty": "",
        "not text of ours": "org_\u00e9",
    }


@pytest.mark.parametrize("thing", THINGS)
def test_a_strange_organization_answers_like_an_unknown_one(call, for_org, strange, thing):
    """GOR-18, GOR-19, GOR-29, GOR-32: by path and by header, to read and to write."""
    body = {"name": "x", "url": "https://x.example", "events": ["*"], "peppol_id": "0208:0"}
    before = Event.objects.count()
    for who, org_id in strange.items():
        answers = [for_org(org_id).get(f"/{thing}")]
        if org_id:
            answers.append(call.get(f"/organizations/{org_id}/{thing}"))
        if thing != "transactions":
            answers.append(for_org(org_id).post(f"/{thing}", body))
        for answer in answers:
            assert answer.status_code == 404, who
            assert answer.json() == {"error": "not_found", "message": "Organization not found"}
    assert Event.objects.count() == before


@pytest.mark.parametrize("method", ["GET", "PATCH", "DELETE"])
def test_a_strange_organization_is_neither_read_nor_changed(call, strange, method):
    """GOR-18, GOR-19."""
    for org_id in filter(None, strange.values()):
        assert call(method, f"/organizations/{org_id}", {"name": "Taken"}).status_code == 404
    assert not Organization.objects.filter(name="Taken").exists()


def test_a_companys_key_reaches_its_own_and_no_sister(key_of, bakery, acme):
    """GOR-18, C-03."""
    sister = make_company(acme, "Sister")
    caller, own = key_of(bakery), spell("org", bakery.pk)
    assert send(caller, "1").json()["org_id"] == own
    assert numbers(caller, f"/organizations/{own}/invoices") == ["1"]
    for org_id in (sister.pk, acme.pk):
        assert caller.get(f"/organizations/{org_id}").status_code == 404
        other = caller.post("/invoices", {}, headers={"X-Organization-Id": str(org_id)})
        assert other.status_code == 404


def test_a_company_kind_key_of_a_platform_reaches_none_of_its_companies(key_of, acme, bakery):
    caller = key_of(acme)
    assert caller.get(f"/organizations/{acme.pk}").status_code == 200
    assert caller.get(f"/organizations/{bakery.pk}").status_code == 404
    assert caller.get("/organizations").json()["total"] == 1


@pytest.mark.parametrize("thing", ["invoices", "transactions"])
def test_a_document_of_another_organization_is_unknown(for_org, first, second, thing):
    sent = send(for_org(first), "1").json()
    id = sent["id"] if thing == "invoices" else sent["transaction_id"]
    assert for_org(first).get(f"/{thing}/{id}").status_code == 200
    for unknown in (id, spell("inv", uuid7()), "x", "%00"):
        answer = for_org(second).get(f"/{thing}/{unknown}")
        assert (answer.status_code, answer.json()["error"]) == (404, "not_found")


@pytest.mark.parametrize("key", [None, "", "x", "gh_plat_live_" + "0" * 36, "é"])
def test_without_a_good_key_nothing_is_answered(db, key):
    """GOR-23."""
    caller = GoRouteCaller(key)
    for path in ("/organizations", "/invoices", "/nowhere"):
        answer = caller.get(path)
        assert (answer.status_code, answer.json()["error"]) == (401, "unauthenticated")


def test_a_key_in_another_vendors_header_is_none(acme_key, db):
    """C-58: each surface reads its own header."""
    answer = GoRouteCaller(None).get(
        "/organizations", headers={"Authorization": f"Bearer {acme_key}"}
    )
    assert answer.status_code == 401


@pytest.mark.parametrize(
    ("who", "status", "error"),
    [
        ("company", "suspended", "organization_suspended"),
        ("company", "closed", "organization_closed"),
        ("platform", "suspended", "organization_suspended"),
    ],
)
def test_a_key_of_an_organization_at_rest_opens_nothing(key_of, acme, bakery, who, status, error):
    """GOR-21, GOR-22: the platform's rest is its companies', too."""
    caller = key_of(bakery)
    resting = bakery if who == "company" else acme
    act = organizations.suspend if status == "suspended" else organizations.close
    act(resting, reason="unpaid", by=SYSTEM)
    answer = caller.get("/invoices")
    assert (answer.status_code, answer.json()["error"]) == (403, error)


def test_a_disabled_key_opens_nothing_and_an_enabled_one_does_again(call, first):
    key = ApiKey.objects.get()
    keys.disable(key, by=SYSTEM)
    assert call.get("/organizations").status_code == 401
    keys.enable(key, by=SYSTEM)
    assert call.get("/organizations").status_code == 200


@pytest.mark.parametrize(
    ("scope", "method", "path", "status"),
    [
        ("documents.read", "GET", "/invoices", 200),
        ("documents.read", "POST", "/invoices", 403),
        ("send", "POST", "/invoices", 201),
        ("send", "GET", "/transactions", 403),
        ("send", "POST", "/webhooks", 403),
        ("send", "DELETE", "/webhooks/x", 403),
        ("receive", "GET", "/webhooks", 200),
        ("platform", "POST", "/invoices", 201),
        ("lifecycle", "POST", "/participants", 403),
    ],
)
def test_a_key_with_fewer_rights_does_less(key_of, bakery, scope, method, path, status):
    """A key that another surface issued with scopes keeps to them here."""
    caller = key_of(bakery, scopes=[scope])
    answer = caller(method, path, {"number": "1"} if method == "POST" else None)
    assert answer.status_code == status
    assert status != 403 or answer.json()["error"] == "insufficient_scope"


def test_who_is_no_platform_makes_no_organizations(db, key_of):
    business = organizations.create("business", {"name": "Lone", "country": "BE"}, by=SYSTEM)
    caller = key_of(business, kind=ApiKey.Kind.PLATFORM)
    answer = caller.post("/organizations", {"name": "One", "country": "BE"})
    assert (answer.status_code, answer.json()["error"]) == (403, "not_a_platform")


def test_a_path_that_leads_nowhere_says_so(call):
    for base in ("/peppol-api/api/v1", "/api/v1"):
        for path in ("", "/nowhere", "/organizations/x/nowhere"):
            answer = call.get(path, base=base)
            assert (answer.status_code, answer.json()["error"]) == (404, "not_found")
    assert call.put("/organizations", {}).json()["error"] == "method_not_allowed"


def test_an_unreachable_platform_shows_its_rest_to_its_own_key(key_of, db):
    pending = make_platform("Pending")
    Organization.objects.filter(pk=pending.pk).update(status="pending")
    caller = key_of(pending, kind=ApiKey.Kind.PLATFORM)
    assert caller.get("/organizations").json()["error"] == "organization_pending"
