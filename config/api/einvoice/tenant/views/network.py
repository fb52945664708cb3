"""What a tenant may ask about others: the network and the Directory."""

from contextlib import AbstractContextManager, nullcontext
from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework.response import Response

from config.api.einvoice.tenant import openapi as doc
from config.api.einvoice.tenant import requests
from config.api.einvoice.tenant.responses.directory import PeppolSearchResultAnswer, Search
from config.api.einvoice.tenant.responses.network import (
    PeppolIdLookupAnswer,
    PeppolIdValidationAnswer,
)
from config.api.einvoice.tenant.surface import TenantView
from peppol import identifiers, network_lookup


class NetworkView(TenantView):
    """Shared by all that asks others. No transaction is held open while they think."""

    def _row_limited(self) -> AbstractContextManager[None]:
        return nullcontext()

    def asked(self) -> identifiers.ParticipantId:
        """The identifier in the query. Raises DRF's ValidationError."""
        return identifiers.parse(self.read_query(requests.PeppolIdQuery)["peppol_id"])


class Lookup(NetworkView):
    """Everything the network says about one identifier."""

    @extend_schema(**doc.LOOKUP)
    def get(self, request: Any) -> Response:
        return Response(PeppolIdLookupAnswer.of(network_lookup.look_up(self.asked())))


class ParticipantSearch(NetworkView):
    """What the Peppol Directory finds."""

    @extend_schema(**doc.SEARCH_PARTICIPANTS)
    def get(self, request: Any) -> Response:
        asked = self.read_query(requests.SearchQuery)
        answer = network_lookup.search(asked["query"], country=asked.get("country_code") or "")
        return Response(PeppolSearchResultAnswer.of(Search(asked["query"], answer)))


class PeppolIdValidation(NetworkView):
    """Whether an identifier is registered, and for what."""

    @extend_schema(**doc.VALIDATE_PEPPOL_ID)
    def get(self, request: Any) -> Response:
        return Response(
            PeppolIdValidationAnswer.of(network_lookup.look_up(self.asked(), endpoints=False))
        )
