"""What each role may see and do in the portal: a table, tried page by page."""

import pytest
from django.urls import reverse

from tenants.models import Event, Membership, Organization, Role, User
from tenants.services import organizations, people
from tests.conftest import SYSTEM
from tests.portal.conftest import (
    ANSWERS,
    PAGES,
    at,
    make_member,
    operation_at,
    operations,
    signed_in,
)

pytestmark = pytest.mark.once
ROLES = [role.value for role in Role]
# Rows: a page. Columns: owner, admin, developer, billing, viewer. c(hanges), s(ees) or nothing.
TABLE = {
    "tenants_company": "c c c s s",
    "peppol_companyimport": "c c c s s",
    "peppol_companyrun": "c c c s s",
    "apikeys_apikey": "c c c - s",
    "peppol_participant": "c c c - s",
    "peppol_transfer": "c c c - s",
    "peppol_loss": "c c c - s",
    "webhooks_endpoint": "c c c - s",
    "webhooks_delivery": "c c c - s",
    "tenants_event": "s s s s s",
    "tenants_membership": "c c s s s",
    "tenants_invitation": "c c s s s",
    "peppol_document": "c c c - s",
    "peppol_monthlyusage": "s s s s s",
    "billing_statement": "s s - s -",
    "billing_billingaddress": "c c - c -",
}
# Pages that are reached by a tab of another.
TABS = (
    "tenants_invitation",
    "peppol_transfer",
    "peppol_loss",
    "peppol_companyimport",
    "peppol_companyrun",
)
# What ends or stops a company's business takes more than changing its address.
GOVERNING = {
    "suspend",
    "reactivate",
    "set_test_mode",
    "delete",
    "offboard",
    "invite",
    "remove_user",
    "limit_documents",
    "route_mails",
}
# What changes nothing is for whoever may look.
LOOKING = {("tenants_company", "alert_me"), ("webhooks_endpoint", "verify")}


def cells(role):
    """What a role may on each page."""
    return [(page, rights.split()[ROLES.index(role)]) for page, rights in TABLE.items()]


@pytest.fixture
def client_of(acme):
    return lambda role: signed_in(make_member(acme, role, f"the-{role}@acme.example"))


@pytest.mark.parametrize("role", ROLES)
def test_a_role_opens_what_it_may_see(client_of, ours, role):
    client = client_of(role)
    for page, right in cells(role):
        expected = 403 if right == "-" else 200
        assert client.get(at(page)).status_code == expected, page
        assert client.get(at(page, "change", ours[page])).status_code == expected, page


@pytest.mark.parametrize("role", ROLES)
def test_a_role_does_what_it_may_change(client_of, ours, role):
    client = client_of(role)
    for page, right in cells(role):
        for name in operations(page):
            governing = page == "tenants_company" and name in GOVERNING
            allowed = right == "c" and not (governing and role == Role.DEVELOPER)
            allowed |= right == "s" and (page, name) in LOOKING
            answer = client.get(operation_at(page, name, ours[page]))
            assert answer.status_code == (200 if allowed else 403), (page, name)


@pytest.mark.parametrize("role", ROLES)
def test_what_a_role_may_not_do_does_not_happen(client_of, ours, role):
    client = client_of(role)
    before = Event.objects.count()
    for page, right in cells(role):
        if right == "c":
            continue
        for name in operations(page):
            expected = (200, 302) if right == "s" and (page, name) in LOOKING else (403,)
            answer = client.post(operation_at(page, name, ours[page]), ANSWERS)
            assert answer.status_code in expected, (page, name)
        client.post(at(page, "change", ours[page]), {"name": "Changed", "country": "BE"})
    assert Event.objects.count() == before


@pytest.mark.parametrize("role", ROLES)
def test_only_what_may_be_opened_is_in_the_sidebar(client_of, ours, role):
    client = client_of(role)
    groups = client.get(reverse("portal:index")).context["sidebar_navigation"]
    links = {str(i["link"]) for g in groups for i in g["items"] if i["has_permission"]}
    for page, rights in TABLE.items():
        if page not in TABS:
            assert (at(page) in links) == (rights.split()[ROLES.index(role)] != "-")
    for link in links:
        assert client.get(link, follow=True).status_code == 200


@pytest.mark.parametrize("role", ROLES)
def test_only_what_may_be_done_is_offered(client_of, ours, role):
    client = client_of(role)
    for page in PAGES:
        answer = client.get(at(page, "change", ours[page]))
        if answer.status_code == 200:
            for action in answer.context["actions_detail"]:
                for item in action.get("items", [action]):
                    assert client.get(item["path"]).status_code == 200


@pytest.mark.parametrize("status, parent", [("suspended", False), ("suspended", True)])
def test_a_suspended_organization_looks_on(acme, bakery, ours, status, parent):
    """Its own suspension and that of the platform above it come to the same."""
    who = bakery if parent else acme
    client = signed_in(make_member(who, Role.OWNER, "owner@late.example"))
    Organization.objects.filter(pk=acme.pk).update(defaults={"clientPortal": {"connect": True}})
    organizations.suspend(acme, reason="unpaid", by=SYSTEM)
    assert client.get(at("apikeys_apikey")).status_code == 200
    assert client.get(at("apikeys_apikey", "add")).status_code == 403
    url = operation_at("apikeys_apikey", "revoke", ours["apikeys_apikey"])
    assert client.post(url, ANSWERS).status_code == 403


def test_a_pending_organization_prepares(acme):
    Organization.objects.filter(pk=acme.pk).update(status="pending")
    client = signed_in(make_member(acme, Role.OWNER))
    assert client.get(at("tenants_company", "add")).status_code == 200


def test_ownership_is_given_and_taken_by_owners_only(acme, client_of, olga):
    admin = client_of("admin")
    hers = Membership.objects.get(user=olga)
    for name in ("change_role", "remove"):
        assert (
            admin.post(operation_at("tenants_membership", name, hers), ANSWERS).status_code == 403
        )
    invite = reverse("portal:tenants_membership_invite")
    answer = admin.post(invite, {"email": "new@acme.example", "role": "owner"})
    assert "Select a valid choice" in answer.content.decode()
    ines = User.objects.create_user("ines@acme.example")
    viewer = people.join(acme, ines, role="viewer", by=SYSTEM)
    change = operation_at("tenants_membership", "change_role", viewer)
    assert admin.post(change, {"role": "owner"}).status_code == 200
    viewer.refresh_from_db()
    assert viewer.role == "viewer"
    assert signed_in(olga).post(change, {"role": "owner"}).status_code == 302


def test_a_business_has_no_companies(db):
    lone = organizations.create("business", {"name": "Lone", "country": "BE"}, by=SYSTEM)
    client = signed_in(make_member(lone, Role.OWNER))
    assert client.get(at("tenants_company", "add")).status_code == 403
    page = client.get(reverse("portal:index"))
    assert at("tenants_company") not in page.content.decode()
    # Nobody is asked for whom, where there is only oneself.
    assert "organization" not in client.get(at("apikeys_apikey", "add")).context["form"].fields
