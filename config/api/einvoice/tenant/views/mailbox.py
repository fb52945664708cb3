"""The mailbox of the tenant API, which is empty: invoices come over the network, and by no mail."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework.response import Response

from apikeys.scopes import Ability
from config.api.einvoice.tenant import requests
from config.api.einvoice.tenant.openapi import files as doc
from config.api.einvoice.tenant.responses.mailbox import MailboxPageAnswer
from config.api.einvoice.tenant.surface import TenantView
from config.api.kit.access import COMPANIES, to_read


class Mailbox(TenantView):
    """Mails with invoices that came in: none ever do."""

    access = {"GET": to_read(Ability.DOCUMENTS_RECEIVE, Ability.PLATFORM_ACT, kinds=COMPANIES)}

    @extend_schema(**doc.LIST_MAILBOX)
    def get(self, request: Any) -> Response:
        return Response(MailboxPageAnswer.of(self.read_query(requests.MailboxQuery)))
