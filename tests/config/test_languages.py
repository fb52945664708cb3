"""People read pages in their language; programs are answered in English, whatever they accept."""

import re

import pytest
from django.conf import settings
from django.core import mail as outbox
from django.test import Client
from django.urls import reverse
from django.utils import translation

from apikeys.models import ApiKey
from apikeys.services import keys
from config.api import registry
from tenants.models import Role
from tenants.services import mails, organizations, people
from tests.api.conftest import Caller
from tests.api.resellers import bearing
from tests.conftest import SYSTEM
from tests.portal.conftest import at, make_member, signed_in

FRENCH = {"Accept-Language": "fr-BE,fr;q=0.9"}
# A body that cannot be right, a route that is not there, and one object that is not, per surface.
CALLS = {
    "einvoice": (
        ("POST", "/api/admin/tenants", {"name": "", "peppol_ids": ["nonsense"]}),
        ("GET", "/api/admin/tenants/tenant_unknown", None),
        ("GET", "/api/admin/nowhere", None),
    ),
    "flowie": (
        ("POST", "/v1/platform/companies", {"name": "", "country": "XX"}),
        ("GET", "/v1/companies/unknown", None),
        ("GET", "/exchange/v1/nowhere", None),
    ),
    "fiskaly": (
        ("POST", "/api/v0/auth", {"api_key": "x", "api_secret": "y"}),
        ("POST", "/api/v0/organizations", {"name": ""}),
        ("GET", "/api/v0/nowhere", None),
    ),
    "invora": (
        ("POST", "/api/v2/identity/connected-businesses", {"name": "", "country": "XX"}),
        ("GET", "/api/identity/v2/connected-businesses/unknown", None),
        ("GET", "/api/identity/v2/nowhere", None),
    ),
    "goroute": (
        ("POST", "/peppol-api/api/v1/organizations", {"name": "", "country": "XX"}),
        ("GET", "/peppol-api/api/v1/organizations/unknown", None),
        ("GET", "/peppol-api/api/v1/nowhere", None),
    ),
}


@pytest.fixture
def secret(acme):
    return keys.issue(acme, name="k", kind=ApiKey.Kind.PLATFORM, by=SYSTEM)[1]


def said(answer):
    """An answer without what differs from call to call."""
    return re.sub(r"[0-9a-f]{8}-[0-9a-f-]{27}|\d{4}-\d\d-\d\dT[^\"]+", "-", answer.content.decode())


@pytest.mark.parametrize("vendor", registry.VENDORS, ids=lambda vendor: vendor.name)
def test_a_program_is_answered_in_english_whatever_it_accepts(secret, vendor):
    french = Client()
    french.cookies[settings.LANGUAGE_COOKIE_NAME] = "fr"
    for credential in (secret, None):
        call = Caller(None)
        call.headers = bearing(vendor.surface, credential) if credential else {}
        for method, path, body in CALLS[vendor.name]:
            plain = call(method, path, body)
            assert plain.status_code >= 400
            call.client = french
            asked = call(method, path, body, headers=FRENCH)
            call.client = Client()
            assert (asked.status_code, said(asked)) == (plain.status_code, said(plain))
            assert "Content-Language" not in asked.headers


def test_a_language_ends_with_the_request_that_asked_for_it(client, db):
    client.get(reverse("account_login"), headers=FRENCH)
    assert translation.get_language() == "en"


@pytest.mark.parametrize(
    "code, word",
    [("en", "Password"), ("fr", "Mot de passe"), ("nl", "Wachtwoord"), ("de", "Passwort")],
)
def test_the_sign_in_page_speaks_the_browsers_language(client, db, code, word):
    page = client.get(reverse("account_login"), headers={"Accept-Language": code})
    assert word in page.content.decode() and f'<html lang="{code}"' in page.content.decode()
    assert page["Content-Language"] == code and "Accept-Language" in page["Vary"]


def test_an_unknown_language_reads_english(client, db):
    page = client.get(reverse("account_login"), headers={"Accept-Language": "sv"})
    assert page["Content-Language"] == "en"


def test_a_chosen_language_goes_before_the_browsers(client, db):
    page = reverse("account_login")
    answer = client.post(reverse("set_language"), {"language": "nl", "next": page})
    assert answer["Location"] == page
    assert client.get(page, headers=FRENCH)["Content-Language"] == "nl"


def test_choosing_a_language_leads_to_no_other_site(client, db):
    form = {"language": "nl", "next": "https://evil.example/"}
    assert client.post(reverse("set_language"), form)["Location"] == "/"


def test_mails_are_written_in_the_language_that_the_platform_chose(acme, bakery):
    browser = signed_in(make_member(acme, Role.OWNER))
    assert browser.post(at("tenants_organization", "write_in", acme), {"language": "nl"})
    acme.refresh_from_db()
    assert acme.defaults == {"language": "nl"}
    for organization in (acme, bakery):
        people.invite(organization, email="ines@acme.example", role=Role.DEVELOPER, by=SYSTEM)
    with translation.override("de"):
        mails.drain()
    assert [m.subject for m in outbox.outbox] == [f"Word lid van {o.name}" for o in (acme, bakery)]
    assert "uitgenodigd" in outbox.outbox[0].alternatives[0].content


@pytest.mark.parametrize("language", [None, "sv", 7, ["nl"]], ids=str)
def test_mails_are_english_where_no_language_of_ours_is_chosen(acme, language):
    organizations.update(acme, {"defaults": {"language": language}}, by=SYSTEM)
    people.invite(acme, email="ines@acme.example", role=Role.DEVELOPER, by=SYSTEM)
    mails.drain()
    assert outbox.outbox[0].subject == "Join Acme Accounting"


@pytest.mark.parametrize("language", ["fr", "nl", "de"])
def test_the_lists_of_the_portal_open_in_every_language(acme, language):
    browser = signed_in(make_member(acme, Role.OWNER))
    for page in ("tenants_company", "apikeys_apikey", "webhooks_endpoint", "peppol_participant"):
        answer = browser.get(at(page), headers={"Accept-Language": language})
        assert answer.status_code == 200 and f'<html lang="{language}"' in answer.content.decode()
