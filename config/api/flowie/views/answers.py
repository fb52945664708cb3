"""Answers to invoices that came in."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework.response import Response

from apikeys.scopes import Ability
from config.api.flowie.openapi import documents as openapi
from config.api.flowie.requests import answers as requests
from config.api.flowie.responses import documents as responses
from config.api.flowie.views.documents import ReadingView
from config.api.kit.access import PROGRAMS, Access
from peppol.services.documents import answers


class Respond(ReadingView):
    """Says what the company thinks of an invoice, to the seller (Invoice Response)."""

    access = {"POST": Access(PROGRAMS, (Ability.DOCUMENTS_SEND,), test_keys=True)}

    @extend_schema(**openapi.RESPOND)
    def post(self, request: Any, document_id: str) -> Response:
        row, answer = self.document_at(document_id), requests.read(self.read(requests.Answering))
        return Response(responses.Document.of(answers.send(row, answer, by=self.by)), status=202)
