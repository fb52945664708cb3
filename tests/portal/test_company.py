"""A company's page: everything about it in one place, as far as one may see it."""

import re
from datetime import date
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from apikeys.services import keys
from peppol.models import CompanyCard, DailyUsage, Document, MonthlyUsage, Participant
from peppol.services.registration import participants
from tenants import events
from tenants.models import Event, Invitation, Role
from tenants.services import people
from tests.conftest import SYSTEM
from tests.portal.answers import shown_after
from tests.portal.conftest import at, make_member, operation_at, signed_in, texts
from tests.portal.factories import make_document, make_usage

TABS = ("registrations", "keys", "webhooks", "documents", "usage", "users")


def tab_at(row, tab: str) -> str:
    return reverse("portal:tenants_company_tab", args=[getattr(row, "pk", row), tab])


def links_on(page) -> list[str]:
    """The names of the tabs on a page."""
    nav = re.search(r'<nav class="gh-tabs".*?</nav>', texts(page), re.DOTALL)[0]
    return re.findall(r">\s*([^<>]+?)\s*</a>", nav)


@pytest.fixture
def company(ours):
    return ours["tenants_company"]


# --- Tabs -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("tab", TABS)
def test_a_tab_shows_what_belongs_to_the_company(browser, company, bakery, tab):
    people.invite(bakery, email="oursword@bakery.example", role="viewer", by=SYSTEM)
    page = texts(browser.get(tab_at(company, tab)))
    assert "Bakery Oursword" in page and "theirsword" not in page
    marks = {"usage": "Sent, 30 days", "users": "oursword@bakery.example"}
    assert (
        marks.get(tab, "oursword1" if tab == "registrations" else "oursword") in page.lower() + page
    )


@pytest.mark.parametrize(
    "role, expected",
    [
        ("owner", "Company Registrations API keys Webhooks Documents Usage Users Client History"),
        (
            "developer",
            "Company Registrations API keys Webhooks Documents Usage Users Client History",
        ),
        ("viewer", "Company Registrations API keys Webhooks Documents Usage Users Client History"),
        ("billing", "Company Usage Users Client History"),
    ],
)
def test_a_role_is_offered_the_tabs_that_it_may_open(acme, company, role, expected):
    client = signed_in(make_member(acme, role))
    names = links_on(client.get(at("tenants_company", "change", company)))
    assert " ".join(names) == expected
    titles = {
        "registrations": "Registrations",
        "keys": "API keys",
        "webhooks": "Webhooks",
        "documents": "Documents",
        "usage": "Usage",
        "users": "Users",
    }
    for tab, title in titles.items():
        assert client.get(tab_at(company, tab)).status_code == (200 if title in names else 404)


@pytest.mark.parametrize("tab", TABS)
def test_a_strangers_company_has_no_tabs(browser, theirs, tab):
    for pk in (theirs["tenants_company"].pk, uuid4(), "x"):
        assert browser.get(tab_at(pk, tab)).status_code == 404
        assert browser.get(tab_at(pk, tab) + "?part=1").status_code == 404


def test_an_unknown_tab_is_not_there(browser, company):
    assert browser.get(tab_at(company, "secrets")).status_code == 404


@pytest.mark.parametrize("role, may", [("owner", 1), ("developer", 1), ("viewer", 0)])
def test_what_can_be_done_stands_beside_it(acme, company, ours, role, may):
    client = signed_in(make_member(acme, role))
    for tab, page, name in (
        ("registrations", "peppol_participant", "retry"),
        ("registrations", "peppol_transfer", "show_key"),
        ("keys", "apikeys_apikey", "revoke"),
        ("webhooks", "webhooks_endpoint", "test"),
    ):
        link = operation_at(page, name, ours[page])
        assert (link in texts(client.get(tab_at(company, tab)))) == bool(may), name


def test_one_comes_back_to_the_tab(browser, company, ours):
    here = tab_at(company, "keys")
    link = operation_at("apikeys_apikey", "disable", ours["apikeys_apikey"])
    assert browser.post(f"{link}?next={here}").url == here
    add = f"{at('apikeys_apikey', 'add')}?organization={company.pk}&next={here}"
    form = {"name": "New", "environment": "live", "kind": "company", "organization": company.pk}
    assert f'href="{here}"' in texts(shown_after(browser.post(add, form)))


@pytest.mark.parametrize(
    "wanted",
    [
        "https://evil.example/",
        "//evil.example/",
        "/admin/",
        "javascript:alert(1)",
        "/portal\\evil",
        "/portal/\r\nX: 1",
    ],
)
def test_nobody_is_sent_out_of_the_portal(browser, ours, wanted):
    row = ours["apikeys_apikey"]
    link = operation_at("apikeys_apikey", "disable", row)
    answer = browser.post(link, query_params={"next": wanted})
    assert answer.url == at("apikeys_apikey", "change", row)


def test_a_registration_under_way_is_followed(browser, company):
    here = tab_at(company, "registrations")
    assert "data-follow" not in texts(browser.get(here))
    Participant.objects.update(state="pending")
    assert f'data-follow="{here}?part=1"' in texts(browser.get(here))
    part = texts(browser.get(here + "?part=1"))
    assert "<html" not in part and "data-over" not in part and "oursword1" in part


@pytest.mark.parametrize("tab", TABS)
def test_more_rows_cost_a_tab_no_more_queries(browser, bakery, company, tab):
    counts = []
    for more in (1, 20):
        for n in range(more):
            mark = f"n{more}-{n}"
            keys.issue(bakery, name=mark, by=SYSTEM)
            Participant.objects.create(organization=bakery, scheme="9915", value=mark)
            Document.objects.create(
                organization=bakery,
                direction="inbound",
                state="received",
                environment="live",
                kind="invoice",
                instance_id=mark,
                sender="9915:a",
                receiver="9915:b",
                retain_until=date(2036, 1, 1),
            )
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert browser.get(tab_at(company, tab)).status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_usage_is_summed_and_drawn(browser, bakery, company):
    today = timezone.now().date()
    DailyUsage.objects.filter(organization=bakery).delete()
    DailyUsage.objects.create(organization=bakery, on=today, environment="live", sent=1234)
    MonthlyUsage.objects.filter(organization=bakery).delete()
    MonthlyUsage.objects.create(
        organization=bakery, on=date(2026, 3, 1), environment="live", sent=77, received=5
    )
    page = texts(browser.get(tab_at(company, "usage")))
    assert "1,234" in page and "March 2026" in page and "<td>77</td>" in page


# --- History --------------------------------------------------------------------------------------


def test_history_goes_back_page_by_page(browser, bakery, company):
    for n in range(120):
        events.record(bakery, "company.updated", by=SYSTEM, reason=f"why-{n}")
    page, seen = browser.get(at("tenants_company", "history", company)), []
    while True:
        seen += re.findall(r"why-(\d+)", texts(page))
        if not page.context["older"]:
            break
        page = browser.get(at("tenants_company", "history", company) + page.context["older"])
    assert seen == [str(n) for n in range(119, -1, -1)]
    assert "before=" in page.request["QUERY_STRING"]
    odd = at("tenants_company", "history", company) + "?before=nonsense"
    assert browser.get(odd).status_code == 200


# --- People ---------------------------------------------------------------------------------------


def test_a_companys_people_are_invited_and_removed(browser, company, bakery):
    answers = {"email": "baker@bakery.example", "role": "viewer"}
    browser.post(operation_at("tenants_company", "invite", company), answers)
    assert Invitation.objects.latest("id").organization_id == bakery.pk
    baker = make_member(bakery, Role.ADMIN, "baker2@bakery.example")
    membership = baker.memberships.get()
    url = operation_at("tenants_company", "remove_user", company)
    browser.post(url, {"member": membership.pk})
    assert not baker.memberships.exists()


def test_nobody_elses_people_are_removed(browser, company, ours, theirs):
    url = operation_at("tenants_company", "remove_user", company)
    for page in (ours, theirs):
        answer = browser.post(url, {"member": page["tenants_membership"].pk})
        assert answer.status_code == 200 and "Select a valid choice" in texts(answer)
        page["tenants_membership"].refresh_from_db()


# --- The end --------------------------------------------------------------------------------------


def test_offboarding_says_what_ends_and_shows_it_end(browser, company, bakery):
    Participant.objects.filter(organization=bakery).update(state="active")
    url = operation_at("tenants_company", "offboard", company)
    page = texts(browser.get(url))
    assert "1 key is revoked" in page and "1 webhook is disabled" in page
    assert "9915:oursword1 is taken off the network" in page
    answers = {"reason": "moved", "name": " bakery oursword "}
    after = browser.post(url, answers)
    assert after.url == reverse("portal:tenants_company_offboarding", args=[company.pk])
    page = texts(browser.get(after.url))
    assert "No key works any more" in page and "data-over" not in page
    Participant.objects.filter(organization=bakery).update(state="unregistered")
    part = texts(browser.get(after.url + "?part=1"))
    assert "9915:oursword1 is off the network" in part and "It has ended." in part


@pytest.mark.parametrize(
    "answers, sentence",
    [
        ({"reason": "", "name": "Bakery Oursword"}, "This field is required"),
        ({"reason": "x", "name": "Bakery"}, "This is not its name."),
    ],
)
def test_nobody_offboards_by_accident(browser, company, answers, sentence):
    before = Event.objects.count()
    page = browser.post(operation_at("tenants_company", "offboard", company), answers)
    assert page.status_code == 200 and sentence in texts(page)
    assert Event.objects.count() == before


@pytest.mark.parametrize("role, may", [("owner", 1), ("admin", 1), ("developer", 0), ("viewer", 0)])
def test_who_governs_sees_the_end(acme, company, role, may):
    client = signed_in(make_member(acme, role))
    url = reverse("portal:tenants_company_offboarding", args=[company.pk])
    assert client.get(url).status_code == (200 if may else 403)


def test_the_business_card_of_a_company_is_written_on_its_page(browser, bakery, by):
    row = participants.register(bakery, "0208:0403170701", by=by)
    Participant.objects.filter(pk=row.pk).update(state="active", card_state="published")
    page = reverse("portal:tenants_company_describe", args=[bakery.pk])
    form = browser.get(page).context["form"]
    given = {name: field.value() for name, field in ((n, form[n]) for n in form.fields)}
    given |= {"name_nl": "Bakkerij Peeters", "contact_0_email": "an@peeters.example"}
    given |= {"websites": "nonsense", "identifiers": "DUNS: 123456789"}
    given = {name: value for name, value in given.items() if value not in (None, False)}
    assert "begins with http" in browser.post(page, given).content.decode()
    browser.post(page, given | {"websites": "https://peeters.example"})
    card = CompanyCard.objects.get()
    assert card.is_listed and card.identifiers == [["DUNS", "123456789"]]
    assert card.contacts == [["", "", "", "an@peeters.example"]]
    row.refresh_from_db()
    assert (row.card_state, row.card_names["nl"]) == ("pending", "Bakkerij Peeters")
    tab = browser.get(reverse("portal:tenants_company_tab", args=[bakery.pk, "registrations"]))
    assert "https://peeters.example" in tab.content.decode()


def test_a_company_begins_with_whose_turn_it_is_its_figures_and_its_people(acme, browser, bakery):
    make_usage(bakery, sent=3, received=1)
    make_document(bakery, state="failed")
    make_member(bakery, "viewer", "baker@peeters.example")
    page = texts(browser.get(at("tenants_company", "change", bakery)))
    for said in (
        "Needs",
        "Documents this month",
        "Last sent",
        "Failed this month",
        "baker@peeters",
    ):
        assert said in page, said
