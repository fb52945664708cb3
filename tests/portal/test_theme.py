"""Where people see a platform's looks: pages, mails, its own host, and nobody else's."""

import re

import pytest
from allauth.account.models import EmailAddress
from django.core import mail as outbox
from django.core.cache import cache
from django.test import Client

from tenants import colors
from tenants.models import Role, User
from tenants.services import branding, mails, people
from tests.conftest import SYSTEM
from tests.portal.browsing import PASSWORD
from tests.portal.conftest import make_member, signed_in, texts

RESET, SIGNUP = "/accounts/password/reset/", "/accounts/signup/"
AT_HOME = {"host": "books.acme.example"}
SEES = {
    "unknown_account": (RESET, {"email": "nobody@else.example"}, "No account with this address"),
    "password_reset_key": (RESET, {"email": "ines@other.example"}, "Choose a new password"),
    "email_confirmation": (
        SIGNUP,
        {"email": "new@else.example", "password1": PASSWORD},
        "Confirm your e-mail address",
    ),
    "account_already_exists": (
        SIGNUP,
        {"email": "ines@other.example", "password1": PASSWORD},
        "You have an account already",
    ),
}


def the_mail(subject: str, name: str, home: str):
    """The one mail that was sent, which is that sender's and has one link, to that address."""
    (sent,) = outbox.outbox
    html = sent.alternatives[0].content
    assert sent.subject == subject and sent.from_email.startswith(f"{name} <")
    assert name in sent.body and name in html
    link = re.search(r"^https?://\S+$", sent.body, re.M)[0]
    assert link.startswith(f"{home}/accounts/") and f'"{link}"' in html
    assert ("Gatehouse" in sent.body + html) is (name == "Gatehouse")
    return sent


@pytest.mark.parametrize("letter", SEES)
def test_mails_of_the_sign_in_are_in_our_looks_for_whoever_is_nobodys(
    db, settings, monkeypatch, letter
):
    """In both forms, and whatever name of ours was asked."""
    monkeypatch.setattr("allauth.account.app_settings.EMAIL_VERIFICATION", "mandatory")
    user = User.objects.create_user("ines@other.example", PASSWORD)
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    cache.clear()  # one confirmation a few minutes for each address
    path, form, subject = SEES[letter]
    assert Client().post(path, form, headers={"host": "localhost"}).status_code == 302
    assert the_mail(subject, "Gatehouse", settings.BASE_URL).reply_to == []


def test_mails_of_the_sign_in_are_in_the_looks_of_the_host(branded, bakery, settings):
    """FLO-65."""
    person = make_member(bakery, Role.OWNER)
    Client().post(RESET, {"email": person.email}, headers=AT_HOME)
    sent = the_mail("Choose a new password", "AcmeBooks", "https://books.acme.example")
    assert sent.reply_to == ["help@acme.example"]
    outbox.outbox.clear()
    Client().post(RESET, {"email": "nobody@else.example"}, headers=AT_HOME)
    the_mail("No account with this address", "AcmeBooks", settings.BASE_URL)


def test_a_platforms_people_get_its_mails_from_our_host_too(branded, bakery):
    person = make_member(bakery, Role.OWNER)
    Client().post(RESET, {"email": person.email})
    the_mail("Choose a new password", "AcmeBooks", "https://books.acme.example")


@pytest.mark.parametrize(
    "path",
    ["login/", "signup/", "password/reset/", "password/reset/done/", "confirm-email/", "inactive/"],
)
def test_no_page_before_the_sign_in_names_us_on_a_platforms_host(branded, path):
    page = texts(Client().get(f"/accounts/{path}", headers={"host": "books.acme.example"}))
    assert "AcmeBooks" in page and "Gatehouse" not in page


@pytest.mark.parametrize(
    "path", ["2fa/", "password/change/", "email/", "reauthenticate/", "logout/"]
)
def test_no_page_of_the_account_names_us_to_a_platforms_people(branded, bakery, path):
    person = signed_in(make_member(bakery, Role.OWNER))
    page = texts(person.get(f"/accounts/{path}", follow=True))
    assert "AcmeBooks" in page and "Gatehouse" not in page


def test_an_invitation_is_in_the_platforms_looks_on_any_host(branded, bakery):
    invitation = people.invite(bakery, email="ines@bakery.example", role="viewer", by=SYSTEM)
    for host in ("testserver", "books.acme.example"):
        link = f"/invitations/{people.token_of(invitation)}/"
        page = texts(Client().get(link, headers={"host": host}))
        assert "AcmeBooks" in page and "Gatehouse" not in page


@pytest.mark.parametrize("path", ["", "tenants/company/", "settings/branding/", "tenants/event/"])
def test_no_page_of_the_portal_names_us_to_a_platforms_people(branded, path):
    owner = signed_in(make_member(branded, Role.OWNER))
    page = texts(owner.get(f"/portal/{path}"))
    assert "AcmeBooks" in page and "Gatehouse" not in page


def test_the_head_of_the_portal_names_the_platform(branded, bakery):
    of_platform = signed_in(make_member(branded, Role.OWNER)).get("/portal/").context
    assert (of_platform["site_header"], of_platform["site_subheader"]) == ("AcmeBooks", "Platform")
    of_company = signed_in(make_member(bakery, Role.OWNER)).get("/portal/").context
    assert of_company["site_header"] == "Bakery Peeters"
    assert of_company["site_subheader"] == "AcmeBooks"


def test_the_tab_of_the_browser_carries_the_logo_and_the_sign_in_the_support_address(branded):
    page = texts(Client().get("/accounts/login/", headers={"host": "books.acme.example"}))
    assert f'<link rel="icon" href="{branding.looks_of(branded).logo}"' in page
    assert "favicon.svg" not in page and "mailto:help@acme.example" in page


def test_an_authenticator_app_lists_the_platforms_name(branded, bakery):
    person = make_member(bakery, Role.OWNER)
    client = signed_in(person)
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    page = client.get("/accounts/2fa/totp/activate/")
    assert "issuer=AcmeBooks" in page.context["totp_url"]


@pytest.mark.parametrize("whose", ["acme", "bakery"])
def test_a_platforms_people_and_its_companies_see_its_looks(request, branded, whose):
    """FLO-65: in the portal."""
    person = signed_in(make_member(request.getfixturevalue(whose), Role.OWNER))
    page = texts(person.get("/portal/"))
    assert "AcmeBooks" in page and branding.looks_of(branded).logo in page
    assert "https://acme.example/logo.svg" not in page
    assert branding.looks_of(branded).strong in page


def test_the_sign_in_on_a_platforms_domain_is_in_its_looks(branded, rival):
    """FLO-65: before anybody is known, by the name of the host."""
    theirs = texts(Client().get("/accounts/login/", headers={"host": "books.acme.example"}))
    assert "AcmeBooks" in theirs and branding.looks_of(branded).logo in theirs
    ours = texts(Client().get("/accounts/login/"))
    assert "AcmeBooks" not in ours and "Gatehouse" in ours


def test_without_the_entitlement_nobody_sees_looks_of_their_own(branded, bakery):
    """FLO-36, FLO-65."""
    branded.white_label = False
    branded.save()
    person = signed_in(make_member(bakery, Role.OWNER))
    assert "AcmeBooks" not in texts(person.get("/portal/"))


def test_nobody_elses_looks_are_shown(branded, rivals_company):
    person = signed_in(make_member(rivals_company, Role.OWNER))
    assert "AcmeBooks" not in texts(person.get("/portal/"))


def test_mails_are_in_the_platforms_looks_and_lead_to_its_domain(branded, bakery):
    """FLO-65, FIS-70: an invited person comes to the portal of that platform."""
    people.invite(bakery, email="ines@bakery.example", role="viewer", by=SYSTEM)
    mails.drain()
    (sent,) = outbox.outbox
    html = sent.alternatives[0][0]
    assert "AcmeBooks" in html
    assert f'"https://books.acme.example{branding.looks_of(branded).logo}"' in html
    assert "https://books.acme.example/invitations/" in html
    assert "https://books.acme.example/invitations/" in sent.body
    assert sent.reply_to == ["help@acme.example"]


def test_a_name_of_two_lines_holds_up_no_mail(branded, bakery):
    branding.change(branded, {"display_name": "Acme\r\nBcc: all@acme.example"}, by=SYSTEM)
    people.invite(bakery, email="ines@bakery.example", role="viewer", by=SYSTEM)
    mails.drain()
    (sent,) = outbox.outbox
    assert "\n" not in sent.from_email and sent.recipients() == ["ines@bakery.example"]


@pytest.mark.parametrize("color", ["#ffffff", "#ffcc00", "#00ff00", "#4338ca", "#000000", ""])
def test_any_colour_of_a_platform_is_readable_in_both_themes(color):
    found = branding.Looks("A", "", color, "")
    assert colors.contrast(found.strong, colors.WHITE) >= 4.5
    assert colors.contrast(found.light, colors.DARK) >= 4.5
