"""The operator's page of the system's status: what waits, who works, who is turned away."""

from django.urls import reverse
from django.utils import timezone

from apikeys.models import Refusal
from peppol.models import Circuit
from tenants.models import Event, FilePiece, Heartbeat
from tests.conftest import make_company
from tests.portal.conftest import ago, make_failing_endpoint, texts
from webhooks.models import Delivery, Endpoint


def status(desk, **query: str) -> str:
    answer = desk.get(reverse("admin_system_status"), query)
    assert answer.status_code == 200
    return texts(answer)


def test_the_system_status_says_when_it_is_idle(desk, quiet):
    page = status(desk)
    assert page.count("nothing waits") == 4
    for sentence in ("None. Every webhook takes what it is sent.", "Nobody.", "never seen"):
        assert sentence in page


def test_the_system_status_shows_what_waits_who_works_and_who_is_turned_away(desk, quiet, acme):
    make_failing_endpoint(quiet)
    Delivery.objects.create(
        organization=quiet,
        endpoint=Endpoint.objects.get(),
        event=Event.objects.first(),
        next_attempt_at=ago(minutes=9),
    )
    Heartbeat.objects.create(name="celery@left", beat_at=ago(hours=1))
    Refusal.objects.create(organization=acme, day=timezone.now().date(), count=4711)
    Circuit.objects.create(name="https://smp.example", state="open", last_error="ReadTimeout")
    page = status(desk)
    for sentence in (
        "9\xa0minutes ago",
        "celery@left",
        "4711",
        "ReadTimeout",
        "https://word.example",
    ):
        assert sentence in page


def test_files_that_no_storage_takes_wait_with_a_word(desk, quiet):
    FilePiece.objects.create(
        storage="media", name="one", number=0, last_error="OSError: The bucket is away."
    )
    FilePiece.objects.update(created_at=ago(hours=1))
    assert "The bucket is away." in status(desk)


def test_a_part_of_the_page_is_asked_for_again_and_again(desk, quiet):
    part = status(desk, part="1")
    assert "Circuit breakers" in part and "<html" not in part


def test_only_staff_see_the_system_status(browser, client, db):
    for outsider in (browser, client):
        assert outsider.get(reverse("admin_system_status")).status_code in (302, 403)


def test_the_system_status_is_only_looked_at(desk, quiet):
    assert desk.post(reverse("admin_system_status")).status_code == 405


def test_a_worker_says_which_one_it_is(db):
    from tenants.tasks import heartbeat

    heartbeat.apply(throw=True)
    assert Heartbeat.objects.filter(name="worker").exists()


def test_many_refusals_take_no_more_queries_than_few(
    desk, quiet, acme, django_assert_max_num_queries
):
    def queries() -> int:
        with django_assert_max_num_queries(40) as captured:
            status(desk)
        return len(captured)

    Refusal.objects.create(organization=acme, day=timezone.now().date(), count=1)
    few = queries()
    for n in range(30):
        company = make_company(acme, f"Company {n}")
        Refusal.objects.create(organization=company, day=timezone.now().date(), count=n)
    assert queries() == few <= 24
