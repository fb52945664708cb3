"""The portal's pages of webhooks and deliveries at work."""

import pytest

from tenants.models import Event
from tests.portal.answers import errors_on, secret_on
from tests.portal.conftest import at, operation_at, texts
from webhooks.models import Delivery, Endpoint


def test_a_webhook_is_added_and_its_secret_shown_once(browser, acme):
    """GOR-36, FLO-62."""
    form = {
        "organization": acme.pk,
        "url": "https://hooks.example/in",
        "environment": "live",
        "event_types": ["company.created"],
        "dialect": "standard",
        "covers_companies": "on",
    }
    answer = browser.post(at("webhooks_endpoint", "add"), form)
    secret, endpoint = secret_on(answer), Endpoint.objects.get()
    assert secret.startswith("whsec_") and endpoint.covers_companies
    assert secret not in texts(browser.get(at("webhooks_endpoint", "change", endpoint)))
    rotated = secret_on(
        browser.post(operation_at("webhooks_endpoint", "rotate", endpoint), {"hours": "24"})
    )
    assert rotated != secret


@pytest.mark.parametrize(
    "url", ["http://10.0.0.1/", "https://user:pw@10.0.0.1/", "ftp://a.example"]
)
def test_a_webhook_to_where_we_would_not_call_is_refused(browser, acme, url):
    form = {"url": url, "environment": "live", "event_types": ["*"], "dialect": "chat"}
    answer = browser.post(at("webhooks_endpoint", "add"), {"organization": acme.pk, **form})
    assert answer.status_code == 200 and errors_on(answer)
    assert not Endpoint.objects.exists()


def test_a_webhooks_password_is_taken_and_never_shown(browser, acme):
    form = {"url": "https://shop:pass-word@a.example/", "environment": "live", "event_types": ["*"]}
    form |= {"organization": acme.pk, "dialect": "standard"}
    browser.post(at("webhooks_endpoint", "add"), form)
    endpoint = Endpoint.objects.get()
    assert (endpoint.url, endpoint.basic_auth) == ("https://a.example/", "shop:pass-word")
    for page in (at("webhooks_endpoint", "change", endpoint), at("webhooks_endpoint")):
        assert "pass-word" not in browser.get(page).content.decode()
    assert "are sent along" in texts(browser.get(at("webhooks_endpoint", "change", endpoint)))


def test_a_webhook_is_tested_paused_and_replayed(browser, ours):
    endpoint, delivery = ours["webhooks_endpoint"], ours["webhooks_delivery"]

    def run(name: str, **answers: str) -> str:
        url = operation_at("webhooks_endpoint", name, endpoint)
        return texts(browser.post(url, answers, follow=True))

    asked = texts(browser.get(operation_at("webhooks_endpoint", "test", endpoint)))
    assert "A test event is on its way." in run("test")
    assert f"“{Event.objects.latest('id').type}”" in asked
    assert "The last day (1)" in texts(
        browser.get(operation_at("webhooks_endpoint", "replay_failed", endpoint))
    )
    assert "1 event is on its way again." in run("replay_failed", hours="24")
    delivery.refresh_from_db()
    assert delivery.state == "pending"
    assert "The webhook is disabled." in run("disable", reason="maintenance")
    assert "enable it first" in run("test")
    assert "The webhook is enabled." in run("enable")
    run("delete")
    assert not Endpoint.objects.live().exists()
    assert browser.get(at("webhooks_endpoint", "change", endpoint)).status_code == 404


def test_a_delivery_shows_every_attempt_and_is_sent_again(browser, ours):
    delivery = ours["webhooks_delivery"]
    page = texts(browser.get(at("webhooks_delivery", "change", delivery)))
    assert "500" in page and "oursword" in page
    browser.post(operation_at("webhooks_delivery", "send_again", delivery), {})
    assert Delivery.objects.get(pk=delivery.pk).state == "pending"
