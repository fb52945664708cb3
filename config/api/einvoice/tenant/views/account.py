"""The account behind a tenant key (EIN-40)."""

from typing import Any

from django.db.models import prefetch_related_objects
from drf_spectacular.utils import extend_schema
from rest_framework.response import Response

from config.api.einvoice.tenant import openapi as doc
from config.api.einvoice.tenant.responses.account import AccountAnswer
from config.api.einvoice.tenant.surface import TenantView


class Me(TenantView):
    """The account that a tenant's own key opens (EIN-40)."""

    @extend_schema(**doc.ME)
    def get(self, request: Any) -> Response:
        prefetch_related_objects([self.organization], "participants")
        return Response(AccountAnswer.of(self.organization))
