"""Tokens of keys: who gets one, what it says, and what ends it although it is still valid."""

import json
import time
from datetime import timedelta

import jwt
import pytest
from django.core.management import call_command
from django.utils import timezone

from apikeys.models import ApiKey
from apikeys.services import keys
from config.api.fiskaly.ids import spell
from tenants.services import organizations
from tests.api.fiskaly.conftest import (
    Program,
    later,
    make_key,
    opened,
    sign_in,
)
from tests.conftest import SYSTEM

CLAIMED = "/organizations/{}"


def by_key(key):
    return sign_in(api_key=key[0].public_id, api_secret=key[1])


def test_a_key_and_its_secret_give_a_token(key, acme):
    """FIS-01, FIS-04, FIS-62."""
    answer = by_key(key)
    assert answer.status_code == 200
    body = answer.json()
    assert set(body) == {
        "access_token",
        "access_token_claims",
        "access_token_expires_in",
        "access_token_expires_at",
        "refresh_token",
        "refresh_token_expires_in",
        "refresh_token_expires_at",
    }
    assert body["access_token_claims"] == {"env": "TEST", "organization_id": spell(acme.pk)}
    assert body["access_token_expires_in"] == 300
    assert all(type(body[f"{n}_expires_in"]) is int for n in ("access_token", "refresh_token"))
    assert answer["Cache-Control"] == "no-store"


def test_the_token_is_a_jwt_that_opens_the_api(key, acme):
    """FIS-03."""
    body = by_key(key).json()
    inside = jwt.decode(body["access_token"], options={"verify_signature": False})
    assert inside["exp"] == body["access_token_expires_at"]
    assert inside["env"] == "TEST" and inside["organization_id"] == spell(acme.pk)
    assert abs(body["access_token_expires_at"] - time.time() - 300) < 5
    assert Program(body["access_token"]).get(CLAIMED.format(acme.pk)).status_code == 200


def test_a_live_keys_token_says_so(acme):
    """FIS-62."""
    answer = by_key(make_key(acme, environment="live"))
    assert answer.json()["access_token_claims"]["env"] == "LIVE"


def test_a_managed_organizations_key_acts_for_it(bakery):
    """FIS-66."""
    answer = by_key(make_key(bakery, ApiKey.Kind.COMPANY))
    assert answer.json()["access_token_claims"]["organization_id"] == spell(bakery.pk)


@pytest.mark.parametrize(
    "wrong",
    [
        {"api_secret": "gh_plat_test_" + "0" * 36},
        {"api_secret": ""},
        {"api_key": ""},
        {"api_key": "test_01k4e2x3y4z5a6b7c8d9e0f1g2"},
        {"api_key": "é"},
        {"api_secret": "é" * 50},
    ],
    ids=lambda wrong: "-".join(f"{n}={v[:12]}" for n, v in wrong.items()),
)
def test_wrong_credentials_are_refused(key, wrong):
    """FIS-02."""
    good = {"api_key": key[0].public_id, "api_secret": key[1]}
    answer = sign_in(**{**good, **wrong})
    assert answer.status_code == 401
    assert answer.json()["status_code"] == 401 and answer.json()["error"] == "Unauthorized"


def test_one_keys_secret_does_not_go_with_anothers_id(key, acme):
    """FIS-02."""
    other, _ = make_key(acme)
    assert sign_in(api_key=other.public_id, api_secret=key[1]).status_code == 401


@pytest.mark.parametrize(
    "body",
    [
        {},
        [],
        None,
        {"api_key": "x"},
        {"api_secret": "x"},
        {"email": "x@y.example"},
        {"refresh_token": None},
        {"api_key": 1, "api_secret": 2},
        {"refresh_token": {}},
        "x",
    ],
    ids=str,
)
def test_incomplete_credentials_are_said_to_be(stranger, db, body):
    answer = stranger.post("/auth", body)
    assert answer.status_code == 400 and answer.json()["code"] == "E_INVALID"


def test_an_empty_bearer_does_not_lock_anybody_out(key):
    """Ruby's client sends one."""
    for scheme in ("Bearer ", "Bearer", "Bearer garbage", "Basic eDp5"):
        program = Program("", scheme=scheme)
        body = {"api_key": key[0].public_id, "api_secret": key[1]}
        assert program.post("/auth", body).status_code == 200


@pytest.mark.parametrize("header", [None, "", "garbage", "é", "a.b.c", "x" * 9000])
def test_no_token_or_a_broken_one_is_refused(db, header):
    """FIS-05."""
    assert Program(header).get("/organizations").status_code == 401


def test_a_token_of_somebody_elses_making_is_refused(key, acme):
    """FIS-05: another signature, and none."""
    claims = jwt.decode(by_key(key).json()["access_token"], options={"verify_signature": False})
    for secret, algorithm in (("guess" * 10, "HS256"), (None, "none")):
        forged = jwt.encode(claims, secret, algorithm=algorithm)
        assert Program(forged).get("/organizations").status_code == 401


def test_a_token_is_over_after_five_minutes(key, time_machine):
    """FIS-03."""
    # The clock stands still: a second that began between two calls would be one too many.
    time_machine.move_to(later(), tick=False)
    fis = opened(*key)
    time_machine.move_to(later(seconds=299), tick=False)
    assert fis.get("/organizations").status_code == 200
    time_machine.move_to(later(seconds=2), tick=False)
    assert fis.get("/organizations").status_code == 401


def test_a_refresh_token_gives_a_new_access_token(key, time_machine):
    """FIS-06."""
    first = by_key(key).json()
    time_machine.move_to(later(hours=1), tick=False)
    again = sign_in(refresh_token=first["refresh_token"])
    assert again.status_code == 200 and again.json()["access_token"] != first["access_token"]
    assert Program(again.json()["access_token"]).get("/organizations").status_code == 200


def test_a_token_is_good_for_one_use_only(key):
    body = by_key(key).json()
    assert sign_in(refresh_token=body["access_token"]).status_code == 401
    assert Program(body["refresh_token"]).get("/organizations").status_code == 401


@pytest.mark.parametrize("end", [keys.disable, keys.revoke])
def test_what_ends_a_key_ends_its_tokens_at_once(key, end):
    """FIS-42."""
    fis, refresh = opened(*key), by_key(key).json()["refresh_token"]
    end(key[0], by=SYSTEM)
    assert fis.get("/organizations").status_code == 401
    assert sign_in(refresh_token=refresh).status_code == 401
    assert by_key(key).status_code == 401


def test_an_enabled_key_opens_again(key):
    """FIS-42."""
    fis = opened(*key)
    keys.disable(key[0], by=SYSTEM)
    keys.enable(key[0], by=SYSTEM)
    assert fis.get("/organizations").status_code == 200 and by_key(key).status_code == 200


def test_an_expired_key_opens_nothing(acme, time_machine):
    key = make_key(acme, expires_at=later(seconds=60))
    fis = opened(*key)
    time_machine.move_to(later(seconds=61), tick=False)
    assert fis.get("/organizations").status_code == 401


@pytest.mark.parametrize("whose", ["own", "platform"])
def test_suspension_acts_at_once(acme, bakery, whose):
    key = make_key(bakery, ApiKey.Kind.COMPANY)
    fis = opened(*key)
    organization = bakery if whose == "own" else acme
    organizations.suspend(organization, reason="unpaid", by=SYSTEM)
    answer = fis.get("/organizations")
    assert answer.status_code == 403 and answer.json()["code"] == "E_ORGANIZATION_NOT_ACTIVE"
    assert by_key(key).status_code == 403
    organizations.reactivate(organization, by=SYSTEM)
    assert fis.get("/organizations").status_code == 200


def test_a_closed_or_deleted_organizations_token_opens_nothing(bakery, rivals_company):
    closed, gone = (opened(*make_key(o, ApiKey.Kind.COMPANY)) for o in (bakery, rivals_company))
    organizations.close(bakery, reason="over", by=SYSTEM)
    organizations.delete(rivals_company, by=SYSTEM)
    assert closed.get("/organizations").status_code == 403
    assert gone.get("/organizations").status_code == 401


def test_a_key_without_the_whole_scope_opens_nothing(acme):
    fis = opened(*make_key(acme, scopes=["documents:read"]))
    answer = fis.get("/organizations")
    assert answer.status_code == 403 and answer.json()["code"] == "E_INSUFFICIENT_SCOPE"


def test_a_repeated_sign_in_gets_the_first_answer_and_strangers_do_not_meet(key, rival):
    headers = {"headers": {"Idempotency-Key": "1"}}
    body = {"api_key": key[0].public_id, "api_secret": key[1]}
    other = make_key(rival)
    program = Program(None)
    first, again = (program.post("/auth", body, **headers) for _ in range(2))
    theirs = program.post(
        "/auth", {"api_key": other[0].public_id, "api_secret": other[1]}, **headers
    )
    assert first.content == again.content and theirs.status_code == 200
    wrong = {**body, "api_secret": "x"}
    assert program.post("/auth", wrong, **headers).status_code == 422


def test_plain_http_is_refused_where_the_installation_has_tls(settings, key):
    """FIS-63."""
    fis = opened(*key)
    settings.SERVED_OVER_TLS = True
    assert fis.get("/organizations").status_code == 403
    assert by_key(key).status_code == 403
    assert fis.get("/organizations", secure=True).status_code == 200


def test_a_key_of_the_command_line_signs_in_by_its_id(acme, capsys):
    """FIS-68: the id in any spelling."""
    call_command("operate", "issue-key", organization=str(acme.pk))
    made = json.loads(capsys.readouterr().out.strip().splitlines()[-1])
    assert sign_in(api_key=made["id"], api_secret=made["key"]).status_code == 200


def test_a_clock_that_is_set_back_refuses_no_token_that_it_made(acme, time_machine):
    key, secret = make_key(acme)
    answer = sign_in(api_key=key.public_id, api_secret=secret).json()
    time_machine.move_to(timezone.now() - timedelta(hours=1))
    assert Program(answer["access_token"]).get("/organizations").status_code == 200
    assert sign_in(refresh_token=answer["refresh_token"]).status_code == 200
