"""What a company's own people find in the portal: what is theirs, and nothing of the platform's."""

import pytest
from django.urls import reverse

from apikeys.services import keys
from tenants.actors import Actor
from tenants.models import Event, Role
from tenants.services import organizations, people
from tests.conftest import SYSTEM, make_company
from tests.portal.conftest import at, make_member, signed_in, texts
from webhooks.services import endpoints

CONNECTING = ("apikeys_apikey", "webhooks_endpoint", "webhooks_delivery")
SETTINGS = reverse("portal:setting", args=["client-portal"])


@pytest.fixture
def baker(acme, bakery, olga):
    """An owner of the bakery, with which acme's Olga and a key of acme's did something."""
    by = Actor.user(olga)
    keys.issue(bakery, name="Acme's connection", by=by)
    endpoints.create(bakery, url="https://acme.example/hook", event_types=["*"], by=by)
    key, _secret = keys.issue(acme, name="Acme's own key", by=by)
    people.invite(bakery, email="new@bakery.example", role="viewer", by=key.actor)
    people.invite(bakery, email="next@bakery.example", role="viewer", by=by, invited_by=olga)
    make_company(acme, "Butcher Janssens")
    return signed_in(make_member(bakery, Role.OWNER, "baker@bakery.example"))


def test_nothing_of_the_platforms_is_on_any_page_of_its_clients(baker, bakery):
    """The platform's name alone: as whose doing something was."""
    groups = baker.get(reverse("portal:index")).context["sidebar_navigation"]
    links = [str(i["link"]) for g in groups for i in g["items"] if i["has_permission"]]
    links.append(at("tenants_invitation"))
    links += [
        at("tenants_event", "change", row)
        for row in Event.objects.filter(organization=bakery)
        if row.type.startswith("member.")
    ]
    for link in links:
        page = texts(baker.get(link, follow=True))
        found = [w for w in ("olga", "acme.example", "Acme's", "Butcher", "EUR") if w in page]
        assert found == [], link
    trail = texts(baker.get(at("tenants_event")))
    assert "Acme Accounting" in trail and "baker@bakery.example" in trail


def test_what_is_found_tells_nothing_of_who_did_it(baker):
    for word in ("olga@acme", "Acme's own"):
        assert baker.get(at("tenants_event"), {"q": word}).context["cl"].result_count == 0, word
    assert baker.get(at("tenants_event"), {"q": "member.invited"}).context["cl"].result_count == 2


def test_who_left_the_company_is_still_called_by_name(baker, bakery):
    token = people.token_of(
        people.invite(bakery, email="an@bakery.example", role="admin", by=SYSTEM)
    )
    an = people.accept_as_newcomer(token, password="correct horse battery")
    people.invite(bakery, email="bo@bakery.example", role="viewer", by=Actor.user(an.user))
    people.remove(an, by=SYSTEM)
    row = Event.objects.filter(type="member.invited", actor_id=str(an.user_id)).get()
    page = texts(baker.get(at("tenants_event", "change", row)))
    assert "an@bakery.example" in page and "Acme Accounting" not in page


def test_keys_and_webhooks_are_there_where_the_platform_wants_it(baker, browser):
    for page in CONNECTING:
        assert baker.get(at(page)).status_code == 403, page
    assert browser.post(SETTINGS, {"connect": "on"}).status_code == 302
    for page in CONNECTING:
        assert baker.get(at(page)).status_code == 200, page
    assert baker.get(SETTINGS).status_code == 404


def test_a_suspension_of_the_platform_is_told_under_its_brand(baker, branded):
    organizations.suspend(branded, reason="unpaid", by=SYSTEM)
    page = texts(baker.get(reverse("portal:index")))
    assert "AcmeBooks is suspended" in page and "Acme Accounting" not in page
