"""Machine clients: OIDC credentials of an organization, by the standard's own words (INV-30)."""

import jwt
import pytest
from allauth.idp.oidc.models import Client as OidcClient
from allauth.idp.oidc.models import Token
from django.test import Client

from apikeys.authentication import Unauthenticated, authenticate_machine
from apikeys.models import MachineClient
from apikeys.services import clients
from tenants.errors import Conflict, Forbidden
from tenants.ids import spell
from tenants.models import Event
from tenants.services import organizations
from tests.conftest import SYSTEM


@pytest.fixture
def machine(bakery, by):
    return clients.issue(bakery, by=by)


def discovery():
    return Client().get("/.well-known/openid-configuration").json()


def ask(credentials, secret=None, **more):
    form = {
        "grant_type": "client_credentials",
        "client_id": credentials.client_id,
        "client_secret": secret or credentials.secret,
        **more,
    }
    return Client().post(discovery()["token_endpoint"].removeprefix("http://testserver"), form)


def token_of(credentials):
    answer = ask(credentials)
    assert answer.status_code == 200, answer.content
    return answer.json()["access_token"]


def test_the_discovery_document_announces_client_credentials_and_nothing_for_browsers(db):
    document = discovery()
    assert document["grant_types_supported"] == ["client_credentials"]
    assert document["issuer"] == "http://testserver"
    assert not {"authorization_endpoint", "userinfo_endpoint"} & set(document)


def test_client_id_and_secret_give_a_token_that_the_published_keys_prove(machine, bakery):
    answer = ask(machine).json()
    assert answer["token_type"] == "Bearer" and answer["expires_in"] == 3600
    assert "refresh_token" not in answer
    keys = Client().get(discovery()["jwks_uri"].removeprefix("http://testserver")).json()["keys"]
    kid = jwt.get_unverified_header(answer["access_token"])["kid"]
    key = next(jwt.PyJWK(key) for key in keys if key["kid"] == kid)
    assert (key.algorithm_name, key.public_key_use) == ("RS256", "sig")
    issuer = discovery()["issuer"]
    claims = jwt.decode(
        answer["access_token"], key.key, algorithms=["RS256"], issuer=issuer, audience=issuer
    )
    assert jwt.get_unverified_header(answer["access_token"])["typ"] == "at+jwt"
    assert claims["sub"] == claims["client_id"] == machine.client_id
    assert claims["tenantId"] == spell("tenant", bakery.pk)
    assert authenticate_machine(answer["access_token"]).organization == bakery


def test_the_secret_may_come_in_the_header_too(machine):
    answer = Client().post(
        "/identity/o/api/token",
        {"grant_type": "client_credentials", "scope": "openid"},
        headers={"Authorization": "Basic " + basic(machine)},
    )
    assert answer.status_code == 200 and answer.json()["scope"] == "openid"


def basic(credentials):
    from base64 import b64encode

    return b64encode(f"{credentials.client_id}:{credentials.secret}".encode()).decode()


def test_a_token_costs_one_query(machine, django_assert_num_queries):
    token = token_of(machine)
    with django_assert_num_queries(1):
        authenticate_machine(token)


@pytest.mark.parametrize("grant", ["password", "authorization_code", "refresh_token", "rubbish"])
def test_no_other_grant_is_given(machine, grant):
    answer = ask(machine, grant_type=grant, username="a", password="b", code="c")
    assert answer.status_code in (400, 401) and "error" in answer.json()


@pytest.mark.parametrize("secret", ["wrong", "é", "x" * 5000])
def test_a_wrong_secret_is_refused(machine, secret):
    assert ask(machine, secret=secret).status_code == 401


def test_a_new_secret_works_and_the_old_one_with_its_tokens_is_refused(machine, bakery, by):
    token = token_of(machine)
    renewed = clients.rotate(bakery, by=by)
    assert renewed.client_id == machine.client_id
    assert ask(machine).status_code == 401
    with pytest.raises(Unauthenticated):
        authenticate_machine(token)
    assert authenticate_machine(token_of(renewed)).organization == bakery


def test_rotating_where_there_is_no_client_issues_one(acme, by):
    assert authenticate_machine(token_of(clients.rotate(acme, by=by))).organization == acme


def test_an_organization_has_one_client(machine, bakery, by):
    with pytest.raises(Conflict):
        clients.issue(bakery, by=by)


@pytest.mark.parametrize("whose", ["company", "platform"])
def test_a_suspension_is_felt_by_the_token_and_by_who_asks_for_one(machine, acme, bakery, whose):
    token, stopped = token_of(machine), bakery if whose == "company" else acme
    organizations.suspend(stopped, reason="unpaid", by=SYSTEM)
    with pytest.raises(Forbidden):
        authenticate_machine(token)
    assert ask(machine).status_code == 401
    organizations.reactivate(stopped, by=SYSTEM)
    assert authenticate_machine(token).organization == bakery
    assert ask(machine).status_code == 200


def test_a_deleted_company_has_no_tokens(machine, bakery):
    token = token_of(machine)
    organizations.delete(bakery, by=SYSTEM)
    with pytest.raises(Unauthenticated):
        authenticate_machine(token)
    assert ask(machine).status_code == 401


def test_a_revoked_token_is_refused(machine):
    token = token_of(machine)
    form = {"token": token, "client_id": machine.client_id, "client_secret": machine.secret}
    assert Client().post("/identity/o/api/revoke", form).status_code == 200
    with pytest.raises(Unauthenticated):
        authenticate_machine(token)


@pytest.mark.parametrize("token", ["", "x", "a.b.c", "é"])
def test_what_is_no_token_opens_nothing(db, token):
    with pytest.raises(Unauthenticated):
        authenticate_machine(token)


def test_only_hashes_are_kept_and_nothing_secret_is_in_the_trail(machine, bakery, by):
    token, renewed = token_of(machine), clients.rotate(bakery, by=by)
    token = token_of(renewed)
    kept = str(
        [
            *OidcClient.objects.values(),
            *Token.objects.values(),
            *Event.objects.values(),
            *MachineClient.objects.values(),
        ]
    )
    assert renewed.secret not in kept and machine.secret not in kept and token not in kept
    told = Event.objects.filter(type__startswith="client.").order_by("id")
    assert [event.type for event in told] == [
        "client.issued",
        "client.rotated",
    ]


def test_expired_tokens_are_forgotten(machine):
    token_of(machine)
    Token.objects.update(expires_at="2020-01-01T00:00:00Z")
    clients.tidy()
    assert not Token.objects.exists()


@pytest.mark.parametrize("id", ["\x00", "", "é", "x" * 5000, "client_\x00"])
def test_a_client_id_that_cannot_be_is_refused(machine, id):
    form = {"grant_type": "client_credentials", "client_id": id, "client_secret": "x"}
    assert Client(raise_request_exception=False).post(
        "/identity/o/api/token", form
    ).status_code in (400, 401)


def test_a_token_without_the_scope_api_reads_only(acme, by):
    machine = clients.issue(acme, by=by)
    for scope, may in (("openid", False), ("api", True), ("openid api", True)):
        token = ask(machine, scope=scope).json()["access_token"]
        assert authenticate_machine(token).may_write is may


def revoke(token, credentials, secret=None):
    form = {
        "token": token,
        "client_id": credentials.client_id,
        "client_secret": secret or credentials.secret,
    }
    return Client().post("/identity/o/api/revoke", form)


def test_a_client_ends_its_own_tokens_only(machine, bakery, rival, by):
    """Whoever had a token of somebody's could end it with a client of theirs."""
    other, token = clients.issue(rival, by=by), token_of(machine)
    assert revoke(token, other).status_code == 400
    assert revoke(token, machine, secret=other.secret).status_code == 401
    assert authenticate_machine(token).organization == bakery
    assert revoke(token, machine).status_code == 200
    with pytest.raises(Unauthenticated):
        authenticate_machine(token)
    assert revoke("no token", machine).status_code == 200


@pytest.mark.parametrize(
    "path", ["authorize", "device", "logout", "api/device/code", "api/userinfo", "api/clients"]
)
def test_what_is_not_announced_is_not_there(db, path):
    for answer in (Client().get(f"/identity/o/{path}"), Client().post(f"/identity/o/{path}")):
        assert answer.status_code == 404
