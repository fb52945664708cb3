"""What OIDC libraries read: metadata they accept, the right error, and whom to be."""

from base64 import b64encode
from urllib.parse import quote

import pytest
from django.test import Client

from apikeys.services import clients
from config.api import registry
from tests.api.resellers import Reseller
from tests.config.test_outages import WRITES

TOKEN = "/identity/o/api/token"
GRANT = {"grant_type": "client_credentials"}


@pytest.fixture
def machine(bakery, by):
    return clients.issue(bakery, by=by)


def strictly(text: str) -> str:
    """As RFC 6749 has it at its strictest: whatever is no letter or digit is encoded."""
    return "".join(c if c.isascii() and c.isalnum() else f"%{ord(c):02X}" for c in quote(text))


def asked(form, name="", secret=""):
    basic = b64encode(f"{name}:{secret}".encode()).decode()
    return Client().post(TOKEN, form, headers={"Authorization": f"Basic {basic}"} if name else {})


@pytest.mark.parametrize("encode", [str, strictly])
def test_basic_credentials_are_form_encoded_or_not(machine, encode):
    """Two libraries encode the underscores of a secret, and were refused."""
    answer = asked(GRANT, encode(machine.client_id), encode(machine.secret))
    assert answer.status_code == 200, answer.content


@pytest.mark.parametrize(
    ("form", "status", "error"),
    [
        ({}, 400, "invalid_request"),
        ({"grant_type": ["client_credentials"] * 2}, 400, "invalid_request"),
        ({"grant_type": "password"}, 400, "unsupported_grant_type"),
        ({"grant_type": "rubbish"}, 400, "unsupported_grant_type"),
        ({**GRANT, "scope": "rubbish"}, 400, "invalid_scope"),
    ],
)
def test_what_is_wrong_with_a_request_is_said_in_the_standards_word(machine, form, status, error):
    answer = asked(form, machine.client_id, machine.secret)
    assert (answer.status_code, answer.json()["error"]) == (status, error)


def test_a_refused_client_is_told_which_scheme_to_try(machine):
    for answer in (
        asked(GRANT, machine.client_id, "wrong"),
        Client().post(TOKEN, {**GRANT, "client_id": machine.client_id, "client_secret": "wrong"}),
    ):
        assert (answer.status_code, answer.json()["error"]) == (401, "invalid_client")
        assert answer["WWW-Authenticate"].startswith("Basic ")


def test_another_method_is_refused_in_json(db):
    for path in (TOKEN, "/identity/o/api/revoke"):
        answer = Client().get(path)
        assert (answer.status_code, answer.json()["error"]) == (405, "invalid_request")


def test_both_documents_of_discovery_say_the_same(db):
    """RFC 8414 has another address than OpenID Connect."""
    plain = Client().get("/.well-known/oauth-authorization-server")
    assert plain.json() == Client().get("/.well-known/openid-configuration").json()
    assert plain.json()["response_types_supported"], "required, and not empty"


@pytest.mark.parametrize("vendor", list(WRITES))
def test_every_401_says_how_to_call(vendor, db):
    """RFC 9110, 11.6.1: libraries that negotiate need the challenge."""
    path, body, _ = WRITES[vendor]
    surface = registry.of(vendor).surface
    for signed in ({}, {"Authorization": "Basic eDp5"}, {"X-API-Key": "x"}):
        answer = Client().post(path, body, content_type="application/json", headers=signed)
        if answer.status_code == 401:
            assert answer["WWW-Authenticate"] == surface.challenge
    assert Client().get(path).status_code in (401, 405)
    assert Reseller("signed").headers(vendor).keys() & {"Authorization", "X-API-Key"}


@pytest.mark.parametrize("path", ["/identity/o/authorize", "/.well-known/x", "/internal/x"])
def test_programs_find_nothing_in_json(path, db):
    answer = Client().get(path)
    assert answer.status_code == 404 and answer.json()["error"] == "not_found"
