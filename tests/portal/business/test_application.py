"""From a business to a platform, as its owner sees it; then its settings."""

import pytest
from django.test import Client

from apikeys.models import MachineClient
from apikeys.services import clients
from tenants.actors import Actor
from tenants.models import (
    Organization,
    PlatformApplication,
    Role,
    User,
)
from tenants.services import applications, organizations
from tests.conftest import SYSTEM
from tests.portal.answers import secret_on, shown_after
from tests.portal.business.pages import CAPABILITIES, CREDENTIALS, FORM, PLATFORM
from tests.portal.conftest import make_member, signed_in, texts

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


def test_an_applicant_does_not_read_the_reviewers_address(owner, books):
    """Not on the overview, nor in the audit trail and its download; staff do."""
    owner.post(PLATFORM, {**FORM, "terms_accepted": "on"})
    staff = User.objects.create_superuser("staff@operator.example", "x")
    applications.approve(application_of(books), by=Actor.user(staff))
    export = {"format": "0", "resource": ""}
    trail = "/portal/tenants/event/"
    for page in (owner.get("/portal/"), owner.get(trail), owner.post(f"{trail}export/", export)):
        assert "staff@operator.example" not in texts(page)
    assert "The operator" in texts(owner.get("/portal/"))
    assert "staff@operator.example" in texts(signed_in(staff).get("/admin/tenants/event/"))


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
    answer = shown_after(owner.post(CREDENTIALS, {"sure": "on"}))
    secret = secret_on(answer)
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
    assert secret_on(owner.post(CREDENTIALS, {})).startswith("gh_secret_")


def test_there_are_no_settings_of_other_names(owner):
    assert owner.get("/portal/settings/secrets/").status_code == 404
