"""Webhooks of a tenant and of the platform: what arrives, signed, and how often (FLO-10, FLO-23 to
FLO-31, FLO-48, FLO-56, FLO-62, FLO-68)."""

import hmac
import json
import time

import pytest
from django.utils import timezone

from peppol.models import Document, Participant
from peppol.services.documents import events as document_events
from peppol.services.registration import events as registration_events
from tenants.models import Organization
from tests.api.flowie.conftest import ONBOARDING
from tests.conftest import SYSTEM
from tests.webhooks.receiver import Receiver
from webhooks import schedule
from webhooks.models import Delivery, Endpoint

pytestmark = pytest.mark.django_db(transaction=True)
HOOKS = "/webhooks"
SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"


@pytest.fixture
def hooked(onboard, receiver):
    """An onboarded company whose webhook is at the receiver."""
    return onboard(webhook={**ONBOARDING["webhook"], "url": f"{receiver.url}/tenant"})


def happen(company_id, event=document_events.DELIVERED):
    """Has something become of a document of the company."""
    company = Organization.objects.get(kind="managed", vat_number=company_id)
    document, _ = Document.objects.get_or_create(
        organization=company,
        direction="outbound",
        kind="invoice",
        state="delivered",
        instance_id=str(company.pk),
        defaults={"retain_until": "2036-12-31"},
    )
    if event == document_events.REPORT_FAILED:
        report = document.compliance_reports.create(
            organization=company, country="FR", state="failed"
        )
        document_events.announce_report(report, event, by=SYSTEM, reason="The SIREN is unknown.")
    else:
        document_events.announce(document, event, by=SYSTEM)
    return document


FRENCH = ONBOARDING["vatNumber"]


@pytest.mark.parametrize("event", ONBOARDING["webhook"]["events"])
def test_the_tenants_webhook_gets_its_events_signed_over_the_raw_body(
    hooked, receiver, drain, event
):
    """FLO-23, FLO-24, FLO-31, C-28, C-32."""
    happen(FRENCH, event)
    drain()
    (got,) = receiver.received
    secret = hooked["webhook"]["secret"].encode()
    assert got.headers["x-flowie-signature"] == hmac.new(secret, got.body, "sha256").hexdigest()
    body = json.loads(got.body)
    assert body["type"] == event and body["id"] == got.headers["x-flowie-event-id"]
    assert body["data"]["company"]["id"] == hooked["company"]["id"]
    assert body["data"]["company"]["metadata"] == ONBOARDING["metadata"]
    assert body["data"]["metadata"] == ONBOARDING["metadata"]
    assert body["data"]["document"]["id"].startswith("doc_")


def test_the_document_in_an_event_is_the_one_the_api_shows(hooked, api, receiver, drain):
    happen(FRENCH)
    drain()
    id = json.loads(receiver.received[0].body)["data"]["document"]["id"]
    assert api.get(f"/documents/{id}").status_code == 200


def test_different_events_have_different_ids_and_a_retry_keeps_its_own(hooked, receiver, drain):
    """FLO-24, FLO-25."""
    receiver.answers = [500]
    happen(FRENCH)
    drain()
    Delivery.objects.update(next_attempt_at="2020-01-01T00:00:00Z")
    Endpoint.objects.update(paused_until=None)
    drain()
    happen(FRENCH, document_events.FAILED)
    drain()
    ids = [got.headers["x-flowie-event-id"] for got in receiver.received]
    assert len(ids) == 3 and ids[0] == ids[1] != ids[2]
    assert receiver.received[0].body == receiver.received[1].body


def test_an_answer_after_the_window_counts_as_a_failure(hooked, api, receiver, drain):
    """FLO-26, FLO-27."""
    assert Endpoint.objects.get().timeout_seconds == 5
    receiver.delay = 60
    happen(FRENCH)
    started = time.monotonic()
    drain()
    assert 4.5 < time.monotonic() - started < 50
    shown = api.get(f"{HOOKS}/{hooked['webhook']['id']}").json()
    assert (shown["failureCount"], shown["status"]) == (1, "active")
    deliveries = api.get(f"{HOOKS}/{shown['id']}/deliveries").json()["deliveries"]
    assert deliveries[0]["state"] == "pending"
    assert deliveries[0]["attempts"][0]["error"] and not deliveries[0]["attempts"][0]["statusCode"]


def test_one_platform_webhook_hears_of_every_tenant_and_how_to_route(
    api, onboard, rival_api, receiver, drain
):
    """FLO-10, FLO-29, C-29."""
    made = api.post(HOOKS, {"url": f"{receiver.url}/all", "events": ["*"], "secret": SECRET})
    assert made.status_code == 201 and made.json()["companyId"] is None
    first = onboard(webhook=None)
    second = onboard(
        vatNumber="BE0403170701", name="Two", metadata={"tenantId": "t_2"}, webhook=None
    )
    onboard(rival_api, vatNumber="BE0202239951", webhook=None)
    Participant.objects.update(state="active")
    for participant in Participant.objects.select_related("organization"):
        registration_events.announce(participant, registration_events.REGISTERED, by=SYSTEM)
    drain()
    bodies = [json.loads(got.body) for got in receiver.received]
    registered = {
        body["data"]["company"]["id"]: body["data"]["metadata"]["tenantId"]
        for body in bodies
        if body["type"] == "company.smp_registered"
    }
    assert registered == {first["company"]["id"]: "t_acme", second["company"]["id"]: "t_2"}
    for got in receiver.received:
        expected = hmac.new(SECRET.encode(), got.body, "sha256").hexdigest()
        assert got.headers["x-flowie-signature"] == expected


def test_only_what_was_subscribed_to_arrives(api, onboard, receiver, drain):
    """FLO-30."""
    api.post(HOOKS, {"url": receiver.url, "events": ["document.failed", "lifecycle.*"]})
    onboard(webhook=None)
    ours = document_events
    for event in (ours.DELIVERED, ours.FAILED, ours.LIFECYCLE, ours.RECEIVED):
        happen(FRENCH, event)
    drain()
    types = sorted(json.loads(got.body)["type"] for got in receiver.received)
    assert types == ["document.failed", "lifecycle.updated"]


def test_a_dead_endpoint_of_one_tenant_does_not_delay_another(onboard, receiver, drain):
    """FLO-28."""
    slow = Receiver()
    slow.delay = 6
    slowly = {"url": slow.url, "events": ["*"]}
    onboard(vatNumber="BE0403170701", name="Slow", webhook=slowly)
    onboard(webhook={"url": receiver.url, "events": ["document.*"]})
    for _ in range(5):
        happen("BE0403170701")
    happen(FRENCH)
    started = time.time()
    drain()
    slow.close()
    (got,) = receiver.received
    assert got.at - started < 2


def test_a_disabled_webhook_receives_nothing_and_its_record_stays(hooked, api, receiver, drain):
    """FLO-48, FLO-68."""
    path = f"{HOOKS}/{hooked['webhook']['id']}"
    answer = api.patch(path, {"status": "disabled"})
    assert (answer.status_code, answer.json()["status"]) == (200, "disabled")
    assert answer.json()["failureCount"] == 0
    happen(FRENCH)
    drain()
    assert receiver.received == [] and api.get(path).json()["status"] == "disabled"
    assert [one["id"] for one in api.get(f"{HOOKS}?status=disabled").json()["webhooks"]] == [
        hooked["webhook"]["id"]
    ]
    assert api.post(f"{path}/replay", {}).status_code == 409
    assert api.patch(path, {"status": "active"}).json()["status"] == "active"
    assert api.post(f"{path}/replay", {"what": "missed"}).json() == {"replayed": 1}
    drain()
    assert len(receiver.received) == 1


def test_what_failed_and_a_single_delivery_are_sent_again(hooked, api, receiver, drain):
    path = f"{HOOKS}/{hooked['webhook']['id']}"
    happen(FRENCH)
    drain()
    (done,) = api.get(f"{path}/deliveries?state=delivered").json()["deliveries"]
    again = api.post(f"{path}/deliveries/{done['id']}/replay")
    assert (again.status_code, again.json()["state"]) == (202, "pending")
    once_more = api.post(f"{path}/deliveries/{done['id']}/replay")
    assert once_more.status_code == 202, "it waits, and may be hurried"
    drain()
    first, second = receiver.received
    assert first.body == second.body
    assert first.headers["x-flowie-event-id"] == done["eventId"]
    Delivery.objects.update(state="exhausted", given_up_at=timezone.now())
    assert api.post(f"{path}/replay", {"what": "failed"}).json() == {"replayed": 1}
    early = {"what": "failed", "until": "2020-01-01T00:00:00Z"}
    assert api.post(f"{path}/replay", early).json() == {"replayed": 0}


def test_a_secret_is_rotated_with_an_overlap(hooked, api, receiver, drain):
    path = f"{HOOKS}/{hooked['webhook']['id']}"
    answer = api.post(f"{path}/rotate-secret", {"overlapSeconds": 3600})
    assert answer.status_code == 200 and answer["Cache-Control"] == "no-store"
    new = answer.json()["secret"]
    assert new != hooked["webhook"]["secret"]
    happen(FRENCH)
    drain()
    (got,) = receiver.received
    assert (
        got.headers["x-flowie-signature"] == hmac.new(new.encode(), got.body, "sha256").hexdigest()
    )
    assert got.headers["webhook-signature"].count("v1,") == 2
    given = api.post(f"{path}/rotate-secret", {"secret": SECRET, "overlapSeconds": 0})
    assert given.json()["secret"] == SECRET
    assert "secret" not in api.get(path).json()


@pytest.mark.parametrize("secret", [SECRET, "a-secret-of-our-own"])
def test_a_secret_may_be_the_callers_own(api, onboard, receiver, drain, secret):
    """C-28."""
    onboard(webhook={"url": receiver.url, "secret": secret})
    happen(FRENCH)
    drain()
    got = receiver.received[0]
    expected = hmac.new(secret.encode(), got.body, "sha256").hexdigest()
    assert got.headers["x-flowie-signature"] == expected


def test_a_test_event_is_sent_when_asked(hooked, api, receiver, drain):
    path = f"{HOOKS}/{hooked['webhook']['id']}"
    assert api.post(f"{path}/test").status_code == 202
    drain()
    body = json.loads(receiver.received[0].body)
    assert body["type"] == "endpoint.test"
    assert body["data"]["endpoint"]["id"] == hooked["webhook"]["id"]


def test_a_webhook_has_a_retry_schedule_of_its_own(api, onboard):
    """It is an extension of ours: who leaves it out has the standard one."""
    hook = {"url": "https://tenant.example/hook", "retrySchedule": [5, 60]}
    onboarded = onboard(webhook={**ONBOARDING["webhook"], "retrySchedule": [1]})
    assert onboarded["webhook"]["retrySchedule"] == [1]
    made = api.post(HOOKS, hook).json()
    path = f"{HOOKS}/{made['id']}"
    assert made["retrySchedule"] == [5, 60] == api.get(path).json()["retrySchedule"]
    assert api.patch(path, {"description": "Ours"}).json()["retrySchedule"] == [5, 60]
    assert api.patch(path, {"retrySchedule": [90]}).json()["retrySchedule"] == [90]
    standard = api.patch(path, {"retrySchedule": []}).json()["retrySchedule"]
    assert standard == list(schedule.STANDARD)


@pytest.mark.parametrize(
    "steps", [None, 5, "5", [0], [172_801], ["5"], [True], [1.5], [None], [1] * 21, {"a": 1}]
)
def test_a_retry_schedule_that_cannot_be_is_refused(api, steps):
    hook = {"url": "https://tenant.example/hook", "retrySchedule": steps}
    answer = api.post(HOOKS, hook)
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["field"].startswith("retrySchedule")
    assert not Endpoint.objects.exists()
