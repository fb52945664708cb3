"""Users of an organization: members and those who are invited (FIS-46 to FIS-51)."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework.response import Response

from apikeys.scopes import Ability
from config.api.fiskaly import listings, requests
from config.api.fiskaly.openapi import operations as doc
from config.api.fiskaly.responses import DONE, Part, UserAnswer, UserListAnswer
from config.api.fiskaly.surface import FiskalyView, access_to
from config.api.kit.paths import id_of
from tenants.access.roles import Area
from tenants.errors import NotFound
from tenants.models import Invitation, Membership, Role
from tenants.services import people


class Users(FiskalyView):
    """The users of an organization."""

    access = access_to(reads=Ability.TEAM_READ, writes=Ability.TEAM_WRITE)
    area = Area.TEAM

    @extend_schema(**doc.LIST_USERS)
    def get(self, request: Any, organization_id: str) -> Response:
        organization = self.organization_of(organization_id)
        rows, count = listings.people(organization, self.read_query(requests.UserListing))
        return Response(UserListAnswer.of(Part(rows, count)))

    @extend_schema(**doc.INVITE_USER)
    def post(self, request: Any, organization_id: str) -> Response:
        organization, fields = self.changeable(organization_id), self.read(requests.Invited)
        names = {name: fields.get(name) or "" for name in ("first_name", "last_name")}
        invitation = people.invite(
            organization,
            email=fields["email"],
            role=Role.ADMIN,
            by=self.by,
            invited_by=self.caller.user,
            **names,
        )
        return Response(UserAnswer.of(_invited(invitation)))


class OneUser(FiskalyView):
    """One user of an organization."""

    access = access_to(reads=Ability.TEAM_READ, writes=Ability.TEAM_WRITE)
    area = Area.TEAM

    @extend_schema(**doc.DELETE_USER)
    def delete(self, request: Any, organization_id: str, user_id: str) -> Response:
        organization, id = self.changeable(organization_id), id_of(user_id)
        member = Membership.objects.of(organization).filter(user=id).first()
        invitation = Invitation.objects.of(organization).unanswered().filter(pk=id).first()
        if member is not None:
            people.remove(member, by=self.by)
        elif invitation is not None:
            people.withdraw(invitation, by=self.by)
        else:
            raise NotFound("User")
        return Response(DONE)


def _invited(row: Invitation) -> dict[str, Any]:
    names = {"first": row.first_name, "last": row.last_name}
    who = {"person": row.pk, "address": row.email, **names}
    return {**who, "organization": row.organization}
