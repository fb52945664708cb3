"""Every route of the platform API with every credential: nobody reaches what is not theirs."""

from datetime import date
from itertools import product

import pytest

from apikeys.models import ApiKey
from apikeys.services import keys
from config.api.kit.people import issue_token
from peppol.models import Document
from tenants.ids import spell, uuid7
from tenants.models import Event, Organization, Role, User
from tenants.services import client_links, organizations, people
from tests.api.conftest import Caller
from tests.api.flowie.conftest import platform_key
from tests.api.routes import METHODS, fingerprint, routes
from tests.conftest import SYSTEM, make_company, make_platform
from webhooks.models import Delivery, Endpoint
from webhooks.services import endpoints

# A wall in the database would answer for a filter that is missing: SQLite has none.
pytestmark = [pytest.mark.django_db, pytest.mark.once]
# What answers strangers, and says nothing of anybody.
OPEN = ("health", "sandbox")
ALL = [route for route in routes("flowie") if not any(one in route for one in OPEN)]
# Both prefixes lead to the same views: one is walked.
ROUTES = [route for route in ALL if route.startswith("v1")]
TARGETED = [route for route in ROUTES if "{" in route]
BODY = {
    "name": "walker",
    "vatNumber": "BE0403170701",
    "url": "https://walker.example/h",
    "document": {"any": "thing"},
    "documents": [{"document": {"any": "thing"}}],
}
ACTING = "X-Flowie-Company"
# Who tries to reach whose things, by path and by header.
_STRANGERS = (
    ("the platform", "foreign"),
    ("another platform", "own"),
    ("a sister", "own"),
    ("the company", "sister"),
    ("the company", "foreign"),
    ("the platform's test key", "own"),
    ("another platform's company", "own"),
    ("a person of another platform", "own"),
)
_PRETENDERS = (
    ("the platform", "foreign"),
    ("a sister", "own"),
    ("the company", "sister"),
    ("another platform's company", "own"),
)


def test_the_walk_knows_the_routes_below_both_prefixes():
    assert len(ROUTES) == 35
    assert sorted(ALL) == sorted([*ROUTES, *(f"exchange/{route}" for route in ROUTES)])


def things(company):
    """A key, a webhook, a delivery, a document and a link of a company, by the names paths have."""
    key, secret = keys.issue(company, name=f"key of {company.name}", by=SYSTEM)
    endpoint, _ = endpoints.create(
        company, url=f"https://{company.pk}.example/", event_types=["*"], by=SYSTEM
    )
    event = Event.objects.filter(organization=company).first()
    delivery = Delivery.objects.create(
        organization=company, endpoint=endpoint, event=event, state="exhausted"
    )
    document = Document.objects.create(
        organization=company,
        direction="inbound",
        kind="invoice",
        state="received",
        instance_id="1",
        number=f"of {company.name}",
        retain_until=date(2036, 12, 31),
    )
    found = {
        "company": company,
        "key": key,
        "webhook": endpoint,
        "delivery": delivery,
        "document": document,
        "link": client_links.make(company, "profile", by=SYSTEM),
    }
    ids = {f"{name}_id": spell("x", row.pk) for name, row in found.items()}
    return {**ids, "place": "0"}, secret


def person(platform):
    user = User.objects.create_user(f"{platform.pk}@example.com")
    people.join(platform, user, role=Role.OWNER, by=SYSTEM)
    return issue_token(user)


@pytest.fixture
def world(acme, bakery, rival, rivals_company):
    suspended, sister = make_platform("Suspended"), make_company(acme, "Sister")
    own, secret = things(bakery)
    foreign, rivals_secret = things(rivals_company)
    sisters, sisters_secret = things(sister)
    closed_key = platform_key(suspended)
    organizations.suspend(suspended, reason="unpaid", by=SYSTEM)
    Organization.objects.update(requests_per_minute=10_000, requests_per_hour=100_000)
    callers = {
        "nobody": None,
        "garbage": "flw_live_" + "0" * 36,
        "a suspended platform": closed_key,
        "the platform": platform_key(acme),
        "another platform": platform_key(rival),
        "the platform's test key": platform_key(acme, "test"),
        "the company": secret,
        "another platform's company": rivals_secret,
        "a sister": sisters_secret,
        "a person of the platform": person(acme),
        "a person of another platform": person(rival),
    }
    return {
        "callers": {name: Caller(key) for name, key in callers.items()},
        "own": own,
        "foreign": foreign,
        "sister": sisters,
        "unknown": {**{name: spell("x", uuid7()) for name in own}, "place": "0"},
    }


def trace():
    """Everything that a write would change."""
    return (
        fingerprint(),
        list(Endpoint.objects.order_by("pk").values_list("pk", "updated_at", "deleted_at")),
        Document.objects.count(),
        ApiKey.objects.count(),
    )


def call(caller, method, route, ids, **headers):
    body = None if method == "GET" else BODY
    return caller(method, "/" + route.format(**ids), body, headers=headers)


def test_who_has_no_good_key_gets_nowhere(world):
    for route in ROUTES:
        before = trace()
        refused = {"nobody": 401, "garbage": 401, "a suspended platform": 403}
        for (who, status), method in product(refused.items(), METHODS):
            assert call(world["callers"][who], method, route, world["own"]).status_code == status
        assert trace() == before


def test_what_is_not_yours_is_as_good_as_none(world):
    """FLO-16, FLO-21."""
    for route in TARGETED:
        before = trace()
        for (who, theirs), method in product(_STRANGERS, METHODS):
            caller = world["callers"][who]
            found = call(caller, method, route, world[theirs])
            unknown = call(caller, method, route, world["unknown"])
            assert found.status_code in (403, 404, 405), (route, who)
            assert (found.status_code, found.content) == (unknown.status_code, unknown.content), (
                route,
                who,
            )
        assert trace() == before


def test_nobody_acts_for_who_is_not_theirs(world):
    """FLO-16, FLO-21."""
    for route in ROUTES:
        before = trace()
        for (who, theirs), method in product(_PRETENDERS, METHODS):
            caller, mine = world["callers"][who], world["own"]
            found, unknown = (
                call(caller, method, route, mine, **{ACTING: world[whose]["company_id"]})
                for whose in (theirs, "unknown")
            )
            assert found.status_code in (403, 404, 405), (route, who)
            assert (found.status_code, found.content) == (unknown.status_code, unknown.content), (
                route,
                who,
            )
        assert trace() == before


def test_what_is_shown_names_no_stranger(world):
    for route in ROUTES:
        for who in ("the platform", "the company", "a person of the platform"):
            for acting in ({}, {ACTING: world["own"]["company_id"]}):
                answer = call(world["callers"][who], "GET", route, world["own"], **acting)
                # The payloads of this world were never stored, and nobody is named to look up.
                assert answer.status_code in (200, 403, 404, 405, 409, 422, 503)
                # Some of it is no text: an archive, for one.
                shown = answer.content.decode(errors="replace")
                assert "Rival" not in shown
                for name, id in world["foreign"].items():
                    assert name == "place" or id.removeprefix("x_") not in shown
                if who == "the company" or acting:
                    assert "of Sister" not in shown or "api-keys" in route


def test_the_owner_gets_through_or_the_walk_proves_nothing(world):
    platform, company = world["callers"]["the platform"], world["callers"]["the company"]
    acting = {ACTING: world["own"]["company_id"]}
    answers = [call(platform, "GET", route, world["own"], **acting) for route in ROUTES]
    assert sum(answer.status_code == 200 for answer in answers) == 18
    for path in ("companies/{company_id}", "documents/{document_id}", "webhooks", "stats"):
        assert call(company, "GET", f"v1/{path}", world["own"]).status_code == 200
