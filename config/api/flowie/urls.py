"""The platform API's paths, below both prefixes (FLO-52), with and without a slash at the end."""

from typing import Any

from django.urls import URLPattern, re_path

from config.api import registry
from config.api.flowie.surface import FlowieView
from config.api.flowie.views import (
    account,
    answers,
    companies,
    documents,
    health,
    keys,
    links,
    lookup,
    readable,
    settings,
    usage,
    webhooks,
)
from config.api.kit.paths import nowhere

PREFIXES = registry.of("flowie").prefixes
_COMPANY = "companies/(?P<company_id>[^/]+)"
_KEY = "platform/api-keys/(?P<key_id>[^/]+)"
_DOCUMENT = "documents/(?P<document_id>[^/]+)"
_WEBHOOK = "webhooks/(?P<webhook_id>[^/]+)"
_PATHS: dict[str, Any] = {
    "me": account.Me,
    "sandbox/bootstrap": account.Bootstrap,
    "api-keys": keys.OwnKeys,
    "health/readiness": health.Readiness,
    "platform/api-keys": keys.Keys,
    _KEY: keys.Key,
    f"{_KEY}/rotate": keys.KeyRotation,
    "platform/companies": companies.Companies,
    "companies": companies.CompanyList,
    _COMPANY: companies.Company,
    f"platform/{_COMPANY}": companies.Company,
    f"{_COMPANY}/api-keys": keys.CompanyKeys,
    f"{_COMPANY}/links": links.Links,
    rf"{_COMPANY}/links/(?P<link_id>[^/]+)": links.Link,
    "platform/settings": settings.Settings,
    "platform/usage": usage.Usage,
    "stats": usage.Stats,
    "documents": documents.Documents,
    "documents/send": documents.Send,
    "documents/send/batch": documents.SendBatch,
    "documents/validate": documents.Validate,
    "lookup": lookup.Lookup,
    "documents/archive": readable.Archive,
    _DOCUMENT: documents.Document,
    f"{_DOCUMENT}/payload": documents.Payload,
    f"{_DOCUMENT}/respond": answers.Respond,
    f"{_DOCUMENT}/html": readable.Html,
    f"{_DOCUMENT}/pdf": readable.Pdf,
    f"{_DOCUMENT}/attachments": readable.Attachments,
    rf"{_DOCUMENT}/attachments/(?P<place>[^/]+)": readable.AttachmentContent,
    "webhooks": webhooks.Webhooks,
    _WEBHOOK: webhooks.Webhook,
    f"{_WEBHOOK}/rotate-secret": webhooks.SecretRotation,
    f"{_WEBHOOK}/test": webhooks.Test,
    f"{_WEBHOOK}/deliveries": webhooks.Deliveries,
    rf"{_WEBHOOK}/deliveries/(?P<delivery_id>[^/]+)/replay": webhooks.DeliveryReplay,
    f"{_WEBHOOK}/replay": webhooks.Replay,
}

# The alias of a path is the same operation: it is described once.
documented: list[URLPattern] = [
    re_path(rf"^{PREFIXES[0]}/{path}$", view.as_view())
    for path, view in _PATHS.items()
    if not path.startswith("platform/companies/")
]
urlpatterns: list[URLPattern] = [
    pattern
    for prefix in PREFIXES
    for pattern in (
        *(re_path(rf"^{prefix}/{path}/?$", view.as_view()) for path, view in _PATHS.items()),
        re_path(rf"^{prefix}(?:/.*)?$", nowhere(FlowieView)),
    )
]
