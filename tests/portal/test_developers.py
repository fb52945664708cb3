"""Where a program begins: a first call that works, and a signing secret that can be seen again."""

import ast
import json
import subprocess

import pytest
from django.urls import reverse

from apikeys.services import keys
from config.dashboards.reseller import developers
from peppol.sandbox import tasks
from peppol.sandbox.models import Transmission
from tenants.models import Event
from tests.conftest import SYSTEM
from tests.peppol.trading import registered
from tests.portal.browsing import PASSWORD
from tests.portal.conftest import at, make_member, operation_at, signed_in, texts
from webhooks.services import endpoints

PAGE = reverse("portal:setting", args=["developers"])


@pytest.fixture
def hook(bakery):
    return endpoints.create(bakery, url="https://a.example", event_types=["*"], by=SYSTEM)


def test_the_first_call_is_shown_with_this_host_and_ones_own_key(browser, acme, bakery, settings):
    keys.issue(bakery, name="Key of the bakery", by=SYSTEM)
    assert reverse("portal:apikeys_apikey_add") in texts(browser.get(PAGE))
    key, secret = keys.issue(acme, name="Key of acme", kind="platform", by=SYSTEM)
    page = texts(browser.get(PAGE))
    assert f"{settings.BASE_URL}/api/admin/tenants" in page and "Key of acme" in page
    assert key.last_four in page and secret not in page and "Key of the bakery" not in page


def test_the_calls_can_be_run(acme, bakery, client):
    """Each is well-formed in its language, and says a body that the API takes."""
    for organization in (acme, bakery):
        curl, python, _typescript = developers.snippets(organization)
        ast.parse(python.text)
        assert subprocess.run(["bash", "-nc", curl.text]).returncode == 0
    _key, secret = keys.issue(acme, name="Key of acme", kind="platform", by=SYSTEM)
    answer = client.post(
        "/api/admin/tenants",
        json.dumps(developers._COMPANY),
        content_type="application/json",
        headers={"Authorization": f"Bearer {secret}"},
    )
    assert answer.status_code == 201, answer.content


def test_a_signing_secret_is_seen_again_by_whoever_knows_their_password(browser, olga, hook):
    endpoint, secret = hook
    olga.set_password(PASSWORD)
    olga.save()
    browser = signed_in(olga)
    url = operation_at("webhooks_endpoint", "show_secret", endpoint)
    refused = texts(browser.post(url, {"password": "a guess"}))
    assert "This is not your password" in refused and secret not in refused
    assert not Event.objects.filter(type="endpoint.secret_shown").exists()
    shown = browser.post(url, {"password": PASSWORD}, follow=True)
    assert secret in texts(shown) and "no-store" in shown["Cache-Control"]
    told = Event.objects.get(type="endpoint.secret_shown")
    assert told.actor_id == str(olga.pk) and secret not in json.dumps(told.data)


def test_guessing_the_password_is_stopped(olga, hook):
    olga.set_password(PASSWORD)
    olga.save()
    browser, url = signed_in(olga), operation_at("webhooks_endpoint", "show_secret", hook[0])
    for _ in range(12):
        browser.post(url, {"password": "a guess"})
    assert hook[1] not in texts(browser.post(url, {"password": PASSWORD}, follow=True))


def test_a_viewer_sees_no_secret(acme, hook):
    viewer = signed_in(make_member(acme, "viewer"))
    url = operation_at("webhooks_endpoint", "show_secret", hook[0])
    assert viewer.post(url, {"password": PASSWORD}).status_code == 403
    assert viewer.get(at("webhooks_endpoint", "change", hook[0])).status_code == 200


@pytest.mark.django_db(transaction=True)
def test_an_invoice_arrives_at_a_company_of_ones_own_and_at_no_other(
    browser, bakery, rivals_company, live_server, settings
):
    settings.BASE_URL, settings.ACCESS_POINT_URL = live_server.url, f"{live_server.url}/sandbox/ap"
    registered(bakery, "0208:0403170701")
    registered(rivals_company, "0208:0202239951")
    assert "None of your companies" in texts(browser.post(PAGE, {"identifier": "0208:0202239951"}))
    assert browser.post(PAGE, {"identifier": "0208:0403170701"}).status_code == 302
    tasks.send_sample(str(bakery.pk))
    assert {sent.receiver for sent in Transmission.objects.all()} == {"0208:0403170701"}
    settings.PEPPOL_NETWORK = "test"
    assert "Let an invoice arrive" not in texts(browser.get(PAGE))
