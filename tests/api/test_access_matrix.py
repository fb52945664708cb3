"""Who may call what: every method of every route, walked with every sort of caller.

What the gate answers is computed from the declarations and compared with real calls, of which
nothing is left. What the declarations should say stands in `test_access_table`, by hand.
"""

import re

import pytest
from django.core.checks import run_checks
from django.db import transaction
from django.utils import timezone

from apikeys.scopes import WORDS, role_allows
from config import checks
from config.api import registry
from config.api.kit.surface import SurfaceView
from tenants.access.roles import SEES
from tenants.models import Organization, Role
from tests.api.conftest import NOBODY
from tests.api.routes import METHODS, template

# Who is refused is decided before a row is asked for.
pytestmark = pytest.mark.once

KINDS = ("platform", "company")
VENDORS = [vendor.name for vendor in registry.VENDORS]
# Where the organization that a path names is what the gate looks at, and not the caller's own.
NAMING = {"goroute": "{org_id}", "fiskaly": "{organization_id}"}


def declared(vendor):
    """Each method of each route of a vendor once, with its access."""
    for pattern in registry.of(vendor).urls.documented:
        view = getattr(pattern.callback, "cls", None)
        if isinstance(view, type) and issubclass(view, SurfaceView):
            for method, access in view.access.items():
                if hasattr(view, method.lower()):
                    yield template(pattern), method, access


def path(route, organization):
    """With ids of nobody, but of or below this organization."""
    for name in NAMING.values():
        route = route.replace(name, str(organization.pk))
    return "/" + re.sub(r"\{\w+\}", NOBODY, route)


def tried(call, method, path):
    """The answer to a call of which nothing is left."""
    with transaction.atomic():
        answer = call(method, path, {})
        transaction.set_rollback(True)
    return answer


def opens(access, kind, scope, role=""):
    """Whether the declaration lets this caller pass."""
    able = not access.needs or not WORDS[scope].isdisjoint(access.needs)
    return kind in access.kinds and able and (not access.needs or role_allows(role, access.needs))


def hidden(vendor, access, role):
    """At fiskaly nothing is there of what a role does not see, rather than forbidden."""
    return vendor == "fiskaly" and any(need.area not in SEES[role] for need in access.needs)


REFUSALS = {"insufficient_scope", "not_a_platform_key", "platform_key_required", "role"}
REFUSALS |= {"insufficient_role", "dashboard_token_required", "user_required", "platform_required"}


def refused(answer):
    """Whether it was the gate that answered so."""
    text = answer.content.decode(errors="replace").lower()
    words = ("needs the scope", "role does not allow", *REFUSALS)
    return answer.status_code == 401 or (
        answer.status_code == 403 and any(word in text for word in words)
    )


@pytest.fixture
def own(acme, bakery):
    return {"platform": acme, "company": bakery}


@pytest.mark.parametrize("scope", WORDS)
@pytest.mark.parametrize("vendor", VENDORS)
def test_the_gate_answers_as_declared(program, own, vendor, scope):
    for kind in KINDS:
        call = program(vendor, kind, scope)
        for route, method, access in declared(vendor):
            answer = tried(call, method, path(route, own[kind]))
            passes = opens(access, kind, scope)
            assert refused(answer) != passes, (method, route, kind, answer.content)


@pytest.mark.parametrize("role", Role.values)
@pytest.mark.parametrize("vendor", VENDORS)
def test_the_role_of_a_keys_maker_binds_everywhere(program, acme, vendor, role):
    """Where the call is about the caller's own organization, its settings are what is changed."""
    call = program(vendor, "platform", role=role)
    for route, method, access in declared(vendor):
        answer = tried(call, method, path(route, acme))
        passes = opens(access, "platform", "*", role) and (
            not access.at_home or role_allows(role, access.at_home)
        )
        passes |= hidden(vendor, access, role)
        assert refused(answer) != passes, (method, route, answer.content)


@pytest.mark.parametrize("vendor", VENDORS)
def test_a_test_key_changes_its_live_organization_only_as_declared(program, own, vendor):
    for kind in KINDS:
        call = program(vendor, kind, environment="test")
        for route, method, access in declared(vendor):
            named = vendor != "fiskaly" or NAMING[vendor] in route
            if not (opens(access, kind, "*") and named):
                continue
            answer = tried(call, method, path(route, own[kind]))
            said = answer.status_code == 403 and "A test key changes" in answer.content.decode(
                errors="replace"
            )
            assert said != access.test_keys, (method, route, kind, answer.content)


@pytest.mark.parametrize("state", Organization.Status.values)
@pytest.mark.parametrize("vendor", NAMING)
def test_states_of_the_organization_bind_as_declared(program, bakery, vendor, state):
    since = timezone.now() if state == "closed" else None
    Organization.objects.filter(pk=bakery.pk).update(status=state, closed_at=since)
    call = program(vendor, "platform")
    for route, method, access in declared(vendor):
        if NAMING[vendor] in route and opens(access, "platform", "*"):
            answer = tried(call, method, path(route, bakery))
            text = answer.content.decode(errors="replace").lower()
            rests = any(f"organization_{word}" in text for word in ("not_active", state))
            assert rests != (state in access.states), (method, route, answer.content)


def test_a_method_without_a_declaration_does_not_start(monkeypatch):
    assert not [found for found in run_checks() if found.id == "gatehouse.E014"]
    view = registry.VENDORS[0].urls.documented[0].callback.cls
    monkeypatch.setattr(view, "access", {})
    assert "gatehouse.E014" in {found.id for found in checks.gate()}


def test_every_method_of_every_view_is_in_the_matrix():
    found = {(route, method) for v in VENDORS for route, method, _ in declared(v)}
    assert len(found) >= 150 and {method for _, method in found} == set(METHODS)
    assert {registry.of(name) for name in VENDORS} == set(registry.VENDORS)
