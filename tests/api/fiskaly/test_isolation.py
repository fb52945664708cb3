"""Every route of the surface with every credential: nobody reaches what is not theirs (FIS-59)."""

from itertools import product

import pytest

from billing.models import BillingAddress
from billing.services import addresses
from tenants.ids import uuid7
from tenants.models import Invitation, Membership, Organization
from tenants.services import organizations
from tests.api.fiskaly.conftest import (
    Program,
    make_key,
    make_user,
    opened,
    opened_by,
)
from tests.api.routes import METHODS, fingerprint, routes
from tests.conftest import SYSTEM, make_company, make_platform

ROUTES = [route.removeprefix("api/v0") for route in routes("fiskaly")]
# What is right for one route is unknown to the others, and ignored there.
BODY = {
    "name": "walker-1",
    "address_line1": "a",
    "zip": "z",
    "town": "t",
    "country_code": "DEU",
    "recipient": "r",
    "email": "walker@example.com",
    "env": "LIVE",
    "status": "disabled",
}
PLACE = {
    "recipient": "R",
    "address_line1": "a",
    "postal_code": "z",
    "city": "t",
    "country": "DE",
}


def live_key(organization, kind="platform"):
    return make_key(organization, kind, environment="live")


def ids(organization):
    """What there is of an organization, by the names that paths have for it."""
    user = make_user(f"user@{organization.pk}.example", organization)
    make_user(f"other@{organization.pk}.example", organization)
    address = addresses.create(organization, PLACE, by=SYSTEM)
    key = live_key(organization, "company")[0]
    return {
        "organization_id": organization.pk,
        "key_id": key.pk,
        "user_id": user.pk,
        "address_id": address.pk,
    }


@pytest.fixture
def world(acme, bakery, rival, rivals_company):
    suspended, gone = make_platform("Suspended"), make_company(acme, "Gone")
    sister = make_company(acme, "Sister")
    revoked = live_key(acme)
    programs = {
        "nobody": Program(None),
        "garbage": Program("a.b.c"),
        "a revoked key": opened(*revoked),
        "a suspended platform": opened(*live_key(suspended)),
        "a deleted company": opened(*live_key(gone, "company")),
        "the company": opened(*live_key(bakery, "company")),
        "its sister": opened(*live_key(sister, "company")),
        "another platform": opened(*live_key(rival)),
        "another platform's company": opened(*live_key(rivals_company, "company")),
        "another platform's owner": opened_by(make_user("ruth@rival.example", rival)),
        "the platform's key that reaches no company": opened(*live_key(acme, "company")),
        "the platform": opened(*live_key(acme)),
    }
    found = {
        "programs": programs,
        "own": ids(bakery),
        "foreign": ids(rivals_company),
        "deleted": ids(gone),
        "unknown": dict.fromkeys(ids(sister), uuid7()),
    }
    revoked[0].revoked_at = revoked[0].created_at
    revoked[0].save()
    organizations.suspend(suspended, reason="unpaid", by=SYSTEM)
    organizations.delete(gone, by=SYSTEM)
    return found


def call(world, who, method, route, whose):
    body = None if method == "GET" else BODY
    return world["programs"][who](method, route.format(**world[whose]), body)


def everything():
    return (
        fingerprint(),
        list(BillingAddress.objects.order_by("pk").values_list("pk", "city", "deleted_at")),
        Membership.objects.count(),
        Invitation.objects.count(),
        list(Organization.objects.order_by("pk").values_list("environment", "deleted_at")),
    )


OWN = [route for route in ROUTES if route != "/auth"]
NAMED = [route for route in OWN if "{" in route]


def test_the_walk_knows_the_routes():
    assert len(ROUTES) == 10 and "/organizations/{organization_id}/users/{user_id}" in NAMED


REFUSED = {
    "nobody": 401,
    "garbage": 401,
    "a revoked key": 401,
    "a deleted company": 401,
    "a suspended platform": 403,
}


def test_who_has_no_good_token_gets_nowhere(world):
    """FIS-05."""
    for route in OWN:
        before = everything()
        for method, (who, status) in product(METHODS, REFUSED.items()):
            assert call(world, who, method, route, "own").status_code == status, (route, who)
        assert everything() == before


STRANGERS = (
    "its sister",
    "another platform",
    "another platform's company",
    "another platform's owner",
    "the platform's key that reaches no company",
)


def test_foreign_deleted_and_unknown_ids_are_answered_alike(world):
    """FIS-58, FIS-59."""
    for route in NAMED:
        before = everything()
        for method in METHODS:
            unknown = call(world, "the platform", method, route, "unknown")
            assert unknown.status_code in (404, 405)
            others = product(["the platform"], ["foreign", "deleted"])
            for who, whose in (*others, *product(STRANGERS, ["own"])):
                answer = call(world, who, method, route, whose)
                assert answer.status_code == unknown.status_code, (route, who, whose)
                assert answer.content == unknown.content
        assert everything() == before


def test_what_is_shown_names_no_stranger(world):
    """FIS-52, FIS-59."""
    for route in OWN:
        for who in ("the platform", "the company", "its sister"):
            answer = call(world, who, "GET", route, "own").content.decode()
            assert "Rival" not in answer
            assert not any(str(id) in answer for id in world["foreign"].values())
        assert str(world["own"]["organization_id"]) not in (
            call(world, "its sister", "GET", route, "own").content.decode()
        )


@pytest.mark.parametrize("route", OWN)
def test_the_owner_gets_through_or_the_walk_proves_nothing(world, route):
    """FIS-60."""
    for who in ("the platform", "the company"):
        assert call(world, who, "GET", route, "own").status_code in (200, 405)
    if "/enable-env" not in route:
        assert call(world, "the platform", "DELETE", route, "own").status_code in (200, 405)
