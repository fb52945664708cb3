"""One call onboards a company (FLO-06 to FLO-13, FLO-53 to FLO-57, FLO-69)."""

import re
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from apikeys.models import ApiKey
from peppol.models import Participant
from tenants.models import Event, Organization
from tests.api.flowie.conftest import ONBOARDING, VAT, Flowie, platform_key
from webhooks.models import Endpoint

pytestmark = pytest.mark.django_db
COMPANIES = "/platform/companies"


def counts():
    models = (Organization, ApiKey, Endpoint, Participant, Event)
    return [model.objects.count() for model in models]


def test_one_call_onboards_with_every_documented_field(made):
    """FLO-06, FLO-08, FLO-14, FLO-68."""
    company, key, webhook = made["company"], made["apiKey"], made["webhook"]
    assert re.fullmatch(r"comp_[0-9a-z]{26}", company["id"])
    assert {
        name: company[name]
        for name in ("vatNumber", "name", "country", "status", "smpRegistered", "metadata")
    } == {
        "vatNumber": VAT,
        "name": "ACME France SARL",
        "country": "FR",
        "status": "active",
        "smpRegistered": False,
        "metadata": {"tenantId": "t_acme", "tier": "premium"},
    }
    assert company["peppolId"] == f"9957:{VAT}"
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z", company["createdAt"])
    assert re.fullmatch(r"flw_live_[0-9A-Za-z]{36}", key["key"])
    assert key["key"].startswith(key["keyPrefix"]) and key["name"] == "tenant-acme"
    assert webhook["url"] == ONBOARDING["webhook"]["url"] and webhook["status"] == "active"
    assert webhook["id"].startswith("wh_") and webhook["secret"].startswith("whsec_")


def test_webhook_and_key_are_optional(api):
    """FLO-07."""
    body = {"vatNumber": VAT, "name": "Backfilled", "metadata": {"tenantId": "t-9"}}
    answer = api.post(COMPANIES, body)
    assert answer.status_code == 201
    assert (answer.json()["apiKey"], answer.json()["webhook"]) == (None, None)
    assert not Endpoint.objects.exists()


def test_an_identifier_that_is_given_is_kept_as_it_is(onboard):
    """C-34."""
    assert onboard(peppolId=f"0009:{VAT}")["company"]["peppolId"] == f"0009:{VAT}"


@pytest.mark.parametrize(
    ("vat", "country", "identifier"),
    [
        ("BE0403170701", "BE", "0208:0403170701"),
        ("be 0403.170.701", "BE", "0208:0403170701"),
        ("EL094259216", "GR", "9933:094259216"),
        ("NL123456789B01", "NL", "9944:NL123456789B01"),
        ("IE1234567T", "IE", "9935:IE1234567T"),
        ("SA300000000000003", "SA", None),
    ],
)
def test_country_and_identifier_follow_from_the_vat_number(onboard, vat, country, identifier):
    company = onboard(vatNumber=vat)["company"]
    assert (company["country"], company["peppolId"]) == (country, identifier)
    assert company["vatNumber"] == re.sub(r"[ .]", "", vat).upper()


def test_registration_follows_and_reading_shows_it(api, made):
    """FLO-09."""
    Participant.objects.update(state="active")
    read = api.get(f"/companies/{made['company']['id']}").json()
    assert read["smpRegistered"] is True and read["smpStatus"] == "active"
    assert api.get(f"{COMPANIES}/{made['company']['id']}").json() == read  # C-33


def test_another_key_with_the_same_vat_number_learns_which_company_has_it(api, made):
    """FLO-13, FLO-69."""
    before = counts()
    for key, vat in (("other", VAT), ("third", "fr 86.797978996")):
        again = api.post(
            COMPANIES, {**ONBOARDING, "vatNumber": vat}, headers={"Idempotency-Key": key}
        )
        assert again.status_code == 409 and again["x-should-retry"] == "false"
        assert again.json()["code"] == "COMPANY_EXISTS"
        assert again.json()["companyId"] == made["company"]["id"]
    assert counts() == before


def test_the_same_key_gets_the_same_answer_secrets_included_below_both_prefixes(api):
    """FLO-11, FLO-52, C-23."""
    key = {"headers": {"Idempotency-Key": "tenant-acme-init"}}
    first = api.post(COMPANIES, ONBOARDING, **key)
    api.base = "/v1"
    again = api.post(COMPANIES, ONBOARDING, **key)
    assert (first.status_code, again.status_code) == (201, 201)
    assert again.content == first.content and "flw_live_" in again.content.decode()
    assert again["Cache-Control"] == "no-store"
    other = api.post(COMPANIES, {**ONBOARDING, "name": "Other"}, **key)
    assert (other.status_code, other.json()["code"]) == (422, "IDEMPOTENCY_KEY_REUSED")  # C-25


@pytest.mark.parametrize("environment", ["live", "test"])
def test_a_key_makes_companies_and_keys_of_its_own_environment(acme, onboard, environment):
    """FLO-60."""
    made = onboard(Flowie(platform_key(acme, environment)))
    assert made["company"]["environment"] == environment
    assert made["apiKey"]["key"].startswith(f"flw_{environment}_")
    assert made["webhook"]["environment"] == environment


def test_trying_out_does_not_take_the_vat_number_of_the_real_company(api, test_api, onboard):
    tried, real = onboard(test_api), onboard(api)
    assert tried["company"]["id"] != real["company"]["id"]
    for caller, own, other in ((api, real, tried), (test_api, tried, real)):
        assert caller.get(f"/companies/{own['company']['id']}").status_code == 200
        assert caller.get(f"/companies/{other['company']['id']}").status_code == 404
        listed = caller.get(COMPANIES).json()["companies"]
        assert [one["id"] for one in listed] == [own["company"]["id"]]
    again = test_api.post(COMPANIES, ONBOARDING)
    assert again.json()["companyId"] == tried["company"]["id"]


def test_two_platforms_have_the_same_company_each_for_itself(onboard, rival_api, made):
    theirs = onboard(rival_api)["company"]
    assert theirs["id"] != made["company"]["id"]
    assert (theirs["smpRegistered"], theirs["smpStatus"]) == (False, "elsewhere")


@pytest.mark.parametrize(
    ("change", "field", "code"),
    [
        ({"vatNumber": None}, "vatNumber", "required"),
        ({"name": None}, "name", "required"),
        ({"name": ""}, "name", "blank"),
        ({"name": 5}, "name", "not_a_string"),
        ({"name": "x" * 256}, "name", "max_length"),
        ({"vatNumber": "NOT-A-VAT"}, "vatNumber", "invalid_vat"),
        ({"vatNumber": "XX123456789"}, "vatNumber", "invalid_vat"),
        ({"vatNumber": "86797978996"}, "vatNumber", "invalid_vat"),
        ({"vatNumber": ["FR86797978996"]}, "vatNumber", "not_a_string"),
        ({"vatNumber": "FR" + "1" * 99}, "vatNumber", "invalid_vat"),
        ({"country": "FRA"}, "country", "invalid_country"),
        ({"country": "fr"}, "country", "invalid_country"),
        ({"peppolId": "nonsense"}, "peppolId", "malformed_identifier"),
        ({"metadata": "x"}, "metadata", "not_an_object"),
        ({"metadata": {f"k{n}": "" for n in range(21)}}, "metadata", "invalid"),
        ({"metadata": {"deep": {}}}, "metadata", "invalid"),
        ({"email": "nobody"}, "email", "invalid"),
        ({"address": []}, "address", "invalid"),
        ({"webhook": "x"}, "webhook", "invalid"),
        ({"webhook": {}}, "webhook.url", "required"),
        ({"webhook": {"url": "http://example.com"}}, "webhook.url", "invalid_url"),
        ({"webhook": {"url": "https://10.0.0.1/"}}, "webhook.url", "invalid_url"),
        ({"webhook": {"url": "https://e.com", "events": []}}, "webhook.events", "min_length"),
        ({"webhook": {"url": "https://e.com", "events": "x"}}, "webhook.events", "not_a_list"),
        (
            {"webhook": {"url": "https://e.com", "events": ["document.eaten"]}},
            "webhook.events",
            "unknown_event",
        ),
        (
            {"webhook": {"url": "https://e.com", "secret": "short"}},
            "webhook.secret",
            "invalid_secret",
        ),
        ({"apiKey": {"scopes": ["send"]}}, "apiKey.name", "required"),
        ({"apiKey": {"name": "k", "scopes": ["platform"]}}, "apiKey.scopes", "unknown_scope"),
        ({"apiKey": {"name": "k", "scopes": [{}]}}, "apiKey.scopes.0", "not_a_string"),
        ({"apiKey": {"name": "k", "scopes": []}}, "apiKey.scopes", "min_length"),
    ],
    ids=lambda value: str(value)[:40] if isinstance(value, dict) else None,
)
def test_bad_input_is_named_and_nothing_is_written(api, change, field, code):
    """FLO-53, FLO-56."""
    before = counts()
    body = {name: v for name, v in {**ONBOARDING, **change}.items() if v is not None}
    answer = api.post(COMPANIES, body)
    assert answer.status_code == 422, answer.content
    assert answer.json()["code"] == "INVALID"
    assert (answer.json()["errors"][0]["field"], answer.json()["errors"][0]["code"]) == (
        field,
        code,
    )
    assert counts() == before


@pytest.mark.parametrize(
    "raw",
    [
        b"{",
        b"[]",
        b'"x"',
        b"\xff",
        b'{"name":"a","name":"b"}',
        b'{"name":"a\\u0000"}',
        b'{"name":"\\ud800"}',
        b'{"n":99999999999999999999}',
        b'{"n":NaN}',
        b"[" * 5000,
    ],
)
def test_a_body_that_is_no_json_is_refused(api, raw):
    before = counts()
    answer = api.post(COMPANIES, raw=raw)
    assert answer.status_code in (400, 422) and answer.json()["code"] and counts() == before


def test_a_body_above_the_limit_is_refused(api):
    answer = api.post(COMPANIES, {"name": "x" * 2**20})
    assert (answer.status_code, answer.json()["code"]) == (413, "TOO_LARGE")


def test_unknown_fields_are_ignored(onboard):
    assert onboard(sector="retail")["company"]["name"] == "ACME France SARL"


def test_a_full_plan_is_said_so(api, acme, onboard):
    Organization.objects.filter(pk=acme.pk).update(company_limit=1)
    onboard()
    answer = api.post(COMPANIES, {"vatNumber": "BE0403170701", "name": "Two"})
    assert (answer.status_code, answer.json()["code"]) == (403, "COMPANY_LIMIT_REACHED")


def in_parallel(count, call):
    def one(number):
        try:
            return call(number)
        finally:
            connection.close()

    with ThreadPoolExecutor(count) as pool:
        return list(pool.map(one, range(count)))


@pytest.mark.django_db(transaction=True)
def test_five_concurrent_retries_with_one_key_make_one_company(acme):
    """FLO-12."""
    key = platform_key(acme)

    def onboard(_):
        header = {"Idempotency-Key": "tenant-acme-init"}
        return Flowie(key).post(COMPANIES, ONBOARDING, headers=header)

    answers = in_parallel(5, onboard)
    assert Organization.objects.filter(kind="managed").count() == 1
    assert {answer.status_code for answer in answers} <= {201, 409}
    assert len({answer.content for answer in answers if answer.status_code == 201}) == 1
    for answer in answers:
        if answer.status_code == 409:
            assert answer.json()["code"] == "IDEMPOTENCY_KEY_IN_USE" and answer["Retry-After"]
    assert onboard(0).status_code == 201


@pytest.mark.django_db(transaction=True)
def test_of_calls_that_race_for_one_vat_number_one_wins(acme):
    """FLO-69."""
    key = platform_key(acme)
    answers = in_parallel(5, lambda _: Flowie(key).post(COMPANIES, ONBOARDING))
    assert sorted(answer.status_code for answer in answers) == [201, 409, 409, 409, 409]
    won = next(a.json()["company"]["id"] for a in answers if a.status_code == 201)
    lost = {a.json()["companyId"] for a in answers if a.status_code == 409}
    assert lost == {won} and ApiKey.objects.filter(kind="company").count() == 1


def test_the_backfill_loop_runs_twice_and_a_bad_tenant_fails_alone(api):
    """FLO-53, FLO-55, FLO-57: the playbook's loop, with keys and then with new ones."""
    tenants = [(f"t-{n}", f"FR{n:011d}") for n in range(1, 12)] + [("bad", "none")]
    statuses = []
    for run in ("backfill", "backfill", "later"):
        for tenant, vat in tenants:
            body = {"vatNumber": vat, "name": f"Tenant {tenant}", "metadata": {"tenantId": tenant}}
            header = {"Idempotency-Key": f"{run}-{tenant}"}
            statuses.append(api.post(COMPANIES, body, headers=header).status_code)
    assert statuses == ([201] * 11 + [422]) * 2 + [409] * 11 + [422]
    assert Organization.objects.filter(kind="managed").count() == 11
