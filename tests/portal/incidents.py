"""What can go wrong at an installation, each made to happen, with what staff then read."""

from datetime import date

from django.conf import settings
from django.utils import timezone

from billing.models import StatementRun
from peppol.models import (
    BulkOperation,
    Circuit,
    CompanyImport,
    ComplianceReport,
    Document,
    Finding,
    Participant,
    WatchRound,
)
from peppol.sandbox.models import Fault
from tenants import loops
from tenants.models import Event, FilePiece, Heartbeat, Mail, Organization, Seal
from tenants.services import applications, organizations
from tests.conftest import SYSTEM
from tests.portal.conftest import ago, make_failing_endpoint, make_rows
from webhooks.models import Delivery


def lost(bakery):
    from tests.portal.factories import make_document

    make_document(bakery, state="unknown")


def apply(bakery):
    shop = organizations.create("business", {"name": "Shop", "country": "FR"}, by=SYSTEM)
    form = {
        "motivation": "Shops.",
        "expected_companies": 9,
        "expected_documents": 9,
        "technical_contact": "t@shop.example",
    }
    applications.submit(shop, form, terms_accepted=True, by=SYSTEM)


def make_held_up(bakery):
    from tests.portal.factories import make_document

    made = make_document(bakery, number="1")
    Document.objects.filter(pk=made.pk).update(state="sending", created_at=ago(hours=2))


def exhaust(bakery):
    make_rows(bakery.parent, bakery, "word")
    Participant.objects.update(state="active")


def make_due(bakery):
    exhaust(bakery)
    Delivery.objects.update(state="pending", next_attempt_at=ago(minutes=5))


def make_failed(bakery):
    from tests.portal.factories import make_document

    make_document(bakery, number="1", state="failed", last_error="Nobody there")


def report(bakery, **facts):
    from tests.portal.factories import make_document

    document = make_document(bakery, number="1")
    row = ComplianceReport.objects.create(
        organization=bakery, document=document, country="FR", **facts
    )
    ComplianceReport.objects.filter(pk=row.pk).update(created_at=ago(hours=3))


def make_run(bakery, **facts):
    facts = {"month": date(2026, 10, 1), "started_at": ago(hours=2), **facts}
    run = StatementRun.objects.create(**facts)
    StatementRun.objects.filter(pk=run.pk).update(started_at=ago(hours=2))
    return run


def compare(bakery):
    found = BulkOperation.objects.create(kind="reconcile", state="done", finished_at=ago(hours=1))
    Finding.objects.create(operation=found, identifier="9915:x", kind="unknown")


def break_seal(bakery):
    Seal.objects.create(
        day=ago(days=2).date(), count=0, digest="0" * 64, whole=True, doubted_at=ago(hours=1)
    )


WRONG = {
    "application": (apply, "Applies to become a platform", "Shop"),
    "organization": (
        lambda bakery: Organization.objects.filter(pk=bakery.pk).update(status="pending"),
        "Waits to be verified",
        "Bakery Peeters",
    ),
    "registration": (
        lambda bakery: Participant.objects.create(
            organization=bakery, scheme="9915", value="1", state="failed"
        ),
        "9915:1 could not be registered",
        "Bakery Peeters",
    ),
    "elsewhere": (
        lambda bakery: Participant.objects.create(
            organization=bakery, scheme="9915", value="1", state="elsewhere"
        ),
        "9915:1 is registered elsewhere",
        "Bakery Peeters",
    ),
    "unpublished": (
        lambda bakery: Participant.objects.create(
            organization=bakery, scheme="9915", value="1", state="active", card_state="failed"
        ),
        "9915:1 is not published in all its parts",
        "Bakery Peeters",
    ),
    "document": (make_held_up, "1 document is held up", "Bakery Peeters"),
    "failed document": (make_failed, "1 document failed in 24 hours", "Bakery Peeters"),
    "report": (
        lambda bakery: report(bakery, state="failed"),
        "1 report to a tax authority failed in 24 hours",
        "Bakery Peeters",
    ),
    "late report": (
        lambda bakery: report(bakery, next_attempt_at=timezone.now()),
        "1 report to a tax authority is overdue",
        "Bakery Peeters",
    ),
    "refused statement": (
        lambda bakery: make_run(
            bakery,
            state="finished",
            finished_at=ago(hours=1),
        ).refusals.create(organization=bakery, reason="BR-S-02: the number is missing"),
        "October 2026 could not be billed",
        "Bakery Peeters",
    ),
    "endless run": (make_run, "The statements of October 2026 do not come to an end", ""),
    "bulk operation": (
        lambda bakery: BulkOperation.objects.create(kind="reconcile", last_error="No answer"),
        "“Compare with the SMP” is held up",
        "",
    ),
    "watch": (
        lambda bakery: WatchRound.objects.create(most=1, state="stopped", last_error="No."),
        "The nightly look at registrations was stopped",
        "",
    ),
    "import": (
        lambda bakery: CompanyImport.objects.create(
            organization=bakery.parent,
            filename="list.csv",
            state="running",
            started_at=ago(hours=2),
        ),
        "The import of “list.csv” does not come to an end",
        "Acme Accounting",
    ),
    "trouble": (
        lambda bakery: loops.note("check VAT ids", bakery, ValueError("Not a number.")),
        "Background work stumbled: check VAT ids",
        "Bakery Peeters",
    ),
    "file": (
        lambda bakery: FilePiece.objects.filter(
            pk=FilePiece.objects.create(storage="media", name="one", number=0).pk
        ).update(created_at=ago(hours=1)),
        "1 file is not stored yet",
        "",
    ),
    "unknown document": (
        lost,
        "Nobody knows whether 1 document arrived",
        "",
    ),
    "difference": (compare, "1 registration is not as the SMP shows it", ""),
    "sandbox": (
        lambda bakery: Fault.objects.create(kind="ap_fails"),
        "The sandbox misbehaves",
        "",
    ),
    "late mail": (
        lambda bakery: Mail.objects.create(
            organization=bakery,
            template="invitation",
            to="a@b.example",
            next_attempt_at=ago(minutes=5),
        ),
        "1 mail is overdue",
        "",
    ),
    "webhook": (make_failing_endpoint, "Webhook fails", "Bakery Peeters"),
    "disabled": (
        lambda bakery: make_failing_endpoint(bakery, status="disabled"),
        "Webhook disabled after failures",
        "Bakery Peeters",
    ),
    "given up": (exhaust, "1 delivery was given up", "Bakery Peeters"),
    "overdue": (make_due, "1 delivery is overdue", ""),
    "mail": (
        lambda bakery: Mail.objects.create(
            organization=bakery, template="invitation", to="a@b.example", state="failed"
        ),
        "1 mail could not be sent",
        "Bakery Peeters",
    ),
    "worker": (
        lambda bakery: Heartbeat.objects.create(name="worker", beat_at=ago(minutes=3)),
        "No worker is at work",
        "",
    ),
    "outbox": (
        lambda bakery: Event.objects.filter(organization=bakery).update(
            distributed_at=None, occurred_at=ago(minutes=3)
        ),
        "1 event waits to be fanned out",
        "",
    ),
    "circuit": (
        lambda bakery: Circuit.objects.create(
            name=settings.SMP_URL.rstrip("/"), state="open", opened_at=ago(minutes=3)
        ),
        "The SMP does not answer",
        "",
    ),
    "seal": (break_seal, "is not as it was sealed", ""),
}
