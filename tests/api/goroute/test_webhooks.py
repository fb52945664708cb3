"""Webhooks per organization, and the events that arrive there; keys per organization."""

import hashlib
import hmac
import json

import pytest
from standardwebhooks import Webhook

from peppol.sandbox import samples
from tenants.models import Event, Organization
from tenants.services import organizations
from tests.api.goroute.conftest import GoRouteCaller
from tests.conftest import SYSTEM
from tests.peppol.trading import work
from webhooks import schedule
from webhooks.models import Endpoint

pytestmark = pytest.mark.django_db(transaction=True)
SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
BODY = {
    "url": "https://yourplatform.com/webhooks/org_abc123",
    "events": ["invoice.delivered", "invoice.received"],
}
DELIVERED, RECEIVED = "invoice.delivered", "invoice.received"


def hook(caller, receiver, *events, path="/a", **more):
    body = {"url": f"{receiver.url}{path}", "events": list(events), **more}
    return caller.post("/webhooks", body)


def test_the_published_call_creates_a_webhook(call, first):
    """GOR-16, with a secret of the caller's own."""
    answer = call.post(f"/organizations/{first}/webhooks", {**BODY, "secret": SECRET})
    made = answer.json()
    assert (answer.status_code, answer["Cache-Control"]) == (201, "no-store")
    assert {name: made[name] for name in BODY} == BODY
    assert (made["org_id"], made["status"], made["secret"]) == (first, "active", SECRET)
    listed = call.get(f"/organizations/{first}/webhooks")
    assert SECRET not in listed.content.decode()
    (shown,) = listed.json()["webhooks"]
    assert shown == call.get(f"/organizations/{first}/webhooks/{made['id']}").json()
    assert "secret" not in shown


def test_without_a_secret_one_is_made_and_shown_once(for_org, first):
    made = for_org(first).post("/webhooks", BODY).json()
    assert made["secret"].startswith("whsec_")
    assert "secret" not in for_org(first).get(f"/webhooks/{made['id']}").json()


def test_a_webhook_has_a_retry_schedule_of_its_own(for_org, first):
    """It is an extension of ours: who leaves it out has the standard one."""
    org = for_org(first)
    made = org.post("/webhooks", {**BODY, "retry_schedule": [5, 60]}).json()
    path = f"/webhooks/{made['id']}"
    assert made["retry_schedule"] == [5, 60] == org.get(path).json()["retry_schedule"]
    assert org.patch(path, {"description": "Ours"}).json()["retry_schedule"] == [5, 60]
    assert org.patch(path, {"retry_schedule": [90]}).json()["retry_schedule"] == [90]
    standard = org.patch(path, {"retry_schedule": []}).json()["retry_schedule"]
    assert standard == list(schedule.STANDARD)
    refused = org.post("/webhooks", {**BODY, "retry_schedule": [0]})
    assert refused.status_code == 422
    assert refused.json()["fields"][0]["field"].startswith("retry_schedule")


def test_an_invoice_event_reaches_its_own_organizations_url(
    network,
    for_org,
    first,
    second,
    receiver,
    drain,
):
    """GOR-17, GOR-24, GOR-26, GOR-28."""
    hook(for_org(first), receiver, DELIVERED, path="/first", secret=SECRET)
    hook(for_org(first), receiver, RECEIVED, path="/received")
    hook(for_org(second), receiver, DELIVERED, "invoice.*", "*", path="/second")
    sent = for_org(first).post("/invoices", {"number": "2026-1"}).json()
    work()
    drain()
    (got,) = receiver.received
    event = json.loads(got.body)
    assert got.path == "/first" and event["type"] == DELIVERED
    assert (event["org_id"], event["data"]["company"]["id"]) == (first, first)
    assert event["data"]["invoice"]["id"] == sent["id"]
    assert event["data"]["transaction_id"] == sent["transaction_id"]
    signature = hmac.new(SECRET.encode(), got.body, hashlib.sha256).hexdigest()
    assert got.headers["x-goroute-signature"] == f"sha256={signature}"
    assert Webhook(SECRET).verify(got.body, got.headers)


def test_a_received_invoice_is_announced(network, for_org, first, receiver, drain):
    hook(for_org(first), receiver, RECEIVED)
    samples.send_to(Organization.objects.get(name="First"), number="SAMPLE-9")
    work()
    drain()
    (got,) = receiver.received
    assert json.loads(got.body)["data"]["invoice"]["number"] == "SAMPLE-9"


@pytest.mark.parametrize(
    ("events", "doubts"),
    [
        (["invoice.delivered", "invoice.*", "*", "company.smp_registered"], 0),
        (["document.delivered"], 0),
        (["invoice.sent"], 1),
        (["nonsense.*", "x"], 2),
    ],
)
def test_a_name_that_no_event_has_is_pointed_out(for_org, first, events, doubts):
    made = for_org(first).post("/webhooks", {**BODY, "events": events}).json()
    assert (made["events"], len(made["warnings"])) == (events, doubts)


def test_a_webhook_is_changed_disabled_and_enabled(for_org, first):
    caller = for_org(first)
    path = f"/webhooks/{caller.post('/webhooks', BODY).json()['id']}"
    changed = caller.patch(path, {"events": ["invoice.failed"], "description": "ERP"}).json()
    assert (changed["events"], changed["description"]) == (["invoice.failed"], "ERP")
    assert changed["url"] == BODY["url"] and "secret" not in changed
    disabled = caller.patch(path, {"status": "disabled"}).json()
    assert disabled["status"] == "disabled" and disabled["disabled_reason"]
    assert caller.patch(path, {"status": "active"}).json()["disabled_reason"] is None
    assert caller.patch(path, {"secret": SECRET}).json()["secret"] == SECRET
    assert Endpoint.objects.get().previous_secret
    assert caller.patch(path, {"status": "paused"}).status_code == 422


def test_a_change_that_is_refused_changes_nothing(for_org, first):
    caller = for_org(first)
    path = f"/webhooks/{caller.post('/webhooks', BODY).json()['id']}"
    before = caller.get(path).json()
    refused = caller.patch(path, {"events": ["*"], "status": "disabled", "secret": "whsec_x"})
    assert refused.status_code == 422 and caller.get(path).json() == before


def test_a_deleted_webhook_is_gone(for_org, first):
    caller = for_org(first)
    path = f"/webhooks/{caller.post('/webhooks', BODY).json()['id']}"
    answer = caller.delete(path)
    assert (answer.status_code, answer.content) == (204, b"") and "Content-Type" not in answer
    for again in (caller.get(path), caller.patch(path, {}), caller.delete(path)):
        assert (again.status_code, again.json()["message"]) == (404, "Webhook not found")


def test_a_webhook_of_another_organization_is_unknown(for_org, rival_call, first, second):
    made = for_org(first).post("/webhooks", BODY).json()["id"]
    for caller in (for_org(second), rival_call):
        for method in ("GET", "PATCH", "DELETE"):
            assert caller(method, f"/webhooks/{made}", {}).status_code == 404


def test_webhooks_of_a_suspended_organization_may_be_cleaned_up(for_org, first):
    caller = for_org(first)
    path = f"/webhooks/{caller.post('/webhooks', BODY).json()['id']}"
    row = Organization.objects.get(name="First")
    organizations.suspend(row, reason="unpaid", by=SYSTEM)
    assert caller.patch(path, {"events": ["*"]}).json()["error"] == "organization_suspended"
    assert caller.delete(path).status_code == 204


def test_lists_cost_the_same_however_long(for_org, first, costs):
    caller = for_org(first)
    for n in range(6):
        caller.post("/webhooks", BODY)
        caller.post("/participants", {"peppol_id": f"0106:1234567{n}"})
        caller.post("/api-keys", {"name": f"k{n}"})
    for thing in ("webhooks", "participants", "api-keys"):
        for limit in (1, 5):
            with costs(3):
                assert caller.get(f"/{thing}?limit={limit}").json()["next_cursor"]


def test_participants_are_registered_listed_and_taken_off(for_org, first, second):
    """GOR-15: one or more, and nobody else's."""
    caller = for_org(first)
    whole = caller.post("/participants", {"peppol_id": "0208:0403170701", "name": "Acme BV"})
    parts = caller.post("/participants", {"scheme": "0106", "identifier": "12345678"})
    assert (whole.status_code, whole.json()["status"]) == (201, "pending")
    assert (whole.json()["name"], parts.json()["peppol_id"]) == ("Acme BV", "0106:12345678")
    listed = caller.get("/participants").json()["participants"]
    assert [one["peppol_id"] for one in listed] == ["0106:12345678", "0208:0403170701"]
    assert for_org(second).get("/participants").json()["participants"] == []
    path = f"/participants/{whole.json()['id']}"
    assert for_org(second).get(path).status_code == 404
    gone = caller.delete(path)
    assert (gone.status_code, gone.json()["status"]) == (202, "unregistered")
    taken = for_org(second).post("/participants", {"peppol_id": "0106:12345678"})
    assert (taken.status_code, taken.json()["error"]) == (409, "identifier_registered_taken")


def test_a_repeated_registration_is_the_same_one(for_org, first):
    body = {"peppol_id": "0106:12345678"}
    ids = {for_org(first).post("/participants", body).json()["id"] for _ in range(2)}
    assert len(ids) == 1


def test_a_key_acts_for_one_organization_and_is_shown_once(call, for_org, first, second):
    """GOR-18, C-03."""
    answer = call.post(f"/organizations/{first}/api-keys", {"name": "ERP", "description": "x"})
    made = answer.json()
    assert (answer.status_code, answer["Cache-Control"]) == (201, "no-store")
    own = GoRouteCaller(made["key"])
    assert own.get(f"/organizations/{first}").status_code == 200
    assert own.get(f"/organizations/{second}").status_code == 404
    listed = call.get(f"/organizations/{first}/api-keys")
    assert made["key"] not in listed.content.decode()
    (shown,) = listed.json()["api_keys"]
    assert (shown["id"], shown["status"], shown["org_id"]) == (made["id"], "active", first)
    assert for_org(second).delete(f"/api-keys/{made['id']}").status_code == 404
    assert for_org(first).delete(f"/api-keys/{made['id']}").status_code == 204
    assert own.get("/organizations").status_code == 401
    assert for_org(first).get("/api-keys").json()["api_keys"] == []


def test_a_companys_key_makes_no_keys(key_of, bakery):
    company = key_of(bakery)
    before = Event.objects.count()
    for answer in (
        company.get("/api-keys"),
        company.post("/api-keys", {"name": "k"}),
        company.delete("/api-keys/x"),
    ):
        assert (answer.status_code, answer.json()["error"]) == (403, "not_a_platform_key")
    assert Event.objects.count() == before


def test_a_test_key_issues_test_keys_only(key_of, acme):
    caller = key_of(acme, kind="platform", environment="test")
    for wanted in ({}, {"environment": "live"}):
        made = caller.post(f"/organizations/{acme.pk}/api-keys", {"name": "k", **wanted}).json()
        assert made["environment"] == "test" and made["key"].startswith("gh_test_")
