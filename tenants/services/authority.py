"""Who may decide about the people of an organization, whatever page or API the wish came by."""

from uuid import UUID

from tenants.access.roles import CHANGES, Area
from tenants.actors import Actor
from tenants.errors import Forbidden
from tenants.models import Membership, Organization, Role, User


def check(organization: Organization, *, by: Actor, roles: set[str]) -> None:
    """Raise Forbidden unless `by` may give a person these roles there, or take them away.

    Owners are made and unmade by owners; a platform's people, who look after their companies'
    teams, and the operator's staff count as such there. Who sets up a company that has nobody yet
    names its first people. A key decides what the person who made it might.
    """
    if by.kind == "system" or (by.kind == "key" and not by.role):
        return
    if by.kind == "key":
        own, above, setting_up = {by.role}, set[str](), {by.role}
    else:
        own = _roles(by, organization.pk)
        above = _roles(by, organization.parent_id, organization.created_by_organization_id)
        setting_up = above
    if _decides(own) and (Role.OWNER in own or Role.OWNER not in roles):
        return
    if _decides(above) or _sets_up(setting_up, organization) or _is_staff(by):
        return
    if _decides(own):
        raise Forbidden("Only an owner decides about owners.", code="owner_required")
    raise Forbidden("Your role does not allow this.", code="role")


def _decides(roles: set[str]) -> bool:
    return any(Area.TEAM in CHANGES[role] for role in roles)


def _sets_up(roles: set[str], organization: Organization) -> bool:
    able = any(Area.COMPANIES in CHANGES[role] for role in roles)
    return able and not Membership.objects.of(organization).exists()


def _roles(by: Actor, *organizations: UUID | None) -> set[str]:
    mine = Membership.objects.filter(user__id=by.id, organization__in=filter(None, organizations))
    return set(mine.values_list("role", flat=True))


def _is_staff(by: Actor) -> bool:
    return by.kind == "user" and User.objects.filter(pk=by.id, is_staff=True).exists()
