"""Is my customer on Peppol? Asked of the network before a document is sent."""

from contextlib import AbstractContextManager, nullcontext
from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework.response import Response

from apikeys.scopes import Ability
from config.api.flowie.openapi import lookup as openapi
from config.api.flowie.requests import lookup as requests
from config.api.flowie.responses import lookup as responses
from config.api.flowie.surface import FlowieView
from config.api.kit.access import PROGRAMS, to_read
from peppol import reach


class Lookup(FlowieView):
    """Whether somebody is registered, and takes a kind of document."""

    access = {"GET": to_read(Ability.DOCUMENTS_RECEIVE, Ability.DOCUMENTS_SEND, kinds=PROGRAMS)}

    def _row_limited(self) -> AbstractContextManager[None]:
        # No transaction is held open while others think.
        return nullcontext()

    @extend_schema(**openapi.LOOK_UP)
    def get(self, request: Any) -> Response:
        asked = self.read_query(requests.Wanted)
        found = reach.find(asked["peppolId"], requests.TYPES.get(asked["type"], asked["type"]))
        return Response(responses.Lookup.of(found))
