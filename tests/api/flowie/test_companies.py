"""Companies after onboarding: read, list, change, deregister (FLO-09, FLO-49, FLO-50)."""

from urllib.parse import urlencode

import pytest

from peppol.models import Document, Participant
from tenants.models import Event, Organization
from tenants.services import organizations
from tests.api.flowie.conftest import ONBOARDING, VAT, Flowie, platform_key
from tests.conftest import SYSTEM, make_company

pytestmark = pytest.mark.django_db
COMPANIES = "/platform/companies"


def test_companies_made_by_any_surface_are_shown(api, bakery):
    (shown,) = api.get(COMPANIES).json()["companies"]
    assert (shown["name"], shown["metadata"]) == ("Bakery Peeters", {"tenantId": "t-1"})
    assert (shown["vatNumber"], shown["peppolId"], shown["smpRegistered"]) == (None, None, False)


def test_pages_lead_from_one_to_the_next_and_nothing_is_shown_twice(api, acme):
    made = [make_company(acme, f"Company {n}") for n in range(7)]
    seen, cursor, pages = [], "", 0
    while cursor is not None:
        answer = api.get(f"{COMPANIES}?limit=3&cursor={cursor}").json()
        seen += [one["name"] for one in answer["companies"]]
        cursor, pages = answer["nextCursor"], pages + 1
        make_company(acme, f"Newcomer {pages}")
    assert seen == [row.name for row in reversed(made)] and pages == 3


@pytest.mark.parametrize("count", [1, 20])
def test_a_list_costs_the_same_however_long_it_is(api, acme, count, costs):
    for n in range(count):
        company = make_company(acme, f"Company {n}")
        Participant.objects.create(
            organization=company, scheme="0208", value=f"{n:010}", state="active"
        )
    api.get(COMPANIES)
    with costs(3):  # the key, the page, its identifiers
        assert len(api.get(COMPANIES).json()["companies"]) == count


def test_reading_one_company_costs_three_queries(api, made, costs):
    with costs(3):
        api.get(f"/companies/{made['company']['id']}")


@pytest.mark.parametrize(
    ("query", "names"),
    [
        (f"vatNumber={VAT}", ["ACME France SARL"]),
        ("vatNumber=fr%2086.797978996", ["ACME France SARL"]),
        ("tenantId=t_acme", ["ACME France SARL"]),
        ("name=peeters", ["Bakery Peeters"]),
        ("status=suspended", ["Bakery Peeters"]),
        ("status=deregistered", ["Gone"]),
        ("status=active", ["ACME France SARL"]),
    ],
)
def test_companies_are_found_by_what_a_platform_knows(api, acme, bakery, made, query, names):
    organizations.suspend(bakery, reason="unpaid", by=SYSTEM)
    organizations.delete(make_company(acme, "Gone"), by=SYSTEM)
    found = api.get(f"{COMPANIES}?{query}").json()["companies"]
    assert [one["name"] for one in found] == names


@pytest.mark.parametrize("sizes", [(1000, 1000, 10), (0, 2, 3), (2, 1, 1), (0, 1, 0)], ids=str)
@pytest.mark.parametrize("name", ["garage", "GARAGE n", "age north", "ga", "é", "none", "é cafe"])
def test_a_part_of_a_name_finds_the_newest_however_common_it_is(
    api, acme, rival, monkeypatch, sizes, name
):
    for constant, size in zip(("_RARE", "_WINDOW", "_WINDOWS"), sizes, strict=True):
        monkeypatch.setattr(f"tenants.search.{constant}", size)
    made = ["Garage North", "Café", "Garage South", "Garage N", "Big Garage North", "É café cafe"]
    for one in made:
        make_company(acme, one)
    make_company(rival, "Garage North")
    seen, cursor = [], ""
    while cursor is not None:
        query = urlencode({"limit": 2, "cursor": cursor, "name": name})
        page = api.get(f"{COMPANIES}?{query}").json()
        seen, cursor = [*seen, *(one["name"] for one in page["companies"])], page["nextCursor"]
    mine = Organization.objects.filter(parent=acme, name__icontains=name).order_by("-pk")
    assert seen == [one.name for one in mine]


@pytest.mark.parametrize(
    "query",
    [
        "limit=-1",
        "limit=0",
        "limit=101",
        "limit=x",
        "limit=99999999999999999999",
        "limit=1.5",
        "cursor=forged",
        "cursor=%00",
        "cursor=" + "x" * 400,
        "status=gone",
        "vatNumber=1",
        "name=%00",
    ],
    ids=lambda query: query[:20],
)
@pytest.mark.parametrize("path", [COMPANIES])
def test_a_query_that_cannot_be_is_refused(api, path, query):
    answer = api.get(f"{path}?{query}")
    assert answer.status_code == 422 and answer.json()["errors"][0]["field"] == query.split("=")[0]


def test_a_cursor_of_another_platform_or_list_is_refused(api, rival_api, rival, acme):
    for platform in (acme, rival):
        for n in range(3):
            make_company(platform, f"Company {n}")
    cursor = rival_api.get(f"{COMPANIES}?limit=1").json()["nextCursor"]
    for path in (COMPANIES, "/webhooks", "/platform/api-keys"):
        assert api.get(f"{path}?cursor={cursor}").json()["code"] == "INVALID_CURSOR"


def test_a_change_leaves_out_what_is_left_out(api, made):
    path = f"/companies/{made['company']['id']}"
    change = {
        "name": "ACME SAS",
        "metadata": {"tier": None, "note": "x"},
        "address": {"city": "Lyon", "country": "FR"},
    }
    changed = api.patch(path, change)
    assert changed.status_code == 200
    shown = changed.json()
    assert (shown["name"], shown["vatNumber"]) == ("ACME SAS", VAT)
    assert shown["metadata"] == {"tenantId": "t_acme", "note": "x"}
    assert shown["address"]["city"] == "Lyon" and shown["address"]["street"] == ""
    assert api.get(path).json() == shown
    events = Event.objects.count()
    assert api.patch(path, {"name": "ACME SAS"}).json() == shown
    assert api.patch(path, {}).json() == shown and Event.objects.count() == events


def test_a_company_without_identifier_is_registered_once_it_has_one(api, onboard):
    made = onboard(vatNumber="SA300000000000003")["company"]
    assert made["peppolId"] is None
    path = f"/companies/{made['id']}"
    shown = api.patch(path, {"peppolId": "0088:9012345000004"}).json()
    assert (shown["peppolId"], shown["smpStatus"]) == ("0088:9012345000004", "pending")
    Participant.objects.update(state="active")
    again = api.patch(path, {"peppolId": "0088:9012345000004"})
    assert again.status_code == 200 and again.json()["smpRegistered"] is True
    other = api.patch(path, {"peppolId": "0060:123456789"})
    assert other.status_code == 409 and Participant.objects.count() == 1


def test_a_vat_number_is_not_changed_into_a_sisters(api, made, onboard):
    sister = onboard(vatNumber="BE0403170701", name="Sister")["company"]["id"]
    answer = api.patch(f"/companies/{sister}", {"vatNumber": VAT})
    assert (answer.status_code, answer.json()["code"]) == (409, "COMPANY_EXISTS")
    assert answer.json()["companyId"] == made["company"]["id"]
    assert api.patch(f"/companies/{sister}", {"vatNumber": "BE0202239951"}).status_code == 200
    freed = onboard(vatNumber="BE0403170701", name="Third")
    assert freed["company"]["id"] != sister


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"name": ""}, "name"),
        ({"name": None}, "name"),
        ({"vatNumber": "x"}, "vatNumber"),
        ({"metadata": []}, "metadata"),
        ({"metadata": {"a": "x" * 501}}, "metadata"),
        ({"address": {"country": "XX"}}, "address.country"),
        ({"peppolId": "1"}, "peppolId"),
    ],
    ids=str,
)
def test_a_change_that_cannot_be_changes_nothing(api, made, change, field):
    path = f"/companies/{made['company']['id']}"
    answer = api.patch(path, {"legalName": "Changed", **change})
    assert answer.status_code == 422 and answer.json()["errors"][0]["field"] == field
    assert api.get(path).json()["legalName"] is None


def test_deregistering_ends_sending_and_leaves_history(api, made, tenant):
    """FLO-49, FLO-50, C-69."""
    company = made["company"]["id"]
    Participant.objects.update(state="active")
    acting = api.acting(company)
    sent = acting.post("/documents/send", {"document": {"any": "thing"}})
    assert sent.status_code == 202
    answer = api.delete(f"/companies/{company}")
    assert (answer.status_code, answer.content) == (204, b"")
    assert Participant.objects.get().state == "unregistering"
    assert api.get(f"/companies/{company}").json()["status"] == "deregistered"
    refused = acting.post("/documents/send", {"document": {"any": "thing"}})
    assert (refused.status_code, refused.json()["code"]) == (409, "COMPANY_DEREGISTERED")
    assert tenant.post("/documents/send", {"document": {"any": "thing"}}).status_code == 401
    listed = acting.get("/documents").json()["documents"]
    assert [one["id"] for one in listed] == [sent.json()["id"]]
    for rest in ("", "/payload"):
        assert acting.get(f"/documents/{sent.json()['id']}{rest}").status_code == 200
    assert Document.objects.count() == 1
    assert acting.get("/stats").json()["documents"]["sent"] == 1
    assert acting.get(f"/webhooks/{made['webhook']['id']}").status_code == 200
    assert api.get(COMPANIES).json()["companies"] == []


def test_deregistering_again_changes_nothing_and_writing_is_refused(api, made):
    path = f"/companies/{made['company']['id']}"
    api.delete(path)
    events = Event.objects.count()
    assert api.delete(path).status_code == 204
    for answer in (
        api.patch(path, {"name": "x"}),
        api.post(f"{path}/api-keys", {"name": "x"}),
        api.acting(made["company"]["id"]).post("/webhooks", {"url": "https://e.com"}),
    ):
        assert (answer.status_code, answer.json()["code"]) == (409, "COMPANY_DEREGISTERED")
    assert Event.objects.count() == events


def test_a_customer_who_comes_back_is_onboarded_anew(api, made, onboard):
    api.delete(f"/companies/{made['company']['id']}")
    again = onboard()
    assert again["company"]["id"] != made["company"]["id"]


@pytest.mark.parametrize("path", ["/companies/{}", "/platform/companies/{}"])
@pytest.mark.parametrize("method", ["GET", "PATCH", "DELETE"])
def test_foreign_and_unknown_companies_are_answered_alike(api, rival_api, made, method, path):
    """FLO-21."""
    known, unknown = made["company"]["id"], "comp_00000000000000000000000000"
    events = Event.objects.count()
    theirs = rival_api(method, path.format(known), {})
    nobodys = rival_api(method, path.format(unknown), {})
    assert (theirs.status_code, theirs.content) == (404, nobodys.content)
    assert Event.objects.count() == events and Organization.objects.live().count() == 3


def test_a_suspended_company_is_read_and_does_not_send(api, made, tenant):
    company = Organization.objects.get(kind="managed")
    organizations.suspend(company, reason="unpaid", by=SYSTEM)
    acting = api.acting(made["company"]["id"])
    assert acting.get("/documents").status_code == 200
    answer = acting.post("/documents/send", {"document": {"any": "thing"}})
    assert (answer.status_code, answer.json()["code"]) == (409, "NOT_ACTIVE")
    assert tenant.get("/documents").status_code == 403
    assert not Document.objects.exists()


def test_what_is_shown_below_both_prefixes_is_the_same(api, made):
    """FLO-52."""
    path = f"/companies/{made['company']['id']}"
    for one in (path, COMPANIES, "/platform/settings", "/webhooks", "/platform/api-keys", "/nix"):
        api.base = "/exchange/v1"
        first = api.get(one)
        api.base = "/v1"
        second = api.get(one)
        slashed = api.get(one + "/")
        assert first.status_code == second.status_code == slashed.status_code
        assert first.content == second.content == slashed.content


def test_onboarding_needs_the_platforms_own_scope(acme, onboard):
    api = Flowie(platform_key(acme, scopes=["send"]))
    answer = api.post(COMPANIES, ONBOARDING)
    assert (answer.status_code, answer.json()["code"]) == (403, "INSUFFICIENT_SCOPE")
