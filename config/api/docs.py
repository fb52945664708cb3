"""The surfaces' OpenAPI documents and the page that shows them, without the outside world."""

import json
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.urls import path
from django.views.generic import TemplateView
from drf_spectacular.views import SpectacularJSONAPIView

from config.api.einvoice import urls as einvoice
from config.api.fiskaly import urls as fiskaly
from config.api.flowie import urls as flowie
from config.api.goroute import urls as goroute
from config.api.invora import urls as invora
from webhooks import catalogue, dialects

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
    "fiskaly": {
        "title": "Management API (fiskaly)",
        "patterns": fiskaly.documented,
        "security": {**_BEARER, "bearerFormat": "JWT"},
        "description": "Manage organizations, their API keys, users and billing addresses with a "
        "token from `POST /api/v0/auth`. Wire-compatible with fiskaly's management API 0.12.",
    },
    "invora": {
        "title": "Identity API (Invora)",
        "patterns": invora.documented,
        "security": {**_BEARER, "bearerFormat": "JWT"},
        "description": "Register a business, choose a plan, become a platform and manage "
        "connected businesses, with a user's access token or a machine token. Wire-compatible "
        "with Invora's Identity API; both services answer below both prefixes.",
    },
    "goroute": {
        "title": "Organizations API (GoRoute)",
        "patterns": goroute.documented,
        "security": {"type": "apiKey", "in": "header", "name": "X-API-Key"},
        "description": "Manage organizations and send and follow their invoices with one platform "
        "key. Wire-compatible with GoRoute; answers below `/api/v1` as well.",
    },
    "flowie": {
        "title": "Platform API (Flowie)",
        "patterns": flowie.documented,
        "security": _BEARER,
        "description": "Onboard companies, send in their name, hear of what happens and charge "
        "for it. Wire-compatible with Flowie's playbook for platforms; everything answers below "
        "`/exchange/v1` and `/v1`. Bodies are read as JSON whatever the Content-Type says.",
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


class Events(TemplateView):
    """The catalogue of events for a person, with an example of each in the dialect asked for."""

    template_name = "docs/events.html"

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        dialect = self.request.GET.get("dialect", "standard")
        return {
            **super().get_context_data(**context),
            "dialect": dialects.get(dialect).name,
            "dialects": dialects.names(),
            "events": [
                {**entry, "example": json.dumps(entry["example"], indent=2, ensure_ascii=False)}
                for entry in catalogue.entries(dialect)
            ],
        }


def event_list(request: HttpRequest) -> JsonResponse:
    """The catalogue for a program: every type, what it means, an example payload."""
    return JsonResponse({"events": catalogue.entries(request.GET.get("dialect", "standard"))})


def event_fixture(request: HttpRequest, name: str) -> HttpResponse:
    """The example of one type as a file, to test a receiver with."""
    body = catalogue.fixture(name, request.GET.get("dialect", "standard"))
    if body is None:
        raise Http404
    return HttpResponse(
        body,
        content_type="application/json",
        headers={"Content-Disposition": f'attachment; filename="{name}.json"'},
    )


def _document(about: dict[str, Any]) -> Any:
    return Document.as_view(
        patterns=about["patterns"],
        custom_settings={
            "TITLE": about["title"],
            "DESCRIPTION": about["description"],
            "VERSION": "1",
            "APPEND_COMPONENTS": {"securitySchemes": {"key": about["security"]}},
            "SECURITY": [{"key": []}],
            # Choices stand where they are used: pulled out, they would need names of their own.
            "POSTPROCESSING_HOOKS": [],
        },
    )


urlpatterns = [
    path("", Page.as_view(), name="docs"),
    path("events/", Events.as_view(), name="docs-events"),
    path("events.json", event_list),
    path("events/<str:name>.json", event_fixture, name="docs-event"),
    *(path(f"{name}.json", _document(about)) for name, about in SURFACES.items()),
]
