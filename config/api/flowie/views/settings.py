"""A platform's settings (FLO-32 to FLO-38)."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework.response import Response

from config.api.flowie import shapes
from config.api.flowie.openapi import operations as doc
from config.api.flowie.requests import bodies, mapping
from config.api.flowie.surface import FlowieView
from tenants.models import Branding, CustomDomain, Organization
from tenants.services import settings


class Settings(FlowieView):
    """Branding, custom domain and defaults."""

    scopes = {"GET": ("platform",), "PATCH": ("platform",)}

    @extend_schema(**doc.GET_SETTINGS)
    def get(self, request: Any) -> Response:
        return Response(self._shown(self.organization))

    @extend_schema(**doc.UPDATE_SETTINGS)
    def patch(self, request: Any) -> Response:
        wanted = mapping.platform_settings(self.read(bodies.Settings))
        return Response(self._shown(settings.change(self.organization, by=self.by, **wanted)))

    def _shown(self, platform: Organization) -> dict[str, Any]:
        looks = Branding.objects.filter(organization=platform).first()
        domain = CustomDomain.objects.current().filter(organization=platform).first()
        return shapes.settings(platform, looks, domain)
