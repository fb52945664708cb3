"""Who should be allowed what, written by hand: no declaration can satisfy this by itself."""

import pytest

from tests.api.conftest import NOBODY

TENANT, COMPANY = f"/api/admin/tenants/{NOBODY}", f"/v1/companies/{NOBODY}"
FISKALY = "/api/v0/organizations"
PLACES, ANYBODY = "/api/v0/billing-addresses", f"{FISKALY}/{NOBODY}"
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
    ("einvoice", "company", "documents.read", "live", "", "GET", "/api/documents", 200),
    ("einvoice", "company", "documents.read", "live", "", "POST", "/api/documents", 403),
    ("einvoice", "company", "documents.read", "live", "", "POST", "/api/documents/pdf", 403),
    ("einvoice", "company", "receive", "live", "", "POST", "/api/conversion/pdf", 403),
    ("einvoice", "company", "receive", "live", "", "POST", "/api/validate/json", 403),
    ("einvoice", "company", "send", "test", "", "POST", "/api/documents", 422),
    ("einvoice", "company", "send", "live", "", "GET", "/api/mailbox", 403),
    ("einvoice", "platform", "*", "live", "", "POST", "/api/documents", 401),
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
    ("flowie", "company", "receive", "live", "", "GET", "/v1/companies", 200),
    ("flowie", "company", "*", "live", "", "POST", "/v1/companies", 403),
    ("flowie", "platform", "documents.read", "live", "", "POST", "/v1/companies", 403),
    ("flowie", "company", "lifecycle", "live", "", "GET", "/v1/me", 200),
    ("flowie", "company", "receive", "live", "", "GET", "/v1/documents", 200),
    ("flowie", "company", "receive", "live", "", "POST", "/v1/webhooks", 403),
    ("fiskaly", "platform", "send", "live", "", "GET", FISKALY, 403),
    ("fiskaly", "platform", "companies.read", "live", "", "GET", FISKALY, 200),
    ("fiskaly", "platform", "companies.read", "live", "", "POST", FISKALY, 403),
    ("fiskaly", "platform", "companies.write", "live", "", "DELETE", ANYBODY, 404),
    ("fiskaly", "platform", "companies.write", "live", "", "POST", f"{ANYBODY}/api-keys", 403),
    ("fiskaly", "platform", "companies.write", "live", "", "POST", f"{ANYBODY}/users", 403),
    ("fiskaly", "platform", "companies.write", "live", "", "GET", PLACES, 403),
    ("fiskaly", "platform", "*", "live", "viewer", "POST", FISKALY, 403),
    ("fiskaly", "platform", "*", "live", "viewer", "GET", f"{ANYBODY}/users", 404),
    ("fiskaly", "platform", "*", "live", "developer", "POST", f"{ANYBODY}/users", 403),
    ("fiskaly", "platform", "*", "live", "developer", "POST", f"{ANYBODY}/api-keys", 404),
    ("fiskaly", "platform", "*", "test", "", "POST", FISKALY, 400),
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
