"""The Admin API and the Identity API with every kind of caller: what each is told exactly."""

from itertools import product

import pytest

from tests.api.routes import METHODS, fingerprint, routes

# A wall in the database would answer for a filter that is missing: SQLite has none.
pytestmark = pytest.mark.once

PREFIXES = ("api/admin", "api/me", "api/identity/v2", "api/v2/identity")
# Routes for platforms alone, and what a company's key is told there.
PLATFORMS = {
    "api/admin": 401,
    "api/v2/identity/connected-businesses": 403,
    "api/identity/v2/connected-businesses": 403,
}
# A credential may change its own organization there, which is not what is walked for.
OWN = "registration/"
BODY = {
    "name": "walker",
    "peppol_id": "0208:0403170701",
    "company_name": "Walker",
    "country": "BE",
    "reason": "walked",
}


ROUTES = routes("einvoice", "invora", below=PREFIXES)


def test_the_walk_knows_the_routes():
    assert len(ROUTES) >= 10 and "api/admin/tenants/{tenant_id}/peppol/register" in ROUTES


def call(caller, method, route, ids):
    return caller(method, "/" + route.format(**ids), None if method == "GET" else BODY)


def test_who_has_no_good_key_gets_nowhere(world):
    for route in ROUTES:
        before = fingerprint()
        expected = {
            "nobody": 401,
            "garbage": 401,
            "a revoked key": 401,
            "a deleted company": 401,
            "a suspended platform": 403,
            "a disabled person": 401,
        }
        for method, (who, status) in product(METHODS, expected.items()):
            answer = call(world["callers"][who], method, route, world["own"])
            assert answer.status_code in {status, 401}, (route, method, who)
        assert fingerprint() == before


def test_who_is_no_platform_does_not_open_the_platforms_routes(world):
    for route in [r for r in ROUTES if r.startswith(tuple(PLATFORMS))]:
        before = fingerprint()
        refused = next(status for start, status in PLATFORMS.items() if route.startswith(start))
        others = (
            "the company",
            "another platform's company",
            "a person of the company",
            "a person of nobody",
        )
        for method, who in product(METHODS, others):
            answer = call(world["callers"][who], method, route, world["own"])
            assert answer.status_code == refused, (route, method, who)
        assert fingerprint() == before


def test_foreign_deleted_and_unknown_ids_are_answered_alike(world):
    for route in [r for r in ROUTES if "{" in r]:
        before = fingerprint()
        persons = ("a person of the platform",) if "identity" in route else ()
        for method, who in product(METHODS, ("the platform", *persons)):
            unknown = call(world["callers"][who], method, route, world["unknown"])
            for theirs in ("foreign", "deleted"):
                found = call(world["callers"][who], method, route, world[theirs])
                assert found.status_code in (404, 405), (route, method, who)
                assert (found.status_code, found.content) == (unknown.status_code, unknown.content)
        strangers = ("another platform", *(["a person of another platform"] if persons else []))
        for method, who in product(METHODS, strangers):
            stranger = call(world["callers"][who], method, route, world["own"])
            assert stranger.status_code in (404, 405), (route, method, who)
        assert fingerprint() == before


def test_nobody_chooses_to_act_for_somebody_else(world):
    """X-Target-Org-Id chooses among one's own organizations, and nobody else's."""
    for route in [r for r in ROUTES if OWN in r]:
        before = fingerprint()
        callers = ("the platform", "the company", "a person of the platform", "a person of nobody")
        for method, who in product(METHODS, callers):
            answers = [
                world["callers"][who](
                    method,
                    f"/{route}",
                    None if method == "GET" else BODY,
                    headers={"X-Target-Org-Id": world[theirs]["tenant_id"]},
                )
                for theirs in ("foreign", "unknown", "deleted")
            ]
            assert {answer.status_code for answer in answers} == {404}, (route, method, who)
            assert len({answer.content for answer in answers}) == 1
        assert fingerprint() == before


def test_what_is_shown_names_no_stranger(world):
    for route in ROUTES:
        for who in ("the platform", "the company", "a person of the platform"):
            answer = call(world["callers"][who], "GET", route, world["own"])
            assert answer.status_code in (200, 401, 403, 404, 405)
            assert "Rival" not in answer.content.decode()
            assert world["foreign"]["tenant_id"] not in answer.content.decode()


def test_the_owner_gets_through_or_the_walk_proves_nothing(world):
    platform, company = world["callers"]["the platform"], world["callers"]["the company"]
    assert call(platform, "GET", "api/admin/tenants/{tenant_id}", world["own"]).status_code == 200
    assert call(company, "GET", "api/me", world["own"]).status_code == 200
