"""Who calls and for whom it may act, and what somebody begins with who only wants to try."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from apikeys import throttling
from config.api.flowie.openapi import account as openapi
from config.api.flowie.requests import account as requests
from config.api.flowie.requests.keys import key_prefix
from config.api.flowie.requests.parts import Page
from config.api.flowie.responses import account as responses
from config.api.flowie.surface import Flowie, FlowieView
from config.api.kit.access import EVERYBODY, Access, to_read
from config.api.kit.callers import Caller
from peppol.sandbox import starters
from tenants.models import Environment, Membership, Organization
from tenants.row_security import everything, limit_rows_to
from tenants.web.client_address import client_address

# So many beginnings an hour are given to one address.
_PER_HOUR = 120


class Me(FlowieView):
    """Whoever calls, for whom it acts, and for whom it might (`X-Flowie-Organization-Id`)."""

    access = {"GET": to_read(kinds=EVERYBODY)}

    def find_target(self) -> Organization | None:
        """Anybody may ask, of a business that is no platform, and of none at all."""
        own = self.caller.organization
        self.company = self.named_company() if own else None
        return self.company or own

    def _row_limited(self) -> Any:
        """A person sees all organizations that they may choose from."""
        person = self.caller.user
        if person is None:
            return super()._row_limited()
        with everything():
            mine = Membership.objects.filter(user=person).select_related("organization")
            organizations = [row.organization for row in mine]
        return limit_rows_to(*organizations, person=person)

    @extend_schema(**openapi.ME)
    def get(self, request: Any) -> Response:
        caller, company, query = self.caller, self.company, self.read_query(Page)
        if caller.user is None:
            return Response(responses.Me.of_program(caller, company))
        mine = Membership.objects.filter(user=caller.user, organization__deleted_at=None)
        page = self.page(mine.select_related("organization"), query, f"{caller.user.pk}:mine")
        return Response(responses.Me.of_person(caller, page))


class Doorway(Flowie):
    """The same surface for whoever has nothing yet; what they show is not looked at."""

    def authenticate(self, request: Request) -> Caller:
        """A stranger, told from others by the address."""
        identity = client_address(request._request)
        return Caller("user", None, starters.BY, identity, environment=Environment.TEST)


class Bootstrap(FlowieView):
    """Gives a stranger in the sandbox a company and a key to try with."""

    surface = Doorway()
    access = {"POST": Access(EVERYBODY, test_keys=True)}
    bears_secret = True

    def find_target(self) -> None:
        """It is about nobody who is there already."""
        return

    def count(self) -> throttling.Quota:
        return throttling.admit(f"bootstrap:{self.caller.identity}", _PER_HOUR, _PER_HOUR)

    def _row_limited(self) -> Any:
        # What is made here is nobody's before it is there.
        return everything()

    @extend_schema(**openapi.BOOTSTRAP)
    def post(self, request: Any) -> Response:
        fields = self.read(requests.Beginning)
        kind = fields["keyType"]
        made = starters.make(
            fields["label"],
            prefix=key_prefix(kind, Environment.TEST),
            for_platform=kind != "personal",
            white_label=kind == "white_label",
        )
        return Response(responses.Begun.about(made, kind), status=201)
