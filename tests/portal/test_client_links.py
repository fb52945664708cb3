"""What clients are asked for, from the portal: one, many, by mail and as a table."""

import csv
import io

import pytest

from tenants.models import ClientLink, Mail, Role
from tenants.services import client_links, organizations
from tests.conftest import SYSTEM, make_company
from tests.portal.answers import errors_on
from tests.portal.conftest import at, make_member, operation_at, signed_in, texts

COMPLETE = {
    "address_line1": "Markt 1",
    "postal_code": "9000",
    "city": "Gent",
    "email": "els@bakery.example",
    "company_number": "0202239951",
}
PAGE = "tenants_clientlink"


@pytest.fixture
def butcher(acme):
    """A company that lacks nothing."""
    return make_company(acme, "Butcher", **COMPLETE)


def table(client) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(texts(client.get(at(PAGE, "export"), {"as": "csv"})))))


def test_one_company_is_asked_and_its_link_is_shown(browser, bakery):
    url = operation_at("tenants_company", "ask_client", bakery)
    page = browser.post(url, {"purpose": "profile"}, follow=True)
    assert "/client/" in texts(page) and "Bakery Peeters" in texts(page)
    browser.post(url, {"purpose": "profile", "send_to": "els@bakery.example"})
    assert Mail.objects.get().to == "els@bakery.example"
    assert ClientLink.objects.count() == 2


def test_the_list_of_companies_says_who_is_needed(browser, bakery, butcher):
    for needs, shown in (("any", True), ("profile", True)):
        page = texts(browser.get(at("tenants_company"), {"needs": needs}))
        assert ("Bakery Peeters" in page) is shown and "Butcher" not in page


def test_those_that_were_ticked_are_asked_and_downloaded(browser, acme, bakery, butcher, rival):
    stranger = make_company(rival, "Stranger")
    ticked = [str(one.pk) for one in (bakery, butcher, stranger)]
    form = {"action": "ask_chosen", "_selected_action": ticked}
    page = browser.post(at("tenants_company"), form, follow=True)
    assert "The 2 companies that you ticked" in texts(page)
    answer = browser.post(at(PAGE, "add"), {"whom": "chosen", "purpose": ""}, follow=True)
    assert "1 link was made." in texts(answer) and "1 company was left out" in texts(answer)
    (row,) = table(browser)
    assert (row["company"], row["purpose"]) == ("Bakery Peeters", "profile")
    assert browser.get(row["link"].removeprefix("http://127.0.0.1:8000")).status_code == 200


def test_all_that_lack_something_are_written_to(browser, acme, bakery, butcher):
    organizations.update(bakery, {"email": "els@bakery.example"}, by=SYSTEM)
    make_company(acme, "Without address")
    form = {"whom": "lacking", "purpose": "profile", "by_mail": "on"}
    answer = browser.post(at(PAGE, "add"), form, follow=True)
    assert "2 links were made. 1 is on its way by mail." in texts(answer)
    assert [mail.to for mail in Mail.objects.all()] == ["els@bakery.example"]


def test_who_only_looks_sees_no_address(acme, bakery, browser):
    browser.post(operation_at("tenants_company", "ask_client", bakery), {"purpose": "profile"})
    viewer = signed_in(make_member(acme, Role.VIEWER))
    assert [row["link"] for row in table(viewer)] == [""]
    link = ClientLink.objects.get()
    assert viewer.get(operation_at(PAGE, "show_address", link)).status_code == 403
    assert "/client/" in texts(browser.post(operation_at(PAGE, "show_address", link), follow=True))
    browser.post(operation_at(PAGE, "revoke", link))
    assert [row["link"] for row in table(browser)] == [""]


def test_sites_are_set_and_asked_for_from_then_on(browser, bakery, acme):
    page = "/portal/settings/client-links/"
    assert "is no origin" in texts(browser.post(page, {"origins": "http://app.acme.example"}))
    browser.post(page, {"origins": "https://app.acme.example\n\nhttps://old.acme.example:8443/"})
    url = operation_at("tenants_company", "ask_client", bakery)
    form = {"purpose": "profile", "return_url": "https://evil.example/"}
    assert "origin that the platform allows" in errors_on(browser.post(url, form))
    browser.post(url, {**form, "return_url": "https://app.acme.example/x"})
    assert ClientLink.objects.get().return_url == "https://app.acme.example/x"


def test_a_companys_page_says_what_became_of_a_link(browser, bakery):
    link = client_links.make(bakery, "profile", by=SYSTEM)
    tab = f"/portal/tenants/company/{bakery.pk}/tab/client/"
    assert "Good until" in texts(browser.get(tab))
    client_links.begin_visit(link)
    client_links.use(link)
    assert "Good until" not in texts(browser.get(tab))
