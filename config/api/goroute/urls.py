"""GoRoute's paths, below both prefixes (GOR-25); those of an organization's things also without
its id, for the header's or the key's own organization."""

from django.urls import URLPattern, re_path

from config.api import registry
from config.api.goroute.surface import GoRouteView
from config.api.goroute.views import (
    invoices,
    keys,
    network,
    organizations,
    participants,
    webhooks,
)
from config.api.kit.paths import nowhere

PREFIXES = registry.of("goroute").prefixes
_ORGANIZATION = "organizations/(?P<org_id>[^/]+)"
_SCOPED = {
    "invoices": invoices.Invoices,
    "invoices/(?P<invoice_id>[^/]+)": invoices.InvoiceDetails,
    "transactions": invoices.Transactions,
    "transactions/(?P<transaction_id>[^/]+)": invoices.TransactionDetails,
    "participants": participants.Participants,
    "participants/(?P<participant_id>[^/]+)": participants.ParticipantDetails,
    "webhooks": webhooks.Webhooks,
    "webhooks/(?P<webhook_id>[^/]+)": webhooks.WebhookDetails,
    "api-keys": keys.Keys,
    "api-keys/(?P<key_id>[^/]+)": keys.KeyDetails,
}
_PATHS = {
    "peppol/version": network.Version,
    "participants/lookup": network.Lookup,
    "organizations": organizations.Organizations,
    _ORGANIZATION: organizations.OrganizationDetails,
    "send": network.Send,
    **_SCOPED,
    **{f"{_ORGANIZATION}/{path}": view for path, view in _SCOPED.items()},
}

documented: list[URLPattern] = [
    re_path(f"^{PREFIXES[0]}/{path}$", view.as_view()) for path, view in _PATHS.items()
]
urlpatterns: list[URLPattern] = [
    # The vendor's pages ask for it beside the API's base.
    re_path("^peppol-api/peppol/version/?$", network.Version.as_view()),
    *(
        re_path(f"^{prefix}/{path}/?$", view.as_view())
        for prefix in PREFIXES
        for path, view in _PATHS.items()
    ),
    *(re_path(rf"^{prefix}(?:/.*)?$", nowhere(GoRouteView)) for prefix in PREFIXES),
]
