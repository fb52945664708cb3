"""The ways an organization comes to be with a person or a machine that acts for it."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction

from apikeys.services import clients
from apikeys.services.clients import Credentials
from tenants.actors import Actor
from tenants.errors import Conflict
from tenants.models import Membership, Organization, Role, User
from tenants.services import organizations, people


@transaction.atomic
def register(user: User, profile: Mapping[str, Any]) -> tuple[Organization, Credentials]:
    """Register `user`'s own business with them as its owner, and issue its machine client.

    Raises what `found` raises.
    """
    business = found(user, profile)
    return business, clients.issue(business, by=Actor.user(user))


@transaction.atomic
def found(user: User, profile: Mapping[str, Any]) -> Organization:
    """Register `user`'s own business with them as its owner; its machine client can follow.

    Raises Invalid, and Conflict (`profile_taken`) for whoever acts for an organization already:
    of two calls at once, one wins.
    """
    User.objects.select_for_update(no_key=True).get(pk=user.pk)
    if Membership.objects.filter(user=user, organization__deleted_at=None).exists():
        raise Conflict("profile_taken", "The business profile was completed already.")
    by = Actor.user(user)
    business = organizations.create(Organization.Kind.BUSINESS, profile, founder=user, by=by)
    people.join(business, user, role=Role.OWNER, by=by)
    return business


@transaction.atomic
def connect(
    platform: Organization, profile: Mapping[str, Any], *, by: Actor, admin_email: str = ""
) -> tuple[Organization, Credentials]:
    """Create a company of `platform`, issue its machine client and invite its first owner.

    Raises what `organizations.create_company` raises.
    """
    company = organizations.create_company(platform, profile, by=by)
    credentials = clients.issue(company, by=by)
    if admin_email:
        people.invite(company, email=admin_email, role=Role.OWNER, by=by)
    return company, credentials
