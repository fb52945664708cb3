"""The network itself: a document that is sent as it is, a participant, the rules in force."""

from typing import Any

from django.conf import settings
from drf_spectacular.utils import extend_schema
from rest_framework.response import Response

from config.api.goroute.openapi import network as doc
from config.api.goroute.responses.network import ParticipantFound, SentShown, VersionShown
from config.api.goroute.surface import GoRouteView
from config.api.goroute.views.invoices import SENDING
from config.api.kit.access import PROGRAMS, Access
from config.api.kit.bodies import TooLarge
from config.api.kit.fields import PeppolIdQuery
from peppol import identifiers, network_lookup
from peppol.rules import kinds, sets
from peppol.services.documents import documents, intake


class Send(GoRouteView):
    """UBL as it is, in the body: the target sends it to whoever it is addressed to."""

    access = {"POST": SENDING}
    most_bytes = settings.MOST_BODY_BYTES

    @extend_schema(**doc.SEND)
    def post(self, request: Any, **path: str) -> Response:
        draft = intake.from_ubl(self.target, self._content())
        row = documents.send(self.target, draft, environment=self.environment, by=self.by)
        return Response(SentShown.of(row), status=201)

    def _content(self) -> bytes:
        content: bytes = self.request.body
        if len(content) > self.most_bytes:
            raise TooLarge
        return content


class Lookup(GoRouteView):
    """What the network says of an identifier, whoever's it is."""

    access = {"GET": Access(PROGRAMS, test_keys=True)}

    @extend_schema(**doc.LOOK_UP)
    def get(self, request: Any, **path: str) -> Response:
        asked = self.read_query(PeppolIdQuery)["peppol_id"]
        return Response(ParticipantFound.of(network_lookup.look_up(identifiers.parse(asked))))


class Version(GoRouteView):
    """By which rules invoices are judged, and on which network."""

    access = {"GET": Access(PROGRAMS, test_keys=True)}

    @extend_schema(**doc.VERSION)
    def get(self, request: Any, **path: str) -> Response:
        found = sets.in_force(kinds.BILLING)
        return Response(VersionShown.of(found[0] if found else sets.built_in()))
