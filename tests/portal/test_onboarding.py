"""Onboarding in the portal, step by step: what is known need not be asked."""

import re

import pytest
from django.urls import reverse

from apikeys.authentication import authenticate
from apikeys.models import ApiKey
from peppol.models import Participant, RegisteredCompany
from tenants.models import Company, Organization, Role
from tests.conftest import make_company
from tests.portal.answers import shown_after
from tests.portal.conftest import at, make_member, signed_in, texts, walk
from webhooks.models import Endpoint

BY_HAND = {"country": "BE", "name": "Café Central", "identifier": "none"}
KNOWN = {"country": "BE", "number": "0403.170.701"}


@pytest.fixture
def register(db) -> RegisteredCompany:
    """The national register knows one company."""
    return RegisteredCompany.objects.create(
        number="0403170701",
        status="AC",
        names={"nl": "Bakkerij Peeters"},
        street="Korenmarkt 5",
        postal_code="9000",
        city="Gent",
        extract=1,
    )


def made(acme) -> Organization:
    return Organization.objects.under(acme).get()


def step_after(client, **answers: str) -> str:
    """The step that follows the first."""
    return client.post(at("tenants_company", "add"), answers).url.rsplit("/", 2)[1]


def test_a_number_is_enough_for_a_registered_company(browser, acme, register):
    page = walk(browser, **KNOWN)
    company = made(acme)
    assert page.url == reverse("portal:tenants_company_progress", args=[company.pk])
    assert (company.name, company.address_line1) == ("Bakkerij Peeters", "Korenmarkt 5")
    assert (company.company_number, company.city) == ("0403170701", "Gent")
    assert Participant.objects.get().identifier == "0208:0403170701"


def test_a_vat_number_is_as_good(browser, acme, register):
    walk(browser, country="BE", number="be 0403.170.701")
    assert (made(acme).name, made(acme).vat_number) == ("Bakkerij Peeters", "BE0403170701")


@pytest.mark.parametrize(
    "country, number, step",
    [
        ("BE", "0403170701", "check"),
        ("BE", "0123456789", "profile"),
        ("BE", "", "profile"),
        ("DE", "DE136695976", "profile"),
        ("SA", "300000000000003", "profile"),
    ],
)
def test_what_is_known_is_not_asked(browser, register, country, number, step):
    assert step_after(browser, country=country, number=number) == step


def test_what_the_register_does_not_know_is_said_and_entered_by_hand(browser, acme, settings):
    settings.PEPPOL_NETWORK = "production"
    page = browser.post(at("tenants_company", "add"), KNOWN, follow=True)
    assert "The company register does not know 0403.170.701." in texts(page)
    assert not Organization.objects.under(acme).exists()


def test_what_vies_knows_is_filled_in(browser, acme, settings):
    from django.core.cache import cache

    known = {
        "number": "NL004495445B01",
        "valid": True,
        "name": "WINKEL BV",
        "address": "DAMRAK 1\n1012LG AMSTERDAM",
    }
    cache.set("vat:NL004495445B01", known)
    walk(browser, country="NL", number="NL004495445B01")
    company = made(acme)
    assert (company.name, company.address_line1) == ("WINKEL BV", "DAMRAK 1")
    assert (company.postal_code, company.city) == ("1012LG", "AMSTERDAM")
    cache.clear()


def test_a_company_ends_on_the_register_is_said(browser, register):
    RegisteredCompany.objects.update(status="ST")
    page = browser.post(at("tenants_company", "add"), KNOWN, follow=True)
    assert "does not list it as active" in texts(page)


def test_a_company_needs_no_number_no_key_and_no_identifier(browser, acme):
    page = browser.get(walk(browser, **BY_HAND).url)
    assert "Café Central is created" in texts(page)
    assert not ApiKey.objects.exists() and not Participant.objects.exists()
    assert "It is not on the network yet." in texts(page)


def test_key_and_webhook_come_along_and_are_shown_once(browser, acme):
    page = shown_after(walk(browser, **BY_HAND, with_key="on", webhook="https://hooks.example/in"))
    secret = re.search(r'id="secret-1"[^>]*>([^<]+)<', texts(page))[1]
    assert authenticate(secret).organization.pk == made(acme).pk
    assert 'id="secret-2"' in texts(page) and "whsec_" in texts(page)
    assert "no-store" in page.headers["Cache-Control"]
    again = browser.get(reverse("portal:tenants_company_progress", args=[made(acme).pk]))
    assert secret not in texts(again) and "whsec_" not in texts(again)


def test_a_second_click_makes_no_second_company(browser, acme):
    page = browser.post(at("tenants_company", "add"), BY_HAND)
    for _step in ("profile", "network"):
        page = browser.post(page.url, BY_HAND)
    last = page.url
    first = browser.post(last, {"with_key": "on"})
    second = browser.post(last, {"with_key": "on"})
    assert first.url == second.url, "the browser follows the second answer, and finds the secret"
    assert 'id="secret-1"' in texts(shown_after(second))
    assert 'id="secret-1"' not in texts(shown_after(first))
    assert Organization.objects.under(acme).count() == ApiKey.objects.count() == 1


@pytest.mark.parametrize(
    "answers, sentence",
    [
        ({"name": ""}, "This field is required"),
        ({"country": "XX"}, "Select a valid choice"),
        ({"email": "nobody"}, "valid email"),
        ({"identifier": "other", "other": "0208"}, "not a Peppol identifier"),
        ({"identifier": "other", "other": ""}, "This field is required"),
        ({"identifier": "0208:0000000000"}, "Select a valid choice"),
        ({"name": "x" * 256}, "at most 255"),
        ({"webhook": "nowhere"}, "valid URL"),
        ({"webhook": "http://10.0.0.1/"}, "address"),
    ],
)
def test_what_cannot_be_is_refused_at_its_field(browser, acme, answers, sentence):
    page = walk(browser, **{**BY_HAND, **answers})
    assert page.status_code == 200 and sentence in texts(page)
    assert not Organization.objects.under(acme).exists()


def test_a_doubtful_identifier_is_explained_before_it_is_taken(browser, acme):
    answers = {**BY_HAND, "company_number": "0123456789"}
    first = browser.post(at("tenants_company", "add"), answers)
    page = browser.post(first.url, answers, follow=True)
    assert "The check digits of “0123456789” are wrong" in texts(page)
    assert "tried all the same" in texts(page)
    assert re.search(r'value="0208:0123456789"\s+checked', texts(page))


def test_an_unsound_identifier_is_refused_in_production(browser, acme, settings):
    settings.PEPPOL_NETWORK = "production"
    page = walk(browser, **{**BY_HAND, "identifier": "other", "other": "0208:0123456789"})
    assert page.status_code == 200 and "check digits" in texts(page)


def test_the_last_step_leads_back_and_keeps_what_was_said(browser, acme, register):
    check = browser.post(at("tenants_company", "add"), KNOWN).url
    links = browser.get(check).context["links"]
    page = texts(browser.get(links["profile"]))
    assert 'value="Bakkerij Peeters"' in page and "from the company register" in page
    form = {**KNOWN, "name": "Peeters", "company_number": "0403170701"}
    assert browser.post(links["profile"], form).url == check
    browser.post(links["network"], {"identifier": "none"})
    browser.post(check, {})
    assert made(acme).name == "Peeters" and not Participant.objects.exists()


def test_another_number_asks_for_the_identifier_anew(browser, register):
    check = browser.post(at("tenants_company", "add"), KNOWN).url
    links = browser.get(check).context["links"]
    form = {"country": "BE", "name": "Peeters", "company_number": "0123456789"}
    assert browser.post(links["profile"], form).url == links["network"]


def test_a_company_that_is_there_already_is_pointed_at(browser, acme, rival, register):
    mine = make_company(acme, "The old one", company_number="0403170701")
    make_company(rival, "Stranger", company_number="0403170701")
    page = texts(browser.post(at("tenants_company", "add"), KNOWN, follow=True))
    assert at("tenants_company", "change", mine) in page and "Stranger" not in page


def test_a_full_plan_is_said_in_words(browser, acme, bakery):
    Organization.objects.filter(pk=acme.pk).update(company_limit=1)
    assert "The plan allows 1 companies." in texts(walk(browser, **BY_HAND))


def test_an_identifier_that_a_stranger_has_does_not_stop_the_company(
    browser, acme, rivals_company, register
):
    taken = {"scheme": "0208", "value": "0403170701", "state": "active"}
    Participant.objects.create(organization=rivals_company, **taken)
    page = browser.get(walk(browser, **KNOWN).url)
    assert "already registered on the network" in texts(page)
    assert "Somebody has to decide" in texts(page)


# --- Whose a draft is ---------------------------------------------------------------------------


def test_an_unknown_draft_or_step_begins_anew(browser, register):
    check = browser.post(at("tenants_company", "add"), KNOWN).url
    start = at("tenants_company", "add")
    for url in (
        check.replace("check", "secret"),
        check.replace("check", "number"),
        reverse("portal:tenants_company_step", args=["unknown", "check"]),
    ):
        assert browser.get(url).url == start


def test_a_draft_is_of_one_person_and_one_organization(browser, olga, acme, rival, register):
    from tenants.services import people
    from tests.conftest import SYSTEM

    check = browser.post(at("tenants_company", "add"), KNOWN).url
    colleague = signed_in(make_member(acme, Role.ADMIN))
    assert colleague.post(check, {}).url == at("tenants_company", "add")
    people.join(rival, olga, role="owner", by=SYSTEM)
    browser.post(reverse("portal:switch"), {"organization": rival.pk})
    assert browser.post(check, {}).url == at("tenants_company", "add")
    assert not Company.objects.filter(parent__isnull=False).exists()


@pytest.mark.parametrize("step", ["network", "check"])
def test_no_step_can_be_jumped_over(browser, step):
    first = browser.post(at("tenants_company", "add"), {"country": "BE"}).url
    assert browser.get(first.replace("profile", step)).url == first


@pytest.mark.parametrize(
    "role, may", [("owner", 1), ("admin", 1), ("developer", 1), ("billing", 0), ("viewer", 0)]
)
def test_a_role_onboards_if_it_may_change_companies(acme, role, may):
    client = signed_in(make_member(acme, role))
    page = client.post(at("tenants_company", "add"), BY_HAND)
    assert page.status_code == (302 if may else 403)
    url = reverse("portal:tenants_company_step", args=["any", "check"])
    assert client.post(url, {}).status_code == (302 if may else 403)
    assert not Endpoint.objects.exists()


# --- How far it is ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "facts, verdict, over",
    [
        ({"state": "pending"}, "Being registered", False),
        ({"state": "publishing"}, "Being registered", False),
        ({"state": "waiting", "last_error": "The SMP is silent."}, "The SMP is silent.", False),
        ({"state": "failed", "last_error": "Refused: 400"}, "Refused: 400", True),
        ({"state": "elsewhere"}, "Another provider holds it.", True),
        ({"state": "active", "card_state": "pending"}, "Being registered", False),
        (
            {"state": "active", "card_state": "published", "directory_state": "pending"},
            "Being registered",
            False,
        ),
        (
            {"state": "active", "card_state": "published", "directory_state": "published"},
            "On the network.",
            True,
        ),
        (
            {"state": "active", "card_state": "failed", "publication_error": "No card"},
            "No card",
            False,
        ),
        ({"state": "draft"}, "not on the network yet", True),
        ({"state": "unregistered"}, "Taken off the network", True),
    ],
)
def test_progress_says_how_far_it_is(browser, bakery, facts, verdict, over):
    Participant.objects.create(organization=bakery, scheme="0208", value="0403170701", **facts)
    part = browser.get(reverse("portal:tenants_company_progress", args=[bakery.pk]) + "?part=1")
    assert verdict in texts(part) and ("data-over" in texts(part)) == over
    assert "<html" not in texts(part)


def test_strangers_learn_nothing_of_progress(browser, rivals_company, acme):
    from uuid import uuid4

    for pk in (rivals_company.pk, uuid4(), "x"):
        url = reverse("portal:tenants_company_progress", args=[pk])
        assert browser.get(url).status_code == browser.get(url + "?part=1").status_code == 404
