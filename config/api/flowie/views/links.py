"""Links by which a company's own people do one thing without an account."""

from datetime import timedelta
from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework.response import Response

from config.api.flowie.openapi import links as openapi
from config.api.flowie.requests import links as requests
from config.api.flowie.responses import links as responses
from config.api.flowie.surface import OF_PLATFORM, FlowieView
from config.api.kit.paths import row_at
from tenants.models import ClientLink
from tenants.services import client_links


class Links(FlowieView):
    """Makes a link for one company."""

    access = {"POST": OF_PLATFORM}
    bears_secret = True

    @extend_schema(**openapi.MAKE_LINK)
    def post(self, request: Any, company_id: str) -> Response:
        company, fields = self.open_company_at(company_id), self.read(requests.LinkFields)
        link = client_links.make(
            company,
            fields["purpose"],
            by=self.by,
            return_url=fields["returnUrl"],
            send_to=fields.get("sendTo", ""),
            valid_for=timedelta(minutes=fields["expiresInMinutes"]),
        )
        return Response(responses.Link.of(link), status=201)


class Link(FlowieView):
    """One link, to be taken back."""

    access = {"DELETE": OF_PLATFORM}

    @extend_schema(**openapi.REVOKE_LINK)
    def delete(self, request: Any, company_id: str, link_id: str) -> Response:
        mine = ClientLink.objects.filter(organization=self.company_at(company_id))
        client_links.revoke(row_at(mine, link_id, what="Link"), by=self.by)
        return Response(status=204)
