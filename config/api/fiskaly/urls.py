"""The management API's paths. Each answers with and without a slash at the end."""

from django.urls import URLPattern, re_path

from config.api.fiskaly.surface import FiskalyView, SignInSurface
from config.api.fiskaly.views import addresses, auth, keys, organizations, users
from config.api.kit.paths import nowhere

_ORGANIZATION = "organizations/(?P<organization_id>[^/]+)"
_PATHS = {
    "auth": auth.Auth,
    "organizations": organizations.Organizations,
    _ORGANIZATION: organizations.OneOrganization,
    f"{_ORGANIZATION}/enable-env": organizations.EnableEnv,
    f"{_ORGANIZATION}/api-keys": keys.Keys,
    f"{_ORGANIZATION}/api-keys/(?P<key_id>[^/]+)": keys.Key,
    f"{_ORGANIZATION}/users": users.Users,
    f"{_ORGANIZATION}/users/(?P<user_id>[^/]+)": users.OneUser,
    "billing-addresses": addresses.Addresses,
    "billing-addresses/(?P<address_id>[^/]+)": addresses.Address,
}

documented: list[URLPattern] = [
    re_path(rf"^api/v0/{path}$", view.as_view()) for path, view in _PATHS.items()
]
urlpatterns: list[URLPattern] = [
    *(re_path(rf"^api/v0/{path}/?$", view.as_view()) for path, view in _PATHS.items()),
    re_path(r"^api/v0(?:/.*)?$", nowhere(FiskalyView, surface=SignInSurface())),
]
