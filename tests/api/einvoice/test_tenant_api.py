"""The API that a tenant's own key opens, judged by its published description and client."""

import json
from datetime import date

import pytest
from django.utils import timezone
from e_invoice_api import EInvoice, NotFoundError, UnprocessableEntityError

from apikeys.services import keys
from peppol.identifiers import parse
from peppol.models import Participant
from peppol.sandbox.models import Fault, SmlEntry
from peppol.services.documents import usage
from peppol.services.registration import participants, worker
from tests.api.conftest import Caller
from tests.conftest import SYSTEM

pytestmark = pytest.mark.django_db(transaction=True)
IDENTIFIER = "0208:0403170701"
EVENTS = ["document.received", "document.sent", "document.sent.failed"]


@pytest.fixture
def own(bakery_key):
    """The bakery, calling with its own key."""
    return Caller(bakery_key)


@pytest.fixture
def network(live_server, settings):
    """The sandbox's SMP and Directory over HTTP."""
    settings.SMP_URL = f"{live_server.url}/sandbox/smp"
    settings.DIRECTORY_URL = f"{live_server.url}/sandbox/directory"


@pytest.fixture
def registered(network, bakery):
    """The bakery on the network, its card in the Directory."""
    participants.register(bakery, IDENTIFIER, by=SYSTEM)
    for _ in range(6):
        Participant.objects.filter(next_attempt_at__isnull=False).update(
            next_attempt_at=timezone.now()
        )
        worker.drain()
    assert Participant.objects.get().directory_state == "published"
    return IDENTIFIER


@pytest.fixture
def client(live_server, bakery_key):
    """The published Python client, which checks our answers against its own types."""
    return EInvoice(
        api_key=bakery_key,
        base_url=live_server.url,
        max_retries=0,
        _strict_response_validation=True,
    )


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


def test_the_published_client_looks_others_up(client, registered):
    assert client.me.retrieve().peppol_ids == [IDENTIFIER]
    found = client.lookup.retrieve(peppol_id=IDENTIFIER)
    assert (found.status, found.errors) == ("success", [])
    assert found.query_metadata.identifier_value == IDENTIFIER
    (endpoint,) = found.service_metadata.endpoints
    assert len(endpoint.document_types) == 2 and endpoint.processes
    assert found.business_card.entities[0].name == "Bakery Peeters"
    assert found.certificates[0].status == "success"
    valid = client.validate.validate_peppol_id(peppol_id=IDENTIFIER)
    assert valid.is_valid and valid.dns_valid and valid.business_card_valid
    assert len(valid.supported_document_types) == 2
    assert valid.business_card.country_code == "BE"
    results = client.lookup.retrieve_participants(query="peeters", country_code="BE")
    assert (results.total_count, results.participants[0].peppol_id) == (1, IDENTIFIER)
    assert client.lookup.retrieve_participants(query="peeters", country_code="NL").total_count == 0


def test_an_identifier_that_nobody_has_is_an_answer_and_no_error(client, network):
    found = client.lookup.retrieve(peppol_id="0106:12345678")
    assert found.status == "error" and found.errors and found.dns_info.status == "error"
    assert found.service_metadata.endpoints == found.business_card.entities == []
    valid = client.validate.validate_peppol_id(peppol_id="0106:12345678")
    assert (valid.is_valid, valid.supported_document_types, valid.business_card) == (
        False,
        [],
        None,
    )
    assert client.lookup.retrieve_participants(query="nobody").participants == []


@pytest.mark.parametrize("fault", [Fault.Kind.DOWN, Fault.Kind.SIGNATURE])
def test_a_network_that_fails_is_told_from_one_that_knows_nothing(client, registered, fault):
    Fault.objects.create(kind=fault)
    found = client.lookup.retrieve(peppol_id=IDENTIFIER)
    assert found.service_metadata.status == "error" and found.service_metadata.error
    assert (found.status == "success") == (fault == Fault.Kind.SIGNATURE)
    assert found.errors and "not registered" not in found.errors[0]


def test_a_network_that_is_not_there_costs_no_more_than_its_time_out(settings, own):
    settings.SMP_URL = settings.DIRECTORY_URL = "http://127.0.0.1:1"
    assert own.get(f"/api/lookup?peppol_id={IDENTIFIER}").json()["status"] == "error"
    answer = own.get("/api/lookup/participants?query=x")
    assert (answer.status_code, answer.json()) == (
        503,
        {"detail": "The Peppol Directory did not answer."},
    )


def test_an_smp_that_leads_inside_is_not_asked(sml_server, settings, own):
    settings.WEBHOOK_ALLOWED_CIDRS = []
    pid = parse(IDENTIFIER)
    SmlEntry.objects.create(
        uri=pid.uri, smp="http://127.0.0.1:9/inside", label=pid.sml_name("").split(".")[0]
    )
    found = own.get(f"/api/lookup?peppol_id={IDENTIFIER}").json()
    assert found["status"] == "error" and "not public" in found["errors"][0]
    unknown = own.get("/api/lookup?peppol_id=0106:12345678").json()
    assert unknown["dnsInfo"]["status"] == "error" and "not registered" in unknown["errors"][0]


def test_an_sml_that_is_silent_is_told_from_one_that_knows_nothing(settings, own):
    settings.SML_ZONE, settings.DNS_SERVERS, settings.DNS_PORT = "z.example", ["127.0.0.1"], 1
    found = own.get(f"/api/lookup?peppol_id={IDENTIFIER}").json()
    assert "did not answer" in found["errors"][0] and found["dnsInfo"]["status"] == "error"


def test_usage_is_told_by_day_week_and_month(client, bakery, rivals_company):
    for company in (bakery, rivals_company):
        for day in ("2026-11-01", "2026-11-02", "2026-12-24"):
            usage.count(company, "live", "sent", timezone.datetime.fromisoformat(f"{day}T12:00"))
    usage.count(bakery, "live", "received", timezone.datetime.fromisoformat("2026-11-02T00:00"))
    stats = client.stats.retrieve()
    assert (stats.period_start, stats.period_end) == (date(2026, 11, 1), date(2026, 12, 24))
    assert (stats.total_days, stats.average_daily_usage) == (54, round(4 / 54, 4))
    assert [(a.action, str(a.stat_date), a.count) for a in stats.actions] == [
        ("DOCUMENT_SENT", "2026-11-01", 1),
        ("DOCUMENT_RECEIVED", "2026-11-02", 1),
        ("DOCUMENT_SENT", "2026-11-02", 1),
        ("DOCUMENT_SENT", "2026-12-24", 1),
    ]
    weeks = client.stats.retrieve(aggregation="WEEK", end_date="2026-11-30")
    assert [(str(a.stat_date), a.count) for a in weeks.actions] == [
        ("2026-10-26", 1),
        ("2026-11-02", 1),
        ("2026-11-02", 1),
    ]
    months = client.stats.retrieve(aggregation="MONTH", start_date="2026-11-02")
    assert [(str(a.stat_date), a.count) for a in months.actions] == [
        ("2026-11-01", 1),
        ("2026-11-01", 1),
        ("2026-12-01", 1),
    ]


def test_who_exchanged_nothing_has_empty_stats(own):
    stats = own.get("/api/stats/").json()
    assert (stats["actions"], stats["total_days"], stats["budget_estimation_days"]) == ([], 1, 0.0)
    future = own.get("/api/stats?start_date=2099-01-01").json()
    assert future["period_start"] == future["period_end"] == "2099-01-01"


BAD = {
    "/api/lookup": 422,
    "/api/lookup?peppol_id=": 422,
    "/api/lookup?peppol_id=x": 422,
    "/api/lookup?peppol_id=%00": 422,
    "/api/validate/peppol-id?peppol_id=0208:x": 422,
    "/api/validate/peppol-id": 422,
    "/api/lookup/participants": 422,
    "/api/lookup/participants?query=": 422,
    "/api/lookup/participants?query=x&country_code=B": 422,
    f"/api/lookup/participants?query={'x' * 201}": 422,
    "/api/stats?aggregation=YEAR": 422,
    "/api/stats?start_date=soon": 422,
    "/api/stats?start_date=2026-12-01&end_date=2026-11-01": 400,
    "/api/webhooks/x": 404,
    "/api/webhooks/x/history": 404,
    "/api/webhooks/%00": 404,
}


@pytest.mark.parametrize("path", BAD)
def test_what_cannot_be_asked_is_refused(own, path):
    answer = own.get(path)
    assert answer.status_code == BAD[path] and answer.json()["detail"]
    if answer.status_code == 422:
        assert answer.json()["detail"][0]["loc"][0] == "query"


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
