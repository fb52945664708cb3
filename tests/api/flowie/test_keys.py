"""Platform keys from the dashboard's token, tenant keys, scopes, revocation (FLO-01 to FLO-05,
FLO-14 to FLO-18, FLO-47, FLO-60)."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from apikeys.models import ApiKey
from tenants.models import Event, Organization, Role
from tenants.services import organizations
from tests.api.flowie.conftest import ONBOARDING, Flowie, platform_key
from tests.conftest import SYSTEM

pytestmark = pytest.mark.django_db
WANTED = {"name": "my-platform", "scopes": ["platform", "*"], "keyType": "platform"}


def test_a_dashboard_token_issues_a_platform_key(person):
    """FLO-01, FLO-02, C-19."""
    answer = person().post("/api-keys", WANTED)
    issued = answer.json()
    assert answer.status_code == 201 and answer["Cache-Control"] == "no-store"
    assert re.fullmatch(r"flw_plat_test_[0-9A-Za-z]{36}", issued["key"])
    assert issued["key"].startswith(issued["keyPrefix"]) and len(issued["keyPrefix"]) > 14
    assert issued["id"].startswith("key_") and issued["scopes"] == ["*"]
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT[\d:.]+Z", issued["createdAt"])
    assert Flowie(issued["key"]).get("/platform/companies").status_code == 200


@pytest.mark.parametrize(
    "content_type", ["application/x-www-form-urlencoded", "text/plain", "multipart/form-data", ""]
)
def test_the_body_is_read_whatever_the_content_type_says(person, content_type):
    """FLO-04, C-21."""
    answer = person().post("/api-keys", WANTED, content_type=content_type)
    assert answer.status_code == 201, answer.content


def test_a_key_is_shown_once(person, api):
    """FLO-03."""
    dashboard = person()
    issued = dashboard.post("/api-keys", {**WANTED, "environment": "live"}).json()
    for caller, path in (
        (dashboard, "/api-keys"),
        (api, "/platform/api-keys"),
        (api, f"/platform/api-keys/{issued['id']}"),
    ):
        answer = caller.get(path)
        assert answer.status_code == 200 and issued["id"] in answer.content.decode()
        assert issued["key"][-36:] not in answer.content.decode()
    assert issued["key"][-36:] not in str(list(ApiKey.objects.values()))
    assert issued["key"][-36:] not in str(list(Event.objects.values()))


def test_a_repeated_call_of_a_person_gets_the_same_key(person, acme):
    """C-24."""
    dashboard, header = person(), {"Idempotency-Key": "mine"}
    first, again = (dashboard.post("/api-keys", WANTED, headers=header) for _ in range(2))
    assert first.content == again.content and ApiKey.objects.count() == 1
    other = person(Role.VIEWER).post("/api-keys", WANTED, headers=header)
    assert other.status_code == 403


@pytest.mark.parametrize("key", [None, "", "nonsense", "flw_plat_live_" + "a" * 36, "a.b.c"])
def test_without_a_good_credential_nothing_opens(db, key):
    """FLO-05."""
    for method, path in (("GET", "/platform/companies"), ("POST", "/api-keys"), ("GET", "/nix")):
        answer = Flowie(key)(method, path)
        assert answer.status_code == 401 and answer["WWW-Authenticate"] == "Bearer"
        assert answer.json()["code"] == "UNAUTHENTICATED"


@pytest.mark.parametrize(
    ("role", "may"),
    [
        (Role.OWNER, True),
        (Role.ADMIN, True),
        (Role.DEVELOPER, True),
        (Role.BILLING, False),
        (Role.VIEWER, False),
    ],
)
def test_whoever_may_not_change_keys_in_the_portal_may_not_here(person, role, may):
    answer = person(role).post("/api-keys", WANTED)
    assert answer.status_code == (201 if may else 403)


def test_a_person_of_a_business_that_is_no_platform_gets_no_platform_key(person):
    business = organizations.create("business", {"name": "Lone"}, by=SYSTEM)
    answer = person(organization=business).post("/api-keys", WANTED)
    assert (answer.status_code, answer.json()["code"]) == (403, "PLATFORM_REQUIRED")


def test_a_person_opens_only_what_is_for_people(person, api):
    assert person().get("/platform/companies").json()["code"] == "PLATFORM_KEY_REQUIRED"
    assert api.post("/api-keys", WANTED).json()["code"] == "DASHBOARD_TOKEN_REQUIRED"


def test_a_white_label_key_takes_the_entitlement(person, acme):
    """FLO-02."""
    dashboard, wish = person(), {**WANTED, "keyType": "white_label", "environment": "live"}
    refused = dashboard.post("/api-keys", wish)
    assert (refused.status_code, refused.json()["code"]) == (403, "WHITE_LABEL_REQUIRED")
    Organization.objects.filter(pk=acme.pk).update(white_label=True)
    issued = dashboard.post("/api-keys", wish).json()
    assert issued["key"].startswith("flw_wl_live_") and issued["keyType"] == "white_label"


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"name": None}, "name"),
        ({"scopes": ["fly"]}, "scopes"),
        ({"scopes": "*"}, "scopes"),
        ({"keyType": "gold"}, "keyType"),
        ({"environment": "prod"}, "environment"),
        ({"name": ["x"]}, "name"),
        ({"keyType": []}, "keyType"),
    ],
    ids=str,
)
def test_a_wish_that_cannot_be_is_named(person, change, field):
    answer = person().post("/api-keys", {**WANTED, **change})
    assert answer.status_code == 422 and answer.json()["errors"][0]["field"] == field
    assert not ApiKey.objects.exists()


def test_a_tenant_key_acts_for_its_own_company_and_no_other(made, tenant, onboard):
    """FLO-15, FLO-16."""
    sister = onboard(vatNumber="BE0403170701", name="Sister")
    mine = made["company"]["id"]
    assert tenant.get(f"/companies/{mine}").json()["id"] == mine
    assert tenant.get("/documents").status_code == 200
    assert tenant.acting(mine).get("/documents").status_code == 200
    unknown = tenant.get("/companies/comp_00000000000000000000000000")
    for answer in (
        tenant.get(f"/companies/{sister['company']['id']}"),
        tenant.acting(sister["company"]["id"]).get("/documents"),
        tenant.acting(sister["company"]["id"]).post("/documents/send", {}),
        tenant.acting(sister["company"]["id"]).get(f"/companies/{mine}"),
    ):
        assert (answer.status_code, answer.content) == (404, unknown.content)
    assert tenant.get(f"/webhooks/{sister['webhook']['id']}").status_code == 404


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", "/platform/companies"),
        ("GET", "/platform/companies"),
        ("GET", "/platform/usage"),
        ("GET", "/platform/settings"),
        ("PATCH", "/platform/settings"),
        ("POST", "/api-keys"),
        ("GET", "/platform/api-keys"),
        ("DELETE", "/companies/{}"),
        ("PATCH", "/companies/{}"),
        ("GET", "/companies/{}/api-keys"),
        ("POST", "/companies/{}/api-keys"),
    ],
)
@pytest.mark.parametrize("scopes", [["*"], ONBOARDING["apiKey"]["scopes"]], ids=["all", "named"])
def test_a_tenant_key_is_no_platform_key(onboard, method, path, scopes):
    """FLO-18."""
    made = onboard(apiKey={"name": "k", "scopes": scopes})
    tenant, events = Flowie(made["apiKey"]["key"]), Event.objects.count()
    answer = tenant(method, path.format(made["company"]["id"]), {"name": "x", "vatNumber": "x"})
    assert answer.status_code == 403 and Event.objects.count() == events


_OF_COMPANY = [
    ("POST", "/documents/send", {"send"}),
    ("POST", "/documents/send/batch", {"send"}),
    ("POST", "/documents/validate", {"send", "documents.write"}),
    ("GET", "/documents", {"documents.read", "receive"}),
    ("GET", "/documents/doc_00000000000000000000000000", {"documents.read", "receive"}),
    ("GET", "/documents/doc_00000000000000000000000000/payload", {"documents.read", "receive"}),
    ("GET", "/webhooks", {"documents.read", "lifecycle"}),
    ("POST", "/webhooks", {"lifecycle"}),
    ("DELETE", "/webhooks/wh_00000000000000000000000000", {"lifecycle"}),
]


@pytest.mark.parametrize("scope", ONBOARDING["apiKey"]["scopes"])
def test_a_tenant_key_does_what_its_scopes_say(onboard, scope):
    """FLO-17."""
    made = onboard(apiKey={"name": "k", "scopes": [scope]})
    tenant = Flowie(made["apiKey"]["key"])
    for method, path, opened_by in _OF_COMPANY:
        answer = tenant(method, path, {})
        refused = answer.status_code == 403
        assert refused == (scope not in opened_by), (method, path, answer.content)
        assert not refused or answer.json()["code"] == "INSUFFICIENT_SCOPE"


@pytest.mark.parametrize("scope", ["platform", "send", "documents.read"])
def test_a_platform_key_does_what_its_scopes_say(acme, made, scope):
    api = Flowie(platform_key(acme, scopes=[scope]))
    acting = api.acting(made["company"]["id"])
    assert (api.get("/platform/companies").status_code == 200) == (scope == "platform")
    assert (acting.get("/documents").status_code == 200) == (scope == "documents.read")
    assert (acting.post("/documents/send", {}).status_code == 422) == (scope == "send")


def test_a_revoked_tenant_key_stops_working_at_once(api, made, tenant):
    """FLO-47."""
    assert tenant.get("/documents").status_code == 200
    path = f"/platform/api-keys/{made['apiKey']['id']}"
    answer = api.delete(path)
    assert (answer.status_code, answer.content) == (204, b"")
    assert tenant.get("/documents").status_code == 401
    assert api.delete(path).status_code == 404


def test_a_tenant_key_is_issued_later_and_rotated(api, made):
    path = f"/companies/{made['company']['id']}/api-keys"
    issued = api.post(path, {"name": "second"}).json()
    assert issued["key"].startswith("flw_live_") and issued["keyType"] == "company"
    assert issued["scopes"] == ONBOARDING["apiKey"]["scopes"]
    assert [key["id"] for key in api.get(path).json()["apiKeys"]] == [
        issued["id"],
        made["apiKey"]["id"],
    ]
    new = api.post(f"/platform/api-keys/{issued['id']}/rotate", {"overlapSeconds": 60}).json()
    assert new["id"] != issued["id"] and new["keyPrefix"] != issued["keyPrefix"]
    for key in (issued, new):
        assert Flowie(key["key"]).get("/documents").status_code == 200
    ApiKey.objects.filter(expires_at__isnull=False).update(expires_at=timezone.now() - timedelta(1))
    assert Flowie(issued["key"]).get("/documents").status_code == 401
    assert Flowie(new["key"]).get("/documents").status_code == 200


def test_a_weak_key_does_not_get_hold_of_a_strong_one(acme, api):
    weak = Flowie(platform_key(acme, scopes=["platform"]))
    strong = ApiKey.objects.get(scopes=["*"], kind="platform")
    answer = weak.post(f"/platform/api-keys/{strong.pk}/rotate", {})
    assert (answer.status_code, answer.json()["code"]) == (403, "INSUFFICIENT_SCOPE")
    assert api.post(f"/platform/api-keys/{strong.pk}/rotate", {}).status_code == 201


def test_a_test_key_sees_no_live_keys(api, test_api, made):
    listed = [key["environment"] for key in test_api.get("/platform/api-keys").json()["apiKeys"]]
    assert listed == ["test"]
    assert test_api.delete(f"/platform/api-keys/{made['apiKey']['id']}").status_code == 404


def test_keys_are_listed_by_company_and_kind(api, made, onboard):
    onboard(vatNumber="BE0403170701", name="Sister")
    company = made["company"]["id"]
    found = api.get(f"/platform/api-keys?companyId={company}").json()["apiKeys"]
    assert [key["companyId"] for key in found] == [company]
    kinds = {k["keyType"] for k in api.get("/platform/api-keys?kind=platform").json()["apiKeys"]}
    assert kinds == {"platform"}


@pytest.mark.parametrize("end", ["suspended", "closed"])
def test_a_suspended_or_closed_platform_opens_nothing(acme, api, tenant, person, end):
    dashboard = person()
    act = organizations.suspend if end == "suspended" else organizations.close
    act(acme, reason="unpaid", by=SYSTEM)
    for caller, path in (
        (api, "/platform/companies"),
        (tenant, "/documents"),
        (dashboard, "/api-keys"),
    ):
        answer = caller.get(path)
        assert (answer.status_code, answer.json()["code"]) == (403, "ORGANIZATION_NOT_ACTIVE")
