"""Texts from outside never show a secret that the installation holds."""

import base64
import json
from urllib.parse import quote

import pytest

from tenants.outside_text import all_without_secrets, without_secrets

TOKEN = 'to/ken+"of"&ours=='


@pytest.fixture(autouse=True)
def our_secrets(settings):
    settings.SMP_TOKEN, settings.SMP_USERNAME, settings.SMP_PASSWORD = TOKEN, "smp", "our word"
    settings.ACCESS_POINT_TOKEN = "token-of-the-access-point"


@pytest.mark.parametrize(
    "spelt",
    [
        TOKEN,
        json.dumps(TOKEN)[1:-1],
        json.dumps(TOKEN)[1:-1].replace("/", "\\/"),
        "to/ken+&quot;of&quot;&amp;ours==",
        quote(TOKEN),
        quote(TOKEN, safe=""),
        "our word",
        "our+word",
        base64.b64encode(b"smp:our word").decode(),
        "token-of-the-access-point",
    ],
)
def test_a_secret_is_struck_out_however_it_is_written(spelt):
    said = without_secrets(f"Unknown user '{{BearerToken}}{spelt}', spelt {spelt}.")
    assert said == "Unknown user '{BearerToken}[removed]', spelt [removed]."


@pytest.mark.parametrize(
    "name",
    [
        "SECRET_KEY",
        "API_KEY_PEPPER",
        "INBOUND_TOKEN",
        "HEADLESS_JWT_PRIVATE_KEY",
        "IDP_OIDC_PRIVATE_KEY",
        "EMAIL_HOST_PASSWORD",
    ],
)
def test_so_is_each_of_the_installations_own(settings, name):
    setattr(settings, name, "a-secret-of-the-installation")
    assert without_secrets("It is a-secret-of-the-installation!") == "It is [removed]!"


def test_the_password_of_the_shared_store_is_struck_out(settings):
    settings.REDIS_URL = "redis://:hidden-word@redis:6379/0"
    assert without_secrets("redis said hidden-word") == "redis said [removed]"


def test_nothing_else_is_touched(settings):
    settings.SMP_PASSWORD = ""
    settings.ACCESS_POINT_TOKEN = "no"
    assert without_secrets("No answer: nobody was there.") == "No answer: nobody was there."


def test_json_is_struck_through_at_every_depth():
    found = {TOKEN: [{"a": TOKEN, "b": 1}, None, True]}
    assert all_without_secrets(found) == {"[removed]": [{"a": "[removed]", "b": 1}, None, True]}
