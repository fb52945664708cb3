"""The same invoice twice is said, asked about, or refused; what is due to go goes by the batch."""

from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone

from peppol.models import Document
from peppol.services.documents import documents, purging
from tenants import storage
from tenants.errors import Conflict
from tenants.models import Event
from tenants.services import settings as platform_settings
from tests.peppol.test_documents import forward
from tests.peppol.test_inbound import envelope
from tests.peppol.trading import SHAPE, send

pytestmark = pytest.mark.django_db(transaction=True)


def doubts(document):
    return [one["rule"] for one in document.transmission.get("warnings", [])]


def test_a_number_that_was_sent_before_is_a_warning(sender):
    first = send(sender)
    again = send(sender)
    assert doubts(first) == [] and doubts(again) == ["duplicate_document"]
    warning = again.transmission["warnings"][-1]
    assert str(first.pk) in warning["message"] and warning["fatal"] is False


@pytest.mark.parametrize("change", [{"number": "2026-0043"}, {"type": "credit_note"}])
def test_another_number_or_kind_is_no_duplicate(change, sender):
    send(sender)
    preceding = {"precedingInvoices": [{"number": "2026-0042"}]}
    more = preceding if "type" in change else {}
    assert doubts(send(sender, {**SHAPE, **change, **more})) == []


def test_what_failed_may_be_sent_again_without_a_word(sender):
    send(sender)
    Document.objects.update(state="failed")
    assert doubts(send(sender)) == []


def test_a_platform_may_have_duplicates_refused(sender, acme):
    platform_settings.change(acme, defaults={"refuseDuplicates": True}, by=documents.SYSTEM)
    sender.refresh_from_db()
    first = send(sender)
    with pytest.raises(Conflict) as refusal:
        send(sender)
    assert refusal.value.code == "duplicate_document"
    assert refusal.value.details["document_id"] == str(first.pk)
    assert Document.objects.count() == 1


def test_a_received_duplicate_is_taken_in_with_a_warning(client, settings, recipient):
    for instance in ("i-1", "i-2"):
        forward(client, settings, envelope(instance=instance), instance)
    first, second = Document.objects.order_by("id")
    assert (doubts(first), doubts(second)) == ([], ["duplicate_document"])


def test_a_years_documents_go_in_one_night(sender, monkeypatch):
    monkeypatch.setattr(purging, "_BATCH", 4)
    paths = [send(sender).payload.path for _ in range(3)]
    storage.drain()
    assert all(Path(path).exists() for path in paths)
    last = Document.objects.latest("id")
    for number in range(8):
        Document.objects.create(
            organization=sender,
            direction="outbound",
            kind="invoice",
            state="delivered",
            instance_id=f"d-{number}",
            retain_until=last.retain_until,
            payload=f"none/{number}.xml",
        )
    Document.objects.update(retain_until=timezone.now().date() - timedelta(days=1))
    assert purging.purge() == 11 and not Document.objects.exists()
    assert not any(Path(path).exists() for path in paths)
    assert Event.objects.filter(type="document.purged").count() == 11


def test_a_payload_that_resists_does_not_stop_the_rest(sender, monkeypatch):
    stubborn, other = send(sender), send(sender)
    storage.drain()
    Path(stubborn.payload.path).unlink()
    Path(stubborn.payload.path).mkdir()
    (Path(stubborn.payload.path) / "in the way").touch()
    Document.objects.update(retain_until=timezone.now().date() - timedelta(days=1))
    assert purging.purge() == 2 and not Path(other.payload.path).exists()
