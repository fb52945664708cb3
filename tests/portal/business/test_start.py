"""From an account to a business, one form a page."""

import pytest
from django.test import Client

from billing.models import Subscription
from tenants.models import (
    Event,
    Membership,
    Organization,
    PlatformApplication,
    Role,
    User,
)
from tenants.services import applications
from tests.conftest import SYSTEM
from tests.portal.browsing import MARKS, PASSWORD, Tab
from tests.portal.business.pages import (
    BUSINESS,
    DETAILS,
    DONE,
    FORM,
    PLAN,
    PLATFORM,
    PROFILE,
    START,
)
from tests.portal.conftest import make_member, signed_in, texts


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
