"""The page that says why a captured delivery does not verify, and gives nothing away."""

import time
from datetime import timedelta

import pytest

from tenants.models import Role
from tests.conftest import SYSTEM
from tests.portal.conftest import make_member, operation_at, signed_in, texts
from webhooks import captures, dialects, secrets, signing
from webhooks.services import endpoints

pytestmark = pytest.mark.django_db
PAGE = "webhooks_endpoint"


@pytest.fixture
def endpoint(ours):
    return ours[PAGE]


@pytest.fixture
def body(ours):
    return dialects.get("standard").body(ours["webhooks_delivery"].event)


def capture(endpoint, ours, body, *, age=0, secret="", **changes):
    """What a receiver would have got, as a person pastes it."""
    headers = signing.headers(
        str(ours["webhooks_delivery"].event_id),
        int(time.time()) - age,
        body,
        shared=[secret or secrets.decrypt(endpoint.secret)],
    )
    headers |= {name.replace("_", "-"): value for name, value in changes.items()}
    return "\r\n".join(f"{name}: {value}" for name, value in headers.items() if value)


def check(client, endpoint, headers, body):
    answers = {"headers": headers, "body": body}
    return client.post(operation_at(PAGE, "verify", endpoint), answers)


def test_what_is_in_order_is_said_to_be(browser, ours, endpoint, body):
    page = texts(check(browser, endpoint, capture(endpoint, ours, body), body.decode()))
    assert "The signature holds." in page and "Fails" not in page


def test_it_is_reached_from_the_endpoints_page(browser, endpoint):
    page = browser.get(f"/portal/webhooks/endpoint/{endpoint.pk}/change/").content.decode()
    assert operation_at(PAGE, "verify", endpoint) in page


@pytest.mark.parametrize(
    "changes, age, said",
    [
        ({"webhook_timestamp": ""}, 0, "The header webhook-timestamp is missing."),
        ({"webhook_timestamp": "soon"}, 0, "not a number of seconds"),
        ({}, 301, "from now; 300 are allowed"),
        ({}, -400, "from now; 300 are allowed"),
        ({"webhook_id": ""}, 0, "The header webhook-id is missing."),
        ({"webhook_signature": "abc"}, 0, "malformed"),
        ({"webhook_signature": "v1,AAAA"}, 0, "another one"),
    ],
)
def test_the_failing_step_is_named(browser, ours, endpoint, body, changes, age, said):
    headers = capture(endpoint, ours, body, age=age, **changes)
    page = texts(check(browser, endpoint, headers, body.decode()))
    assert said in page and "Fails" in page


def test_an_old_secret_is_recognized(browser, ours, endpoint, body):
    old = secrets.decrypt(endpoint.secret)
    endpoints.rotate_secret(endpoint, by=SYSTEM, overlap=timedelta())
    headers = capture(endpoint, ours, body, secret=old)
    assert "before the last rotation" in texts(check(browser, endpoint, headers, body.decode()))


def test_an_altered_body_is_told_from_a_wrong_secret(browser, ours, endpoint, body):
    headers = capture(endpoint, ours, body)
    altered = body.decode().replace('"type":"', '"type": "')
    page = texts(check(browser, endpoint, headers, altered))
    assert "The body was altered" in page and "It differs from byte" in page


def test_a_line_that_is_no_header_is_shown(browser, endpoint):
    assert "This line is no header: nonsense" in texts(check(browser, endpoint, "nonsense", ""))


@pytest.mark.parametrize(
    "text",
    [
        "Webhook-Id: evt",
        "> webhook-id: evt",
        "-H 'webhook-id: evt' \\",
        '"webhook-id": "evt",',
        "POST /hook HTTP/1.1\nHost: x\nwebhook-id:evt",
        "{\n'Webhook-Id': 'evt'\n}",
    ],
)
def test_headers_are_read_as_people_paste_them(text):
    assert captures.read_headers(text)["webhook-id"] == "evt"


@pytest.mark.parametrize("pasted", ["\x00", "é: ü", ":" * 9999, "webhook-id: \ud7ff", "a" * 19999])
def test_nothing_pasted_breaks_the_page(browser, endpoint, pasted):
    started = time.monotonic()
    assert check(browser, endpoint, pasted, pasted * 3).status_code == 200
    assert time.monotonic() - started < 20


def test_a_viewer_may_check_and_sees_no_secret(acme, ours, endpoint, body):
    viewer = signed_in(make_member(acme, Role.VIEWER, "v@acme.example"))
    secret = secrets.decrypt(endpoint.secret)
    endpoints.rotate_secret(endpoint, by=SYSTEM)
    endpoint.refresh_from_db()
    for headers in (capture(endpoint, ours, body), "webhook-id: x", capture(endpoint, ours, b"")):
        page = check(viewer, endpoint, headers, body.decode()).content.decode()
        for hidden in (
            secret,
            secrets.decrypt(endpoint.secret),
            endpoint.secret,
            endpoint.signing_key,
            "whsec_",
            "whsk_",
        ):
            assert hidden not in page


def test_a_check_does_not_say_what_the_right_signature_would_be(browser, ours, endpoint, body):
    right = capture(endpoint, ours, body).rpartition("v1,")[2]
    headers = capture(endpoint, ours, body, webhook_signature="v1,AAAA")
    assert right not in check(browser, endpoint, headers, body.decode()).content.decode()


def test_a_delivery_of_a_stranger_is_as_good_as_none(browser, ours, theirs, endpoint):
    """Whoever names another's event learns nothing of its body."""
    event = theirs["webhooks_delivery"].event
    secret = secrets.decrypt(endpoint.secret)
    theirs_sent = dialects.get("standard").body(event)
    headers = signing.headers(str(event.pk), int(time.time()), theirs_sent, shared=[secret])
    text = "\n".join(f"{n}: {v}" for n, v in headers.items())
    page = texts(check(browser, endpoint, text, "guess"))
    assert "does not belong to this signature" in page and "altered" not in page
