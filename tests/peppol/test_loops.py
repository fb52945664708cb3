"""Documents, registrations and imports of many: one that nobody foresaw holds up no other."""

import pytest
from django.utils import timezone

from billing.models import BillingAddress
from billing.services import addresses
from peppol import tasks
from peppol.models import BulkOperation, Document, Participant
from peppol.services.documents import claims as document_claims
from peppol.services.documents import inbound
from peppol.services.documents import worker as sending
from peppol.services.registration import bulk, bulk_wishes, follow_up, participants
from tenants.models import Organization, Trouble
from tests.conftest import SYSTEM, make_company
from tests.peppol.trading import registered, send

pytestmark = pytest.mark.django_db(transaction=True)
UNFORESEEN = "unforeseen"


def failing_once(real, error=None):
    """`real`, but for its first call."""
    calls = []

    def step(*arguments, **options):
        calls.append(arguments)
        if len(calls) == 1:
            raise error or ValueError("Nobody foresaw this.")
        return real(*arguments, **options)

    return step


def test_a_document_whose_outcome_cannot_be_written_down_says_so(network, sender, monkeypatch):
    send(sender)
    send(sender)
    monkeypatch.setattr(document_claims, "settle", failing_once(document_claims.settle))
    assert sending.drain(limit=2) == 2
    (told,) = Document.objects.filter(last_error__contains=UNFORESEEN)
    assert told.next_attempt_at > timezone.now() and told.claim is None
    assert Document.objects.filter(claim=None).count() == 2
    assert Trouble.objects.get().work == "send documents"


def test_a_held_document_that_cannot_be_released_keeps_no_other_sealed(
    sender, recipient, monkeypatch
):
    documents = [send(sender) for _ in range(2)]
    Document.objects.update(state="held", direction="inbound", receiver="0208:0403170701")
    monkeypatch.setattr(inbound, "release", failing_once(inbound.release))
    inbound.release_due()
    states = Document.objects.order_by("id").values_list("state", flat=True)
    assert list(states) == ["held", "received"] and len(documents) == 2
    assert Trouble.objects.get().key == str(documents[0].pk)


def test_one_step_of_a_task_that_breaks_keeps_no_other_from_being_taken(monkeypatch):
    taken = []
    monkeypatch.setattr(tasks.document_worker, "drain", lambda: 1 / 0)
    monkeypatch.setattr(tasks.compliance, "report_due", lambda: 1 / 0)
    monkeypatch.setattr(tasks.inbound, "release_due", lambda: taken.append("released"))
    tasks.transmit()
    assert taken == ["released"]
    works = set(Trouble.objects.values_list("work", flat=True))
    assert works == {"send documents", "report documents"}


def test_a_participant_that_cannot_be_changed_is_failed_and_the_others_are_changed(
    acme, monkeypatch
):
    rows = [registered(make_company(acme, f"c{n}"), f"9915:c{n}") for n in range(3)]
    monkeypatch.setattr(bulk_wishes, "_wish", failing_once(bulk_wishes._wish))
    bulk.start(BulkOperation.Kind.REPUBLISH, by=SYSTEM)
    bulk.advance()
    found = dict(Participant.objects.values_list("pk", "metadata_state"))
    assert [found[row.pk] for row in rows] == ["failed", "pending", "pending"]
    assert UNFORESEEN in Participant.objects.get(pk=rows[0].pk).publication_error


def test_an_operation_says_what_it_waits_for(acme):
    row = registered(make_company(acme, "one"), "9915:c1")
    operation = bulk.start(BulkOperation.Kind.REPUBLISH, by=SYSTEM)
    bulk.advance()
    Participant.objects.filter(pk=row.pk).update(publication_error="The SMP answered 500.")
    bulk.advance()
    operation.refresh_from_db()
    assert (operation.state, operation.last_error) == ("running", "The SMP answered 500.")
    Participant.objects.filter(pk=row.pk).update(metadata_state="published", publication_error="")
    bulk.advance()
    operation.refresh_from_db()
    assert (operation.state, operation.last_error) == ("done", "")


def test_what_one_ended_company_left_behind_keeps_no_other_on_the_network(acme, monkeypatch):
    for n in range(2):
        registered(make_company(acme, f"c{n}"), f"9915:c{n}")
    Organization.objects.filter(parent=acme).update(deleted_at=timezone.now())
    monkeypatch.setattr(participants, "unregister", failing_once(participants.unregister))
    assert follow_up.unregister_abandoned() == 1
    states = Participant.objects.order_by("id").values_list("state", flat=True)
    assert list(states) == ["active", "unregistering"]


def test_a_vat_id_that_cannot_be_asked_about_keeps_no_other_waiting(acme, monkeypatch):
    for number in ("BE0403170701", "BE0417497106"):
        BillingAddress.objects.create(
            organization=acme, vat_id=number, recipient="A", vat_check_at=timezone.now()
        )
    monkeypatch.setattr(addresses.vat, "check", failing_once(addresses.vat.check))
    assert addresses.drain() == 1
    assert BillingAddress.objects.exclude(vat_id_valid=None).count() == 1
    assert Trouble.objects.get().work == "check VAT ids"
