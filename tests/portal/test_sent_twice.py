"""What is sent twice is done once, and what was entered is there after signing in again."""

import pytest
from django.contrib.sessions.models import Session
from django.test import Client

from apikeys.models import ApiKey
from tenants.models import Company, Organization
from tests.portal.answers import secret_on
from tests.portal.browsing import PASSWORD
from tests.portal.conftest import at, make_member, operation_at, texts, walk
from tests.portal.test_two_people import hidden_in, opened

pytestmark = pytest.mark.django_db
ADD = "/portal/apikeys/apikey/add/"


def key_form(client, **answers) -> dict[str, str]:
    return {**opened(client, ADD), "name": "Till", "kind": "company", **answers}


def test_a_form_sent_twice_makes_one_key(browser):
    form = key_form(browser)
    first, second = browser.post(ADD, form), browser.post(ADD, form)
    assert first.url == second.url and ApiKey.objects.count() == 1
    assert secret_on(second).startswith("gh_")


def test_the_page_that_shows_a_secret_shows_it_once_and_makes_no_other(browser):
    shown = browser.post(ADD, key_form(browser))
    assert shown.status_code == 302, "F5 sends nothing again"
    secret = secret_on(shown)
    again = browser.get(shown.url)
    assert secret not in texts(again) and "Shown already" in texts(again)
    assert "no-store" in again["Cache-Control"]
    assert ApiKey.objects.count() == 1


def test_a_secret_on_its_way_lies_nowhere_in_clear(browser):
    shown = browser.post(ADD, key_form(browser))
    kept = [session.get_decoded() for session in Session.objects.all()]
    secret = secret_on(shown)
    assert secret not in str(kept)
    assert not [s for s in Session.objects.all() if s.get_decoded().get("held_secrets")]


def test_the_way_to_a_secret_is_its_own_persons(browser, desk):
    shown = browser.post(ADD, key_form(browser))
    stranger = desk.get(shown.url.replace("/portal/", "/admin/"))
    assert "Shown already" in texts(stranger)
    assert secret_on(shown)


def test_another_answer_of_the_same_form_is_another_key(browser):
    """Whoever goes back and changes what they entered wants a second one."""
    form = key_form(browser)
    browser.post(ADD, form)
    browser.post(ADD, {**form, "name": "Second till"})
    assert ApiKey.objects.count() == 2


def test_a_refused_form_can_be_sent_again(browser):
    form = key_form(browser)
    assert browser.post(ADD, {**form, "name": ""}).status_code == 200
    assert browser.post(ADD, form).status_code == 302


def test_an_organization_is_made_once_by_staff_too(desk):
    url = "/admin/tenants/organization/add/"
    form = {**opened(desk, url), "name": "New", "kind": "platform", "country": "BE"}
    desk.post(url, form)
    desk.post(url, form)
    assert Organization.objects.filter(name="New").count() == 1


def test_a_rotated_key_has_one_successor(browser, ours):
    url = operation_at("apikeys_apikey", "rotate", ours["apikeys_apikey"])
    form = {**opened(browser, url), "hours": "24"}
    browser.post(url, form)
    browser.post(url, form)
    assert ApiKey.objects.filter(rotated_from=ours["apikeys_apikey"]).count() <= 1


def test_the_secrets_of_a_new_company_are_shown_on_a_page_that_sends_nothing_again(browser):
    page = walk(
        browser, country="BE", number="", name="New", identifier="none", other="", with_key="on"
    )
    assert page.status_code == 302
    shown = browser.get(page.url)
    assert "gh_live_" in texts(shown)
    assert "gh_live_" not in texts(browser.get(page.url))
    assert Company.objects.filter(name="New").count() == 1


# --- Signed out in the middle of a form -----------------------------------------------------------


def sign_out(client) -> None:
    """As when a session is over: the cookie stays, and opens nothing."""
    Session.objects.all().delete()


def sign_in(client: Client, person, way: str):
    return client.post(way, {"login": person.email, "password": PASSWORD}, follow=True)


FORMS = {
    "operation": (ADD, {"name": "Till 7"}),
    "row": ("company", {"city": "Brugge 7"}),
    "setting": ("/portal/settings/domain/", {"host": "portal.acme7.example"}),
}


@pytest.mark.parametrize("kind", FORMS)
def test_what_was_entered_is_there_after_signing_in_again(browser, olga, platform, bakery, kind):
    url, entered = FORMS[kind]
    url = at("tenants_company", "change", bakery) if url == "company" else url
    form = {**opened(browser, url), **entered}
    sign_out(browser)
    sent = browser.post(url, form)
    assert sent.status_code == 302 and "/accounts/login/" in sent.url
    page = sign_in(browser, olga, sent.url)
    assert page.redirect_chain[-1][0] == url
    (value,) = entered.values()
    assert value in texts(page) and "You were signed out meanwhile" in texts(page)
    assert not ApiKey.objects.exists() and not Company.objects.filter(city=value).exists()
    assert value not in texts(browser.get(url)), "it is shown once"


def test_a_dialog_leads_out_to_the_sign_in(browser, bakery):
    url = operation_at("tenants_company", "suspend", bakery)
    form = {**opened(browser, url), "reason": "unpaid"}
    sign_out(browser)
    sent = browser.post(url, form, headers={"HX-Request": "true"})
    assert sent.status_code == 204 and "/accounts/login/?next=" in sent["HX-Redirect"]


def test_somebody_else_does_not_find_it(browser, olga, acme, bakery):
    ada = make_member(acme, "admin", "ada@acme.example")
    url = at("tenants_company", "change", bakery)
    form = {**opened(browser, url), "city": "Brugge 7"}
    sign_out(browser)
    page = sign_in(browser, ada, browser.post(url, form).url)
    assert "Brugge 7" not in texts(page)


def test_nothing_of_a_strangers_form_is_kept(client, bakery):
    client.post(at("tenants_company", "change", bakery), {"city": "x" * 100})
    assert not Session.objects.exists()


def test_a_password_is_not_kept(browser, olga):
    form = {**key_form(browser), "password": "correct horse"}
    sign_out(browser)
    browser.post(ADD, form)
    assert "correct horse" not in str([s.get_decoded() for s in Session.objects.all()])


def test_who_signs_in_afterwards_sends_it_once_more_and_it_is_done(browser, olga):
    form = key_form(browser)
    sign_out(browser)
    page = sign_in(browser, olga, browser.post(ADD, form).url)
    again = {**form, **hidden_in(page)}
    assert browser.post(ADD, again).status_code == 302
    assert ApiKey.objects.count() == 1
