"""On a phone every page stays within the screen, and its menus can be used."""

import pytest
from django.urls import reverse

from apikeys.models import ApiKey
from peppol.models import CompanyImport, Participant
from tenants.models import Event, Organization
from tests.portal.browsing import MARKS, Tab
from tests.portal.conftest import PAGES, at, make_rows, signed_in
from webhooks.models import Endpoint

pytestmark = MARKS
PHONE = {"width": 390, "height": 844}
LONG = "Ondernemingmeteenzeerlangenaam" * 9
# Neither the page, nor what an element of it cuts off without a way to scroll there.
TOO_WIDE = """() => {
    const style = (one) => getComputedStyle(one);
    const scrolls = (one) => ["auto", "scroll"].includes(style(one).overflowX);
    const shortens = (one) => style(one).textOverflow === "ellipsis";
    const way = (one) => (one ? [one, ...way(one.parentElement)] : []);
    // A phone shows a page that is too wide from further away, and calls that its inner width.
    const screen = document.documentElement.clientWidth;
    const cut = [...document.querySelectorAll("#main *")].filter((one) =>
        one.getBoundingClientRect().right > screen + 1
        && one.checkVisibility()
        && !one.closest(".sr-only")
        && !way(one).some((up) => scrolls(up) || shortens(up)));
    const page = document.documentElement.scrollWidth;
    const shown = cut.map((one) => one.outerHTML.slice(0, 90));
    return page > screen ? [`${page} pixels`, ...shown] : shown;
}"""


@pytest.fixture
def long_names(acme, bakery):
    """One row of each kind, named by a word that no line has room for."""
    rows = make_rows(acme, bakery, "word")
    Organization.objects.filter(pk=bakery.pk).update(name=LONG[:255], legal_name=LONG[:255])
    Endpoint.objects.update(url=f"https://word.example/{LONG[:230]}", description=LONG[:255])
    CompanyImport.objects.update(filename=f"{LONG[:200]}.csv")
    ApiKey.objects.update(name=LONG[:255])
    Participant.objects.update(last_error=LONG[:200])
    Event.objects.update(reason=LONG[:200])
    return rows


@pytest.fixture
def phone(chromium, live_server, olga):
    tab = Tab(chromium, live_server.url, viewport=PHONE, has_touch=True, is_mobile=True)
    tab.become(signed_in(olga))
    yield tab.page
    tab.context.close()
    assert tab.troubles == []


@pytest.mark.parametrize("language", ["en", "de", "fr", "nl"])
def test_no_page_is_wider_than_the_screen_whatever_a_name_is(phone, long_names, language):
    """A walk of a browser through every kind of page."""
    phone.context.set_extra_http_headers({"Accept-Language": language})
    tabs = ("registrations", "keys", "webhooks", "documents", "usage", "users")
    company = long_names["tenants_company"]
    wide = {}
    for address in (
        "/portal/",
        *(at(page) for page in PAGES),
        *(at(page, "change", long_names[page]) for page in PAGES),
        *(reverse("portal:tenants_company_tab", args=[company.pk, tab]) for tab in tabs),
        at("tenants_company", "history", company),
    ):
        answer = phone.goto(address)
        if answer.status == 200 and (found := phone.evaluate(TOO_WIDE)):
            wide[address] = found
    assert wide == {}


@pytest.mark.parametrize("page", ["webhooks_endpoint", "apikeys_apikey", "tenants_company"])
def test_every_entry_of_a_menu_can_be_tapped(phone, long_names, page):
    """Nothing lies over it, in the language whose words are the longest."""
    phone.context.set_extra_http_headers({"Accept-Language": "de"})
    for address in (at(page), at(page, "change", long_names[page])):
        phone.goto(address)
        button = phone.locator("header a, header button").filter(has_text="more_horiz")
        button.tap()
        entries = phone.locator("header li > a:visible")
        assert entries.count()
        for entry in entries.all():
            entry.click(trial=True, timeout=2000)
        seldom = entries.filter(has_text="chevron_right")
        if seldom.count():
            seldom.tap()
            phone.locator("body > nav a:visible").last.click()
            phone.locator("#modal-content form").wait_for()


def test_the_buttons_of_a_webhook_leave_room_for_its_title(chromium, live_server, olga, long_names):
    """At the desk, and in the language whose words are the longest."""
    desk = Tab(chromium, live_server.url, viewport={"width": 1440, "height": 900}, locale="de")
    desk.become(signed_in(olga))
    desk.page.goto(at("webhooks_endpoint", "change", long_names["webhooks_endpoint"]))
    title = desk.page.locator("header h1").bounding_box()
    desk.context.close()
    assert title["width"] >= 200


def test_names_in_a_list_are_read_in_the_light(phone, long_names):
    phone.goto(at("apikeys_apikey"))
    ink = "getComputedStyle(document.querySelector('.data-row > th > a')).color"
    light = "(c) => { const x = document.createElement('canvas').getContext('2d');"
    light += (
        " x.fillStyle = c; x.fillRect(0, 0, 1, 1); return x.getImageData(0, 0, 1, 1).data[0]; }"
    )
    assert phone.evaluate(light, phone.evaluate(ink)) < 128
