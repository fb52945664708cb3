"""The Identity API's paths: both services below both prefixes (INV-36), with and without a slash
at the end."""

from django.urls import URLPattern, re_path

from config.api.invora.surface import InvoraView
from config.api.invora.views import businesses, registration
from config.api.kit.paths import nowhere

_BUSINESSES = "connected-businesses"
_BUSINESS = f"{_BUSINESSES}/(?P<tenant_id>[^/]+)"
_REGISTRATION = {
    "registration/complete-profile": registration.CompleteProfile,
    "registration/business-details": registration.BusinessDetails,
    "registration/select-plan": registration.SelectPlan,
    "registration/onboarding-status": registration.OnboardingStatus,
    "registration/platform-application": registration.Application,
    "registration/rotate-credentials": registration.RotateCredentials,
}
_CONNECTED = {
    _BUSINESSES: businesses.Businesses,
    f"{_BUSINESSES}/list": businesses.Listing,
    _BUSINESS: businesses.Business,
    f"{_BUSINESS}/suspend": businesses.Suspension,
    f"{_BUSINESS}/reactivate": businesses.Reactivation,
    f"{_BUSINESS}/rotate-credentials": businesses.RotateCredentials,
}
# The same under the names of the vendor's protocol definitions.
_DEFINED = {
    "registration/available-plans": registration.Plans,
    "branches/list": businesses.Listing,
}
_PATHS = {
    **{
        f"{prefix}/{path}": view
        for prefix in ("api/identity/v2", "api/v2/identity")
        for path, view in {**_REGISTRATION, **_CONNECTED, **_DEFINED}.items()
    },
    "api/account/v2/plans": registration.Plans,
    "api/v2/account/plans": registration.Plans,
}
_DOCUMENTED = {
    **{f"api/identity/v2/{path}": view for path, view in _REGISTRATION.items()},
    **{f"api/v2/identity/{path}": view for path, view in _CONNECTED.items()},
    "api/account/v2/plans": registration.Plans,
}

documented: list[URLPattern] = [
    re_path(rf"^{path}$", view.as_view()) for path, view in _DOCUMENTED.items()
]
urlpatterns: list[URLPattern] = [
    *(re_path(rf"^{path}/?$", view.as_view()) for path, view in _PATHS.items()),
    re_path(
        r"^api/(?:identity/v2|v2/identity|account/v2|v2/account)(?:/.*)?$",
        nowhere(InvoraView),
    ),
]
