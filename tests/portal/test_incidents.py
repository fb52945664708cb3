"""The operator's overview and machinery page: what is wrong, for whom, since when."""

from datetime import date

import pytest
from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from billing.models import StatementRun
from config.dashboards.operator.incidents import troubles
from peppol.models import (
    BulkOperation,
    Circuit,
    ComplianceReport,
    Document,
    Finding,
    Participant,
)
from peppol.sandbox.models import Fault
from tenants.ids import uuid7
from tenants.models import Event, Heartbeat, Mail, Organization, Seal
from tenants.services import applications, organizations
from tests.conftest import SYSTEM, make_company
from tests.portal.conftest import ago, make_failing_endpoint, make_rows, texts
from webhooks.models import Delivery, Endpoint

CALM = "Everything works, and nobody waits for you."


def told(desk) -> str:
    return texts(desk.get(reverse("admin:index")))


def named() -> list[tuple[str, str]]:
    return [(str(trouble.what), trouble.whom) for trouble in troubles()[0]]


def _apply(bakery):
    shop = organizations.create("business", {"name": "Shop", "country": "FR"}, by=SYSTEM)
    form = {
        "motivation": "Shops.",
        "expected_companies": 9,
        "expected_documents": 9,
        "technical_contact": "t@shop.example",
    }
    applications.submit(shop, form, terms_accepted=True, by=SYSTEM)


def _document(bakery):
    from tests.portal.factories import make_document

    made = make_document(bakery, number="1")
    Document.objects.filter(pk=made.pk).update(state="sending", created_at=ago(hours=2))


def _delivery(bakery):
    make_rows(bakery.parent, bakery, "word")
    Participant.objects.update(state="active")


def _due(bakery):
    _delivery(bakery)
    Delivery.objects.update(state="pending", next_attempt_at=ago(minutes=5))


def _failed(bakery):
    from tests.portal.factories import make_document

    make_document(bakery, number="1", state="failed", last_error="Nobody there")


def _report(bakery, **facts):
    from tests.portal.factories import make_document

    document = make_document(bakery, number="1")
    row = ComplianceReport.objects.create(
        organization=bakery, document=document, country="FR", **facts
    )
    ComplianceReport.objects.filter(pk=row.pk).update(created_at=ago(hours=3))


def _run(bakery, **facts):
    facts = {"month": date(2026, 10, 1), "started_at": ago(hours=2), **facts}
    run = StatementRun.objects.create(**facts)
    StatementRun.objects.filter(pk=run.pk).update(started_at=ago(hours=2))


def _compared(bakery):
    found = BulkOperation.objects.create(kind="reconcile", state="done", finished_at=ago(hours=1))
    Finding.objects.create(operation=found, identifier="9915:x", kind="unknown")


def _seal(bakery):
    Seal.objects.create(
        day=ago(days=2).date(), count=0, digest="0" * 64, whole=True, doubted_at=ago(hours=1)
    )


WRONG = {
    "application": (_apply, "Applies to become a platform", "Shop"),
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
    "document": (_document, "1 document is held up", "Bakery Peeters"),
    "failed document": (_failed, "1 document failed in 24 hours", "Bakery Peeters"),
    "report": (
        lambda bakery: _report(bakery, state="failed"),
        "1 report to a tax authority failed in 24 hours",
        "Bakery Peeters",
    ),
    "late report": (
        lambda bakery: _report(bakery, next_attempt_at=timezone.now()),
        "1 report to a tax authority is overdue",
        "Bakery Peeters",
    ),
    "refused statement": (
        lambda bakery: _run(
            bakery,
            state="finished",
            finished_at=ago(hours=1),
            last_error=f"{bakery.pk}: BR-S-02: the number is missing",
        ),
        "October 2026 could not be billed",
        "Bakery Peeters",
    ),
    "endless run": (_run, "The statements of October 2026 do not come to an end", ""),
    "bulk operation": (
        lambda bakery: BulkOperation.objects.create(kind="reconcile", last_error="No answer"),
        "“Compare with the SMP” is held up",
        "",
    ),
    "difference": (_compared, "1 registration is not as the SMP shows it", ""),
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
    "given up": (_delivery, "1 delivery was given up", "Bakery Peeters"),
    "overdue": (_due, "1 delivery is overdue", ""),
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
    "seal": (_seal, "is not as it was sealed", ""),
}


def test_where_nothing_is_wrong_that_is_said(desk, quiet):
    assert CALM in told(desk)


@pytest.mark.parametrize("what", WRONG)
def test_what_is_wrong_is_said_with_whom_it_concerns(desk, quiet, what):
    make_wrong, sentence, whom = WRONG[what]
    make_wrong(quiet)
    if what != "outbox":
        Event.objects.update(distributed_at=timezone.now())
    [trouble] = troubles()[0]
    assert sentence in str(trouble.what) and trouble.whom == whom
    page = told(desk)
    assert sentence in page and CALM not in page
    assert desk.get(trouble.link).status_code == 200


@pytest.mark.parametrize("fine", ["new document", "disabled by hand", "beat", "young outbox"])
def test_what_takes_its_course_is_no_trouble(quiet, fine):
    match fine:
        case "new document":
            _document(quiet)
            Document.objects.update(created_at=ago(minutes=5))
        case "disabled by hand":
            make_failing_endpoint(quiet, status="disabled")
            Endpoint.objects.update(first_failure_at=None, consecutive_failures=0)
        case "beat":
            Heartbeat.objects.create(name="worker", beat_at=ago(seconds=20))
        case "young outbox":
            Event.objects.filter(organization=quiet).update(distributed_at=None)
    assert named() == []


def test_every_number_of_the_overview_leads_to_the_rows_it_counts(desk, acme, ours, rival):
    organizations.suspend(rival, reason="unpaid", by=SYSTEM)
    Endpoint.objects.update(consecutive_failures=1)
    gone = Endpoint.objects.get()
    gone.pk, gone.deleted_at = None, timezone.now()
    gone.id = uuid7()
    gone.save(force_insert=True)
    figures = desk.get(reverse("admin:index")).context["figures"]
    numbers = [(figure.number, figure.link) for figure in figures]
    numbers += [(int(text.split()[0]), link) for f in figures for text, link in f.parts]
    assert len(numbers) == 7
    for number, link in numbers:
        assert len(desk.get(link).context["cl"].result_list) == number, link


@pytest.mark.parametrize("what", ["document", "failed document", "report", "late report", "mail"])
def test_what_is_counted_is_listed_where_the_trouble_leads(desk, quiet, what):
    for company in (quiet, make_company(quiet.parent, "Other")):
        WRONG[what][0](company)
    found, _more = troubles()
    for trouble in (t for t in found if WRONG[what][1] in str(t.what)):
        [row] = desk.get(trouble.link).context["cl"].result_list
        assert row.organization.title == trouble.whom


def test_what_could_not_be_published_is_listed(desk, quiet):
    WRONG["unpublished"][0](quiet)
    page = reverse("admin:peppol_participant_changelist")
    [row] = desk.get(page, {"attention": "unpublished"}).context["cl"].result_list
    assert row.card_state == "failed"


def test_a_dead_smp_says_how_many_wait_for_it(quiet):
    WRONG["circuit"][0](quiet)
    Participant.objects.create(organization=quiet, scheme="9915", value="1", state="waiting")
    [trouble] = troubles()[0]
    assert "1 registration waits" in trouble.note


def test_what_is_wrong_for_everybody_comes_first_and_then_the_oldest(quiet):
    for n, hours in enumerate((3, 30, 1)):
        made = Participant.objects.create(
            organization=quiet, scheme="9915", value=str(n), state="failed"
        )
        Participant.objects.filter(pk=made.pk).update(updated_at=ago(hours=hours))
    Heartbeat.objects.create(name="worker", beat_at=ago(hours=2))
    order = [what.split()[0] for what, _whom in named()]
    assert order == ["No", "9915:1", "9915:0", "9915:2"]


def test_however_much_is_wrong_the_page_reads_a_bounded_part(
    desk, quiet, acme, django_assert_max_num_queries
):
    def queries() -> int:
        with django_assert_max_num_queries(50) as captured:
            told(desk)
        return len(captured)

    def fail(numbers: range) -> None:
        for n in numbers:
            company = make_company(acme, f"Company {n}")
            make_rows(acme, company, f"word{n}")
            _apply_as(n)
            Endpoint.objects.update(first_failure_at=ago(hours=3), consecutive_failures=4)

    fail(range(2))
    few = queries()
    fail(range(2, 25))
    found, more = troubles()
    assert len(found) <= 100
    assert {str(worry.text) for worry in more} == {
        "5 more applications wait",
        "5 more registrations need a decision",
        "5 more webhooks fail or are disabled",
        "Deliveries to 5 more organizations",
    }
    # Each kind that has more counts them once.
    assert queries() <= few + len(more) and few <= 36


def _apply_as(n: int) -> None:
    shop = organizations.create("business", {"name": f"Shop {n}", "country": "FR"}, by=SYSTEM)
    form = {
        "motivation": "Shops.",
        "expected_companies": 9,
        "expected_documents": 9,
        "technical_contact": "t@shop.example",
    }
    applications.submit(shop, form, terms_accepted=True, by=SYSTEM)
