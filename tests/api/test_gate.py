"""The ways round the gate that there were, each of them shut."""

import pytest

from apikeys.models import ApiKey, MachineClient
from apikeys.services import clients, keys
from config.api.kit.people import issue_token
from peppol.models import Document, Participant
from tenants.actors import Actor
from tenants.errors import Forbidden
from tenants.models import Membership, Organization, Role, User
from tenants.services import people
from tests.api.conftest import Caller
from tests.conftest import SYSTEM, make_company

TENANTS = "/api/admin/tenants"
FLOWIE, GOROUTE, INVORA = "/v1", "/api/v1", "/api/v2/identity/connected-businesses"


def program(organization, *, header="Authorization", **options):
    """A caller with a key of the organization."""
    options = {"kind": ApiKey.Kind.PLATFORM, **options}
    secret = keys.issue(organization, name="k", by=SYSTEM, **options)[1]
    return Caller(secret, header, "Bearer " if header == "Authorization" else "")


def at_fiskaly(key, secret):
    said = {"api_key": key.public_id, "api_secret": secret}
    return Caller(Caller(None).post("/api/v0/auth", said).json()["access_token"])


def person(organization, role):
    user = User.objects.create_user(f"{role}@{organization.pk}.example", "pass-word-1")
    people.join(organization, user, role=role, by=SYSTEM)
    return user


@pytest.fixture
def tried(acme):
    """A test organization of acme's, beside the live bakery."""
    return make_company(acme, "Tried", environment="test")


# --- Scopes ----------------------------------------------------------------------------------
def test_a_key_that_may_send_is_no_master_of_tenants(acme, bakery):
    call = program(acme, scopes=["send"])
    one = f"{TENANTS}/{bakery.pk}"
    for method, path, body in (
        ("POST", TENANTS, {"name": "one"}),
        ("GET", TENANTS, None),
        ("POST", f"{one}/api-keys", {"name": "k"}),
        ("DELETE", one, None),
    ):
        assert call(method, path, body).status_code == 403, (method, path)
    assert Organization.objects.live().filter(parent=acme).count() == 1


def test_to_look_at_goroute_takes_a_scope(acme, bakery):
    call = program(acme, header="X-API-Key", scopes=["send"])
    for path in ("organizations", "participants", "webhooks", "api-keys", "invoices"):
        assert call.get(f"{GOROUTE}/{path}").status_code == 403, path


# --- Keys and their makers ---------------------------------------------------------------------
def test_a_key_makes_none_that_may_more(acme, bakery):
    call = program(acme, scopes=["platform"])
    assert call.post(f"{TENANTS}/{bakery.pk}/api-keys", {"name": "k"}).status_code == 201
    assert ApiKey.objects.latest("id").scopes == ["platform"]
    path = f"{FLOWIE}/companies/{bakery.pk}/api-keys"
    assert call.post(path, {"name": "k", "scopes": ["send"]}).status_code == 201
    assert call.post(path, {"name": "k", "scopes": ["*"]}).status_code == 403


@pytest.mark.parametrize(
    ("maker", "wanted", "code"),
    [
        ({"environment": "test"}, {"environment": "live"}, "live_key"),
        ({"kind": "company"}, {"kind": "platform"}, "not_a_platform_key"),
        ({"scopes": ["send"]}, {"scopes": ["send", "receive"]}, "insufficient_scope"),
        ({"scopes": ["documents.read"]}, {"scopes": ["*"]}, "insufficient_scope"),
    ],
)
def test_no_key_is_issued_above_its_maker(acme, maker, wanted, code):
    maker = {"kind": "platform", **maker}
    by = keys.issue(acme, name="maker", by=SYSTEM, **maker)[0].actor
    with pytest.raises(Forbidden) as refusal:
        keys.issue(acme, name="k", by=by, **{**maker, **wanted})
    assert refusal.value.code == code


def test_no_key_is_issued_out_of_its_makers_reach(bakery, rival, acme):
    company = keys.issue(bakery, name="own", by=SYSTEM)[0]
    theirs = keys.issue(rival, name="theirs", kind="platform", by=SYSTEM)[0]
    for target, by in ((acme, company.actor), (bakery, theirs.actor)):
        with pytest.raises(Forbidden):
            keys.issue(target, name="k", by=by)


def test_a_developer_does_not_become_an_admin_by_a_key(acme):
    """A developer's key carries the developer's role to every surface."""
    developer = person(acme, Role.DEVELOPER)
    made = keys.issue(acme, name="k", kind="platform", by=Actor.user(developer))
    call = at_fiskaly(*made)
    path = f"/api/v0/organizations/{acme.pk}/users"
    assert call.post(path, {"email": "me@evil.example"}).status_code == 403
    place = {"recipient": "R", "address_line1": "a", "zip": "z", "town": "t", "country_code": "DEU"}
    assert call.post("/api/v0/billing-addresses", place).status_code == 403
    assert made[0].role == Role.DEVELOPER


def test_a_developers_key_makes_developers_keys(acme, bakery):
    developer = person(acme, Role.DEVELOPER)
    key = keys.issue(acme, name="k", kind="platform", by=Actor.user(developer))[0]
    assert keys.issue(bakery, name="k", by=key.actor)[0].role == Role.DEVELOPER
    strong = keys.issue(acme, name="s", kind="platform", by=SYSTEM)[0]
    assert keys.rotate(strong, by=Actor.user(developer))[0].role == Role.DEVELOPER


def test_whoever_rotates_a_machine_client_gets_no_more_than_they_had(acme):
    clients.issue(acme, by=SYSTEM)
    clients.rotate(acme, by=Actor.user(person(acme, Role.DEVELOPER)))
    assert MachineClient.objects.get(organization=acme).role == Role.DEVELOPER
    weak = keys.issue(acme, name="k", kind="platform", scopes=["platform"], by=SYSTEM)[0]
    clients.rotate(acme, by=weak.actor)
    assert MachineClient.objects.get(organization=acme).scopes == ["platform"]
    tries = keys.issue(acme, name="k", kind="platform", environment="test", by=SYSTEM)[0]
    with pytest.raises(Forbidden):
        clients.rotate(acme, by=tries.actor)


# --- People --------------------------------------------------------------------------------------
def test_an_admin_removes_no_owner(acme):
    owner, admin = person(acme, Role.OWNER), person(acme, Role.ADMIN)
    people.join(acme, User.objects.create_user("two@acme.example"), role=Role.OWNER, by=SYSTEM)
    said = {"email": admin.email, "password": "pass-word-1"}
    token = Caller(None).post("/api/v0/auth", said).json()["access_token"]
    path = f"/api/v0/organizations/{acme.pk}/users/{owner.pk}"
    assert Caller(token).delete(path).status_code == 403
    assert Membership.objects.filter(user=owner).exists()


@pytest.mark.parametrize(
    ("role", "given", "allowed"),
    [
        (Role.OWNER, Role.OWNER, True),
        (Role.ADMIN, Role.ADMIN, True),
        (Role.ADMIN, Role.OWNER, False),
        (Role.DEVELOPER, Role.VIEWER, False),
        (Role.VIEWER, Role.VIEWER, False),
    ],
)
def test_who_may_invite_whom(acme, role, given, allowed):
    by = Actor.user(person(acme, role))
    if allowed:
        assert people.invite(acme, email="new@example.com", role=given, by=by).role == given
    else:
        with pytest.raises(Forbidden):
            people.invite(acme, email="new@example.com", role=given, by=by)


def test_anybody_leaves_and_a_platform_looks_after_its_companies_teams(acme, bakery):
    viewer = person(acme, Role.VIEWER)
    people.remove(Membership.objects.get(user=viewer), by=Actor.user(viewer))
    admin = Actor.user(person(acme, Role.ADMIN))
    assert people.invite(bakery, email="b@example.com", role=Role.OWNER, by=admin)


# --- Test and live -------------------------------------------------------------------------------
def test_a_test_key_sees_and_ends_no_live_organization(acme, bakery, tried):
    opened = {
        "einvoice": (program(acme, environment="test"), TENANTS, "DELETE"),
        "goroute": (
            program(acme, environment="test", header="X-API-Key"),
            f"{GOROUTE}/organizations",
            "DELETE",
        ),
        "flowie": (program(acme, environment="test"), f"{FLOWIE}/companies", "DELETE"),
        "invora": (program(acme, environment="test"), INVORA, "DELETE"),
    }
    for name, (call, base, method) in opened.items():
        assert call(method, f"{base}/{bakery.pk}").status_code == 404, name
        assert call.get(f"{base}/{tried.pk}").status_code == 200, name
    assert call.post(f"{INVORA}/{bakery.pk}/suspend", {"reason": "r"}).status_code == 404
    bakery.refresh_from_db()
    assert bakery.status == "active" and bakery.deleted_at is None
    token = at_fiskaly(*keys.issue(acme, name="f", kind="platform", environment="test", by=SYSTEM))
    assert token.delete(f"/api/v0/organizations/{bakery.pk}").status_code == 404


def test_what_a_test_key_makes_is_a_test_organization(acme):
    call = program(acme, environment="test")
    goroute = program(acme, environment="test", header="X-API-Key")
    vat = {"name": "Three", "vatNumber": "FR86797978996"}
    for answer in (
        call.post(TENANTS, {"name": "one"}),
        goroute.post(f"{GOROUTE}/organizations", {"name": "Two", "country": "BE"}),
        call.post(f"{FLOWIE}/platform/companies", vat),
        call.post(INVORA, {"name": "Four", "country": "BE"}),
    ):
        assert answer.status_code in (200, 201), answer.content
    made = Organization.objects.filter(parent=acme)
    assert made.count() == 4 and set(made.values_list("environment", flat=True)) == {"test"}


def test_a_test_key_puts_no_live_organization_on_the_network(acme, bakery):
    at_home = program(bakery, kind="company", environment="test", header="X-API-Key")
    register = {"peppol_id": "0208:0403170701"}
    answer = at_home.post(f"{GOROUTE}/participants", register)
    assert (answer.status_code, answer.json()["error"]) == (403, "live_organization")
    assert not Participant.objects.exists()
    assert at_home.post(f"{GOROUTE}/invoices", {"number": "1"}).status_code == 201
    assert Document.objects.get().environment == "test"


def test_a_test_key_mints_no_live_key(acme, tried):
    call = program(acme, environment="test", header="X-API-Key")
    body = {"name": "k", "environment": "live"}
    assert call.post(f"{GOROUTE}/organizations/{tried.pk}/api-keys", body).status_code == 201
    assert call.post(f"{GOROUTE}/api-keys", body).status_code == 201
    assert set(ApiKey.objects.filter(name="k").values_list("environment", flat=True)) == {"test"}


# --- Repeated calls ---
def test_a_live_key_is_not_given_the_test_calls_answer(bakery):
    calls = [
        program(bakery, kind="company", environment=environment, header="X-API-Key")
        for environment in ("test", "live")
    ]
    headers = {"Idempotency-Key": "1"}
    first, second = (
        call.post(f"{GOROUTE}/invoices", {"number": "1"}, headers=headers) for call in calls
    )
    assert first.status_code == second.status_code == 201
    assert first.json() != second.json() and "Idempotency-Replayed" not in second
    assert set(Document.objects.values_list("environment", flat=True)) == {"test", "live"}


def test_a_lesser_key_is_not_given_a_greater_ones_secret(acme, bakery):
    body, headers = {"name": "new"}, {"Idempotency-Key": "1"}
    path = f"/api/v0/organizations/{bakery.pk}/api-keys"
    platform, company = (
        at_fiskaly(*keys.issue(organization, name=kind, kind=kind, by=SYSTEM))
        for organization, kind in ((acme, "platform"), (acme, "company"))
    )
    made = platform.post(path, body, headers=headers)
    again = company.post(path, body, headers=headers)
    assert made.status_code == 200 and again.status_code == 404
    assert made.json()["secret"] not in again.content.decode()


def test_a_call_is_refused_before_it_is_repeated_or_read(acme):
    call = program(acme, scopes=["send"])
    answer = call("POST", TENANTS, raw=b"{not json", headers={"Idempotency-Key": "1"})
    assert answer.status_code == 403


def test_a_person_who_lost_the_role_loses_the_call(acme):
    viewer = Caller(issue_token(person(acme, Role.VIEWER)))
    assert viewer.get(INVORA.replace("connected-businesses", "x")).status_code == 404
    assert viewer.post(INVORA, {"name": "n", "country": "BE"}).status_code == 403
