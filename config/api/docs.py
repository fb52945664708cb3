"""The surfaces' OpenAPI documents and the page that shows them, without the outside world."""

from typing import Any

from django.urls import path
from django.views.generic import TemplateView
from drf_spectacular.views import SpectacularJSONAPIView

from config.api.einvoice import urls as einvoice

_BEARER = {"type": "http", "scheme": "bearer"}

# Each surface: its address below /api/docs/, its title, its operations, how it is opened.
SURFACES: dict[str, dict[str, Any]] = {
    "einvoice": {
        "title": "Admin API (e-invoice.be)",
        "patterns": einvoice.documented,
        "security": _BEARER,
        "description": "Manage tenants, their API keys and their Peppol registration with an "
        "organization API key. Wire-compatible with e-invoice.be's Admin API.",
    },
}


class Document(SpectacularJSONAPIView):
    """The OpenAPI 3.1 document of one surface."""

    authentication_classes = ()
    permission_classes = ()


class Page(TemplateView):
    """The documents, one at a time, with a switch between them."""

    template_name = "docs/index.html"
    extra_context = {"surfaces": {name: about["title"] for name, about in SURFACES.items()}}


def _document(about: dict[str, Any]) -> Any:
    return Document.as_view(
        patterns=about["patterns"],
        custom_settings={
            "TITLE": about["title"],
            "DESCRIPTION": about["description"],
            "VERSION": "1",
            "APPEND_COMPONENTS": {"securitySchemes": {"key": about["security"]}},
            "SECURITY": [{"key": []}],
            "ENUM_NAME_OVERRIDES": {},
        },
    )


urlpatterns = [
    path("", Page.as_view(), name="docs"),
    *(path(f"{name}.json", _document(about)) for name, about in SURFACES.items()),
]
