"""Who calls and for whom, companies by their numbers alone, and how a stranger begins."""

import pytest

from apikeys.models import ApiKey
from peppol.models import Participant
from tenants.ids import spell
from tenants.models import Membership, Organization, Role
from tenants.services import people
from tests.api.flowie.conftest import VAT, Flowie
from tests.conftest import SYSTEM, make_company, make_platform

pytestmark = pytest.mark.django_db
BOOTSTRAP = "/sandbox/bootstrap"
HEADERS = ("X-Flowie-Organization-Id", "Organization-Id")


def spelled(row):
    return spell("org", row.pk)


# --- /companies ---------------------------------------------------------------------------------
def test_a_company_is_made_by_its_vat_number_alone(api):
    answer = api.post("/companies", {"vatNumber": VAT})
    made = answer.json()
    assert (answer.status_code, made["name"], made["peppolId"]) == (201, VAT, f"9957:{VAT}")
    assert made["id"].startswith("comp_") and made["country"] == "FR"
    assert (
        Participant.objects.get().state == "pending"
        and not ApiKey.objects.filter(kind="company").exists()
    )
    again = api.post("/companies", {"vatNumber": VAT, "name": "ACME"})
    assert (again.status_code, again.json()["code"]) == (409, "COMPANY_EXISTS")
    assert again.json()["companyId"] == made["id"]
    assert api.post("/companies", {"name": "ACME"}).status_code == 422


def test_both_lists_are_one_and_a_tenant_key_sees_its_own(api, made, tenant, acme, rival_api):
    make_company(acme, "Sister")
    listed = api.get("/companies").json()
    assert listed == api.get("/platform/companies").json() and len(listed["companies"]) == 2
    (own,) = tenant.get("/companies").json()["companies"]
    assert own == api.get(f"/companies/{made['company']['id']}").json()
    assert tenant.post("/companies", {"vatNumber": "BE0403170701"}).status_code == 403
    assert rival_api.get("/companies").json()["companies"] == []
    acting = api.acting(made["company"]["id"])
    assert acting.get("/companies").json()["companies"] == [own]


@pytest.mark.parametrize("count", [1, 20])
def test_the_list_costs_the_same_however_long_it_is(api, acme, count, costs):
    for n in range(count):
        make_company(acme, f"Company {n}")
    api.get("/companies")
    with costs(3):
        assert len(api.get("/companies").json()["companies"]) == count
    page = api.get("/companies?limit=1").json()
    assert (page["nextCursor"] is None) == (count == 1)


# --- /me ----------------------------------------------------------------------------------------
def test_a_key_is_told_what_it_is_and_for_whom_it_acts(api, acme, made, tenant, costs):
    said = api.get("/me").json()
    assert (said["type"], said["scopes"], said["user"]) == ("api_key", ["*"], None)
    assert said["organization"]["id"].startswith("org_") and said["company"] is None
    assert said["organization"]["name"] == acme.title and said["apiKey"]["keyType"] == "platform"
    acting = api.acting(made["company"]["id"])
    assert acting.get("/me").json()["company"]["id"] == made["company"]["id"]
    own = tenant.get("/me").json()
    assert own["company"]["id"] == made["company"]["id"]
    assert own["apiKey"]["keyPrefix"] == made["apiKey"]["keyPrefix"] and "key" not in own["apiKey"]
    with costs(1):
        api.get("/me")


@pytest.mark.parametrize("count", [1, 12])
def test_a_person_is_told_for_whom_they_may_act(person, acme, count, costs):
    someone = person()
    user = Membership.objects.get(organization=acme).user
    for n in range(count):
        people.join(make_platform(f"Other {n}"), user, role=Role.VIEWER, by=SYSTEM)
    someone.get("/me")
    with costs(5):
        said = someone.get("/me").json()
    assert (said["type"], said["user"]["email"]) == ("user", user.email)
    assert len(said["organizations"]) == count + 1
    assert (said["organization"]["name"], said["organization"]["role"]) == (acme.title, "owner")
    first = someone.get("/me?limit=1").json()
    rest = someone.get(f"/me?limit=100&cursor={first['nextCursor']}").json()
    assert first["organizations"] + rest["organizations"] == said["organizations"]


@pytest.mark.parametrize("header", HEADERS)
def test_a_person_acts_for_the_organization_that_the_header_names(person, acme, rival, header):
    someone = person()
    user = Membership.objects.get(organization=acme).user
    other = make_platform("Other")
    people.join(other, user, role=Role.VIEWER, by=SYSTEM)
    named = someone.get("/me", headers={header: spelled(other)}).json()["organization"]
    assert (named["name"], named["role"]) == ("Other", "viewer")
    assert someone.get("/api-keys", headers={header: spelled(acme)}).status_code == 200
    refused = {
        someone.get("/me", headers={header: whose}).content
        for whose in (spelled(rival), "org_00000000000000000000000000", "685a5670efafaa26ebf0128e")
    }
    assert len(refused) == 1 and b"NOT_FOUND" in refused.pop()


@pytest.mark.parametrize("header", HEADERS)
def test_a_key_acts_for_its_own_organization_or_a_company_of_it(
    api, acme, rival, made, tenant, header
):
    company = made["company"]["id"]
    own = Organization.objects.get(kind="managed")
    assert api.get("/stats", headers={header: company}).json()["companyId"] == company
    assert api.get("/stats", headers={header: spelled(own)}).json()["companyId"] == company
    assert api.get("/stats", headers={header: spelled(acme)}).json()["code"] == "COMPANY_REQUIRED"
    assert tenant.get("/stats", headers={header: spelled(own)}).status_code == 200
    sister = make_company(acme, "Sister")
    both = api.acting(company).get("/stats", headers={header: spelled(sister)})
    assert (both.status_code, both.json()["code"]) == (422, "COMPANY_MISMATCH")
    for caller, whose in ((api, rival), (tenant, sister), (tenant, acme)):
        refused = caller.get("/stats", headers={header: spelled(whose)})
        unknown = caller.get("/stats", headers={header: "org_00000000000000000000000000"})
        assert (refused.status_code, refused.content) == (404, unknown.content)


def test_a_refusal_is_shown_as_the_vendors_catalogue_has_it_too(api):
    said = api.post("/companies", {}).json()
    (entry,) = said["errors"]
    assert said["error"] == {
        "type": "validation_error",
        "code": said["code"],
        "message": said["message"],
        "details": [
            {"field": "vatNumber", "rule": entry["code"], "message": entry["message"]},
        ],
    }
    nobody = api.get("/companies/comp_0").json()["error"]
    assert (nobody["type"], nobody["code"]) == ("not_found_error", "NOT_FOUND")


# --- /sandbox/bootstrap -------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("kind", "prefix", "reaches"),
    [
        ("personal", "flw_test_", 403),
        ("platform", "flw_plat_test_", 200),
        ("white_label", "flw_wl_test_", 200),
    ],
)
def test_a_stranger_in_the_sandbox_gets_a_company_and_a_key(kind, prefix, reaches):
    answer = Flowie(None).post(BOOTSTRAP, {"label": "my-laptop", "keyType": kind})
    made = answer.json()
    assert (answer.status_code, made["keyType"]) == (201, kind)
    assert answer["Cache-Control"] == "no-store"
    assert made["apiKey"].startswith(made["keyPrefix"]) and made["apiKey"].startswith(prefix)
    assert made["company"]["environment"] == "test" and made["company"]["peppolId"]
    api = Flowie(made["apiKey"])
    (listed,) = api.get("/companies").json()["companies"]
    assert listed["id"] == made["company"]["id"]
    assert api.get("/platform/companies").status_code == reaches
    assert api.get("/me").json()["apiKey"]["expiresAt"] == made["expiresAt"]
    # One stranger's is not another's.
    other = Flowie(Flowie(None).post(BOOTSTRAP).json()["apiKey"])
    assert other.get(f"/companies/{made['company']['id']}").status_code == 404


def test_on_a_real_network_a_stranger_gets_nothing(settings):
    settings.PEPPOL_NETWORK = "production"
    answer = Flowie(None).post(BOOTSTRAP, {})
    assert answer.status_code == 404 and not Organization.objects.exists()


def test_a_beginning_that_cannot_be_makes_nothing():
    answer = Flowie(None).post(BOOTSTRAP, {"keyType": "master"})
    assert answer.status_code == 422 and not Organization.objects.exists()
    assert Flowie(None).get(BOOTSTRAP).status_code == 405


def test_an_address_begins_so_often_and_no_more(monkeypatch):
    monkeypatch.setattr("config.api.flowie.views.account._PER_HOUR", 2)
    statuses = [Flowie(None).post(BOOTSTRAP).status_code for _ in range(3)]
    assert statuses == [201, 201, 429]
