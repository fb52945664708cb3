"""A platform's settings (FLO-32 to FLO-38)."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework.response import Response

from apikeys.scopes import Ability
from config.api.flowie.openapi import settings as openapi
from config.api.flowie.requests import settings as requests
from config.api.flowie.responses import settings as responses
from config.api.flowie.surface import FlowieView
from config.api.kit.access import PLATFORMS, Access, to_read
from tenants.models import Branding, CustomDomain, Organization
from tenants.services import settings


class Settings(FlowieView):
    """Branding, custom domain and defaults."""

    access = {
        "GET": to_read(Ability.SETTINGS_READ, kinds=PLATFORMS),
        "PATCH": Access(PLATFORMS, (Ability.SETTINGS_WRITE,)),
    }

    @extend_schema(**openapi.GET_SETTINGS)
    def get(self, request: Any) -> Response:
        return Response(self._shown(self.organization))

    @extend_schema(**openapi.UPDATE_SETTINGS)
    def patch(self, request: Any) -> Response:
        wanted = requests.changes(self.read(requests.Settings))
        return Response(self._shown(settings.change(self.organization, by=self.by, **wanted)))

    def _shown(self, platform: Organization) -> dict[str, Any]:
        looks = Branding.objects.filter(organization=platform).first()
        domain = CustomDomain.objects.current().filter(organization=platform).first()
        return responses.Settings.about(platform, looks, domain)
