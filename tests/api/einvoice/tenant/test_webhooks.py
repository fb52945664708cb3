"""A tenant's webhooks, judged by the API's published client."""

import json

import pytest
from e_invoice_api import NotFoundError, UnprocessableEntityError

from apikeys.services import keys
from tests.api.conftest import Caller
from tests.conftest import SYSTEM

pytestmark = pytest.mark.django_db(transaction=True)
EVENTS = ["document.received", "document.sent", "document.sent.failed"]


def test_the_published_client_manages_webhooks(client):
    made = client.webhooks.create(url="https://your-domain.com/webhook", events=EVENTS)
    assert made.secret.startswith("whsec_") and made.enabled is True
    (listed,) = client.webhooks.list()
    assert listed.secret == "********" and listed.id == made.id
    assert client.webhooks.retrieve(made.id).events == EVENTS
    changed = client.webhooks.update(made.id, enabled=False)
    assert (changed.enabled, changed.events) == (False, EVENTS)
    assert client.webhooks.update(made.id, events=["*"], enabled=True).events == ["*"]
    tested = client.webhooks.test(made.id, event_type="document.sent", data={"document_id": "d"})
    assert tested.success is True
    (sent,) = client.webhooks.retrieve_history(made.id).history
    assert (sent["status"], sent["attempts"]) == ("pending", 0)
    assert client.webhooks.delete(made.id).is_deleted is True
    with pytest.raises(NotFoundError):
        client.webhooks.retrieve(made.id)


GOOD = {"url": "https://your-domain.com/webhook", "events": EVENTS}


@pytest.mark.parametrize(
    "change",
    [
        {"url": None},
        {"url": ""},
        {"url": "http://example.com"},
        {"url": 5},
        {"events": None},
        {"events": []},
        {"events": "x"},
        {"events": [1]},
        {"enabled": "yes"},
        {"enabled": 1},
        {"url": "https://10.0.0.1"},
        {"url": f"https://x.example/{'x' * 2000}"},
    ],
    ids=str,
)
def test_what_cannot_be_a_webhook_is_refused(own, change):
    answer = own.post("/api/webhooks", {**GOOD, **change})
    assert answer.status_code == 422 and answer.json()["detail"][0]["loc"][1] in GOOD | {
        "enabled": 1
    }
    assert own.get("/api/webhooks").json() == []


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"event_type": "document.sent"},
        {"event_type": 5, "data": {}},
        {"event_type": "document.sent", "data": []},
        {"event_type": "company.closed", "data": {}},
        {"event_type": "document.sent", "data": {"x": "y" * 20_000}},
    ],
    ids=lambda body: str(body)[:50],
)
def test_what_cannot_be_tested_is_refused(own, body):
    made = own.post("/api/webhooks", GOOD).json()["id"]
    assert own.post(f"/api/webhooks/{made}/test", body).status_code == 422
    assert own.get(f"/api/webhooks/{made}/history").json() == {"history": []}


def test_a_test_arrives_as_the_event_that_it_is_a_test_of(own, receiver, drain):
    body = {"url": receiver.url, "events": ["document.sent"]}
    made = own.post("/api/webhooks", body).json()["id"]
    own.post(
        f"/api/webhooks/{made}/test", {"event_type": "document.sent", "data": {"document_id": "d"}}
    )
    drain()
    (got,) = receiver.received
    event = json.loads(got.body)
    assert (event["type"], event["data"]) == ("document.sent", {"document_id": "d"})
    assert event["tenant_id"].startswith("tenant_") and isinstance(event["created_at"], int)
    (sent,) = own.get(f"/api/webhooks/{made}/history").json()["history"]
    assert (sent["status"], sent["response_status"]) == ("delivered", 204)


def test_nobody_else_reaches_a_tenants_webhooks(own, acme_key, rivals_company, bakery):
    made = own.post("/api/webhooks", GOOD).json()["id"]
    stranger = Caller(keys.issue(rivals_company, name="k", by=SYSTEM)[1])
    for rest in ("", "/history"):
        answer = stranger.get(f"/api/webhooks/{made}{rest}")
        assert (answer.status_code, answer.json()) == (404, {"detail": "Webhook not found"})
    for answer in (
        stranger.put(f"/api/webhooks/{made}", {"enabled": False}),
        stranger.delete(f"/api/webhooks/{made}"),
        stranger.post(f"/api/webhooks/{made}/test", {}),
    ):
        assert answer.status_code == 404
    assert stranger.get("/api/webhooks").json() == []
    assert Caller(acme_key).get("/api/webhooks").status_code == 401
    few = Caller(keys.issue(bakery, name="k", scopes=["send"], by=SYSTEM)[1])
    assert few.post("/api/webhooks", GOOD).status_code == 403


@pytest.mark.parametrize("slash", ["", "/"])
def test_paths_answer_with_and_without_a_slash(own, slash):
    assert own.post(f"/api/webhooks{slash}", GOOD).status_code == 201
    for path in ("/api/webhooks", "/api/stats", "/api/me"):
        assert own.get(f"{path}{slash}").status_code == 200


def test_the_history_costs_the_same_however_long(own, costs):
    made = own.post("/api/webhooks", GOOD).json()["id"]
    for count in (1, 5):
        for _ in range(count):
            body = {"event_type": "document.sent", "data": {}}
            own.post(f"/api/webhooks/{made}/test", body)
        with costs(4):
            own.get(f"/api/webhooks/{made}/history")


def test_the_published_client_is_told_what_is_wrong(client):
    with pytest.raises(UnprocessableEntityError) as refusal:
        client.webhooks.create(url="http://example.com", events=EVENTS)
    assert refusal.value.body["detail"][0]["loc"] == ["body", "url"]
