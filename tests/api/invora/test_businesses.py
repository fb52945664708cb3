"""ConnectedBusinessService makes businesses: INV-15 to 20, INV-39, 42, 43, C-53, C-54."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from apikeys import moving_windows
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
    names,
)
from tests.conftest import SYSTEM, make_platform

LIST = f"{BUSINESSES}/list"


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
    moving_windows.limiter().storage.reset()
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
