"""Whether the installation works (FLO-46)."""

from typing import Any

from django.http import HttpResponse
from drf_spectacular.utils import extend_schema
from rest_framework.views import APIView

from config import health
from config.api.flowie.openapi import health as openapi


class Readiness(APIView):
    """The same as at the root, for whoever asks."""

    @extend_schema(**openapi.READINESS)
    def get(self, request: Any) -> HttpResponse:
        return health.readiness(request)
