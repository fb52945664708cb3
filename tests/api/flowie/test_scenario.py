"""The playbook from end to end, and the credentials to play it with (FLO-58)."""

import hmac
import json

import pytest
from django.utils import timezone

from config.sandbox import demo_data
from peppol.models import Document, Participant
from peppol.sandbox import exchange, faults
from peppol.sandbox.models import Transmission
from peppol.services.documents import compliance
from peppol.services.documents import worker as document_worker
from peppol.services.registration import worker as registration_worker
from tests.api.flowie.conftest import ONBOARDING, Flowie

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def network(live_server, settings):
    """The sandbox's SMP and access point over HTTP, forwarding to this very installation."""
    settings.BASE_URL = live_server.url
    settings.SMP_URL = f"{live_server.url}/sandbox/smp"
    settings.ACCESS_POINT_URL = f"{live_server.url}/sandbox/ap"
    yield
    faults.switch_off()


@pytest.fixture
def work(network, drain):
    """What the worker does, without waiting for its pauses."""

    def work():
        registration_worker.drain(seconds=20)
        for _ in range(8):
            now = timezone.now()
            Document.objects.filter(next_attempt_at__isnull=False).update(next_attempt_at=now)
            Transmission.objects.filter(forward_at__isnull=False).update(forward_at=now)
            if not document_worker.drain() + exchange.forward_due() + compliance.report_due():
                break
        drain()

    return work


def heard(receiver, secret):
    """What arrived so far, every signature checked on the raw body before it was read."""
    found = []
    for got in receiver.received:
        expected = hmac.new(secret.encode(), got.body, "sha256").hexdigest()
        assert hmac.compare_digest(expected, got.headers["x-flowie-signature"])
        found.append(json.loads(got.body))
    receiver.received.clear()
    return found


def send_invoice(api, company, invoice):
    """The playbook's function, word for word but for the HTTP client."""
    return api.post(
        "/documents/send",
        {
            "type": "invoice",
            "from": company,
            "to": invoice["recipientPeppolId"],
            "document": invoice["body"],
        },
        headers={"X-Flowie-Company": company, "Idempotency-Key": f"t_acme-{invoice['id']}"},
    ).json()


def test_onboard_verify_send_charge_and_offboard(api, onboard, receiver, work):
    """FLO-09, FLO-10, FLO-19, FLO-23, FLO-29, FLO-40, FLO-47 to FLO-50, FLO-54, FLO-58, FLO-59."""
    buyer = onboard(vatNumber="BE0403170701", name="Buyer", webhook=None, apiKey=None)["company"]
    wide = api.post(
        "/webhooks", {"url": f"{receiver.url}/all", "events": ["company.*", "document.received"]}
    ).json()
    url = f"{receiver.url}/hooks/flowie?tenant=t_acme"
    made = onboard(webhook={**ONBOARDING["webhook"], "url": url})
    company = made["company"]["id"]
    assert made["company"]["smpRegistered"] is False
    work()
    registered = [
        one for one in heard(receiver, wide["secret"]) if one["type"] == "company.smp_registered"
    ]
    assert {one["data"]["company"]["id"] for one in registered} == {company, buyer["id"]}
    assert api.get(f"/companies/{company}").json()["smpRegistered"] is True

    api.patch(f"/webhooks/{wide['id']}", {"status": "disabled"})
    sent = send_invoice(
        api,
        company,
        {"id": "inv-001", "recipientPeppolId": buyer["peppolId"], "body": {"invoice": "001"}},
    )
    work()
    told = heard(receiver, made["webhook"]["secret"])
    # Which of the two comes first is not promised.
    assert sorted(one["type"] for one in told) == ["document.delivered", "lifecycle.updated"]
    assert {one["data"]["document"]["id"] for one in told} == {sent["id"]}
    assert {one["data"]["metadata"]["tenantId"] for one in told} == {"t_acme"}
    inbox = api.acting(buyer["id"]).get("/documents?direction=inbound").json()["documents"]
    assert api.get(f"/documents/{inbox[0]['id']}/payload").json() == {"invoice": "001"}
    rows = api.get("/platform/usage?period=month&groupBy=company").json()["byCompany"]
    assert {(row["companyId"], row["sent"], row["received"]) for row in rows} == {
        (company, 1, 0),
        (buyer["id"], 0, 1),
    }

    assert api.delete(f"/platform/api-keys/{made['apiKey']['id']}").status_code == 204
    assert Flowie(made["apiKey"]["key"]).get("/documents").status_code == 401
    hook = f"/webhooks/{made['webhook']['id']}"
    assert api.patch(hook, {"status": "disabled"}).json()["status"] == "disabled"
    assert api.delete(f"/companies/{company}").status_code == 204
    work()
    assert receiver.received == []
    gone = api.get(f"/companies/{company}").json()
    assert (gone["status"], gone["smpRegistered"]) == ("deregistered", False)
    assert Participant.objects.get(value="FR86797978996").state == "unregistered"
    history = api.acting(company).get("/documents").json()["documents"]
    assert [(one["id"], one["status"]) for one in history] == [(sent["id"], "delivered")]


def test_the_sandbox_world_has_credentials_for_all_of_it(db):
    """FLO-02, FLO-36: the sample's own VAT number is free to be tried."""
    given = demo_data.create("http://127.0.0.1:8000")["flowie"]
    assert set(given) == {
        "dashboard_jwt",
        "platform_key",
        "other_platform_key",
        "white_label_key",
        "plain_platform_key",
    }
    assert given["platform_key"].startswith("flw_plat_live_")
    assert given["white_label_key"].startswith("flw_wl_live_")
    issued = Flowie(given["dashboard_jwt"]).post("/api-keys", {"name": "mine"})
    assert issued.status_code == 201
    branding = {"branding": {"displayName": "Mine"}}
    for name, status in (("white_label_key", 200), ("plain_platform_key", 403)):
        answer = Flowie(given[name]).patch("/platform/settings", branding)
        assert answer.status_code == status
    made = Flowie(given["platform_key"]).post("/platform/companies", ONBOARDING).json()
    assert made["company"]["smpStatus"] == "pending"
    strange = Flowie(given["other_platform_key"]).get(f"/companies/{made['company']['id']}")
    assert strange.status_code == 404
