"""A business that is not (yet) a platform: its start, its application, its settings."""

import pytest
from django.test import Client

from apikeys.models import MachineClient
from apikeys.services import clients
from billing.models import Plan, Subscription
from tenants.models import (
    Event,
    Membership,
    Organization,
    PlatformApplication,
    Role,
    User,
)
from tenants.services import applications, organizations
from tests.conftest import SYSTEM
from tests.portal.browsing import MARKS, PASSWORD, Tab
from tests.portal.conftest import make_member, signed_in, texts

START = "/portal/start/"
BUSINESS, DETAILS, PLAN, DONE = (f"{START}{s}/" for s in ("business", "details", "plan", "done"))
PLATFORM, CREDENTIALS, CAPABILITIES = (
    f"/portal/settings/{name}/" for name in ("platform", "credentials", "capabilities")
)
PROFILE = {"name": "Nora's Books", "country": "BE", "capabilities": ["EINVOICING"]}
FORM = {
    "motivation": "We keep the books of bakeries.",
    "expected_companies": "40",
    "expected_documents": "2000",
    "technical_contact": "tech@nora.example",
}


@pytest.fixture
def plan(db) -> Plan:
    Plan.objects.create(
        code="hidden", name="Hidden", monthly_fee="1.00", overage_price="0.1", is_offered=False
    )
    return Plan.objects.create(
        code="growth",
        name="Growth",
        monthly_fee="199.00",
        included_documents=2500,
        overage_price="0.0900",
        company_limit=500,
    )


@pytest.fixture
def nora(db) -> User:
    """A person without an organization."""
    return User.objects.create_user("nora@nora.example", PASSWORD)


@pytest.fixture
def client(nora) -> Client:
    return signed_in(nora)


@pytest.fixture
def books(db) -> Organization:
    """A business that is no platform."""
    return organizations.create("business", {"name": "Nora's Books", "country": "BE"}, by=SYSTEM)


@pytest.fixture
def owner(books) -> Client:
    return signed_in(make_member(books, Role.OWNER, "owner@nora.example"))


def landing(client: Client, path: str = START) -> str:
    """Where a person ends up."""
    answer = client.get(path, follow=True)
    assert answer.status_code == 200
    return answer.redirect_chain[-1][0] if answer.redirect_chain else path


# --- From an account to a business ----------------------------------------------------------------


def test_a_person_without_an_organization_is_led_to_founding_one(client):
    """INV-49, in place of a page that says they do not belong here."""
    assert landing(client, "/portal/") == BUSINESS
    assert landing(client, "/portal/tenants/event/") == BUSINESS
    assert 'value="0"' in texts(client.get(BUSINESS))


def test_the_start_is_for_people_who_are_signed_in(db):
    for path in (START, BUSINESS, DETAILS, PLAN, DONE, PLATFORM):
        answer = Client().get(path)
        assert (
            answer.status_code == 302
            and "/accounts/login/" in Client().get(path, follow=True).redirect_chain[-1][0]
        )


def test_the_steps_lead_from_a_profile_to_a_plan(client, nora, plan):
    """INV-49: one form a page, and the bar says the surface's `completionRatio`."""
    assert client.post(BUSINESS, PROFILE).url == DETAILS
    business = Membership.objects.get(user=nora, role=Role.OWNER).organization
    assert (business.kind, business.capabilities) == ("business", ["EINVOICING"])
    assert 'max="100" value="50"' in texts(client.get(DETAILS))
    form = {"vat_number": "BE0403170701", "currency": "EUR", "timezone": "Europe/Brussels"}
    assert client.post(DETAILS, form).url == PLAN
    business.refresh_from_db()
    assert (business.vat_number, business.timezone) == ("BE0403170701", "Europe/Brussels")
    assert client.post(PLAN, {"plan": "growth"}).url == DONE
    assert Subscription.objects.get(organization=business, ended_at=None).plan == plan
    assert 'max="100" value="100"' in texts(client.get(DONE))


def test_the_bar_and_the_surface_agree(client, nora, plan, settings):
    """INV-49: what the portal shows is what `onboarding-status` answers."""
    from billing import checklist
    from config.api.invora import responses

    client.post(BUSINESS, PROFILE)
    business = Organization.objects.get(name="Nora's Books")
    for code in ("", "growth"):
        answered = responses.Checklist.about(business, code)
        found = checklist.of(business, code)
        assert answered["completionRatio"] == found.ratio
        assert [s["completed"] for s in answered["steps"]] == [s.done for s in found.steps]


def test_the_start_is_taken_up_where_it_was_left(client, plan):
    assert landing(client) == BUSINESS
    client.post(BUSINESS, PROFILE)
    assert landing(client) == DETAILS
    assert landing(client, BUSINESS) == DETAILS
    client.post(PLAN, {"plan": "growth"})
    assert landing(client) == DONE
    # And every page of the portal is open meanwhile: nobody is held fast.
    assert client.get("/portal/").status_code == 200


def test_the_overview_leads_back_to_a_start_that_was_left(client, plan):
    client.post(BUSINESS, PROFILE)
    assert f'href="{START}"' in texts(client.get("/portal/"))
    client.post(PLAN, {"plan": "growth"})
    assert f'href="{START}"' not in texts(client.get("/portal/"))


def test_details_are_progressive_and_may_be_skipped(client, plan):
    """INV-08 in the portal: any subset, any time."""
    client.post(BUSINESS, PROFILE)
    assert f'href="{PLAN}"' in texts(client.get(DETAILS))
    client.post(DETAILS, {"city": "Gent"})
    client.post(DETAILS, {"city": "Gent", "postal_code": "9000"})
    business = Organization.objects.get(name="Nora's Books")
    assert (business.city, business.postal_code) == ("Gent", "9000")


@pytest.mark.parametrize(
    "path, form, field",
    [
        (BUSINESS, {"name": ""}, "name"),
        (BUSINESS, {"name": "N" * 256}, "name"),
        (BUSINESS, {"country": "XX"}, "country"),
        (BUSINESS, {"country": ""}, "country"),
        (BUSINESS, {"capabilities": []}, "capabilities"),
        (BUSINESS, {"capabilities": ["FLYING"]}, "capabilities"),
        (DETAILS, {"currency": "EURO"}, "currency"),
        (DETAILS, {"timezone": "Europe/Nowhere"}, "timezone"),
        (PLAN, {"plan": "hidden"}, "plan"),
        (PLAN, {"plan": "unheard-of"}, "plan"),
        (PLAN, {}, "plan"),
    ],
)
def test_what_cannot_be_is_said_at_its_field(client, plan, path, form, field):
    """INV-04, INV-09, INV-11 in the portal; nothing is written."""
    if path != BUSINESS:
        client.post(BUSINESS, PROFILE)
        form = dict(form)
    else:
        form = {**PROFILE, **form}
    before = Event.objects.count()
    answer = client.post(path, form)
    assert answer.status_code == 200
    assert field in answer.context["form"].errors
    assert Event.objects.count() == before


def test_a_business_is_founded_once(client, nora):
    """INV-05 in the portal: a second submit leads on and makes nothing."""
    client.post(BUSINESS, PROFILE)
    assert client.post(BUSINESS, {**PROFILE, "name": "Other"}).status_code == 302
    assert Membership.objects.filter(user=nora).count() == 1


def test_staff_found_nothing_by_accident(db):
    staff = signed_in(User.objects.create_superuser("staff@operator.example", PASSWORD))
    assert staff.get("/portal/", follow=True).status_code == 403
    assert staff.post(BUSINESS, PROFILE).status_code == 403
    assert not Organization.objects.exists()


def test_a_managed_companys_plan_is_its_platforms_affair(bakery, plan):
    person = signed_in(make_member(bakery, Role.OWNER))
    assert landing(person) == "/portal/"
    assert person.post(PLAN, {"plan": "growth"}).status_code == 403
    assert not Subscription.objects.filter(organization=bakery).exists()


@pytest.mark.parametrize(
    "role, details, plans",
    [
        ("owner", 302, 302),
        ("admin", 302, 302),
        ("developer", 403, 403),
        ("billing", 403, 302),
        ("viewer", 403, 403),
    ],
)
def test_roles_bind_on_the_steps(books, plan, role, details, plans):
    person = signed_in(make_member(books, role))
    assert person.post(DETAILS, {"city": "Gent"}).status_code == details
    assert person.post(PLAN, {"plan": "growth"}).status_code == plans
    assert landing(person) in (DONE, DETAILS, "/portal/")


# --- From a business to a platform ----------------------------------------------------------------


def application_of(books: Organization) -> PlatformApplication:
    return PlatformApplication.objects.get(organization=books)


def test_a_business_applies_and_sees_that_it_waits(owner, books):
    """INV-31 in the portal."""
    answer = owner.post(PLATFORM, {**FORM, "terms_accepted": "on"}, follow=True)
    assert answer.redirect_chain[-1][0] == PLATFORM
    assert application_of(books).expected_companies == 40
    assert "A reviewer reads it" in texts(answer) and "<textarea" not in texts(answer)


def test_the_terms_must_be_accepted(owner, books):
    """INV-32 in the portal."""
    assert "terms_accepted" in owner.post(PLATFORM, FORM).context["form"].errors
    assert not PlatformApplication.objects.exists()


def test_a_reviewers_question_is_seen_answered_and_resubmitted(owner, books):
    """INV-35 in the portal."""
    owner.post(PLATFORM, {**FORM, "terms_accepted": "on"})
    applications.request_info(application_of(books), message="Which bakeries?", by=SYSTEM)
    page = texts(owner.get(PLATFORM))
    assert "Which bakeries?" in page and "We keep the books of bakeries." in page
    owner.post(PLATFORM, {**FORM, "expected_companies": "50", "message": "Those of Gent."})
    again = application_of(books)
    assert (again.state, again.expected_companies) == ("submitted", 50)
    assert "Those of Gent." in texts(owner.get(PLATFORM))


def test_a_rejected_business_reads_the_reason_and_stays_a_business(owner, books):
    """INV-34 in the portal."""
    owner.post(PLATFORM, {**FORM, "terms_accepted": "on"})
    applications.reject(application_of(books), message="Too few <b>companies</b>.", by=SYSTEM)
    page = texts(owner.get(PLATFORM))
    assert "Too few &lt;b&gt;companies&lt;/b&gt;." in page and "Submit again" in page
    books.refresh_from_db()
    assert not books.is_platform


def test_an_approved_business_has_the_portal_of_a_platform(owner, books):
    """INV-33 in the portal."""
    assert owner.get("/portal/tenants/company/add/").status_code == 403
    owner.post(PLATFORM, {**FORM, "terms_accepted": "on"})
    applications.approve(application_of(books), by=SYSTEM)
    assert "Create your first company" in texts(owner.get(PLATFORM))
    assert owner.get("/portal/tenants/company/add/").status_code == 200


def test_an_application_that_waits_is_not_changed(owner, books):
    owner.post(PLATFORM, {**FORM, "terms_accepted": "on"})
    answer = owner.post(PLATFORM, {**FORM, "expected_companies": "9"})
    assert answer.status_code == 200
    assert application_of(books).expected_companies == 40


@pytest.mark.parametrize("kind", ["acme", "bakery"])
def test_who_is_no_business_has_nothing_to_apply_for(request, kind):
    person = signed_in(make_member(request.getfixturevalue(kind), Role.OWNER))
    assert person.get(PLATFORM).status_code == 404
    assert person.post(PLATFORM, {**FORM, "terms_accepted": "on"}).status_code == 404


@pytest.mark.parametrize("path", [PLATFORM, CREDENTIALS, CAPABILITIES])
@pytest.mark.parametrize("role", ["developer", "billing", "viewer"])
def test_settings_are_changed_by_owners_and_admins(books, path, role):
    """INV-48, INV-51: others look on at most."""
    person = signed_in(make_member(books, role))
    form = {**FORM, "terms_accepted": "on", "sure": "on", "capabilities": ["BILLING"]}
    assert person.post(path, form).status_code == 403
    assert not PlatformApplication.objects.exists() and not MachineClient.objects.exists()
    page = person.get(path)
    assert page.status_code == 403 or 'value="save"' not in texts(page)


def test_nobody_applies_for_another_business(owner, books, acme):
    stranger = signed_in(make_member(acme, Role.OWNER, "olga@acme.example"))
    owner.post(PLATFORM, {**FORM, "terms_accepted": "on"})
    assert "We keep the books" not in texts(stranger.get("/portal/settings/capabilities/"))
    assert stranger.get(PLATFORM).status_code == 404


def test_a_suspended_business_looks_on(owner, books):
    organizations.suspend(books, reason="unpaid", by=SYSTEM)
    assert owner.get(PLATFORM).status_code == 200
    assert owner.post(PLATFORM, {**FORM, "terms_accepted": "on"}).status_code == 403


# --- Settings -------------------------------------------------------------------------------------


def test_capabilities_are_changed_later(owner, books):
    """INV-48."""
    owner.post(CAPABILITIES, {"capabilities": ["BILLING", "EINVOICING"]})
    books.refresh_from_db()
    assert books.capabilities == ["EINVOICING", "BILLING"]
    assert owner.post(CAPABILITIES, {"capabilities": []}).status_code == 200
    books.refresh_from_db()
    assert books.capabilities == ["EINVOICING", "BILLING"]


def test_the_secret_is_rotated_and_shown_once(owner, books):
    """INV-51."""
    first = clients.issue(books, by=SYSTEM)
    assert "sure" in owner.post(CREDENTIALS, {}).context["form"].errors
    answer = owner.post(CREDENTIALS, {"sure": "on"})
    secret = answer.context["revelation"].secrets[0].value
    assert secret != first.secret and secret in texts(answer)
    assert "no-store" in answer.headers["Cache-Control"]
    later = texts(owner.get(CREDENTIALS))
    assert first.client_id in later and secret not in later
    token = {"grant_type": "client_credentials", "client_id": first.client_id}
    url = "/identity/o/api/token"
    assert Client().post(url, {**token, "client_secret": first.secret}).status_code in (400, 401)
    assert Client().post(url, {**token, "client_secret": secret}).status_code == 200


def test_whoever_started_in_the_portal_issues_credentials_when_needed(owner, books):
    assert not MachineClient.objects.exists()
    assert "Issue credentials" in texts(owner.get(CREDENTIALS))
    answer = owner.post(CREDENTIALS, {})
    assert answer.context["revelation"].secrets[0].value.startswith("gh_secret_")


def test_there_are_no_settings_of_other_names(owner):
    assert owner.get("/portal/settings/secrets/").status_code == 404


# --- In a browser ---------------------------------------------------------------------------------


class TestInABrowser:
    """The whole way, by hand."""

    pytestmark = MARKS

    def test_from_sign_up_to_an_approved_platform_in_eight_clicks(
        self, chromium, live_server, plan
    ):
        """INV-41, INV-49: everything else is typed."""
        tab = Tab(chromium, live_server.url, timezone_id="Europe/Brussels", locale="nl-BE")
        page = tab.page
        page.goto("/accounts/signup/")
        page.locator("input[name=email]").fill("nora@nora.example")
        page.locator("input[name=password1]").fill(PASSWORD)
        page.locator("main button[type=submit]").last.click()
        page.wait_for_url(f"**{BUSINESS}")
        assert page.locator("select[name=country]").input_value() == "BE"
        page.locator("input[name=name]").fill("Nora's Books")
        page.locator(".gh-buttons button").click()
        page.wait_for_url(f"**{DETAILS}")
        assert page.locator("select[name=timezone]").input_value() == "Europe/Brussels"
        page.locator(".gh-buttons button").click()
        page.wait_for_url(f"**{PLAN}")
        page.locator(".gh-buttons button").click()
        page.wait_for_url(f"**{DONE}")
        page.locator(".gh-buttons a").first.click()
        page.wait_for_url(f"**{PLATFORM}")
        for name, value in FORM.items():
            page.locator(f"[name={name}]").fill(value)
        page.locator("[name=terms_accepted]").check()
        page.locator("form.gh-form button[type=submit]").click()
        page.locator(".gh-summary").wait_for()
        applications.approve(PlatformApplication.objects.get(), by=SYSTEM)
        page.reload()
        page.locator(".gh-buttons a").click()
        page.wait_for_url("**/portal/tenants/company/add/")
        assert tab.clicks == 8
        assert tab.troubles == []
        tab.context.close()
