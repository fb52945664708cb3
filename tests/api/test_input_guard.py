"""The doors of libraries: sign-in and token calls with input that is none."""

import pytest

from tests.api.conftest import Caller

SIGN_IN = "/_allauth/app/v1/auth"
ADDRESS = b'"email": "a@b.example"'


@pytest.mark.parametrize("door", ["login", "signup", "password/request", "email/verify"])
@pytest.mark.parametrize(
    "raw",
    [
        b"{",
        b"{" + ADDRESS + b', "password": "\\ud800aaaaaaaaaaaaaa"}',
        b"[" * 100_000,
        b"\xff",
        b'{"email": "a\\u0000@b.example"}',
        b'{"email": ' + b"9" * 5000 + b"}",
        b"{" + ADDRESS + b", " + ADDRESS + b"}",
        b'{"x": "' + b"x" * 1024 * 1024 + b'"}',
    ],
)
def test_a_sign_in_with_input_that_is_none_is_refused(db, door, raw):
    answer = Caller(None).post(f"{SIGN_IN}/{door}", raw=raw)
    assert answer.status_code == 400 and answer.json()["errors"][0]["message"]


def test_letters_beyond_the_basic_plane_are_letters(db):
    body = {"email": "a@b.example", "password": "pass-🗝️-word-and-more"}
    assert Caller(None).post(f"{SIGN_IN}/signup", body).status_code == 200


@pytest.mark.parametrize("query", ["", "?%zz=1", "?a=%", "?a=%C3%28", "?a=%00", "?<>={}"])
@pytest.mark.parametrize("id", ["%00", "client_%00", "%", "%C3%28", "", "x" * 5000])
@pytest.mark.parametrize(
    ("door", "refused"),
    # Of what nobody was told of, there is nothing.
    [("token", 401), ("revoke", 401), ("device/code", 404), ("userinfo", 404)],
)
def test_a_token_call_with_input_that_is_none_is_refused(db, query, id, door, refused):
    raw = f"grant_type=client_credentials&client_id={id}&client_secret=x&token=y".encode()
    answer = Caller(None).post(
        f"/identity/o/api/{door}{query}", raw=raw, content_type="application/x-www-form-urlencoded"
    )
    assert answer.status_code in (400, refused)


MANY = "&".join(f"a{n}=1" for n in range(1001))


@pytest.mark.parametrize(
    "path",
    [
        "/api/admin/tenants",
        "/api/v0/organizations",
        "/identity/o/api/token",
        "/_allauth/app/v1/config",
        "/health/liveness",
    ],
)
def test_a_thousand_parameters_are_refused_and_no_fault(call, path):
    """They used to be a fault of ours on every surface."""
    answer = call.get(f"{path}?{MANY}")
    assert answer.status_code in (400, 401) and answer["Content-Type"] == "application/json"


def test_who_may_call_reads_that_there_are_too_many_in_the_surfaces_envelope(call):
    answer = call.get(f"/api/admin/tenants?{MANY}")
    assert (answer.status_code, answer.json()) == (
        400,
        {"detail": "There are too many parameters."},
    )


@pytest.mark.parametrize("path", ["/accounts/login/", "/portal/", "/admin/login/"])
def test_a_page_with_a_thousand_parameters_is_a_bad_request(client, db, path):
    client.raise_request_exception = False
    assert client.get(f"{path}?{MANY}").status_code == 400
    form = dict.fromkeys((f"a{n}" for n in range(1001)), "1")
    assert client.post("/accounts/login/", form).status_code == 400


def test_a_token_call_with_a_thousand_fields_is_refused(call):
    form = {"content_type": "application/x-www-form-urlencoded", "raw": MANY.encode()}
    assert call.post("/identity/o/api/token", **form).json()["error"] == "invalid_request"
