"""A failing delivery tells all: what went out, what came back; and it is found and sent again."""

import pytest
from django.utils import timezone

from tenants.models import Event
from tests.conftest import SYSTEM
from tests.portal.conftest import at, make_rows, operation_at, texts
from webhooks.models import Attempt, Delivery, Endpoint
from webhooks.services import delivery as sending
from webhooks.services import endpoints


@pytest.fixture
def failing(acme, bakery) -> Delivery:
    """Refused a moment ago, and to be tried again in a while."""
    rows = make_rows(acme, bakery, "word")
    Delivery.objects.update(state="pending", next_attempt_at=timezone.now(), given_up_at=None)
    return rows["webhooks_delivery"]


def test_a_delivery_shows_what_went_out_as_the_sender_makes_it(browser, failing):
    """Headers, body, and what the signature is of; never what signs in at the receiver."""
    url = "https://shop:pass-word@word.example/hook"
    endpoints.update(failing.endpoint, {"url": url}, by=SYSTEM)
    started = Attempt.objects.get().started_at
    endpoint = Endpoint.objects.get()
    out = sending.request_for(endpoint, failing.event, started)
    page = browser.get(at("webhooks_delivery", "change", failing))
    (attempt,) = page.context["attempts"]
    assert attempt.sent.body.encode() == out.body
    assert attempt.sent.headers["webhook-signature"] == out.headers["webhook-signature"]
    text = texts(page)
    assert out.headers["webhook-signature"].split()[0] in text
    assert f"{failing.event_id}.{int(started.timestamp())}." in text
    assert "company.updated" in text and "https://word.example/hook" in text
    assert "[removed]" in text and out.headers["Authorization"] not in text


def test_a_page_of_what_is_under_way_learns_that_it_came_further(browser, failing):
    page = at("webhooks_delivery", "change", failing)
    link = browser.get(page).context["followed"]
    assert "data-over" not in texts(browser.get(link))
    Delivery.objects.update(attempt_count=9)
    assert "data-over" in texts(browser.get(link))
    # Nobody looks at what is over.
    Delivery.objects.update(state="delivered")
    assert not browser.get(page).context["followed"]


def test_what_cannot_be_made_is_a_page_all_the_same(browser, failing):
    Endpoint.objects.update(secret="nothing that opens")
    assert "Attempts" in texts(browser.get(at("webhooks_delivery", "change", failing)))


def test_send_now_is_for_every_delivery_and_says_what_it_sends(browser, failing):
    way = operation_at("webhooks_delivery", "send_again", failing)
    for state in ("pending", "delivered", "exhausted", "missed"):
        Delivery.objects.update(state=state, next_attempt_at=None)
        asked = texts(browser.get(way, headers={"HX-Request": "true"}))
        assert '<dl class="gh-sent">' in asked
        assert "POST https://word.example/hook" in asked and "company.updated" in asked
        browser.post(way)
        row = Delivery.objects.get()
        assert row.state == "pending" and row.next_attempt_at <= timezone.now()


def test_a_webhooks_page_has_its_own_newest_deliveries(browser, failing, acme, costs):
    other, _ = endpoints.create(acme, url="https://o.example/", event_types=["*"], by=SYSTEM)
    Delivery.objects.create(organization=acme, endpoint=other, event=failing.event)
    own = at("webhooks_endpoint", "change", failing.endpoint)
    page = texts(browser.get(own))
    assert at("webhooks_delivery", "change", failing) in page
    assert page.count("/webhooks/delivery/") == 3  # itself, all of them, and the sidebar's
    before = costs(browser, own)
    happened = [
        Event(type="company.updated", organization=acme, platform=acme, actor_kind="system")
        for _ in range(5)
    ]
    for event in Event.objects.bulk_create(happened):
        Delivery.objects.create(organization=acme, endpoint=failing.endpoint, event=event)
    assert costs(browser, own) == before


@pytest.mark.parametrize(
    ("query", "is_found"),
    [
        ("event__type=company.updated", True),
        ("event__type=company.created", False),
        ("event__type=nothing", False),
        ("event__organization={bakery}", True),
        ("event__organization={acme}", False),
        ("event__organization=nobody", False),
        ("endpoint={endpoint}", True),
        ("state=pending", True),
        ("state=delivered", False),
        ("created_at_from=2001-01-01", True),
        ("created_at_to=2001-01-01", False),
    ],
)
def test_deliveries_are_found_by_event_company_webhook_state_and_day(
    browser, failing, acme, bakery, query, is_found
):
    asked = query.format(acme=acme.pk, bakery=bakery.pk, endpoint=failing.endpoint_id)
    listed = browser.get(f"{at('webhooks_delivery')}?{asked}").context["cl"].result_list
    assert [row.pk for row in listed] == ([failing.pk] if is_found else [])
