"""The operator's overview and page of the system's status: what is wrong, for whom, since when."""

import pytest
from django.urls import reverse
from django.utils import timezone

from config.dashboards.operator.incidents import current
from peppol.models import (
    Document,
    Participant,
)
from peppol.services.imports import uploads
from tenants.ids import uuid7
from tenants.models import Event, Heartbeat
from tenants.services import applications, organizations
from tests.conftest import SYSTEM, make_company
from tests.portal.conftest import ago, make_failing_endpoint, make_rows, texts
from tests.portal.incidents import WRONG, make_held_up
from webhooks.models import Endpoint

CALM = "Everything works, and nobody waits for you."


def told(desk) -> str:
    return texts(desk.get(reverse("admin:index")))


def named() -> list[tuple[str, str]]:
    return [(str(incident.what), incident.whom) for incident in current()[0]]


def test_where_nothing_is_wrong_that_is_said(desk, quiet):
    assert CALM in told(desk)


@pytest.mark.parametrize("what", WRONG)
def test_what_is_wrong_is_said_with_whom_it_concerns(desk, quiet, what):
    make_wrong, sentence, whom = WRONG[what]
    make_wrong(quiet)
    if what != "outbox":
        Event.objects.update(distributed_at=timezone.now())
    [incident] = current()[0]
    assert sentence in str(incident.what) and incident.whom == whom
    page = told(desk)
    assert sentence in page and CALM not in page
    assert desk.get(incident.link).status_code == 200


@pytest.mark.parametrize("fine", ["new document", "disabled by hand", "beat", "young outbox"])
def test_what_takes_its_course_is_no_trouble(quiet, fine):
    match fine:
        case "new document":
            make_held_up(quiet)
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
    found, _more = current()
    for incident in (t for t in found if WRONG[what][1] in str(t.what)):
        [row] = desk.get(incident.link).context["cl"].result_list
        assert row.organization.title == incident.whom


def test_what_could_not_be_published_is_listed(desk, quiet):
    WRONG["unpublished"][0](quiet)
    page = reverse("admin:peppol_participant_changelist")
    [row] = desk.get(page, {"attention": "unpublished"}).context["cl"].result_list
    assert row.card_state == "failed"


def test_a_dead_smp_says_how_many_wait_for_it(quiet):
    WRONG["circuit"][0](quiet)
    Participant.objects.create(organization=quiet, scheme="9915", value="1", state="waiting")
    [incident] = current()[0]
    assert "1 registration waits" in incident.note


def test_what_is_wrong_for_everybody_comes_first_and_then_the_oldest(quiet):
    for n, hours in enumerate((3, 30, 1)):
        made = Participant.objects.create(
            organization=quiet, scheme="9915", value=str(n), state="failed"
        )
        Participant.objects.filter(pk=made.pk).update(updated_at=ago(hours=hours))
    Heartbeat.objects.create(name="worker", beat_at=ago(hours=2))
    order = [what.split()[0] for what, _whom in named()]
    assert order == ["No", "9915:1", "9915:0", "9915:2"]


def test_what_one_receiver_holds_up_is_not_wrong_for_everybody(quiet):
    WRONG["overdue"][0](quiet)
    assert any(incident.grave for incident in current()[0])
    Endpoint.objects.update(first_failure_at=ago(hours=3), consecutive_failures=4)
    found = current()[0]
    assert found and not any(incident.grave for incident in found)


def test_however_much_is_wrong_the_page_reads_a_bounded_part(
    desk, quiet, acme, django_assert_max_num_queries, monkeypatch
):
    monkeypatch.setattr(uploads, "MOST_WAITING", 100)

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
    found, more = current()
    assert len(found) <= 100
    assert {str(item.text) for item in more} == {
        "5 more applications wait",
        "5 more registrations need a decision",
        "5 more webhooks fail or are disabled",
        "Deliveries to 5 more organizations",
    }
    # Each kind that has more counts them once.
    assert queries() <= few + len(more) and few <= 38


def _apply_as(n: int) -> None:
    shop = organizations.create("business", {"name": f"Shop {n}", "country": "FR"}, by=SYSTEM)
    form = {
        "motivation": "Shops.",
        "expected_companies": 9,
        "expected_documents": 9,
        "technical_contact": "t@shop.example",
    }
    applications.submit(shop, form, terms_accepted=True, by=SYSTEM)
