"""What the sender's side is told of a document that came in (MLS, sent)."""

from io import BytesIO

import pytest
from django.utils import timezone

from peppol import sbdh
from peppol.access_point.client import Unavailable
from peppol.access_point.dialects import configured_access_point
from peppol.access_point.phoss_ap import PhossAp
from peppol.contents import Content
from peppol.invoices import status_writing
from peppol.models import Document, StatusMessage
from peppol.readable import reading
from peppol.sandbox.models import Transmission
from peppol.services.documents import documents, inbound, intake, statuses
from tenants.ids import uuid7
from tenants.models import Event
from tenants.services import organizations
from tests.conftest import SYSTEM
from tests.peppol.trading import SHAPE, put_up, work
from webhooks.models import Delivery
from webhooks.services import distribution, endpoints

pytestmark = pytest.mark.django_db(transaction=True)
PROVIDER = "0242:000002"


@pytest.fixture
def taken_in(network, sender, recipient):
    """A document as it comes in, with the scopes of its envelope."""
    put_up(PROVIDER)

    def take_in(*, mls_to=PROVIDER, mls_type=sbdh.ALWAYS_SEND, kind="", broken=False):
        prepared = intake.from_json(sender, SHAPE)
        content = prepared.content.replace(b"380<", b"389<") if broken else prepared.content
        envelope = sbdh.Envelope(
            instance_id=str(uuid7()),
            sender=prepared.sender,
            receiver=prepared.receiver,
            document_type=kind or prepared.document_type,
            process=prepared.process,
            country_c1="BE",
            content=content,
            mls_to=mls_to,
            mls_type=mls_type,
        )
        message = sbdh.unwrap(BytesIO(sbdh.wrap(envelope, at=timezone.now())))
        return inbound.receive(message, mode="sync")

    return take_in


def tell(rounds=4):
    """What the worker does about statuses, without waiting for its pauses."""
    for _ in range(rounds):
        distribution.distribute()
        due = StatusMessage.objects.filter(next_attempt_at__isnull=False)
        due.update(next_attempt_at=timezone.now())
        statuses.tell_due()


def carried():
    """The statuses that the access point was given."""
    return Transmission.objects.filter(sender="0242:000001")


def test_a_sender_who_asks_is_told_that_its_document_arrived(network, sender, recipient):
    prepared = intake.from_json(sender, SHAPE)
    sent = documents.send(sender, prepared, by=SYSTEM, wants_status=True)
    work()
    tell()
    work()
    sent.refresh_from_db()
    assert (sent.response, sent.transmission["statusFrom"]) == ("received", "0242:000001")
    assert sent.get_response_display() == "Delivered, without a confirmation"
    owed = StatusMessage.objects.get()
    assert (owed.state, owed.code, owed.document.direction) == ("sent", "AB", "inbound")
    told = Event.objects.get(organization=recipient, type="document.status_sent")
    assert told.data["status"] == {"code": "AB", "state": "sent", "to": "0242:000001"}


def test_what_a_webhook_took_is_confirmed(taken_in, recipient):
    endpoints.create(recipient, url="https://127.0.0.1/", event_types=["*"], by=SYSTEM)
    taken_in()
    tell()
    assert StatusMessage.objects.get().code == "", "the webhook is still at it"
    Delivery.objects.update(state="delivered")
    tell()
    assert StatusMessage.objects.get().code == "AP"


def test_what_breaks_the_rules_is_rejected_with_them(taken_in):
    document = taken_in(broken=True, mls_type="")
    tell()
    row, message = StatusMessage.objects.get(), carried().get()
    assert (row.state, row.code) == ("sent", "RE")
    assert (message.receiver, message.process) == (PROVIDER, "urn:peppol:edec:mls")
    said = reading.read([bytes(message.content)])
    assert (said.code, said.about, said.sender.identifier) == (
        "RE",
        document.instance_id,
        "0242:000001",
    )
    assert all("[PEPPOL-" in reason.text and reason.code == "BV" for reason in said.reasons)
    assert Document.objects.inbound().get().state == "received", "its company reads it all the same"


def test_what_is_rejected_shows_at_the_sender_with_the_reasons(taken_in, sender):
    """Both directions in one: what we say of what came in, read as what is said of ours."""
    document = taken_in(broken=True)
    tell()
    message = carried().get()
    sent = documents.send(sender, intake.from_json(sender, SHAPE), by=SYSTEM)
    Document.objects.filter(pk=sent.pk).update(instance_id=document.instance_id)
    inbound.receive(
        sbdh.Arrived(
            instance_id=str(uuid7()),
            sender="0242:000001",
            receiver="0242:000001",
            document_type=message.document_type,
            process=message.process,
            country_c1="BE",
            content=Content(bytes(message.content)),
            media_type="application/xml",
        ),
        mode="sync",
    )
    sent.refresh_from_db()
    assert sent.response == "rejected" and "PEPPOL-" in " ".join(sent.transmission["statusReasons"])


@pytest.mark.parametrize(
    "scopes, state",
    [
        ({"mls_type": "FAILURE_ONLY"}, "unwanted"),
        ({"mls_type": ""}, "unwanted"),
        ({"mls_to": ""}, None),
        ({"mls_to": "0208:0403170701"}, None),
        ({"mls_to": "0242:POP000001"}, None),
        ({"mls_to": "0242:000002-EB2B.KSEF"}, "pending"),
        ({"kind": status_writing.DOCUMENT_TYPE}, None),
        ({"kind": "urn:x::ApplicationResponse##urn:fdc:peppol.eu:poacc:trns:mlr:3::2.1"}, None),
    ],
)
def test_nothing_is_said_but_what_is_asked_for(taken_in, scopes, state):
    taken_in(**scopes)
    tell(1)
    assert StatusMessage.objects.values_list("state", flat=True).first() == state
    assert not carried().filter(receiver=PROVIDER)


def test_an_access_point_that_sends_them_itself_is_left_to_it(taken_in, settings):
    settings.SENDS_MLS = False
    taken_in()
    assert not StatusMessage.objects.exists()


def test_what_is_held_back_is_told_once_it_is_released(taken_in, recipient):
    organizations.suspend(recipient, reason="unpaid", by=SYSTEM)
    held = taken_in()
    tell()
    assert StatusMessage.objects.get().state == "pending" and not carried()
    organizations.reactivate(recipient, by=SYSTEM)
    inbound.release(held, by=SYSTEM)
    tell()
    assert StatusMessage.objects.get().state == "sent" and carried().count() == 1


def test_a_status_whose_answer_was_lost_is_not_sent_twice(taken_in, monkeypatch):
    taken_in()
    submit = PhossAp.submit

    def lose(self, *args, **options):
        submit(self, *args, **options)
        raise Unavailable("The access point does not answer.")

    monkeypatch.setattr(PhossAp, "submit", lose)
    tell(1)
    monkeypatch.setattr(PhossAp, "submit", submit)
    assert StatusMessage.objects.get().last_error
    tell()
    row = StatusMessage.objects.get()
    assert (row.state, row.last_error, carried().count()) == ("sent", "", 1)


def test_a_worker_that_comes_late_sends_nothing_and_changes_nothing(taken_in):
    taken_in()
    late = statuses._claim()
    tell()
    with configured_access_point() as access_point:
        statuses._tell(late, access_point)
    row = StatusMessage.objects.get()
    assert (row.state, carried().count()) == ("sent", 1)
