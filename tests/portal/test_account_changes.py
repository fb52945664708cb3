"""What lasts of an account: who may change it, who hears of it, and what it ends."""

import time

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.totp.internal import auth as totp
from django.core import mail as outbox
from django.test import Client
from django.urls import reverse

from tenants.models import User
from tests.portal.browsing import PASSWORD
from tests.portal.conftest import signed_in

AUTH = "/_allauth/app/v1"
REFRESH = f"{AUTH}/tokens/refresh"


@pytest.fixture
def ann(olga) -> User:
    EmailAddress.objects.create(user=olga, email=olga.email, verified=True, primary=True)
    return olga


def sign_in(user: User) -> Client:
    client = Client()
    client.post(reverse("account_login"), {"login": user.email, "password": PASSWORD})
    return client


def tokens_of(user: User) -> dict[str, str]:
    form = {"email": user.email, "password": PASSWORD}
    answer = Client().post(f"{AUTH}/auth/login", form, content_type="application/json")
    return answer.json()["meta"]


def refresh(token: str):
    return Client().post(REFRESH, {"refresh_token": token}, content_type="application/json")


def is_good(token: str) -> bool:
    answer = Client().get(f"{AUTH}/auth/session", headers={"Authorization": f"Bearer {token}"})
    return answer.status_code == 200


def add_address(client: Client) -> None:
    client.post("/accounts/email/", {"email": "mine@evil.example", "action_add": ""})


def code_of(secret: str, *, age: int = 0) -> str:
    """What an authenticator showed that many half minutes ago."""
    return totp.format_hotp_value(totp.hotp_value(secret, int(time.time()) // 30 - age))


def confirmed(client: Client) -> Client:
    """With the password given once more."""
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    return client


def switch_mfa_on(client: Client, *, age: int = 0) -> int:
    page = confirmed(client).get(reverse("mfa_activate_totp"))
    code = code_of(page.context["form"].secret, age=age)
    return client.post(reverse("mfa_activate_totp"), {"code": code}).status_code


def test_adding_an_address_asks_for_the_password(ann):
    """Who found a browser open added an address of theirs and had the password reset."""
    client = signed_in(ann)
    add_address(client)
    assert EmailAddress.objects.filter(user=ann).count() == 1
    add_address(confirmed(client))
    assert EmailAddress.objects.filter(user=ann).count() == 2


def test_the_person_hears_of_a_new_address_at_their_own(ann):
    add_address(confirmed(sign_in(ann)))
    told = [sent for sent in outbox.outbox if sent.to == [ann.email]]
    assert len(told) == 1 and "mine@evil.example" in told[0].body


def test_the_person_hears_of_a_new_password(ann):
    form = {"oldpassword": PASSWORD, "password1": "another horse", "password2": "another horse"}
    sign_in(ann).post("/accounts/password/change/", form)
    (sent,) = outbox.outbox
    assert sent.to == [ann.email] and "password" in sent.subject.lower()
    assert "testserver" not in sent.body


@pytest.mark.django_db(transaction=True)
def test_the_person_hears_of_a_new_factor(ann):
    switch_mfa_on(sign_in(ann))
    assert ann.email in [sent.to[0] for sent in outbox.outbox]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("age", "status"), [(0, 302), (1, 302), (3, 200)])
def test_a_code_may_arrive_after_its_half_minute(ann, age, status):
    """Whoever typed at the end of one was refused."""
    assert switch_mfa_on(sign_in(ann), age=age) == status


@pytest.mark.parametrize("language", ["en", "fr", "nl", "de"])
def test_what_is_told_is_in_the_looks_of_the_persons_platform(ann, language):
    """As every mail: with its name, in both forms, in the language of the page."""
    client = sign_in(ann)
    client.cookies["django_language"] = language
    add_address(confirmed(client))
    (sent,) = [sent for sent in outbox.outbox if sent.to == [ann.email]]
    html = sent.alternatives[0].content
    assert "mine@evil.example" in html and "127.0.0.1" in html and "127.0.0.1" in sent.body
    assert f'lang="{language}"' in html and "testserver" not in html + sent.body


def test_who_has_no_address_of_allauths_hears_of_it_too(olga):
    """Those whom a command made have none."""
    form = {"oldpassword": PASSWORD, "password1": "another horse", "password2": "another horse"}
    signed_in(olga).post("/accounts/password/change/", form)
    assert [sent.to for sent in outbox.outbox] == [[olga.email]]


def test_a_refresh_token_is_good_once_and_its_second_use_ends_the_session(ann):
    """Two who showed one token at once both got a pair."""
    first = tokens_of(ann)
    second = refresh(first["refresh_token"]).json()["data"]
    assert is_good(second["access_token"])
    assert refresh(first["refresh_token"]).status_code == 400
    assert not is_good(second["access_token"])
    assert refresh(second["refresh_token"]).status_code == 400


def test_a_session_that_was_read_before_gives_no_second_pair(ann, monkeypatch):
    """allauth notes in the session what is used up, which another request may have read before."""
    monkeypatch.setattr(
        "allauth.headless.tokens.strategies.jwt.internal.invalidate_refresh_token",
        lambda *_: None,
    )
    token = tokens_of(ann)["refresh_token"]
    assert [refresh(token).status_code for _ in range(2)] == [200, 400]


@pytest.mark.django_db(transaction=True)
def test_all_tokens_and_sessions_end_when_a_factor_is_added(ann):
    """They were made without it."""
    tokens, elsewhere, here = tokens_of(ann), sign_in(ann), sign_in(ann)
    assert elsewhere.get("/portal/").status_code == 200
    switch_mfa_on(here)
    assert here.get("/portal/").status_code == 200
    assert elsewhere.get("/portal/").status_code == 302
    assert not is_good(tokens["access_token"])
    assert refresh(tokens["refresh_token"]).status_code == 400


def test_all_tokens_end_when_the_password_changes(ann):
    tokens, elsewhere, here = tokens_of(ann), sign_in(ann), sign_in(ann)
    form = {"oldpassword": PASSWORD, "password1": "another horse", "password2": "another horse"}
    here.post("/accounts/password/change/", form)
    assert elsewhere.get("/portal/").status_code == 302
    assert not is_good(tokens["access_token"])
    assert refresh(tokens["refresh_token"]).status_code == 400
