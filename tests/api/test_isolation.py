"""Every route of every registered vendor, with ids of one's own, of a peer's and of nobody's.

The routes and the vendors are read from the registry, so a new one is walked without being told.
What each vendor says exactly to each kind of caller is in the vendor's own tests.
"""

import json
import re

import pytest
from django.test import Client
from django.urls import get_resolver

from config.api import registry
from config.api.kit.surface import SurfaceView
from tenants.ids import spell, uuid7
from tenants.models import Organization
from tests.api.resellers import Reseller, bearing
from tests.api.routes import METHODS, fingerprint, routes, template

VENDORS = [vendor.name for vendor in registry.VENDORS]
# What answers without a credential: where one gets it, and what says nothing of anybody.
OPEN = {
    "api/v0/auth",
    "exchange/v1/health/readiness",
    "v1/health/readiness",
    "links/ubl",
    "links/file",
}
OPEN |= {"exchange/v1/sandbox/bootstrap", "v1/sandbox/bootstrap"}
# What is counted from nought in everybody's documents is no id of anybody's.
COUNTED = {"place"}
BODY = {
    "name": "walker",
    "country": "BE",
    "url": "https://walker.example/hook",
    "events": ["*"],
    "peppol_id": "0208:0202239951",
    "document": {"any": "thing"},
    "reason": "walked",
}


@pytest.fixture
def own(db):
    return Reseller("mine")


@pytest.fixture
def peer(db):
    return Reseller("theirs")


@pytest.fixture
def unlimited(own, peer):
    Organization.objects.update(requests_per_minute=10**6, requests_per_hour=10**7)


def call(method, route, ids, headers):
    body = b"" if method == "GET" else json.dumps(BODY).encode()
    path = "/" + route.format(**ids)
    return Client().generic(method, path, body, content_type="application/json", headers=headers)


def names(route):
    """The parameters of a route."""
    return re.findall(r"\{(\w+)\}", route)


def ids(reseller, route):
    return {name: reseller.ids(name)[0] for name in names(route)}


def test_every_route_of_every_vendor_is_walked():
    """Whatever the URL configuration leads to a surface is a registered vendor's, and walked."""
    walked = {route for name in VENDORS for route in routes(name)}
    reached = {
        template(inner)
        for pattern in get_resolver().url_patterns
        for inner in getattr(pattern, "url_patterns", [])
        if issubclass(getattr(inner.callback, "cls", object), SurfaceView)
    }
    assert reached - {None} <= walked and len(walked) > 100


def test_the_walk_has_a_thing_for_every_id_that_a_route_names(own):
    for name in {name for route in routes() for name in names(route)}:
        first, *_ = own.ids(name)
        assert own.ids(name)[0] == first, f"Reseller.ids makes up {name}"


@pytest.mark.parametrize("vendor", VENDORS)
def test_who_has_no_credential_gets_nowhere(own, unlimited, vendor):
    surface = registry.of(vendor).surface
    garbage = bearing(surface, "gh_plat_live_" + "0" * 36)
    before = fingerprint()
    for route in set(routes(vendor)) - OPEN:
        for method in METHODS:
            for headers in ({}, garbage):
                answer = call(method, route, ids(own, route), headers)
                assert answer.status_code == 401, (route, method)
    assert fingerprint() == before


@pytest.mark.parametrize("vendor", VENDORS)
def test_a_peers_ids_are_answered_like_ids_of_nobody(own, peer, unlimited, vendor):
    """Whichever one of the ids in a path is not one's own."""
    before = fingerprint()
    credentials = own.credentials(vendor)
    for route in filter(names, routes(vendor)):
        for name in set(names(route)) - COUNTED:
            theirs, unknown = peer.ids(name)[0], nobodys(peer.ids(name)[0])
            for method in METHODS:
                for headers in credentials:
                    mine = ids(own, route)
                    found = call(method, route, {**mine, name: theirs}, headers)
                    guessed = call(method, route, {**mine, name: unknown}, headers)
                    assert found.status_code in range(400, 500), (route, method)
                    assert found.status_code == guessed.status_code, (route, method)
                    assert found.content == guessed.content, (route, method)
                    if found.status_code == 405:
                        break
    assert fingerprint() == before


def nobodys(id):
    """An id that nothing has, in the same spelling."""
    prefix, _, rest = id.rpartition("_")
    return spell(prefix, uuid7()) if rest != id else str(uuid7())


@pytest.mark.parametrize("vendor", VENDORS)
def test_what_is_shown_names_no_peer(own, peer, unlimited, vendor):
    for route in routes(vendor):
        for headers in own.credentials(vendor):
            shown = call("GET", route, ids(own, route), headers).content.decode(errors="replace")
            assert not [mark for mark in peer.marks if mark in shown], route


@pytest.mark.parametrize("vendor", VENDORS)
def test_the_owner_gets_through_or_the_walk_proves_nothing(own, unlimited, vendor):
    found = {
        route: {
            call("GET", route, ids(own, route), headers).status_code
            for headers in own.credentials(vendor)
        }
        for route in filter(names, routes(vendor))
    }
    assert not {route: answers for route, answers in found.items() if not answers & {200, 405}}
