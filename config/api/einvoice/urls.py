"""The paths of the Admin API and of the tenant API.

Each answers with and without a slash at the end, for clients differ.
"""

from django.urls import URLPattern, path, re_path

from config.api.einvoice.surface import AdminView
from config.api.einvoice.tenant.surface import TenantView
from config.api.einvoice.tenant.urls import PATHS as TENANT_PATHS
from config.api.einvoice.tenant.views import links
from config.api.einvoice.views import keys, peppol, tenants
from config.api.kit.paths import nowhere

_TENANT = "api/admin/tenants/(?P<tenant_id>[^/]+)"
_PATHS = {
    "api/admin/tenants": tenants.Tenants,
    _TENANT: tenants.Tenant,
    f"{_TENANT}/api-keys": keys.Keys,
    f"{_TENANT}/api-keys/latest": keys.LatestKey,
    rf"{_TENANT}/api-keys/(?P<key_id>[^/]+)": keys.Key,
    f"{_TENANT}/peppol/status": peppol.PeppolStatus,
    f"{_TENANT}/peppol/register": peppol.PeppolRegister,
    f"{_TENANT}/peppol/business-card": peppol.PeppolBusinessCard,
    f"{_TENANT}/peppol/unregister": peppol.PeppolUnregister,
    **TENANT_PATHS,
}

documented: list[URLPattern] = [
    re_path(rf"^{route}$", view.as_view()) for route, view in _PATHS.items()
]
urlpatterns: list[URLPattern] = [
    *(re_path(rf"^{route}/?$", view.as_view()) for route, view in _PATHS.items()),
    path("links/ubl", links.ubl, name="einvoice-ubl"),
    path("links/file", links.file, name="einvoice-file"),
    re_path(r"^api/mailbox(?:/.*)?$", nowhere(TenantView)),
    re_path(r"^api/admin(?:/.*)?$", nowhere(AdminView)),
]
