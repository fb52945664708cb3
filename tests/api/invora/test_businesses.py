"""ConnectedBusinessService: INV-15 to 29, INV-36, 39, 40, 42, 43, C-52 to C-54."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from apikeys import throttling
from apikeys.models import MachineClient
from apikeys.services import keys
from config.api.invora import surface
from tenants.ids import read, spell
from tenants.models import Event, Invitation, Mail, Organization, Role
from tenants.services import organizations
from tests.api.conftest import Caller
from tests.api.invora.conftest import (
    BRANCH,
    BUSINESSES,
    REGISTRATION,
    code,
    fields,
    machine_token,
    member,
)
from tests.conftest import SYSTEM, make_platform

LIST = f"{BUSINESSES}/list"


def names(answer):
    return [one["name"] for one in answer.json()["connectedBusinesses"]]


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", BUSINESSES),
        ("POST", LIST),
        ("GET", f"{BUSINESSES}/x"),
        ("DELETE", f"{BUSINESSES}/x"),
        ("POST", f"{BUSINESSES}/x/suspend"),
        ("POST", f"{BUSINESSES}/x/reactivate"),
    ],
)
@pytest.mark.parametrize(
    "who",
    [
        "a newcomer",
        "a business",
        "a machine of it",
        "a child",
        "a machine of the child",
        "a child's key",
    ],
)
def test_only_a_platform_has_connected_businesses(request, method, path, who):
    """INV-15, INV-39."""
    ann, branch = request.getfixturevalue("ann"), request.getfixturevalue("branch")
    child = Organization.objects.get(pk=read(branch["connectedBusiness"]["tenantId"]))
    call = {
        "a newcomer": lambda: ann,
        "a business": lambda: request.getfixturevalue("business") and ann,
        "a machine of it": lambda: Caller(machine_token(request.getfixturevalue("business"))),
        "a child": lambda: member(child),
        "a machine of the child": lambda: Caller(machine_token(branch)),
        "a child's key": lambda: Caller(keys.issue(child, name="k", by=SYSTEM)[1]),
    }[who]()
    assert code(call(method, path, BRANCH)) == (403, "PERMISSION_DENIED", "PLATFORM_REQUIRED")


def test_creation_answers_the_business_and_its_credentials(owner, acme):
    """INV-16, INV-42."""
    answer = owner.post(BUSINESSES, BRANCH)
    assert answer.status_code == 200 and answer["Cache-Control"] == "no-store"
    body = answer.json()
    assert set(body) == {"connectedBusiness", "clientId", "clientSecret"}
    made = body["connectedBusiness"]
    assert {name: made[name] for name in BRANCH} == BRANCH
    assert made["parentTenantId"] == spell("tenant", acme.pk) != made["tenantId"]
    assert made["createdAt"].endswith("Z") and made["updatedAt"].endswith("Z")
    assert (
        owner.get(f"{REGISTRATION}/onboarding-status").json()["tenantId"] == made["parentTenantId"]
    )


def test_the_admin_is_invited_as_owner(owner, branch):
    invitation = Invitation.objects.get(organization=read(branch["connectedBusiness"]["tenantId"]))
    assert (invitation.email, invitation.role) == ("admin@acme-riyadh.com", Role.OWNER)
    assert Mail.objects.filter(to="admin@acme-riyadh.com").count() == 1


def test_name_and_country_are_enough(owner):
    made = owner.post(BUSINESSES, {"name": "Small", "country": "EG", "taxId": None}).json()
    assert made["connectedBusiness"]["taxId"] == "" and not Invitation.objects.exists()


def test_the_childs_secret_is_returned_once(owner, branch, at):
    """INV-17."""
    answers = [
        owner.get(at()),
        owner.post(LIST, {}),
        owner.post(at("/suspend"), {"reason": "r"}),
        owner.post(at("/reactivate")),
    ]
    assert all("clientSecret" not in answer.content.decode() for answer in answers)
    assert branch["clientSecret"] not in str(list(Event.objects.values()))


@pytest.mark.parametrize(
    "name",
    [
        "Acme Riyadh Branch",
        "ACME RIYADH BRANCH",
        "  Acme  Riyadh Branch ",
        "Acme\u00a0Riyadh Branch",
    ],
)
def test_the_same_name_again_is_refused(owner, branch, name):
    """INV-18."""
    answer = owner.post(BUSINESSES, {**BRANCH, "name": name})
    assert code(answer) == (409, "ALREADY_EXISTS", "NAME_TAKEN")
    assert Organization.objects.filter(kind="managed").count() == 1


def test_another_platform_may_have_the_name(branch, rival_owner):
    assert rival_owner.post(BUSINESSES, BRANCH).status_code == 200


@pytest.mark.parametrize("way", ["removed", "renamed"])
def test_a_name_is_free_again_when_its_business_is(owner, branch, at, way):
    if way == "removed":
        owner.post(at("/suspend"), {"reason": "closing"})
        assert owner.delete(at()).status_code == 200
    else:
        child = Organization.objects.get(pk=read(branch["connectedBusiness"]["tenantId"]))
        organizations.update(child, {"name": "Jeddah Branch"}, by=SYSTEM)
        assert code(owner.post(BUSINESSES, {**BRANCH, "name": "jeddah branch"}))[0] == 409
    assert owner.post(BUSINESSES, BRANCH).status_code == 200


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("race", ["one name", "the last place"])
def test_of_two_creations_at_once_one_wins(race):
    """INV-18, INV-19."""
    acme = make_platform("Acme")
    if race == "the last place":
        Organization.objects.filter(pk=acme.pk).update(company_limit=1)
    token = member(acme).headers["Authorization"][7:]

    def create(n):
        try:
            name = "Branch" if race == "one name" else f"Branch {n}"
            return Caller(token).post(BUSINESSES, {"name": name, "country": "SA"}).status_code
        finally:
            connection.close()

    loser = 409 if race == "one name" else 429
    with ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(create, range(5))) == [200, *[loser] * 4]
    assert MachineClient.objects.count() == 1


def test_above_the_limit_resources_are_exhausted_and_removing_frees_a_place(
    owner, acme, branch, at
):
    """INV-19, INV-43, C-53, C-54."""
    Organization.objects.filter(pk=acme.pk).update(company_limit=1)
    more = {"name": "Jeddah", "country": "SA"}
    full = owner.post(BUSINESSES, more)
    assert code(full) == (429, "RESOURCE_EXHAUSTED", "COMPANY_LIMIT_REACHED")
    assert "Retry-After" not in full and full.json()["details"][0]["metadata"] == {"limit": "1"}
    refused = owner.delete(at())
    assert code(refused)[:2] == (400, "FAILED_PRECONDITION")
    owner.post(at("/suspend"), {"reason": "unused"})
    assert owner.post(BUSINESSES, more).status_code == 429
    removed = owner.delete(at())
    assert (removed.status_code, removed.json()) == (200, {})
    assert owner.post(BUSINESSES, more).status_code == 200
    assert code(owner.get(at()))[0] == 404 and names(owner.post(LIST)) == ["Jeddah"]
    assert MachineClient.objects.count() == 2  # nothing is erased


def test_a_rate_limit_says_when_to_come_again(owner, monkeypatch):
    """C-54."""
    monkeypatch.setattr(surface, "MOST_A_MINUTE", 100)
    Organization.objects.update(requests_per_minute=1)
    throttling._limiter().storage.reset()
    answers = [owner.post(LIST, {}) for _ in range(101)]
    assert {answer.status_code for answer in answers[:100]} == {200}
    assert code(answers[100]) == (429, "RESOURCE_EXHAUSTED", "RATE_LIMITED")
    assert int(answers[100]["Retry-After"]) >= 1


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", ""),
        ("name", "  "),
        ("name", None),
        ("name", 5),
        ("name", "x" * 256),
        ("country", ""),
        ("country", None),
        ("country", "ZZ"),
        ("country", "sa"),
        ("country", 1),
        ("taxId", "1" * 65),
        ("taxId", ["1"]),
        ("adminEmail", "nobody"),
        ("adminEmail", 5),
        ("adminEmail", "a" * 250 + "@b.example"),
    ],
)
def test_a_bad_business_is_refused_by_field(owner, field, value):
    """INV-20, INV-40."""
    answer = owner.post(BUSINESSES, {**BRANCH, field: value})
    assert code(answer)[:2] == (400, "INVALID_ARGUMENT") and fields(answer) == [field]
    assert not Organization.objects.filter(kind="managed").exists()
    assert not MachineClient.objects.exists() and not Mail.objects.exists()


def test_one_business_shows_status_country_tax_id_and_times(owner, branch, at, costs):
    """INV-23."""
    with costs(4):
        body = owner.get(at()).json()
    assert body["connectedBusiness"] == branch["connectedBusiness"]
    shown = {name: body[name] for name in ("status", "country", "taxId")}
    assert shown == {"status": "ACTIVE", "country": "SA", "taxId": "300000000000004"}


@pytest.mark.parametrize(
    ("method", "rest"),
    [
        ("GET", ""),
        ("DELETE", ""),
        ("POST", "/suspend"),
        ("POST", "/reactivate"),
    ],
)
def test_unknown_foreign_and_ones_own_tenant_are_not_under_it(
    owner, acme, rivals_company, unknown_id, method, rest
):
    """INV-24, INV-25."""
    answers = {
        owner(method, f"{BUSINESSES}/{tenant}{rest}", {"reason": "r"}).content
        for tenant in (
            unknown_id,
            "rubbish",
            "tenant_x",
            spell("tenant", rivals_company.pk),
            rivals_company.pk,
            acme.pk,
        )
    }
    assert len(answers) == 1
    answer = owner(method, f"{BUSINESSES}/{unknown_id}{rest}", {"reason": "r"})
    assert code(answer) == (404, "NOT_FOUND", "NOT_FOUND")
    rivals_company.refresh_from_db()
    assert rivals_company.status == "active" and "Rival" not in str(owner.post(LIST).json())


def test_suspending_takes_a_reason_and_keeps_what_there_is(owner, branch, at):
    """INV-26, INV-27, INV-47."""
    for body in ({}, {"reason": ""}, {"reason": " "}, {"reason": None}, {"reason": 5}, None):
        assert fields(owner.post(at("/suspend"), body)) == ["reason"]
    before = owner.get(at()).json()["connectedBusiness"]
    answer = owner.post(at("/suspend"), {"reason": "Non-payment"})
    after = answer.json()["connectedBusiness"]
    assert answer.status_code == 200
    assert (after["status"], after["statusReason"]) == ("SUSPENDED", "Non-payment")
    kept = {"status", "statusReason", "updatedAt"}
    assert {k: v for k, v in after.items() if k not in kept} == {
        k: v for k, v in before.items() if k not in kept
    }
    event = Event.objects.get(type="company.suspended")
    assert (event.reason, event.actor_kind) == ("Non-payment", "user")
    assert code(owner.post(at("/suspend"), {"reason": "again"}))[1] == "FAILED_PRECONDITION"


def test_reactivating_needs_no_body_and_no_content_type(owner, at):
    """INV-28."""
    owner.post(at("/suspend"), {"reason": "Non-payment"})
    answer = owner.client.generic("POST", at("/reactivate"), headers=owner.headers, content_type="")
    assert answer.status_code == 200 and answer.json()["status"] == "ACTIVE"
    assert code(owner.post(at("/reactivate")))[1] == "FAILED_PRECONDITION"


def test_while_suspended_its_people_and_credentials_are_refused(owner, branch, at):
    """INV-29."""
    child = Organization.objects.get(pk=read(branch["connectedBusiness"]["tenantId"]))
    callers = [Caller(machine_token(branch)), member(child)]
    callers.append(Caller(keys.issue(child, name="k", by=SYSTEM)[1]))
    status = f"{REGISTRATION}/onboarding-status"
    assert {call.get(status).status_code for call in callers} == {200}
    owner.post(at("/suspend"), {"reason": "Non-payment"})
    assert {code(call.get(status))[1] for call in callers} == {"PERMISSION_DENIED"}
    assert machine_token(branch) is None
    owner.post(at("/reactivate"))
    assert {call.get(status).status_code for call in callers} == {200}
    assert machine_token(branch)


def test_both_prefixes_answer_for_both_services(owner, branch):
    """INV-36."""
    tenant = branch["connectedBusiness"]["tenantId"]
    for method, path in (
        ("GET", "registration/onboarding-status"),
        ("PUT", "registration/business-details"),
        ("POST", "connected-businesses/list"),
        ("GET", f"connected-businesses/{tenant}"),
    ):
        answers = [
            owner(method, f"/api/{prefix}/{path}{slash}", {})
            for prefix in ("identity/v2", "v2/identity")
            for slash in ("", "/")
        ]
        assert {answer.status_code for answer in answers} == {200}
        assert len({answer.content for answer in answers}) == 1


def test_a_platforms_machine_and_key_manage_its_businesses(owner, acme, acme_key, branch):
    """C-58: a credential belongs to an organization, not to a surface."""
    renewed = owner.post(f"{REGISTRATION}/rotate-credentials").json()
    for call in (Caller(machine_token(renewed)), Caller(acme_key)):
        assert names(call.post(LIST)) == ["Acme Riyadh Branch"]


@pytest.mark.parametrize(
    ("method", "path", "status", "said"),
    [
        ("PATCH", BUSINESSES, 405, "UNIMPLEMENTED"),
        ("GET", LIST, 405, "UNIMPLEMENTED"),
        ("GET", "/api/identity/v2/nowhere", 404, "NOT_FOUND"),
        ("POST", "/api/v2/identity", 404, "NOT_FOUND"),
    ],
)
def test_what_is_not_there_says_so_in_the_envelope(owner, method, path, status, said):
    """INV-40."""
    assert code(owner(method, path, {}))[:2] == (status, said)


@pytest.mark.parametrize("stop", ["suspend", "close"])
def test_a_stopped_platform_manages_nothing(owner, acme, branch, at, stop):
    child = Caller(machine_token(branch))
    getattr(organizations, stop)(acme, reason="unpaid", by=SYSTEM)
    for call, method, path in (
        (owner, "POST", LIST),
        (owner, "POST", BUSINESSES),
        (owner, "DELETE", at()),
        (child, "GET", f"{REGISTRATION}/onboarding-status"),
    ):
        refused = call(method, path, BRANCH)
        assert code(refused) == (403, "PERMISSION_DENIED", "ORGANIZATION_NOT_ACTIVE")
