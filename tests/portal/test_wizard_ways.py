"""The wizard's ways: a company that is there already, steps back, drafts that wait."""

import re

import pytest
from django.contrib.sessions.models import Session

from peppol.models import CompanyCard, Participant
from tenants.models import Organization
from tests.conftest import make_company
from tests.peppol.test_participants import having
from tests.portal.answers import errors_on
from tests.portal.browsing import PASSWORD
from tests.portal.conftest import at, texts, walk
from tests.portal.test_two_people import hidden_in

pytestmark = pytest.mark.django_db
ADD = "/portal/tenants/company/add/"
BY_HAND = {"country": "NL", "number": "", "name": "By Hand", "identifier": "none", "other": ""}


@pytest.mark.parametrize(
    "kept, entered",
    [
        ({"company_number": "0403170701"}, "0403.170.701"),
        ({"company_number": "0403.170.701"}, "BE 0403 170 701"),
        ({"vat_number": "BE0403170701"}, "0403170701"),
    ],
)
def test_a_company_that_is_there_already_stops_at_the_first_step(browser, acme, kept, entered):
    twin = make_company(acme, "The Twin", **kept)
    page = browser.post(ADD, {"country": "BE", "number": entered})
    assert page.status_code == 200 and "You have this company already" in errors_on(page)
    assert f'href="{at("tenants_company", "change", twin)}"' in texts(page)
    again = browser.post(ADD, {"country": "BE", "number": entered, "again": "on"})
    assert again.status_code == 302, "it may be another one all the same"


def test_a_company_of_somebody_else_stops_nobody(browser, rival):
    make_company(rival, "The Twin", company_number="0403170701")
    assert browser.post(ADD, {"country": "BE", "number": "0403170701"}).status_code == 302


def test_our_own_company_is_never_another_provider(browser, acme, bakery):
    """It was said to be registered with another provider, whose migration key was asked for."""
    having(bakery, "active", "0106:12345678")
    begun = browser.post(ADD, BY_HAND)
    network = browser.post(begun.url, BY_HAND).url
    answers = {"identifier": "other", "other": "0106:12345678", "register": "on"}
    page = browser.post(network, answers)
    assert "Bakery Peeters, a company of yours" in errors_on(page)
    assert Organization.objects.under(acme).count() == 1


def test_a_company_that_receives_elsewhere_is_made_to_send(browser, acme):
    begun = browser.post(ADD, BY_HAND)
    network = browser.post(begun.url, BY_HAND).url
    answers = {"identifier": "other", "other": "0106:12345678", "register": "on", "send_only": "on"}
    check = browser.post(network, answers).url
    assert "receives with another provider" in texts(browser.get(check))
    browser.post(check, {})
    row = Participant.objects.get(organization__parent=acme)
    assert row.state == "sends_only"
    page = texts(browser.get(at("tenants_company", "progress", row.organization)))
    assert "Sends under 0106:12345678" in page


def test_where_our_own_company_is_in_the_way_the_way_out_is_told(browser, acme, bakery, by):
    from peppol.services.companies.onboarding import onboard

    having(bakery, "active", "0106:12345678")
    made = onboard(acme, {"name": "Second", "country": "NL"}, by=by, identifier="0106:12345678")
    assert made.participant.state == Participant.State.ELSEWHERE
    page = texts(browser.get(at("peppol_participant", "change", made.participant)))
    assert "Bakery Peeters" in page and "dismiss it here" in page and "Take it over" not in page
    assert "other provider" not in page.partition("What went wrong")[2][:600]


def test_steps_that_are_behind_lead_back_and_keep_what_was_entered(browser):
    begun = browser.post(ADD, {**BY_HAND, "country": "FR", "number": "12 345"})
    page = texts(browser.get(begun.url))
    back = re.search(rf'href="({ADD}\?draft=[^"]+)"', page)[1]
    first = browser.get(back).context["form"]
    assert (first["number"].value(), first["country"].value()) == ("12 345", "FR")


def test_a_draft_waits_where_companies_are_listed(browser):
    begun = browser.post(ADD, BY_HAND)
    network = browser.post(begun.url, BY_HAND).url
    page = texts(browser.get(at("tenants_company")))
    assert "A draft waits for you: By Hand." in page and f'href="{network}"' in page
    browser.post(network, {"discard": "1"})
    assert "A draft waits" not in texts(browser.get(at("tenants_company")))


def test_what_has_become_a_company_waits_no_more(browser):
    walk(browser, **BY_HAND)
    assert "A draft waits" not in texts(browser.get(at("tenants_company")))


def test_a_step_outlives_the_session(browser, olga):
    begun = browser.post(ADD, BY_HAND)
    form = {**hidden_in(browser.get(begun.url)), **BY_HAND, "city": "Utrecht 7"}
    form["draft"] = re.search(r'name="draft" value="([^"]+)"', texts(browser.get(begun.url)))[1]
    Session.objects.all().delete()
    sent = browser.post(begun.url, form)
    login = {"login": olga.email, "password": PASSWORD}
    page = browser.post(sent.url, login, follow=True)
    assert page.redirect_chain[-1][0] == begun.url
    assert "Utrecht 7" in texts(page) and "You were signed out meanwhile" in texts(page)
    assert browser.post(begun.url, {**form, **hidden_in(page)}).status_code == 302


def test_what_the_network_is_to_know_is_folded_away_in_the_last_step(browser, acme):
    walk(browser, **BY_HAND, is_unlisted="on", website="peeters.example")
    card = CompanyCard.objects.get(organization__parent=acme)
    assert (card.is_listed, card.websites) == (False, ["https://peeters.example"])


def test_a_country_is_explained_and_its_own_documents_are_offered(browser, acme):
    """Ours would be registered for France's reform without knowing that there is one."""
    answers = {**BY_HAND, "country": "FR", "company_number": "303265045", "register": ""}
    begun = browser.post(ADD, answers)
    network = browser.post(begun.url, answers).url.replace("/check/", "/network/")
    page = texts(browser.get(network))
    assert "0225:303265045" in page and "The address of the reform" in page
    check = browser.post(network, {"identifier": "0225:303265045", "other": ""}).url
    assert "France UBL Invoice CIUS" in texts(browser.get(check))
    assert "XRechnung" not in texts(browser.get(check))
