"""Webhooks as records: made, read, listed, changed, deleted, by whom (FLO-16, FLO-29, FLO-56)."""

import pytest

from tenants.models import Event
from tests.api.flowie.conftest import Flowie, platform_key
from webhooks.models import Delivery, Endpoint

pytestmark = pytest.mark.django_db
HOOKS = "/webhooks"


def test_a_webhook_is_changed_and_deleted(made, api):
    path = f"{HOOKS}/{made['webhook']['id']}"
    change = {"url": "https://new.example/h", "events": ["document.*"], "description": "New"}
    changed = api.patch(path, change).json()
    assert {name: changed[name] for name in change} == change
    assert api.patch(path, {"description": ""}).json()["url"] == change["url"]
    answer = api.delete(path)
    assert (answer.status_code, answer.content) == (204, b"")
    assert api.get(path).status_code == 404 and api.delete(path).status_code == 404


@pytest.mark.parametrize("who", ["a tenant key", "a platform key with a header"])
def test_a_webhook_of_one_company_is_made_by(who, made, tenant, api):
    caller = tenant if who == "a tenant key" else api.acting(made["company"]["id"])
    answer = caller.post(HOOKS, {"url": "https://e.com/h", "events": ["document.received"]})
    assert answer.status_code == 201
    shown = answer.json()
    assert shown["companyId"] == made["company"]["id"] and shown["secret"].startswith("whsec_")
    assert not Endpoint.objects.filter(covers_companies=True).exists()


def test_whoever_acts_for_a_company_sees_its_webhooks_alone(made, tenant, api, onboard, rival_api):
    sister = onboard(vatNumber="BE0403170701", name="Sister")
    wide = api.post(HOOKS, {"url": "https://e.com/all"}).json()["id"]
    own, other = made["webhook"]["id"], sister["webhook"]["id"]
    assert {one["id"] for one in api.get(HOOKS).json()["webhooks"]} == {own, other, wide}
    for caller in (tenant, api.acting(made["company"]["id"])):
        assert [one["id"] for one in caller.get(HOOKS).json()["webhooks"]] == [own]
    events = Event.objects.count()
    for caller, hidden in (
        (tenant, other),
        (tenant, wide),
        (rival_api, own),
        (rival_api, wide),
        (api.acting(made["company"]["id"]), other),
    ):
        unknown = f"{HOOKS}/wh_00000000000000000000000000"
        for method, rest in (
            ("GET", ""),
            ("PATCH", ""),
            ("DELETE", ""),
            ("GET", "/deliveries"),
            ("POST", "/rotate-secret"),
            ("POST", "/test"),
            ("POST", "/replay"),
        ):
            theirs = caller(method, f"{HOOKS}/{hidden}{rest}", {})
            nobodys = caller(method, unknown + rest, {})
            assert (theirs.status_code, theirs.content) == (404, nobodys.content)
    assert Event.objects.count() == events


def test_a_test_key_sees_no_live_webhooks(test_api, made):
    assert test_api.get(HOOKS).json()["webhooks"] == []
    assert test_api.get(f"{HOOKS}/{made['webhook']['id']}").status_code == 404


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "url"),
        ({"url": None}, "url"),
        ({"url": "ftp://e.com"}, "url"),
        ({"url": "http://example.com/h"}, "url"),
        ({"url": "https://u:p@10.0.0.1"}, "url"),
        ({"url": "https://169.254.169.254/"}, "url"),
        ({"url": "https://e.com/" + "x" * 2000}, "url"),
        ({"url": "https://e.com", "events": ["invoice.*"]}, "events"),
        ({"url": "https://e.com", "events": [".*"]}, "events"),
        ({"url": "https://e.com", "events": [""]}, "events.0"),
        ({"url": "https://e.com", "events": {"a": 1}}, "events"),
        ({"url": "https://e.com", "secret": "x"}, "secret"),
        ({"url": "https://e.com", "description": "x" * 256}, "description"),
    ],
    ids=lambda value: str(value)[:60],
)
def test_a_webhook_that_cannot_be_is_named(api, body, field):
    """FLO-56."""
    answer = api.post(HOOKS, body)
    assert answer.status_code == 422 and answer.json()["errors"][0]["field"] == field
    assert not Endpoint.objects.exists()


@pytest.mark.parametrize(
    ("rest", "body", "field"),
    [
        ("", {"status": "paused"}, "status"),
        ("", {"url": "x"}, "url"),
        ("", {"events": []}, "events"),
        ("/rotate-secret", {"overlapSeconds": -1}, "overlapSeconds"),
        ("/rotate-secret", {"overlapSeconds": 10**9}, "overlapSeconds"),
        ("/rotate-secret", {"overlapSeconds": True}, "overlapSeconds"),
        ("/replay", {"what": "all"}, "what"),
        ("/replay", {"what": "failed", "since": "x"}, "since"),
    ],
    ids=str,
)
def test_a_change_that_cannot_be_is_named(api, made, rest, body, field):
    method = "POST" if rest else "PATCH"
    answer = api(method, f"{HOOKS}/{made['webhook']['id']}{rest}", body)
    assert answer.status_code == 422 and answer.json()["errors"][0]["field"] == field


@pytest.mark.parametrize("count", [1, 20])
def test_lists_cost_the_same_however_long(api, acme, count, costs):
    made = [api.post(HOOKS, {"url": f"https://e.com/{n}"}).json() for n in range(count)]
    assert len(api.get(HOOKS).json()["webhooks"]) == count
    with costs(2):  # the key, the page
        api.get(HOOKS)
    endpoint = Endpoint.objects.first()
    for _ in range(count):
        event = Event.objects.create(
            type="company.created", organization=acme, platform=acme, environment="live"
        )
        Delivery.objects.create(organization=acme, endpoint=endpoint, event=event)
    assert made
    with costs(4):  # the key, the webhook, the page, the attempts
        found = api.get(f"{HOOKS}/{endpoint.pk}/deliveries").json()["deliveries"]
    assert len(found) == count


def test_webhooks_are_for_who_may_follow_documents(acme, made):
    weak = Flowie(platform_key(acme, scopes=["send"]))
    for method, path in (("GET", HOOKS), ("POST", HOOKS), ("DELETE", f"{HOOKS}/x")):
        assert weak(method, path, {}).json()["code"] == "INSUFFICIENT_SCOPE"
