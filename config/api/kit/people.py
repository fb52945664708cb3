"""People as callers: from a Bearer token to the user behind it, and for whom they act.

Sign-up and sign-in through `/_allauth/app/v1/` answer `meta.access_token`. The token is signed,
and the session it names is read on every request: signing out, a new password and a disabled
user end it at once.
"""

from importlib import import_module

from allauth.headless import app_settings
from allauth.headless.tokens.strategies.jwt import internal
from django.conf import settings
from django.contrib.auth import login
from django.http import HttpRequest

from apikeys.authentication import Unauthenticated
from config.api.kit.callers import Caller
from tenants.access.roles import may_act
from tenants.actors import Actor
from tenants.errors import Forbidden, NotFound
from tenants.ids import read
from tenants.models import Membership, User

# Of several memberships, the one to act by.
TARGET = "X-Target-Org-Id"


def issue_token(user: User) -> str:
    """Sign `user` in, as a password would, and return the access token of that session."""
    request = HttpRequest()
    request.user = user
    request.session = import_module(settings.SESSION_ENGINE).SessionStore()
    login(request, user, backend=settings.AUTHENTICATION_BACKENDS[0])
    request.session.save()
    return str(app_settings.TOKEN_STRATEGY.create_access_token(request))


def authenticate_user(token: str) -> User:
    """The active user behind an access token; two queries. Raises Unauthenticated."""
    found = internal.validate_access_token(token) if token.isascii() else None
    if found is None or not isinstance(found[0], User):
        raise Unauthenticated
    return found[0]


def caller_of(user: User, *, target: str = "") -> Caller:
    """`user` as a caller, acting for the organization `target`, else for their oldest one.

    `target` is what `X-Target-Org-Id` says, an id in any spelling. Raises NotFound when it is
    none of the user's, Forbidden when the organization is suspended or closed.
    """
    membership = _membership(user, target)
    organization = membership.organization if membership else None
    if organization is not None and not may_act(organization):
        raise Forbidden("This organization is not active.", code="organization_not_active")
    return Caller(
        kind="user",
        organization=organization,
        by=Actor.user(user),
        identity=f"user:{user.pk}",
        role=membership.role if membership else "",
        user=user,
    )


def _membership(user: User, target: str) -> Membership | None:
    mine = Membership.objects.filter(user=user, organization__deleted_at=None)
    found = mine.select_related("organization__parent").order_by("id")
    if not target:
        return found.first()
    membership = found.filter(organization=read(target)).first()
    if membership is None:
        raise NotFound("Organization")
    return membership
