"""The Peppol identifiers of organizations (GOR-15)."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework.response import Response

from apikeys.scopes import Ability
from config.api.goroute import requests, responses
from config.api.goroute.openapi import operations as doc
from config.api.goroute.surface import GoRouteView
from config.api.kit.access import PREPARING, PROGRAMS, Access, to_read
from config.api.kit.paths import row_at
from peppol.models import Participant
from peppol.services.registration import participants, receiving


class Participants(GoRouteView):
    """The Peppol identifiers of an organization (GOR-15)."""

    listed = "participants"
    access = {
        "GET": to_read(Ability.REGISTRATIONS_READ, kinds=PROGRAMS),
        "POST": Access(PROGRAMS, (Ability.REGISTRATIONS_WRITE,), states=PREPARING),
    }

    @extend_schema(**doc.LIST_PARTICIPANTS)
    def get(self, request: Any, **path: str) -> Response:
        page = self.page(Participant.objects.of(self.target).select_related("organization"))
        return Response(responses.ParticipantsPage.of(page))

    @extend_schema(**doc.CREATE_PARTICIPANT)
    def post(self, request: Any, **path: str) -> Response:
        organization, fields = self.target, self.read(requests.ParticipantFields)
        types = fields.get("document_types") or fields.get("capabilities") or ()
        row = participants.register(
            organization,
            fields["peppol_id"],
            card_name=fields.get("name") or "",
            document_types=types,
            by=self.by,
        )
        row = receiving.change(row, types, by=self.by) if types else row
        return Response(responses.ParticipantShown.of(row), status=201)


class ParticipantDetails(GoRouteView):
    """One Peppol identifier."""

    access = {
        "GET": to_read(Ability.REGISTRATIONS_READ, kinds=PROGRAMS),
        "DELETE": Access(PROGRAMS, (Ability.REGISTRATIONS_WRITE,)),
    }

    @property
    def participant(self) -> Participant:
        rows, id = Participant.objects.of(self.target), self.kwargs["participant_id"]
        return row_at(rows, id, what="Participant")

    @extend_schema(**doc.GET_PARTICIPANT)
    def get(self, request: Any, **path: str) -> Response:
        return Response(responses.ParticipantShown.of(self.participant))

    @extend_schema(**doc.DELETE_PARTICIPANT)
    def delete(self, request: Any, **path: str) -> Response:
        row = participants.unregister(self.participant, by=self.by)
        return Response(responses.ParticipantShown.of(row), status=202)
