"""People who sign in: what lets them in, and what ends it."""

import pytest
from allauth.mfa.models import Authenticator

from config.api.fiskaly.ids import spell
from tenants.models import Membership
from tenants.services import organizations, people
from tests.api.fiskaly.conftest import (
    PASSWORD,
    Program,
    make_user,
    opened_by,
    sign_in,
)
from tests.conftest import SYSTEM


def test_a_person_signs_in_with_address_and_password(robin, acme):
    """FIS-07."""
    answer = sign_in(email="Robin@ACME.example", password=PASSWORD)
    assert answer.status_code == 200
    assert answer.json()["access_token_claims"] == {
        "env": "LIVE",
        "organization_id": spell(acme.pk),
    }
    again = sign_in(refresh_token=answer.json()["refresh_token"])
    assert again.status_code == 200


@pytest.mark.parametrize(
    ("email", "password"),
    [("robin@acme.example", "wrong"), ("nobody@acme.example", PASSWORD), ("x", ""), ("", "x")],
)
def test_a_wrong_password_opens_nothing(robin, email, password):
    """FIS-02."""
    assert sign_in(email=email, password=password).status_code == 401


def test_guessing_passwords_is_stopped(robin):
    statuses = [sign_in(email=robin.email, password=f"guess {n}").status_code for n in range(12)]
    assert statuses[0] == 401 and statuses[-1] == 429
    assert sign_in(email=robin.email, password=PASSWORD).status_code == 429


def test_a_new_password_ends_what_the_old_one_opened(robin):
    tokens = sign_in(email=robin.email, password=PASSWORD).json()
    robin.set_password("another horse entirely")
    robin.save()
    assert Program(tokens["access_token"]).get("/organizations").status_code == 401
    assert sign_in(refresh_token=tokens["refresh_token"]).status_code == 401


def test_who_has_a_second_factor_needs_a_key(robin):
    Authenticator.objects.create(user=robin, type="totp", data={"secret": "x"})
    answer = sign_in(email=robin.email, password=PASSWORD)
    assert answer.status_code == 403 and answer.json()["code"] == "E_MFA_REQUIRED"


def test_an_address_must_be_confirmed_where_that_is_asked(robin, settings):
    settings.ACCOUNT_EMAIL_VERIFICATION = "mandatory"
    assert sign_in(email=robin.email, password=PASSWORD).status_code == 200
    robin.emailaddress_set.update(verified=False)
    assert sign_in(email=robin.email, password=PASSWORD).status_code == 403


def test_who_leaves_is_out_at_once(robin, acme, bakery):
    make_user("olga@acme.example", acme)
    robin_fis = opened_by(robin)
    membership = Membership.objects.get(user=robin)
    people.remove(membership, by=SYSTEM)
    assert robin_fis.get("/organizations").status_code == 401
    assert sign_in(email=robin.email, password=PASSWORD).status_code == 403


def test_who_is_switched_off_is_out_at_once(robin):
    robin_fis = opened_by(robin)
    robin.is_active = False
    robin.save()
    assert robin_fis.get("/organizations").status_code == 401
    assert sign_in(email=robin.email, password=PASSWORD).status_code == 401


def test_a_person_reaches_every_organization_they_are_a_member_of(robin, acme, rival, bakery):
    people.join(rival, robin, role="viewer", by=SYSTEM)
    fis = opened_by(robin)
    found = {row["_id"] for row in fis.get("/organizations").json()["data"]}
    assert found == {spell(acme.pk), spell(rival.pk), spell(bakery.pk)}
    organizations.suspend(rival, reason="unpaid", by=SYSTEM)
    found = {row["_id"] for row in fis.get("/organizations").json()["data"]}
    assert found == {spell(acme.pk), spell(bakery.pk)}


def test_a_refresh_token_is_good_once(robin):
    token = sign_in(email=robin.email, password=PASSWORD).json()["refresh_token"]
    assert [sign_in(refresh_token=token).status_code for _ in range(3)] == [200, 401, 401]


def test_a_second_factor_ends_what_was_opened_without_it(robin):
    tokens = sign_in(email=robin.email, password=PASSWORD).json()
    robin.sign_in_version += 1
    robin.save()
    assert Program(tokens["access_token"]).get("/organizations").status_code == 401
    assert sign_in(refresh_token=tokens["refresh_token"]).status_code == 401
