"""Signing in and coming in by invitation: one way for both sites, with a second factor."""

import time

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth as totp
from django.core import mail as outbox
from django.test import Client
from django.urls import reverse

from tenants.models import Membership, Role, User
from tenants.services import mails, people
from tests.conftest import SYSTEM
from tests.portal.conftest import make_member, signed_in, texts

PASSWORD = "correct horse battery"


def sign_in(client: Client, user: User, query: str = "") -> str:
    """Sign in by form; the address where one ends up."""
    login = reverse("account_login") + (f"?next={query}" if query else "")
    answer = client.post(login, {"login": user.email.upper(), "password": PASSWORD}, follow=True)
    return answer.redirect_chain[-1][0] if answer.redirect_chain else answer.request["PATH_INFO"]


@pytest.fixture
def staff(db) -> User:
    return User.objects.create_superuser("staff@operator.example", PASSWORD)


@pytest.fixture
def invitation(acme):
    return people.invite(acme, email="ines@acme.example", role=Role.DEVELOPER, by=SYSTEM)


@pytest.fixture
def link(invitation) -> str:
    return reverse("invitation", args=[people.token_of(invitation)])


def test_everybody_lands_where_they_belong(client, olga, staff):
    assert sign_in(Client(), olga) == "/portal/"
    assert sign_in(Client(), staff) == "/admin/"
    assert sign_in(Client(), olga, "/portal/tenants/company/") == "/portal/tenants/company/"


def test_a_wrong_password_opens_nothing(client, olga):
    form = {"login": olga.email, "password": "wrong"}
    answer = client.post(reverse("account_login"), form)
    assert "not correct" in texts(answer)
    assert client.get("/portal/").status_code == 302


def test_nobody_is_led_off_to_another_site(client, olga):
    assert sign_in(client, olga, "https://evil.example/") == "/portal/"


@pytest.mark.parametrize("site", ["admin", "portal"])
def test_both_sites_have_the_same_front_door(client, db, site):
    answer = client.get(f"/{site}/")
    assert answer["Location"].startswith(f"/{site}/login/")
    answer = client.get(answer["Location"])
    assert answer["Location"] == f"/accounts/login/?next=%2F{site}%2F"


@pytest.mark.parametrize("path", ["/", "/portal", "/admin"])
def test_short_addresses_lead_on(client, db, path):
    assert client.get(path).status_code == 302


def test_who_belongs_nowhere_founds_a_business_or_waits_for_an_invitation(client, db):
    nobody = User.objects.create_user("nobody@nowhere.example", PASSWORD)
    client.force_login(nobody)
    answer = client.get("/", follow=True)
    assert answer.redirect_chain[-1][0] == "/portal/start/business/"
    assert "Do you join somebody" in texts(answer)


def test_staff_who_are_members_choose(staff, acme):
    people.join(acme, staff, role="viewer", by=SYSTEM)
    client = signed_in(staff)
    assert client.get("/")["Location"] == "/portal/"
    assert client.get("/admin/").status_code == 200


def test_one_signs_out_by_post_only(browser):
    for site in ("portal",):
        assert browser.get(reverse(f"{site}:logout")).status_code == 405
    assert browser.post(reverse("portal:logout"))["Location"] == reverse("account_login")
    assert browser.get("/portal/").status_code == 302


def test_a_second_factor_is_asked_for_and_kept_encrypted(client, olga):
    secret = totp.generate_totp_secret()
    totp.TOTP.activate(olga, secret)
    assert secret not in str(Authenticator.objects.values())
    assert sign_in(client, olga) == reverse("mfa_authenticate")
    assert client.get("/portal/").status_code == 302
    wrong = client.post(reverse("mfa_authenticate"), {"code": "000000"})
    assert "Incorrect code" in texts(wrong)
    code = totp.format_hotp_value(totp.hotp_value(secret, int(time.time()) // 30))
    answer = client.post(reverse("mfa_authenticate"), {"code": code}, follow=True)
    assert answer.redirect_chain[-1][0] == "/portal/"


def test_every_account_page_has_our_looks(browser, client):
    for name in ("account_login", "account_signup", "account_reset_password"):
        assert "gh-card" in texts(client.get(reverse(name)))
    for name in ("mfa_index", "account_change_password", "account_email", "account_logout"):
        assert "gh-card" in texts(browser.get(reverse(name)))


def test_a_forgotten_password_is_set_anew_by_mail(client, olga):
    client.post(reverse("account_reset_password"), {"email": olga.email})
    assert outbox.outbox[0].to == [olga.email]


def test_a_newcomer_comes_in_by_the_link_in_the_mail(client, acme, invitation, link):
    mails.drain()
    assert link in outbox.outbox[0].body
    page = client.get(link)
    assert "Join Acme Accounting" in texts(page) and "Developer" in texts(page)
    assert page["Cache-Control"] == "no-store" and page["Referrer-Policy"] == "strict-origin"
    weak = client.post(link, {"password": "12345"})
    assert "too short" in texts(weak) and not Membership.objects.exists()
    answer = client.post(link, {"first_name": "Ines", "password": PASSWORD}, follow=True)
    assert answer.redirect_chain[-1][0] == "/portal/"
    assert "Acme Accounting" in texts(answer)
    member = Membership.objects.get()
    assert (member.user.email, member.role, member.user.first_name) == (
        "ines@acme.example",
        "developer",
        "Ines",
    )
    assert "was accepted already" in texts(Client().get(link))
    # From now on with the password.
    assert sign_in(Client(), member.user) == "/portal/"


def test_who_has_an_account_signs_in_and_accepts(client, rival, invitation, link):
    ines = make_member(rival, "viewer", "ines@acme.example")
    page = texts(client.get(link))
    assert "Sign in to accept" in page and 'name="password"' not in page
    taken_over = client.post(link, {"password": "another password 123"})
    assert taken_over.status_code == 200
    assert ines.memberships.count() == 1
    assert sign_in(client, ines, link) == link
    answer = client.post(link, follow=True)
    # The organization that one just joined is the current one.
    assert answer.context["organization"].name == "Acme Accounting"
    assert ines.memberships.count() == 2


def test_an_invitation_is_taken_by_its_addressee_alone(link, rival):
    mallory = signed_in(make_member(rival, "owner", "mallory@rival.example"))
    page = texts(mallory.get(link))
    assert "this invitation is for ines@acme.example" in page and "Sign out and go on" in page
    assert mallory.post(link).status_code == 404
    assert Membership.objects.count() == 1


def test_looking_at_an_invitation_accepts_nothing(client, link):
    """Mail scanners follow links."""
    for method in (client.get, client.head, client.options):
        method(link)
    assert not Membership.objects.exists()


@pytest.mark.parametrize("token", ["x", "A" * 43])
def test_an_unknown_invitation_opens_nothing(client, db, token):
    answer = client.get(reverse("invitation", args=[token]))
    assert answer.status_code == 404 and "opens nothing" in texts(answer)


def test_a_member_who_is_invited_again_is_told_so(client, acme, link):
    ines = make_member(acme, "viewer", "ines@acme.example")
    answer = signed_in(ines).post(link)
    assert "member already" in texts(answer)


def test_a_lost_page_has_our_looks(browser):
    assert "There is nothing here" in texts(browser.get("/portal/nowhere/"))
