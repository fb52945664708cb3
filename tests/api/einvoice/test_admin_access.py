"""Who opens the Admin API, and what those find who do not."""

import pytest

from tenants.models import Event
from tenants.services import organizations
from tests.api.conftest import Caller
from tests.api.einvoice.conftest import TENANTS


def test_the_organization_key_opens_the_list(call):
    """EIN-01."""
    assert call.get(TENANTS).json() == {"tenants": [], "total": 0}


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Authorization": ""},
        {"Authorization": "Bearer"},
        {"Authorization": "Bearer "},
        {"Authorization": "Bearer wrong"},
        {"Authorization": "Basic YTpi"},
        {"Authorization": "Bearer " + "x" * 5000},
        {"Authorization": "Bearer é\xff"},
    ],
)
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_without_a_good_key_nothing_opens(db, headers, method):
    """EIN-02."""
    answer = Caller(None)(method, TENANTS, {}, headers=headers)
    assert answer.status_code == 401
    assert answer.json() == {"detail": "Invalid authentication credentials"}


def test_a_tenant_key_does_not_open_the_admin_api(bakery_key):
    """EIN-03."""
    assert Caller(bakery_key).get(TENANTS).status_code == 401


UNKNOWN = ["tenant_01jaysezv0f3rr5p2m8xw4q7kt", "tenant_abc123", "x", "0", "%00", "..", "a" * 300]


@pytest.mark.parametrize("id", UNKNOWN)
@pytest.mark.parametrize(
    "method, rest",
    [
        ("GET", ""),
        ("PUT", ""),
        ("DELETE", ""),
        ("GET", "/api-keys"),
        ("POST", "/api-keys"),
        ("GET", "/api-keys/latest"),
        ("GET", "/peppol/status"),
        ("POST", "/peppol/register"),
        ("POST", "/peppol/business-card"),
        ("POST", "/peppol/unregister"),
        ("PUT", "/api-keys/key_1"),
        ("DELETE", "/api-keys/key_1"),
    ],
)
def test_an_unknown_tenant_is_not_found_anywhere(call, id, method, rest):
    """EIN-17, EIN-18."""
    answer = call(method, f"{TENANTS}/{id}{rest}", {"name": "x"})
    assert (answer.status_code, answer.json()) == (404, {"detail": "Tenant not found"})


@pytest.mark.parametrize(
    "method, rest, body",
    [
        ("GET", "", None),
        ("PUT", "", {"name": "stolen"}),
        ("DELETE", "", None),
        ("GET", "/api-keys", None),
        ("POST", "/api-keys", {"name": "k"}),
        ("GET", "/peppol/status", None),
        ("POST", "/peppol/register", {"peppol_id": "0208:1"}),
        ("POST", "/peppol/unregister", None),
    ],
)
def test_a_strangers_tenant_is_as_unknown_as_one_that_is_not(
    rival_call, tenant, at, method, rest, body
):
    """EIN-19: the same answer, byte for byte, and no trace."""
    before = Event.objects.count()
    foreign = rival_call(method, at(rest), body)
    unknown = rival_call(method, f"{TENANTS}/{UNKNOWN[0]}{rest}", body)
    assert (foreign.status_code, foreign.content) == (unknown.status_code, unknown.content)
    assert rival_call.get(TENANTS).json()["total"] == 0
    assert Event.objects.count() == before


def test_a_suspended_reseller_is_refused(call, acme, by):
    organizations.suspend(acme, reason="unpaid", by=by)
    answer = call.get(TENANTS)
    assert (answer.status_code, answer.json()) == (
        403,
        {"detail": "This organization is not active."},
    )


@pytest.mark.parametrize("path", [TENANTS, TENANTS + "/"])
def test_paths_answer_with_and_without_a_slash(call, path):
    assert call.post(path, {"name": "customer"}).status_code == 201
    assert call.get(path).status_code == 200


@pytest.mark.parametrize("path", ["/api/admin", "/api/admin/", "/api/admin/nothing/here"])
def test_what_leads_nowhere_says_so_in_the_envelope(call, path):
    assert (call.get(path).status_code, "detail" in call.get(path).json()) == (404, True)


def test_a_method_that_is_not_there_says_so_in_the_envelope(call, at):
    answer = call("PATCH", at(), {})
    assert (answer.status_code, answer.json()) == (405, {"detail": "Method Not Allowed"})
