"""Limits are counted for the organization a call is about; repeated calls have one effect."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from peppol.models import Document
from tenants.models import Organization
from tests.api.goroute.conftest import GoRouteCaller

ANSWERED = {"error": "rate_limited", "message": "Rate limit exceeded"}


def exhaust(caller, path="/webhooks"):
    while caller.get(path).status_code != 429:
        pass


def test_an_organization_at_its_limit_does_not_slow_another(acme, call, for_org, first, second):
    """GOR-20, with one key; the platform's own figure applies to each."""
    Organization.objects.filter(pk=acme.pk).update(requests_per_minute=5)
    exhaust(for_org(first))
    refused = call.get(f"/organizations/{first}")
    assert (refused.status_code, refused.json()) == (429, ANSWERED)
    assert 0 < int(refused["Retry-After"]) <= 61 and refused["X-RateLimit-Limit"] == "5"
    assert for_org(second).get("/webhooks").status_code == 200
    assert call.get("/organizations").status_code == 200


def test_two_keys_of_one_organization_share_its_limit(acme, for_org, key_of, bakery):
    Organization.objects.filter(pk=acme.pk).update(requests_per_minute=5)
    exhaust(for_org(str(bakery.pk)))
    assert key_of(bakery).get("/webhooks").status_code == 429


def test_who_guesses_ids_uses_up_its_own_limit(acme, rivals_company, for_org, rival_call, call):
    Organization.objects.update(requests_per_minute=5)
    for _ in range(10):
        for_org(str(rivals_company.pk)).get("/invoices")
    assert call.get("/organizations").status_code == 429
    assert rival_call.get(f"/organizations/{rivals_company.pk}").status_code == 200


def test_every_answer_says_what_is_left(call, for_org, first):
    answers = (
        call.get("/organizations"),
        for_org("x").get("/invoices"),
        call.get("/nowhere"),
        call.post("/organizations", {}),
        GoRouteCaller(None).get("/organizations"),
    )
    for answer in answers:
        assert int(answer["X-RateLimit-Remaining"]) < int(answer["X-RateLimit-Limit"])
        assert answer["X-Request-ID"]


def test_one_idempotency_key_for_two_organizations_is_two_calls(for_org, first, second):
    headers = {"Idempotency-Key": "k-1"}
    made = [for_org(o).post("/invoices", {"number": "1"}, headers=headers) for o in (first, second)]
    again = for_org(first).post("/invoices", {"number": "1"}, headers=headers)
    assert [answer.status_code for answer in (*made, again)] == [201, 201, 201]
    assert again.content == made[0].content != made[1].content
    assert Document.objects.count() == 2
    reused = for_org(first).post("/invoices", {"number": "2"}, headers=headers)
    assert (reused.status_code, reused.json()["error"]) == (422, "idempotency_key_reused")


@pytest.mark.django_db(transaction=True)
def test_of_many_simultaneous_repetitions_one_sends(acme_key, bakery):
    headers = {"Idempotency-Key": "k-2"}

    def post(_):
        try:
            caller = GoRouteCaller(acme_key, str(bakery.pk))
            return caller.post("/invoices", {"number": "1"}, headers=headers).status_code
        finally:
            connection.close()

    with ThreadPoolExecutor(6) as pool:
        statuses = list(pool.map(post, range(12)))
    assert Document.objects.count() == 1
    assert 201 in statuses and set(statuses) <= {201, 409}


@pytest.mark.django_db(transaction=True)
def test_of_many_calls_for_the_last_place_under_the_plan_one_gets_it(acme, acme_key):
    Organization.objects.filter(pk=acme.pk).update(company_limit=1)

    def create(n):
        try:
            body = {"name": f"One {n}", "country": "NL"}
            return GoRouteCaller(acme_key).post("/organizations", body).status_code
        finally:
            connection.close()

    with ThreadPoolExecutor(6) as pool:
        statuses = sorted(pool.map(create, range(8)))
    assert statuses == [201, *[403] * 7]


@pytest.mark.django_db(transaction=True)
def test_of_two_organizations_that_want_one_identifier_one_gets_it(acme_key, make):
    def register(org_id):
        try:
            caller = GoRouteCaller(acme_key, org_id)
            return caller.post("/participants", {"peppol_id": "0208:0403170701"}).status_code
        finally:
            connection.close()

    ids = [make(f"One {n}") for n in range(4)]
    with ThreadPoolExecutor(4) as pool:
        statuses = sorted(pool.map(register, ids))
    assert statuses == [201, 409, 409, 409]
