"""The operator's overview and machinery page: what is wrong, for whom, since when."""

from datetime import timedelta

import pytest
from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from apikeys.models import Refusal
from config.dashboards.troubles import troubles
from peppol.models import Circuit, Document, Participant
from tenants.models import Event, Heartbeat, Mail, Organization, Seal, User
from tenants.services import applications, organizations
from tests.conftest import SYSTEM, make_company
from tests.portal.conftest import make_rows, signed_in, texts
from webhooks.models import Delivery, Endpoint

CALM = "Everything works, and nobody waits for you."


@pytest.fixture
def desk(db):
    return signed_in(User.objects.create_superuser("staff@operator.example", "x"))


def ago(**span: float):
    return timezone.now() - timedelta(**span)


def told(desk) -> str:
    return texts(desk.get(reverse("admin:index")))


def named() -> list[tuple[str, str]]:
    return [(str(trouble.what), trouble.whom) for trouble in troubles()[0]]


def _apply(bakery):
    shop = organizations.create("business", {"name": "Shop", "country": "FR"}, by=SYSTEM)
    form = {"motivation": "Shops.", "expected_companies": 9, "expected_documents": 9,
            "technical_contact": "t@shop.example"}  # fmt: skip
    applications.submit(shop, form, terms_accepted=True, by=SYSTEM)


def _document(bakery):
    from tests.portal.papers import make_document

    made = make_document(bakery, number="1")
    Document.objects.filter(pk=made.pk).update(state="sending", created_at=ago(hours=2))


def _endpoint(bakery, **facts):
    make_rows(bakery.parent, bakery, "word")
    Participant.objects.update(state="active")
    Delivery.objects.all().delete()
    Endpoint.objects.update(first_failure_at=ago(hours=3), consecutive_failures=4, **facts)
    Event.objects.update(distributed_at=timezone.now())


def _delivery(bakery):
    make_rows(bakery.parent, bakery, "word")
    Participant.objects.update(state="active")


def _due(bakery):
    _delivery(bakery)
    Delivery.objects.update(state="pending", next_attempt_at=ago(minutes=5))


def _seal(bakery):
    Seal.objects.create(day=ago(days=2).date(), count=0, digest="0" * 64, whole=True,
                        doubted_at=ago(hours=1))  # fmt: skip


WRONG = {
    "application": (_apply, "Applies to become a platform", "Shop"),
    "organization": (
        lambda bakery: Organization.objects.filter(pk=bakery.pk).update(status="pending"),
        "Waits to be verified", "Bakery Peeters",
    ),
    "registration": (
        lambda bakery: Participant.objects.create(
            organization=bakery, scheme="9915", value="1", state="failed"
        ),
        "9915:1 could not be registered", "Bakery Peeters",
    ),
    "elsewhere": (
        lambda bakery: Participant.objects.create(
            organization=bakery, scheme="9915", value="1", state="elsewhere"
        ),
        "9915:1 is registered elsewhere", "Bakery Peeters",
    ),
    "document": (_document, "1 document is held up", "Bakery Peeters"),
    "webhook": (_endpoint, "Webhook fails", "Bakery Peeters"),
    "disabled": (
        lambda bakery: _endpoint(bakery, status="disabled"),
        "Webhook disabled after failures", "Bakery Peeters",
    ),
    "given up": (_delivery, "1 delivery was given up", "Bakery Peeters"),
    "overdue": (_due, "1 delivery is overdue", ""),
    "mail": (
        lambda bakery: Mail.objects.create(
            organization=bakery, template="invitation", to="a@b.example", state="failed"
        ),
        "1 mail could not be sent", "Bakery Peeters",
    ),
    "worker": (
        lambda bakery: Heartbeat.objects.create(name="worker", beat_at=ago(minutes=3)),
        "No worker is at work", "",
    ),
    "outbox": (
        lambda bakery: Event.objects.filter(organization=bakery).update(
            distributed_at=None, occurred_at=ago(minutes=3)
        ),
        "1 event waits to be fanned out", "",
    ),
    "circuit": (
        lambda bakery: Circuit.objects.create(
            name=settings.SMP_URL.rstrip("/"), state="open", opened_at=ago(minutes=3)
        ),
        "The SMP does not answer", "",
    ),
    "seal": (_seal, "is not as it was sealed", ""),
}  # fmt: skip


@pytest.fixture
def quiet(bakery):
    """Nothing is wrong: what happened was fanned out."""
    Event.objects.update(distributed_at=timezone.now())
    return bakery


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
            _endpoint(quiet, status="disabled")
            Endpoint.objects.update(first_failure_at=None, consecutive_failures=0)
        case "beat":
            Heartbeat.objects.create(name="worker", beat_at=ago(seconds=20))
        case "young outbox":
            Event.objects.filter(organization=quiet).update(distributed_at=None)
    assert named() == []


def test_the_oldest_trouble_comes_first(quiet):
    for n, hours in enumerate((3, 30, 1)):
        made = Participant.objects.create(
            organization=quiet, scheme="9915", value=str(n), state="failed"
        )
        Participant.objects.filter(pk=made.pk).update(updated_at=ago(hours=hours))
    Heartbeat.objects.create(name="worker", beat_at=ago(hours=2))
    order = [what.split()[0] for what, _whom in named()]
    assert order == ["9915:1", "9915:0", "No", "9915:2"]


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
        "5 more applications wait", "5 more registrations need a decision",
        "5 more webhooks fail or are disabled", "Deliveries to 5 more organizations",
    }  # fmt: skip
    # Each kind that has more counts them once.
    assert queries() <= few + len(more) and few <= 32


def _apply_as(n: int) -> None:
    shop = organizations.create("business", {"name": f"Shop {n}", "country": "FR"}, by=SYSTEM)
    form = {"motivation": "Shops.", "expected_companies": 9, "expected_documents": 9,
            "technical_contact": "t@shop.example"}  # fmt: skip
    applications.submit(shop, form, terms_accepted=True, by=SYSTEM)


# --- Machinery ------------------------------------------------------------------------------------


def machinery(desk, **query: str) -> str:
    answer = desk.get(reverse("admin_machinery"), query)
    assert answer.status_code == 200
    return texts(answer)


def test_the_machinery_says_when_it_is_idle(desk, quiet):
    page = machinery(desk)
    assert page.count("nothing waits") == 3
    for sentence in ("None. Every webhook takes what it is sent.", "Nobody.", "never seen"):
        assert sentence in page


def test_the_machinery_shows_what_waits_who_works_and_who_is_turned_away(desk, quiet, acme):
    _endpoint(quiet)
    Delivery.objects.create(
        organization=quiet, endpoint=Endpoint.objects.get(), event=Event.objects.first(),
        next_attempt_at=ago(minutes=9),
    )  # fmt: skip
    Heartbeat.objects.create(name="celery@left", beat_at=ago(hours=1))
    Refusal.objects.create(organization=acme, day=timezone.now().date(), count=4711)
    Circuit.objects.create(name="https://smp.example", state="open", last_error="ReadTimeout")
    page = machinery(desk)
    for sentence in (
        "9\xa0minutes ago",
        "celery@left",
        "4711",
        "ReadTimeout",
        "https://word.example",
    ):
        assert sentence in page


def test_a_part_of_the_page_is_asked_for_again_and_again(desk, quiet):
    part = machinery(desk, part="1")
    assert "Circuit breakers" in part and "<html" not in part


def test_only_staff_see_the_machinery(browser, client, db):
    for outsider in (browser, client):
        assert outsider.get(reverse("admin_machinery")).status_code in (302, 403)


def test_the_machinery_is_only_looked_at(desk, quiet):
    assert desk.post(reverse("admin_machinery")).status_code == 405


def test_a_worker_says_which_one_it_is(db):
    from tenants.tasks import heartbeat

    heartbeat.apply(throw=True)
    assert Heartbeat.objects.filter(name="worker").exists()


def test_many_refusals_take_no_more_queries_than_few(
    desk, quiet, acme, django_assert_max_num_queries
):
    def queries() -> int:
        with django_assert_max_num_queries(40) as captured:
            machinery(desk)
        return len(captured)

    Refusal.objects.create(organization=acme, day=timezone.now().date(), count=1)
    few = queries()
    for n in range(30):
        company = make_company(acme, f"Company {n}")
        Refusal.objects.create(organization=company, day=timezone.now().date(), count=n)
    assert queries() == few <= 24
