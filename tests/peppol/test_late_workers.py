"""Workers that come back when their lease is over find the row another's, and change nothing."""

from datetime import timedelta

import pytest
from django.utils import timezone

from peppol.access_point.client import Progress, Status
from peppol.models import BulkOperation, ComplianceReport, Document, Finding, ImportLine
from peppol.models.imports import CompanyImport
from peppol.sandbox import exchange
from peppol.sandbox.models import Transmission
from peppol.services.documents import claims, compliance
from peppol.services.documents import worker as sending
from peppol.services.imports import imports
from peppol.services.imports import worker as importing
from peppol.services.registration import bulk, reconciliation
from peppol.services.registration.claims import Overtaken
from tests.conftest import SYSTEM
from tests.peppol.importing import GOOD, started
from tests.peppol.test_invoices import INVOICE
from tests.peppol.trading import put_up, send

pytestmark = pytest.mark.django_db
LATER = timedelta(minutes=10)


def test_a_report_that_failed_late_does_not_take_back_that_it_was_made(sender, time_machine):
    document = send(sender)
    ComplianceReport.objects.create(
        organization=sender, document=document, country="IT", next_attempt_at=timezone.now()
    )
    slow = compliance._claim()
    time_machine.move_to(timezone.now() + LATER)
    quick = compliance._claim()
    assert quick == slow
    compliance._settle(slow, (compliance.State.PENDING, "TimeoutError"))
    row = ComplianceReport.objects.get()
    assert (row.attempt_count, row.last_error) == (2, ""), "the second one is still at it"
    assert row.next_attempt_at == quick.next_attempt_at
    compliance._settle(quick, (compliance.State.REPORTED, "IT-1"))
    assert ComplianceReport.objects.get().reference == "IT-1"


def test_a_line_that_was_retried_belongs_to_who_began_with_it_last(acme, time_machine):
    """Its attempts begin at one again, so they do not tell the two workers apart."""
    started(acme, GOOD)
    (slow,) = importing._claim(CompanyImport.objects.get())
    ImportLine.objects.update(state="failed", claimed_until=None)
    CompanyImport.objects.update(state="stopped")
    imports.retry(CompanyImport.objects.get(), by=SYSTEM)
    time_machine.move_to(timezone.now() + timedelta(seconds=1))
    (quick,) = importing._claim(CompanyImport.objects.get())
    assert slow.attempts == quick.attempts == 1
    importing._fail(slow, "late")
    row = ImportLine.objects.get()
    assert (row.state, row.problems, row.claimed_until) == ("ready", [], quick.claimed_until)


def test_a_document_is_not_handed_over_by_who_has_lost_it(sender, monkeypatch, time_machine):
    """Reading its payload took longer than the lease: another worker has handed it over."""
    put_up(INVOICE["buyer"]["peppolId"])
    send(sender)
    handed_over = []

    class AccessPoint:
        base_url, keeps_status = "http://ap.example", True

        def status(self, instance_id):
            return None

        def submit(self, envelope, **facts):
            handed_over.append(envelope.instance_id)
            return Status(Progress.SENT)

    slow = claims.take()
    real, content = Document.content, []

    def slow_content(document):
        content.append(real(document))
        if len(content) == 1:
            time_machine.move_to(timezone.now() + LATER)
            quick = claims.take()
            claims.settle(quick, sending._attempt(quick, AccessPoint()))
        return content[0]

    monkeypatch.setattr(Document, "content", slow_content)
    claims.settle(slow, sending._attempt(slow, AccessPoint()))
    assert len(handed_over) == 1 and Document.objects.get().state == "delivered"


def test_what_was_forwarded_late_is_not_rejected_afterwards(db, time_machine):
    Transmission.objects.create(
        sbdh_instance_id="one",
        sender="0208:1",
        receiver="0208:2",
        document_type="d",
        process="p",
        content=b"<a/>",
        forwarding="received",
        forward_at=timezone.now(),
    )
    slow = exchange._claim()
    time_machine.move_to(timezone.now() + LATER)
    quick = exchange._claim()
    exchange._settle(quick, exchange.Forwarding.FORWARDED)
    exchange._settle(slow, exchange.Forwarding.REJECTED)
    assert Transmission.objects.get().forwarding == "forwarded"


def test_a_comparison_that_another_worker_goes_on_with_is_left_alone(acme, time_machine):
    bulk.start(BulkOperation.Kind.RECONCILE, by=SYSTEM)
    slow = reconciliation._Turn(BulkOperation.objects.get(), 0)
    slow.keep()
    time_machine.move_to(timezone.now() + LATER)
    quick = reconciliation._Turn(BulkOperation.objects.get(), 0)
    quick.keep(visited=7)
    with pytest.raises(Overtaken):
        slow.keep(visited=3)
    reconciliation._put_back(slow.operation, timezone.now(), "", finished=True)
    row = BulkOperation.objects.get()
    assert (row.state, row.visited) == ("running", 7) and not Finding.objects.exists()
