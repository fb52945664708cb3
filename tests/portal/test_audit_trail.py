"""The audit trail tells which one: a person, a key, a webhook."""

import pytest

from apikeys.services import keys
from tenants.actors import Actor
from tenants.models import Event, User
from tenants.services import organizations, people
from tests.conftest import SYSTEM
from tests.portal.conftest import at, texts
from webhooks.services import endpoints


@pytest.fixture
def happened(acme) -> tuple[str, ...]:
    people.invite(acme, email="ines@acme.example", role="viewer", by=SYSTEM)
    keys.issue(acme, name="Key of the till", by=SYSTEM)
    endpoints.create(acme, url="https://till.example/hook", event_types=["*"], by=SYSTEM)
    return "ines@acme.example", "Key of the till", "https://till.example/hook"


def test_an_entry_says_which_person_key_or_webhook(browser, happened):
    trail = texts(browser.get(at("tenants_event")))
    assert [one for one in happened if one not in trail] == []
    latest = texts(browser.get("/portal/"))
    assert [one for one in happened if one not in latest] == []
    page = at("tenants_event", "change", Event.objects.get(type="member.invited"))
    assert "ines@acme.example" in texts(browser.get(page))


def test_what_happened_is_chosen_in_words(browser, happened):
    page = texts(browser.get(at("tenants_event")))
    assert "key.issued – An API key was issued." in page


def test_the_operators_people_are_the_operator_to_a_reseller_and_cannot_be_searched(acme, browser):
    staff = User.objects.create_superuser("staff@operator.example", "x")
    organizations.suspend(acme, reason="Unpaid", by=Actor.user(staff))
    page = browser.get(at("tenants_event")).content.decode()
    assert "The operator" in page and "staff@operator" not in page
    # Not even whether there is such an address is told by what is found.
    for word in ("staff@operator", "staff"):
        assert browser.get(at("tenants_event"), {"q": word}).context["cl"].result_count == 0, word
    assert browser.get(at("tenants_event"), {"q": "unpaid"}).context["cl"].result_count == 1
    history = browser.get(at("tenants_organization", "history", acme)).content.decode()
    assert "The operator" in history and "staff@operator" not in history
