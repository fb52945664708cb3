"""Every route of GoRoute's surface with every credential: nobody reaches what is not theirs.

GOR-18, GOR-19, GOR-23, GOR-29, GOR-32 as a whole. Every route is walked with the ids in its path
and with the organization in the header.
"""

import pytest

from apikeys.models import ApiKey
from apikeys.services import keys
from peppol.models import Document, Participant
from peppol.services.documents import documents, intake
from peppol.services.registration import participants
from tenants.ids import spell, uuid7
from tests.api.goroute.conftest import GoRouteCaller
from tests.api.routes import METHODS, fingerprint, routes
from tests.conftest import SYSTEM
from webhooks.models import Endpoint
from webhooks.services import endpoints

ROUTES = routes("goroute", below="api/v1/")
BODY = {
    "name": "walker",
    "country": "BE",
    "peppol_id": "0208:0202239951",
    "number": "W-1",
    "url": "https://walker.example/hook",
    "events": ["*"],
}
STRANGERS = ("another platform", "another platform's company")
NOBODIES = {
    "nobody": 401,
    "garbage": 401,
    "a revoked key": 401,
    "a deleted company": 401,
    "a suspended platform": 403,
}


def things(organization, identifier):
    """One of everything of an organization, by the names that routes have for them."""
    draft = intake.from_json(organization, {"number": "1"}, kind="invoice")
    document = documents.send(organization, draft, by=SYSTEM)
    hook, _ = endpoints.create(
        organization, url="https://x.example", event_types=["*"], by=SYSTEM, dialect="goroute"
    )
    return {
        "org_id": spell("org", organization.pk),
        "invoice_id": spell("inv", document.pk),
        "transaction_id": spell("txn", document.pk),
        "participant_id": spell(
            "part", participants.register(organization, identifier, by=SYSTEM).pk
        ),
        "webhook_id": spell("wh", hook.pk),
        "key_id": spell("key", keys.issue(organization, name="k", by=SYSTEM)[0].pk),
    }


@pytest.fixture
def walk(world, bakery, rivals_company):
    """Callers of every kind, with ids that are theirs, a stranger's and nobody's."""
    own, foreign = things(bakery, "0208:0403170701"), things(rivals_company, "0106:12345678")
    unknown = {name: spell("x", uuid7()) for name in own}
    return {
        "callers": {
            name: GoRouteCaller(caller.headers.get("Authorization", "").removeprefix("Bearer "))
            for name, caller in world["callers"].items()
        },
        "ids": {
            "own": own,
            "foreign": foreign,
            "unknown": unknown,
            "foreign things": {**foreign, "org_id": own["org_id"]},
            "unknown things": {**unknown, "org_id": own["org_id"]},
        },
    }


def call(caller, method, route, ids):
    headers = {} if "{org_id}" in route else {"X-Organization-Id": ids["org_id"]}
    body = None if method == "GET" else BODY
    query = "?peppol_id=0208:0202239951" if route.endswith("/lookup") else ""
    return caller(method, f"/{route.format(**ids)}{query}", body, base="", headers=headers)


def everything():
    return fingerprint(), *(
        list(model.objects.order_by("pk").values_list("pk", "updated_at"))
        for model in (Document, Participant, Endpoint, ApiKey)
    )


def test_the_walk_knows_the_routes():
    """GOR-25: below the other prefix there are the same."""
    assert routes("goroute", below="peppol-api/api/") == [f"peppol-api/{route}" for route in ROUTES]
    assert len(ROUTES) == 25 and "api/v1/organizations/{org_id}/webhooks/{webhook_id}" in ROUTES


def test_who_has_no_good_key_gets_nowhere(walk):
    for route in ROUTES:
        before = everything()
        for method in METHODS:
            for who, status in NOBODIES.items():
                answer = call(walk["callers"][who], method, route, walk["ids"]["own"])
                assert answer.status_code == status, (route, who, method)
        assert everything() == before


def test_a_stranger_gets_what_whoever_guesses_gets(walk):
    for route in ROUTES:
        before = everything()
        for method in METHODS:
            for who in STRANGERS:
                found = call(walk["callers"][who], method, route, walk["ids"]["own"])
                guess = call(walk["callers"][who], method, route, walk["ids"]["unknown"])
                assert found.status_code in (404, 405), (route, who, method)
                assert (found.status_code, found.content) == (guess.status_code, guess.content)
        assert everything() == before


def test_a_strangers_thing_at_ones_own_organization_is_unknown(walk):
    for route in [r for r in ROUTES if r.count("{") > ("{org_id}" in r)]:
        before = everything()
        for method in METHODS:
            for who in ("the platform", "the company"):
                found = call(walk["callers"][who], method, route, walk["ids"]["foreign things"])
                guess = call(walk["callers"][who], method, route, walk["ids"]["unknown things"])
                assert found.status_code in (403, 404, 405), (route, who, method)
                assert (found.status_code, found.content) == (guess.status_code, guess.content)
        assert everything() == before


def test_what_is_shown_names_no_stranger(walk):
    for route in ROUTES:
        for who in ("the platform", "the company"):
            answer = call(walk["callers"][who], "GET", route, walk["ids"]["own"])
            alone = "api-keys" in route or route.endswith("/send")
            assert answer.status_code == 200 or (alone and answer.status_code in (403, 405)), (
                route,
                who,
            )
            text = answer.content.decode()
            assert "Rival" not in text
            assert not any(id in text for id in walk["ids"]["foreign"].values())
