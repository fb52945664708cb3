"""The portal's pages of people and of the own organization at work."""

from django.urls import reverse

from tenants.models import Invitation, Membership, User
from tenants.services import mails, organizations, people
from tests.conftest import SYSTEM
from tests.portal.answers import errors_on
from tests.portal.conftest import at, make_member, operation_at, signed_in, texts

# --- Registrations, webhooks ----------------------------------------------------------------------


def test_who_is_suspended_reads_why_nothing_can_be_done(browser, acme, bakery):
    organizations.suspend(acme, reason="unpaid", by=SYSTEM)
    assert "Acme Accounting is suspended: you can look" in texts(browser.get(at("tenants_company")))
    baker = signed_in(make_member(bakery, "owner", "baker@bakery.example"))
    assert "Acme Accounting is suspended" in texts(baker.get(reverse("portal:index")))


# --- Team -----------------------------------------------------------------------------------------


def test_a_person_is_invited_and_the_invitation_taken_back(browser, acme):
    invite = reverse("portal:tenants_membership_invite")
    form = {"email": "ines@acme.example", "role": "viewer", "first_name": "Ines"}
    assert "is on its way" in texts(browser.post(invite, form, follow=True))
    assert "open invitation already" in errors_on(browser.post(invite, form))
    invitation = Invitation.objects.get()
    assert invitation.invited_by.email == "olga@acme.example"
    browser.post(operation_at("tenants_invitation", "remind", invitation), {})
    browser.post(operation_at("tenants_invitation", "withdraw", invitation), {})
    assert mails.drain() == 2
    assert texts(browser.get(at("tenants_invitation"))).count("ines@acme.example") >= 1
    again = browser.post(operation_at("tenants_invitation", "remind", invitation), {})
    assert "was withdrawn" in errors_on(again)


def test_the_last_owner_cannot_leave(browser, olga):
    mine = Membership.objects.get(user=olga)
    for name, answers in (("remove", {}), ("change_role", {"role": "viewer"})):
        answer = browser.post(operation_at("tenants_membership", name, mine), answers)
        assert "at least one owner" in errors_on(answer)
    assert Membership.objects.get(user=olga).role == "owner"


def test_the_own_organization_is_changed_and_no_other(browser, acme, bakery):
    page = browser.get(at("tenants_organization"), follow=True)
    assert page.context["original"] == acme
    form = {"name": "Acme Accounting", "country": "BE", "city": "Brussels"}
    browser.post(at("tenants_organization", "change", acme), form)
    acme.refresh_from_db()
    assert acme.city == "Brussels"
    # A company has a page of its own.
    elsewhere = browser.post(at("tenants_organization", "change", bakery), form)
    assert elsewhere["Location"] == at("tenants_company", "change", bakery)


# --- Dialogs, pages, queries ----------------------------------------------------------------------


def test_one_acts_for_the_organization_one_chose(browser, olga, acme, rival, bakery):
    people.join(rival, olga, role="viewer", by=SYSTEM)
    assert "Bakery Peeters" in texts(browser.get(at("tenants_company")))
    browser.post(reverse("portal:switch"), {"organization": rival.pk})
    page = texts(browser.get(at("tenants_company")))
    assert "Rival ERP" in page and "Bakery Peeters" not in page
    assert browser.get(at("tenants_company", "add")).status_code == 403
    Membership.objects.filter(organization=rival).delete()
    assert "Bakery Peeters" in texts(browser.get(at("tenants_company")))


def test_a_viewer_sees_everything_and_no_form(acme, ours):
    client = signed_in(make_member(acme, "viewer", "looks@acme.example"))
    page = client.get(at("tenants_company", "change", ours["tenants_company"]))
    assert not page.context["has_change_permission"]
    assert 'name="_save"' not in texts(page)


def test_a_page_with_nothing_to_edit_has_nothing_to_save(browser, ours):
    member = browser.get(at("tenants_membership", "change", ours["tenants_membership"]))
    assert 'name="_save"' not in texts(member) and "Change role" in texts(member)


def test_a_user_without_a_name_is_shown_by_address(acme):
    user = User.objects.create_user("plain@acme.example")
    people.join(acme, user, role="owner", by=SYSTEM)
    assert "plain@acme.example" in texts(signed_in(user).get(at("tenants_membership")))
