"""People who call the surfaces: the token of a sign-up or sign-in, and for whom it acts."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from apikeys.authentication import Unauthenticated
from config.api.kit import people as callers
from tenants.errors import Forbidden, NotFound
from tenants.ids import spell
from tenants.models import Role, User
from tenants.services import organizations, people
from tests.api.conftest import Caller
from tests.conftest import SYSTEM

AUTH = "/_allauth/app/v1/auth"
PASSWORD = "a-long-enough-Passw0rd"


def sign(how, email="ann@example.com", password=PASSWORD):
    return Caller(None).post(f"{AUTH}/{how}", {"email": email, "password": password})


@pytest.fixture
def ann(db):
    return User.objects.create_user("ann@example.com", PASSWORD)


def test_signing_up_answers_a_token_that_is_the_users(db):
    answer = sign("signup")
    assert answer.status_code == 200
    user = callers.authenticate_user(answer.json()["meta"]["access_token"])
    assert user.email == "ann@example.com"


def test_signing_in_answers_a_token_and_a_wrong_password_does_not(ann):
    assert callers.authenticate_user(sign("login").json()["meta"]["access_token"]) == ann
    refused = sign("login", password="wrong")
    assert refused.status_code == 400 and "access_token" not in refused.content.decode()


def test_a_token_costs_two_queries(ann, django_assert_num_queries):
    token = callers.issue_token(ann)
    with django_assert_num_queries(2):
        assert callers.authenticate_user(token) == ann


def test_signing_out_ends_the_token_at_once(ann):
    token = sign("login").json()["meta"]["access_token"]
    Caller(token).delete(f"{AUTH}/session")
    with pytest.raises(Unauthenticated):
        callers.authenticate_user(token)


@pytest.mark.parametrize("what", ["disabled", "new password", "deleted"])
def test_a_changed_user_has_no_token_any_more(ann, what):
    token = callers.issue_token(ann)
    if what == "disabled":
        User.objects.update(is_active=False)
    elif what == "deleted":
        ann.delete()
    else:
        ann.set_password("another-long-Passw0rd")
        ann.save()
    with pytest.raises(Unauthenticated):
        callers.authenticate_user(token)


@pytest.mark.parametrize(
    "token", ["", "x", "a.b.c", "\ud800", "eyJhbGciOiJub25lIn0.eyJzdWIiOiIxIn0."]
)
def test_what_is_no_token_opens_nothing(db, token):
    with pytest.raises(Unauthenticated):
        callers.authenticate_user(token)


def test_a_refresh_token_is_no_access_token(ann):
    token = sign("login").json()["meta"]["refresh_token"]
    with pytest.raises(Unauthenticated):
        callers.authenticate_user(token)


def test_a_clock_that_is_set_back_refuses_no_token_that_it_made(ann, time_machine):
    given = sign("login").json()["meta"]
    time_machine.move_to(timezone.now() - timedelta(hours=1))
    assert callers.authenticate_user(given["access_token"]) == ann
    sent = {"refresh_token": given["refresh_token"]}
    renewed = Caller(None).post("/_allauth/app/v1/tokens/refresh", sent)
    assert renewed.status_code == 200, renewed.content
    time_machine.shift(timedelta(hours=-1))
    again = renewed.json()["data"]
    assert callers.authenticate_user(again["access_token"]) == ann
    sent = {"refresh_token": again["refresh_token"]}
    assert Caller(None).post("/_allauth/app/v1/tokens/refresh", sent).status_code == 200


def test_a_user_without_a_membership_acts_for_nobody(ann):
    caller = callers.caller_of(ann)
    assert (caller.kind, caller.organization, caller.role) == ("user", None, "")


def test_a_user_acts_for_the_oldest_membership_or_the_one_named(ann, acme, rival):
    people.join(rival, ann, role=Role.OWNER, by=SYSTEM)
    people.join(acme, ann, role=Role.VIEWER, by=SYSTEM)
    assert callers.caller_of(ann).organization == rival
    for spelling in (str(acme.pk), spell("org", acme.pk)):
        caller = callers.caller_of(ann, target=spelling)
        assert (caller.organization, caller.role) == (acme, Role.VIEWER)


@pytest.mark.parametrize("target", ["rubbish", "00000000-0000-7000-8000-000000000000", "theirs"])
def test_nobody_acts_for_an_organization_that_is_not_theirs(ann, acme, rival, target):
    people.join(acme, ann, role=Role.OWNER, by=SYSTEM)
    with pytest.raises(NotFound):
        callers.caller_of(ann, target=str(rival.pk) if target == "theirs" else target)


def test_a_suspended_or_closed_organization_stops_its_people(ann, acme, bakery):
    people.join(bakery, ann, role=Role.OWNER, by=SYSTEM)
    organizations.suspend(acme, reason="unpaid", by=SYSTEM)
    with pytest.raises(Forbidden):
        callers.caller_of(ann)
    organizations.reactivate(acme, by=SYSTEM)
    assert callers.caller_of(ann).organization == bakery
    organizations.close(bakery, reason="gone", by=SYSTEM)
    with pytest.raises(Forbidden):
        callers.caller_of(ann)


@pytest.mark.django_db(transaction=True)
def test_of_two_sign_ups_with_one_address_at_once_one_wins():
    def sign_up(_):
        try:
            return sign("signup").status_code
        finally:
            connection.close()

    with ThreadPoolExecutor(6) as pool:
        assert sorted(pool.map(sign_up, range(6))) == [200, *[400] * 5]
    assert User.objects.count() == 1
