"""The review of applications (INV-45): everything about the applicant beside what it asks for."""

from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from django.urls import reverse
from django.utils import timezone

from tenants.models import ApplicationMessage, Mail, Organization, PlatformApplication
from tenants.services import applications, organizations, people
from tests.conftest import SYSTEM
from tests.portal.conftest import make_member, texts

FORM = {
    "motivation": "We have shops.",
    "expected_companies": 9,
    "expected_documents": 1200,
    "technical_contact": "t@shop.example",
}


def apply(name: str, **profile: str) -> PlatformApplication:
    facts = {"name": name, "country": "BE", **profile}
    applicant = organizations.create("business", facts, by=SYSTEM)
    return applications.submit(applicant, FORM, terms_accepted=True, by=SYSTEM)


@pytest.fixture
def application(db) -> PlatformApplication:
    return apply("Shop", vat_number="BE0403170701", legal_name="Shop NV")


def page(row: PlatformApplication, what: str = "change") -> str:
    return reverse(f"admin:tenants_platformapplication_{what}", args=[row.pk])


def do(desk, row, operation: str, **answers: str):
    answer = desk.post(page(row, operation), answers)
    row.refresh_from_db()
    return answer


def test_the_applicant_stands_beside_the_application(desk, application):
    shop = application.organization
    make_member(shop, "owner", "olga@shop.example")
    viewer = make_member(shop, "viewer", "vic@shop.example")
    EmailAddress.objects.create(user=viewer, email=viewer.email, verified=True)
    Mail.objects.create(organization=shop, template="application_answer", to="olga@shop.example")
    shown = texts(desk.get(page(application)))
    for fact in (
        "We have shops.",
        "1,200",
        "Shop NV",
        "BE0403170701",
        "olga@shop.example",
        "Not confirmed",
        "Confirmed",
        "Application answer",
        "It is on no plan.",
        "None by these people or numbers.",
    ):
        assert fact in shown, fact


@pytest.mark.parametrize(
    "profile, said",
    [
        ({"company_number": "0403170701"}, "Sandbox Company 0403170701"),
        ({"company_number": "0403170701", "vat_number": "BE0403170701"}, "Valid"),
        ({"vat_number": "DE136695977", "country": "DE"}, "Not valid"),
        ({"vat_number": "SA300000000000003", "country": "SA"}, "those of the EU alone"),
        ({}, "neither a company number nor a VAT number"),
    ],
    ids=["register", "vat", "no vat number", "outside the EU", "nothing"],
)
def test_the_registers_are_asked_apart_from_the_page(desk, profile, said):
    row = apply("Shop", **profile)
    assert said not in texts(desk.get(page(row)))
    part = texts(desk.get(page(row), {"part": "inquiries"}))
    assert said in part and "data-over" in part and "<html" not in part


def test_other_applications_by_the_same_people_or_number_are_named(desk, application):
    namesake, relative, stranger = (
        apply("Namesake", vat_number="BE0403170701"),
        apply("Relative"),
        apply("Stranger"),
    )
    olga = make_member(application.organization, "owner", "olga@shop.example")
    people.join(relative.organization, olga, role="viewer", by=SYSTEM)
    applications.reject(namesake, message="No.", by=SYSTEM)
    shown = texts(desk.get(page(application)))
    assert page(namesake) in shown and page(relative) in shown and page(stranger) not in shown


def test_an_applicant_is_asked_and_then_approved(desk, application):
    queue = reverse("admin:tenants_platformapplication_changelist")
    assert "Shop" in texts(desk.get(queue))
    silent = do(desk, application, "ask_back", message="")
    assert "This field is required" in texts(silent)
    do(desk, application, "ask_back", message="How many shops?")
    assert application.state == "info_requested"
    assert "How many shops?" in texts(desk.get(page(application)))
    late = do(desk, application, "approve")
    assert "there is nothing to decide" in texts(late)
    form = {"motivation": "Forty."}
    applications.resubmit(application, form, message="Forty.", by=SYSTEM)
    do(desk, application, "approve", message="Welcome")
    application.organization.refresh_from_db()
    assert application.organization.is_platform


def test_an_application_is_rejected_with_a_reason(desk, application):
    silent = do(desk, application, "reject", message="")
    assert "This field is required" in texts(silent) and application.state == "submitted"
    do(desk, application, "reject", message="Too small.")
    assert application.state == "rejected"
    assert "Too small." in texts(desk.get(page(application)))


def test_waiting_applications_are_counted_in_the_sidebar(desk, application):
    front = desk.get(reverse("admin:index"))
    items = [item for group in front.context["sidebar_navigation"] for item in group["items"]]
    badges = {str(i["title"]): str(i["badge_callback"]) for i in items if "badge_callback" in i}
    assert (badges["Applications"], badges["Registrations"]) == ("1", "")


def test_a_long_past_takes_no_more_queries(desk, application, costs):
    def live_on(numbers: range) -> None:
        shop = application.organization
        for n in numbers:
            make_member(shop, "viewer", f"v{n}@shop.example")
            Mail.objects.create(organization=shop, template="news", to=f"v{n}@shop.example")
            apply(f"Shop {n}", vat_number="BE0403170701")
            ApplicationMessage.objects.create(
                organization=shop, application=application, state="submitted", author_label="x"
            )

    live_on(range(2))
    few = costs(desk, page(application))
    live_on(range(2, 12))
    assert costs(desk, page(application)) == few <= 40


def test_the_longest_waiting_comes_first(desk, application):
    apply("Younger")
    older = apply("Older")
    before = timezone.now() - timedelta(days=3)
    PlatformApplication.objects.filter(pk=older.pk).update(submitted_at=before)
    queue = desk.get(reverse("admin:tenants_platformapplication_changelist"))
    names = [row.organization.name for row in queue.context["cl"].result_list]
    assert names == ["Older", "Shop", "Younger"]
    assert Organization.objects.count() == 3
