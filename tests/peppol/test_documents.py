"""Documents: sent once, delivered or visibly failed, received, counted, announced, kept."""

import json
from datetime import date, timedelta
from pathlib import Path

import pytest
from django.utils import timezone

from peppol import retention, sbdh
from peppol.access_point.dialects import configured_access_point
from peppol.models import ComplianceReport, DailyUsage, Document, MonthlyUsage, Participant
from peppol.sandbox import exchange, faults, rehearsals, samples
from peppol.sandbox.models import Transmission
from peppol.services.documents import claims, documents, intake, purging, usage, worker
from tenants import storage
from tenants.errors import DomainError, Invalid, WrongState
from tenants.services import organizations
from tests.peppol.test_invoices import BUYER, INVOICE
from tests.peppol.trading import SHAPE, State, events, send, work

pytestmark = pytest.mark.django_db(transaction=True)


def test_an_invoice_travels_from_company_to_company(network, sender, recipient):
    document = send(sender)
    assert document.state == State.ACCEPTED
    work()
    document.refresh_from_db()
    arrived = Document.objects.get(organization=recipient)
    assert (document.state, document.response) == (State.DELIVERED, "accepted")
    assert (arrived.state, arrived.number, arrived.sender) == (
        State.RECEIVED,
        "2026-0042",
        "0208:0403170701",
    )
    assert arrived.instance_id == str(document.pk)
    assert b"2026-0042" in arrived.content() and b"Bakkerij Peeters BV" in arrived.content()
    assert events(sender) == ["document.accepted", "document.delivered", "lifecycle.updated"]
    assert events(recipient) == ["document.received"]
    assert MonthlyUsage.objects.of(sender).totals()["sent"] == 1
    assert DailyUsage.objects.of(recipient).totals()["received"] == 1
    assert Transmission.objects.count() == 1


def test_a_receiver_that_nobody_registered_fails_for_good(network, sender):
    document = send(sender)
    work()
    document.refresh_from_db()
    assert document.state == State.FAILED and document.error_code == "receiver_not_found"
    assert events(sender) == ["document.accepted", "document.failed"]
    assert MonthlyUsage.objects.of(sender).totals() == {
        "sent": 1,
        "received": 0,
        "failed": 1,
        "compliance_reports": 0,
    }
    assert usage.failure_rate(sender) == (1, 1)  # FLO-66


@pytest.mark.parametrize("fault", ["ap_fails_once", "ap_down"])
def test_an_access_point_that_recovers_costs_time_and_sends_once(fault, network, sender, recipient):
    faults.switch_on(fault)
    document = send(sender)
    work(rounds=2)
    faults.switch_off()
    work()
    document.refresh_from_db()
    assert document.state == State.DELIVERED
    assert Transmission.objects.count() == 1
    assert events(sender).count("document.delivered") == 1


def test_an_access_point_that_keeps_failing_ends_in_failure(network, sender, recipient):
    faults.switch_on("ap_fails")
    document = send(sender)
    work()
    document.refresh_from_db()
    assert document.state == State.FAILED and document.error_code == "receiver_refused"


@pytest.mark.parametrize(
    "kind, state, code",
    [
        ("silent", State.DELIVERED, ""),
        ("refused", State.FAILED, "receiver_refused"),
        ("absent", State.FAILED, "receiver_not_found"),
    ],
)
def test_a_failure_that_was_asked_for_is_met_once(kind, state, code, network, sender, recipient):
    rehearsals.begin(sender.parent, kind, 1)
    for known in ((state, code), (State.DELIVERED, "")):
        document = send(sender)
        work()
        document.refresh_from_db()
        assert (document.state, document.error_code) == known


def test_whoever_takes_over_from_a_dead_worker_asks_before_it_sends(network, sender, recipient):
    document = send(sender)
    claim = claims.take()
    worker._attempt(claim, configured_access_point())
    # The worker died here: it handed the document over and recorded nothing.
    work()
    document.refresh_from_db()
    assert document.state == State.DELIVERED
    assert Transmission.objects.count() == 1 and Document.objects.inbound().count() == 1


def test_an_access_point_without_memory_is_never_asked_to_repeat(
    network, settings, sender, recipient
):
    settings.ACCESS_POINT_DIALECT = "phase4_standalone"
    document = send(sender)
    claims.take()
    work()
    document.refresh_from_db()
    assert document.state == State.UNKNOWN and "no status" in document.last_error


def test_a_message_that_is_forwarded_twice_is_received_once(network, sender, recipient, client):
    send(sender)
    work()
    row = Transmission.objects.get()
    Transmission.objects.update(forward_at=timezone.now(), forwarding="received")
    exchange.forward_due()
    assert Document.objects.inbound().count() == 1
    assert MonthlyUsage.objects.of(recipient).totals()["received"] == 1
    assert exchange.mls_status(Transmission.objects.get(pk=row.pk)) == "received_ap"


def forward(client, settings, message, instance="i-1", token=None):
    return client.post(
        "/internal/peppol/inbound",
        message,
        content_type="application/xml",
        headers={
            "X-SBDH-Instance-ID": instance,
            "X-Gatehouse-Token": settings.INBOUND_TOKEN if token is None else token,
        },
    )


def message(receiver="9957:FR86797978996", instance="i-1", content=b"<Order/>"):
    return sbdh.wrap(
        sbdh.Envelope(
            instance, "0208:0202239951", receiver, "urn:x::Order##1::2", "p", "BE", content
        ),
        at=timezone.now(),
    )


@pytest.mark.parametrize(("mode", "status"), [("sync", 200), ("async", 202)])
def test_a_forwarded_document_is_acknowledged_as_the_mode_wants(
    mode, status, client, settings, recipient
):
    settings.INBOUND_MODE = mode
    answer = forward(client, settings, message())
    assert answer.status_code == status
    assert answer.json() == ({"countryCodeC4": "BE"} if mode == "sync" else {})
    document = Document.objects.get(organization=recipient)
    assert (document.kind, document.format) == ("other", "xml")
    assert (document.next_attempt_at is not None) == (mode == "async")


@pytest.mark.parametrize(("mode", "status"), [("sync", 200), ("async", 422)])
@pytest.mark.parametrize(
    "content",
    [message("0208:0999999922"), b"<a/>", b"no xml", message(instance="other")],
    ids=["unknown-receiver", "no-sbd", "no-xml", "other-id"],
)
def test_what_cannot_be_received_is_refused_for_good(
    mode, status, content, client, settings, recipient
):
    settings.INBOUND_MODE = mode
    answer = forward(client, settings, content)
    assert answer.status_code == status and answer.json()["retry"] == "none"
    assert not Document.objects.exists()


def test_nobody_forwards_without_the_shared_secret(client, settings, recipient):
    assert forward(client, settings, message(), token="guess").status_code == 401
    assert not Document.objects.exists()


def test_the_country_is_reported_after_an_asynchronous_forward(
    network, settings, sender, recipient
):
    settings.INBOUND_MODE = "async"
    send(sender)
    work()
    assert Transmission.objects.get().country_c4 == "BE"
    assert not Document.objects.due().exists()


def test_a_company_without_identifier_sends_and_receives_in_the_sandbox(network, bakery):
    document = send(bakery, {"anything": {"goes": 1}})
    work()
    document.refresh_from_db()
    assert (document.state, document.receiver) == (State.DELIVERED, exchange.SINK)
    samples.send_to(bakery)
    work()
    arrived = Document.objects.inbound().get(organization=bakery)
    assert arrived.kind == "invoice" and arrived.number.startswith("SAMPLE-")


def test_json_of_an_unknown_shape_arrives_as_it_was(network, sender, recipient):
    send(sender, {"free": "form", "to": BUYER["peppolId"]})
    work()
    arrived = Document.objects.get(organization=recipient)
    assert json.loads(arrived.content()) == {"free": "form", "to": BUYER["peppolId"]}


@pytest.mark.parametrize("network_name", ["test", "production"])
def test_json_of_an_unknown_shape_is_for_the_sandbox_only(network_name, settings, sender):
    settings.PEPPOL_NETWORK = network_name
    with pytest.raises(Invalid, match="neither UBL"):
        send(sender, {"free": "form", "to": BUYER["peppolId"]})
    assert not Document.objects.exists()


def test_a_document_that_breaks_rules_is_refused_with_their_ids(sender):
    with pytest.raises(intake.BrokenRules) as refusal:
        send(sender, {**SHAPE, "buyerReference": ""})
    assert refusal.value.details["errors"][0]["rule"] == "PEPPOL-EN16931-R003"
    assert not Document.objects.exists() and not MonthlyUsage.objects.exists()


def test_nobody_sends_in_the_name_of_another(sender):
    with pytest.raises(Invalid, match="not an identifier of this company"):
        send(sender, {**SHAPE, "seller": {**INVOICE["seller"], "peppolId": "0208:0202239951"}})


@pytest.mark.parametrize(
    ("content", "options"),
    [
        ({}, {}),
        ([1], {}),
        ({"ubl": "<x"}, {}),
        ({"ubl": "<Order/>"}, {}),
        ({"free": 1}, {"receiver": "nonsense"}),
        (SHAPE, {"receiver": "0208:0202239951"}),
    ],
    ids=["empty", "list", "cut-xml", "other-xml", "bad-receiver", "other-receiver"],
)
def test_what_cannot_be_sent_is_refused_at_once(content, options, sender):
    with pytest.raises(DomainError):
        send(sender, content, **options)
    assert not Document.objects.exists()


def test_a_suspended_or_deregistered_company_does_not_send(sender):
    draft = intake.from_json(sender, SHAPE)
    organizations.suspend(sender, reason="unpaid", by=documents.SYSTEM)
    with pytest.raises(WrongState):
        documents.send(sender, draft, by=documents.SYSTEM)
    organizations.reactivate(sender, by=documents.SYSTEM)
    Participant.objects.update(state="unregistered")
    with pytest.raises(WrongState, match="not registered"):
        send(sender)


@pytest.mark.parametrize(("number", "state"), [("2026-1", "reported"), ("REFUSE-1", "failed")])
def test_a_platform_that_asks_for_it_has_documents_reported(number, state, network, acme, sender):
    organizations.update(acme, {"defaults": {"autoCompliance": {"BE": True}}}, by=documents.SYSTEM)
    sender.refresh_from_db()
    send(sender, {**SHAPE, "number": number})
    work()
    assert ComplianceReport.objects.get().state == state
    reported = MonthlyUsage.objects.of(sender).totals()["compliance_reports"]
    assert reported == (1 if state == "reported" else 0)
    assert ("compliance.reported.failed" in events(sender)) == (state == "failed")


@pytest.mark.parametrize(
    ("country", "last_day"),
    [("IT", date(2036, 12, 31)), ("FR", date(2032, 12, 31)), ("JP", date(2036, 12, 31))],
)
def test_documents_are_kept_as_long_as_the_law_says(country, last_day):
    assert retention.until(country, date(2026, 3, 5)) == last_day  # FLO-51


def test_what_need_not_be_kept_is_deleted_with_its_payload(network, sender, recipient):
    document = send(sender)
    storage.drain()
    path = document.payload.path
    assert Path(path).exists()
    assert purging.purge() == 0
    Document.objects.update(retain_until=timezone.now().date() - timedelta(days=1))
    assert purging.purge() == 1 and not Document.objects.exists()
    assert not Path(path).exists()
    assert MonthlyUsage.objects.of(sender).totals()["sent"] == 1


def test_a_month_that_turns_is_counted_in_its_own_row(bakery):
    for at in ("2026-11-30T23:59:59+00:00", "2026-12-01T00:00:00+00:00"):
        usage.count(bakery, "live", "sent", timezone.datetime.fromisoformat(at))
    rows = MonthlyUsage.objects.of(bakery).values_list("on", "sent")
    assert sorted(rows) == [(date(2026, 11, 1), 1), (date(2026, 12, 1), 1)]
