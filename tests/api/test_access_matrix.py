"""Who may call what: every method of every route, walked with every sort of caller.

What the gate answers is computed from the declarations and compared with real calls. What the
declarations should say stands beside it, by hand: the generation cannot satisfy that by itself.
"""

import re

import pytest
from django.core.checks import run_checks

from apikeys.scopes import WORDS, role_allows
from apikeys.services import keys
from config import checks
from config.api import registry
from config.api.kit.surface import SurfaceView
from tenants.models import Organization, Role
from tests.api.conftest import Caller
from tests.api.routes import METHODS, fingerprint, template
from tests.conftest import SYSTEM

NOBODY = "00000000-0000-0000-0000-000000000000"
SCOPES = [word for word in WORDS if word != "*"]
# Where keys call as they are; at fiskaly they sign in first, at the door of which all may knock.
VENDORS = ("einvoice", "goroute", "flowie", "invora")


def declared(vendor):
    """Each route of a vendor once, with its view."""
    for pattern in registry.of(vendor).urls.documented:
        view = getattr(pattern.callback, "cls", None)
        if isinstance(view, type) and issubclass(view, SurfaceView):
            yield template(pattern), view


ROUTES = [(vendor, route, view) for vendor in VENDORS for route, view in declared(vendor)]


def path(route, organization):
    """With ids of nobody, but below the caller's own organization."""
    route = route.replace("{org_id}", str(organization.pk))
    return "/" + re.sub(r"\{\w+\}", NOBODY, route)


@pytest.fixture
def program(db, acme, bakery):
    """Makes a caller at a surface, out of the kind of its key and what the key may do."""
    Organization.objects.update(requests_per_minute=10**6, requests_per_hour=10**7)
    made = {}

    def program(vendor, kind, scope="*", environment="live", role=""):
        who = (kind, scope, environment, role)
        if who not in made:
            made[who] = keys.issue(
                acme if kind == "platform" else bakery,
                name="k",
                kind=kind,
                scopes=[scope],
                environment=environment,
                role=role,
                by=SYSTEM,
            )[1]
        header = "X-API-Key" if vendor == "goroute" else "Authorization"
        return Caller(made[who], header, "" if vendor == "goroute" else "Bearer ")

    return program


def opens(access, kind, scope, role=""):
    """Whether the declaration lets this caller pass."""
    able = not access.needs or not WORDS[scope].isdisjoint(access.needs)
    return kind in access.kinds and able and (not access.needs or role_allows(role, access.needs))


REFUSALS = {"insufficient_scope", "not_a_platform_key", "platform_key_required", "role"}
REFUSALS |= {"insufficient_role", "dashboard_token_required", "user_required", "platform_required"}


def refused(answer):
    """Whether it was the gate that answered so."""
    text = answer.content.decode().lower()
    words = ("needs the scope", "role does not allow", *REFUSALS)
    return answer.status_code == 401 or (
        answer.status_code == 403 and any(word in text for word in words)
    )


@pytest.mark.parametrize("scope", ["*", *SCOPES])
@pytest.mark.parametrize("vendor", VENDORS)
def test_the_gate_answers_as_declared(program, acme, bakery, vendor, scope):
    """What it lets through finds nothing there, for the ids are nobody's; nothing is changed."""
    callers = {kind: program(vendor, kind, scope) for kind in ("platform", "company")}
    own, before = {"platform": acme, "company": bakery}, fingerprint()
    for route, view in declared(vendor):
        for method, access in view.access.items():
            if not hasattr(view, method.lower()) or (method != "GET" and "{" not in route):
                continue
            for kind, call in callers.items():
                answer = call(method, path(route, own[kind]), {})
                passes = opens(access, kind, scope)
                assert refused(answer) != passes, (method, route, kind, answer.content)
    assert fingerprint() == before


@pytest.mark.parametrize("role", Role.values)
@pytest.mark.parametrize("vendor", VENDORS)
def test_the_role_of_a_keys_maker_binds_everywhere(program, acme, vendor, role):
    for route, view in declared(vendor):
        for method, access in view.access.items():
            if not hasattr(view, method.lower()) or "{" not in route:
                continue
            answer = program(vendor, "platform", role=role)(method, path(route, acme), {})
            passes = opens(access, "platform", "*", role)
            assert refused(answer) != passes, (method, route, answer.content)


def test_a_method_without_a_declaration_does_not_start(monkeypatch):
    assert not [found for found in run_checks() if found.id == "gatehouse.E014"]
    _, _, view = ROUTES[0]
    monkeypatch.setattr(view, "access", {})
    assert "gatehouse.E014" in {found.id for found in checks.gate()}


def test_every_method_of_every_view_is_in_the_matrix():
    found = {(route, method) for _, route, view in ROUTES for method in view.access}
    assert len(found) > 150 and {method for _, method in found} == set(METHODS)


TENANT, COMPANY = f"/api/admin/tenants/{NOBODY}", f"/v1/companies/{NOBODY}"
ORGANIZATION, BUSINESS = f"/api/v1/organizations/{NOBODY}", "/api/v2/identity/connected-businesses"
EXPECTED = [
    # vendor, kind, scope, environment, role, method, path: status
    ("einvoice", "platform", "send", "live", "", "POST", "/api/admin/tenants", 403),
    ("einvoice", "platform", "send", "live", "", "GET", "/api/admin/tenants", 403),
    ("einvoice", "platform", "companies.read", "live", "", "GET", "/api/admin/tenants", 200),
    ("einvoice", "platform", "companies.read", "live", "", "POST", "/api/admin/tenants", 403),
    ("einvoice", "platform", "companies.write", "live", "", "DELETE", TENANT, 404),
    ("einvoice", "platform", "companies.write", "live", "", "POST", f"{TENANT}/api-keys", 403),
    ("einvoice", "platform", "platform", "live", "", "POST", f"{TENANT}/api-keys", 404),
    ("einvoice", "platform", "lifecycle", "live", "", "POST", f"{TENANT}/peppol/register", 403),
    ("einvoice", "platform", "*", "live", "developer", "DELETE", TENANT, 403),
    ("einvoice", "platform", "*", "live", "admin", "DELETE", TENANT, 404),
    ("einvoice", "platform", "*", "live", "viewer", "POST", "/api/admin/tenants", 403),
    ("einvoice", "platform", "*", "live", "viewer", "GET", "/api/admin/tenants", 200),
    ("einvoice", "company", "*", "live", "", "GET", "/api/admin/tenants", 401),
    ("einvoice", "platform", "*", "live", "", "GET", "/api/me", 401),
    ("einvoice", "company", "send", "live", "", "GET", "/api/me", 200),
    ("einvoice", "company", "send", "live", "", "GET", "/api/inbox", 403),
    ("einvoice", "company", "receive", "live", "", "GET", "/api/inbox", 200),
    ("einvoice", "company", "documents.read", "live", "", "POST", "/api/webhooks", 403),
    ("goroute", "company", "send", "live", "", "GET", "/api/v1/webhooks", 403),
    ("goroute", "company", "receive", "live", "", "GET", "/api/v1/participants", 403),
    ("goroute", "company", "companies.read", "live", "", "GET", "/api/v1/participants", 200),
    ("goroute", "company", "*", "live", "", "POST", "/api/v1/organizations", 403),
    ("goroute", "company", "*", "live", "", "GET", "/api/v1/api-keys", 403),
    ("goroute", "company", "*", "test", "", "POST", "/api/v1/participants", 403),
    ("goroute", "company", "*", "test", "", "GET", "/api/v1/invoices", 200),
    ("goroute", "platform", "*", "test", "", "PATCH", ORGANIZATION, 404),
    ("goroute", "platform", "documents.read", "live", "", "POST", "/api/v1/organizations", 403),
    ("goroute", "platform", "*", "live", "billing", "GET", "/api/v1/invoices", 403),
    ("goroute", "platform", "*", "live", "viewer", "GET", "/api/v1/invoices", 200),
    ("flowie", "platform", "send", "live", "", "GET", "/v1/platform/companies", 403),
    ("flowie", "platform", "platform", "live", "", "GET", "/v1/platform/companies", 200),
    ("flowie", "platform", "platform", "live", "", "DELETE", COMPANY, 404),
    ("flowie", "platform", "platform", "test", "", "PATCH", "/v1/platform/settings", 403),
    ("flowie", "platform", "platform", "test", "", "GET", "/v1/platform/settings", 200),
    ("flowie", "company", "*", "live", "", "GET", "/v1/platform/companies", 403),
    ("flowie", "company", "documents.write", "live", "", "POST", "/v1/documents/send", 403),
    ("flowie", "company", "receive", "live", "", "GET", "/v1/documents", 200),
    ("flowie", "company", "receive", "live", "", "POST", "/v1/webhooks", 403),
    ("invora", "platform", "send", "live", "", "POST", f"{BUSINESS}/list", 403),
    ("invora", "platform", "companies.read", "live", "", "POST", f"{BUSINESS}/list", 200),
    ("invora", "platform", "companies.read", "live", "", "POST", BUSINESS, 403),
    ("invora", "platform", "*", "live", "developer", "POST", f"{BUSINESS}/{NOBODY}/suspend", 403),
    ("invora", "company", "*", "live", "", "POST", f"{BUSINESS}/list", 403),
]


@pytest.mark.parametrize(
    ("vendor", "kind", "scope", "environment", "role", "method", "path", "status"), EXPECTED
)
def test_what_should_be(program, vendor, kind, scope, environment, role, method, path, status):
    answer = program(vendor, kind, scope, environment, role)(method, path, {"reason": "r"})
    assert answer.status_code == status, answer.content
