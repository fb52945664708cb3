"""The paths of the Admin API and of the tenant API.

Each answers with and without a slash at the end, for clients differ.
"""

from django.urls import URLPattern, path, re_path

from config.api.einvoice import views
from config.api.einvoice.tenant import links
from config.api.einvoice.tenant.urls import PATHS as TENANT_PATHS

_TENANT = "api/admin/tenants/(?P<tenant_id>[^/]+)"
_PATHS = {
    "api/admin/tenants": views.Tenants,
    _TENANT: views.Tenant,
    f"{_TENANT}/api-keys": views.Keys,
    f"{_TENANT}/api-keys/latest": views.LatestKey,
    rf"{_TENANT}/api-keys/(?P<key_id>[^/]+)": views.Key,
    f"{_TENANT}/peppol/status": views.PeppolStatus,
    f"{_TENANT}/peppol/register": views.PeppolRegister,
    f"{_TENANT}/peppol/business-card": views.PeppolBusinessCard,
    f"{_TENANT}/peppol/unregister": views.PeppolUnregister,
    "api/me": views.Me,
    **TENANT_PATHS,
}

documented: list[URLPattern] = [
    re_path(rf"^{route}$", view.as_view()) for route, view in _PATHS.items()
]
urlpatterns: list[URLPattern] = [
    *(re_path(rf"^{route}/?$", view.as_view()) for route, view in _PATHS.items()),
    path("links/ubl", links.ubl, name="einvoice-ubl"),
    re_path(r"^api/admin(?:/.*)?$", views.Nowhere.as_view()),
]
