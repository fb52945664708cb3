"""The portal's pages of keys at work."""

import pytest
from django.urls import reverse
from django.utils import timezone

from apikeys.authentication import Unauthenticated, authenticate
from apikeys.models import ApiKey
from tests.portal.answers import errors_on, secret_on, shown_after
from tests.portal.conftest import at, operation_at, texts


@pytest.mark.parametrize(
    "answers, kind, whom",
    [
        ({"kind": "platform"}, "platform", "acme"),
        ({"kind": "company"}, "company", "acme"),
        ({"kind": "company", "to": "bakery"}, "company", "bakery"),
    ],
)
def test_a_key_is_issued_and_its_secret_shown_once(
    browser, acme, bakery, olga, answers, kind, whom
):
    owner = {"acme": acme, "bakery": bakery}[whom]
    answers = {k: v for k, v in answers.items() if k != "to"}
    form = {"organization": owner.pk, "name": "Till", "environment": "live", **answers}
    answer = shown_after(browser.post(at("apikeys_apikey", "add"), form))
    secret, key = secret_on(answer), ApiKey.objects.get()
    assert authenticate(secret) == key
    assert (key.kind, key.organization, key.created_by) == (kind, owner, olga)
    # FLO-61, FIS-68: with the id that goes with the secret where two strings are asked for.
    assert key.public_id in texts(answer)
    assert key.public_id in texts(browser.get(at("apikeys_apikey", "change", key)))
    assert "no-store" in answer["Cache-Control"]
    assert answer["Referrer-Policy"] == "same-origin"
    for url in (at("apikeys_apikey"), at("apikeys_apikey", "change", key), at("tenants_event")):
        assert secret not in texts(browser.get(url))


def test_a_companys_key_does_not_reach_the_platform(browser, bakery):
    form = {"organization": bakery.pk, "name": "k", "environment": "live", "kind": "platform"}
    browser.post(at("apikeys_apikey", "add"), form)
    assert ApiKey.objects.get().kind == "company"


def test_a_key_is_rotated_with_overlap(browser, bakery, bakery_key):
    key = ApiKey.objects.get()
    url = operation_at("apikeys_apikey", "rotate", key)
    successor = secret_on(browser.post(url, {"hours": "1"}))
    assert authenticate(successor).rotated_from == key
    authenticate(bakery_key)
    url = operation_at("apikeys_apikey", "rotate", authenticate(successor))
    browser.post(url, {"hours": "0"})
    with pytest.raises(Unauthenticated):
        authenticate(successor)


def test_a_key_is_revoked_with_a_reason(browser, bakery, bakery_key):
    key = ApiKey.objects.get()
    browser.post(operation_at("apikeys_apikey", "revoke", key), {"reason": "lost"})
    with pytest.raises(Unauthenticated):
        authenticate(bakery_key)
    again = browser.post(operation_at("apikeys_apikey", "revoke", key), {"reason": "lost"})
    assert "revoked already" in errors_on(again)
    assert "lost" in texts(browser.get(at("apikeys_apikey", "history", key)))


def test_a_platform_key_acts_for_a_company_by_default(browser, acme, bakery, acme_key):
    """GOR-35: the portal sets a key's default organization and shows whom it may address."""
    key = ApiKey.objects.get()
    url = operation_at("apikeys_apikey", "act_for", key)
    browser.post(url, {"organization": bakery.pk})
    page = texts(browser.get(at("apikeys_apikey", "change", key)))
    assert "Bakery Peeters where a call names nobody" in page
    assert "Acme Accounting and all of its companies" in page
    successor = secret_on(
        browser.post(operation_at("apikeys_apikey", "rotate", key), {"hours": "0"})
    )
    assert authenticate(successor).default_organization == bakery


def test_an_old_key_is_flagged(browser, bakery, bakery_key):
    """EIN-51: keys older than the policy are flagged."""
    assert "Rotate" not in texts(browser.get(at("apikeys_apikey")))
    ApiKey.objects.update(created_at=timezone.now() - timezone.timedelta(days=91))
    assert "Rotate" in texts(browser.get(at("apikeys_apikey")))
    assert "1 key is older than 90 days" in texts(browser.get(reverse("portal:index")))
    assert "bakery" in texts(browser.get(at("apikeys_apikey"), {"state": "old"}))


def _offered(client) -> dict[str, str]:
    """What the form of a new key says before anybody chooses."""
    form = client.get(at("apikeys_apikey", "add")).context["form"]
    return {name: str(form[name].value() or "") for name in form.fields}


def test_the_first_key_of_a_platform_reaches_what_a_platform_calls_for(browser, acme):
    browser.post(at("apikeys_apikey", "add"), {**_offered(browser), "name": "ERP"})
    assert ApiKey.objects.get().kind == "platform"


@pytest.mark.parametrize(
    ("may", "scopes", "said"),
    [
        ("", ["*"], "Everything its maker may"),
        ("inbox", ["receive", "documents.read"], "read and receive them, change nothing"),
        ("overview", ["companies.read"], "look them up, change nothing"),
    ],
)
def test_what_a_key_may_do_is_chosen_and_shown_in_words(browser, acme, may, scopes, said):
    form = {**_offered(browser), "name": "ERP", "environment": "test", "may": may}
    shown = browser.post(at("apikeys_apikey", "add"), form, follow=True)
    key = ApiKey.objects.get()
    assert (key.scopes, key.environment) == (scopes, "test")
    assert said in texts(browser.get(at("apikeys_apikey", "change", key)))
    # Whoever follows the way here stays in the portal.
    assert "/admin/" not in texts(shown)
