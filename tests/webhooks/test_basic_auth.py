"""A user name and a password before the host of a webhook's address: sent, sealed, never shown."""

from base64 import b64encode

import pytest
from django.db import connection

from tenants.errors import Invalid
from tenants.models import Event
from tests.conftest import SYSTEM
from webhooks import basic_auth
from webhooks.models import Attempt, Endpoint
from webhooks.services import endpoints

URL = "https://shop:pass%40word@hooks.example/in"


@pytest.mark.parametrize(
    ("url", "bare", "credentials"),
    [
        ("https://a.example/x", "https://a.example/x", None),
        ("https://a.example/?to=b@c", "https://a.example/?to=b@c", None),
        (URL, "https://hooks.example/in", "shop:pass@word"),
        ("https://only@a.example:8443", "https://a.example:8443", "only:"),
        ("https://:secret@a.example", "https://a.example", ":secret"),
        ("https://a:b:c@a.example/", "https://a.example/", "a:b:c"),
        ("https://j%C3%B6rg:p@a.example/", "https://a.example/", "jörg:p"),
        ("https://@a.example/", "https://a.example/", ""),
    ],
)
@pytest.mark.once
def test_an_address_is_taken_apart(url, bare, credentials):
    assert basic_auth.apart(url) == (bare, credentials)


@pytest.mark.parametrize(
    "url",
    [
        "https://a:b@127.0.0.1/",
        "https://a:b@169.254.169.254/",
        "https://a:b@[::1]/",
        "http://a:b@a.example/",
        "https://a:b@",
        "https://good.example\\@bad.example/",
        "https://a@b:c@a.example/",
        "https://a%3Ab:c@a.example/",
        "https://a:%0d%0aX-Evil:1@a.example/",
        "https://a:b\n@a.example/",
        "https://a:b@a.example:22/",
        f"https://{'a' * 501}:b@a.example/",
    ],
)
@pytest.mark.once
def test_credentials_open_no_other_door(nothing_listed, url):
    """The address is checked as without them, and nothing of them ends up in a header line."""
    with pytest.raises(Invalid):
        basic_auth.apart(url)


def test_a_receiver_is_told_the_password_and_nobody_else(acme, receiver, drain):
    endpoint, _ = endpoints.create(
        acme,
        url=receiver.url.replace("//", "//shop:pass%40word@") + "/hook",
        event_types=["*"],
        by=SYSTEM,
    )
    endpoints.send_test(endpoint, by=SYSTEM)
    receiver.status = 400
    drain()
    (got,) = receiver.received
    told = b64encode(b"shop:pass@word").decode()
    assert got.headers["authorization"] == f"Basic {told}"
    with connection.cursor() as cursor:
        cursor.execute("select url, credentials from webhooks_endpoint")
        ((url, kept),) = cursor.fetchall()
    assert url == receiver.url + "/hook" and "pass" not in kept
    said = str([*Event.objects.values(), *Attempt.objects.values()])
    assert "pass@word" not in said and "pass%40word" not in said and told not in said


@pytest.mark.once
@pytest.mark.parametrize("form", ["pass@word", "pass%40word", "c2hvcDpwYXNzQHdvcmQ="])
def test_a_password_that_is_said_back_is_struck_out(form):
    content = basic_auth.without(f"Wrong: {form}.".encode(), "shop:pass@word")
    assert content == b"Wrong: [removed]."


@pytest.mark.parametrize(
    ("changed", "kept"),
    [
        ({"description": "ours"}, "shop:pass@word"),
        ({"url": "https://hooks.example/in"}, "shop:pass@word"),
        ({"url": "https://hooks.example/other"}, "shop:pass@word"),
        ({"url": "https://elsewhere.example/in"}, ""),
        ({"url": "https://hooks.example:8443/in"}, ""),
        ({"url": "https://@hooks.example/in"}, ""),
        ({"url": "https://new:word@hooks.example/in"}, "new:word"),
    ],
)
def test_a_password_stays_with_its_host(acme, changed, kept):
    made, _ = endpoints.create(acme, url=URL, event_types=["*"], by=SYSTEM)
    endpoints.update(made, changed, by=SYSTEM)
    assert Endpoint.objects.get().basic_auth == kept
    assert "word" not in str(list(Event.objects.values_list("data", "changes")))
