"""The surfaces' OpenAPI documents and the page that shows them, without the outside world."""

import json
from threading import Lock
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.urls import path
from django.views.generic import TemplateView
from drf_spectacular.views import SpectacularJSONAPIView

from config.api import registry
from webhooks import catalogue, dialects

_MAKING = Lock()


class Document(SpectacularJSONAPIView):
    """The OpenAPI 3.1 document of one surface."""

    authentication_classes = ()
    permission_classes = ()

    def dispatch(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        """One at a time: drf-spectacular keeps the settings of a document for the whole program."""
        with _MAKING:
            return super().dispatch(request, *args, **kwargs)


class Page(TemplateView):
    """The documents, one at a time, with a switch between them."""

    template_name = "docs/index.html"
    extra_context = {"surfaces": {vendor.name: vendor.surface.title for vendor in registry.VENDORS}}


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


def _document(vendor: registry.Vendor) -> Any:
    surface = vendor.surface
    asked = {"name": "Who runs this installation", "url": settings.TECHNICAL_CONTACT_URL}
    return Document.as_view(
        patterns=vendor.urls.documented,
        custom_settings={
            "TITLE": surface.title,
            "DESCRIPTION": surface.description,
            "VERSION": "1",
            "APPEND_COMPONENTS": {"securitySchemes": {"key": dict(surface.security)}},
            "SECURITY": [{"key": []}],
            "CONTACT": asked,
            "LICENSE": {"name": "Apache 2.0", "identifier": "Apache-2.0"},
            "TAGS": [{"name": tag, "description": said} for tag, said in surface.tags.items()],
            # Choices stand where they are used: pulled out, they would need names of their own.
            "POSTPROCESSING_HOOKS": ["config.api.kit.description.finish"],
        },
    )


urlpatterns = [
    path("", Page.as_view(), name="docs"),
    path("events/", Events.as_view(), name="docs-events"),
    path("events.json", event_list),
    path("events/<str:name>.json", event_fixture, name="docs-event"),
    *(path(f"{vendor.name}.json", _document(vendor)) for vendor in registry.VENDORS),
]
