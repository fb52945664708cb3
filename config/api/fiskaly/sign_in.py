"""From credentials to whoever they belong to: a key's two strings, a password, or a token."""

from typing import Any
from uuid import UUID

from allauth.account.adapter import get_adapter
from allauth.account.models import EmailAddress
from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.crypto import constant_time_compare, salted_hmac

from apikeys.authentication import Unauthenticated, authenticate, recall
from config.api.fiskaly import ids
from config.api.fiskaly.callers import FiskalyCaller, Way
from config.api.fiskaly.tokens import Token
from tenants.errors import DomainError, Forbidden, Kind
from tenants.models import Environment, Membership, User
from tenants.row_security import everything


@everything()  # whose rows are shown is known afterwards
def by_key(public_id: str, secret: str) -> FiskalyCaller:
    """Whoever has both strings of a key. Raises Unauthenticated, Forbidden while suspended."""
    key = authenticate(secret)
    if ids.read(public_id) != key.pk:
        raise Unauthenticated
    return FiskalyCaller.holding(key)


@everything()  # whose rows are shown is known afterwards
def by_password(request: HttpRequest, email: str, password: str) -> FiskalyCaller:
    """The person with this address and password; too many failures lock the address for a while.

    Raises Unauthenticated, Forbidden for whoever needs more than a password or is a member of
    no active organization.
    """
    try:
        user = get_adapter(request).authenticate(request, email=email, password=password)
    except ValidationError as refusal:
        raise DomainError(
            Kind.RATE_LIMITED, "too_many_attempts", str(refusal.messages[0])
        ) from None
    if user is None or not user.is_active:
        raise Unauthenticated
    if is_mfa_enabled(user):
        raise Forbidden(
            "This person signs in with a second factor: use an API key.", code="mfa_required"
        )
    if settings.ACCOUNT_EMAIL_VERIFICATION == "mandatory" and not _is_verified(user):
        raise Forbidden("This e-mail address is not confirmed.", code="email_not_verified")
    return _person(user)


@everything()  # whose rows are shown is known afterwards
def by_token(token: Token | None) -> FiskalyCaller:
    """Whoever a token stands for, as they are now. Raises as the others do."""
    if token is None:
        raise Unauthenticated
    caller = _holder(token) if token.kind == "key" else _returning(token)
    assert caller.organization is not None  # noqa: S101 — for the type checker
    if caller.organization.pk != token.organization_id:
        raise Unauthenticated
    return caller


def _holder(token: Token) -> FiskalyCaller:
    caller = FiskalyCaller.holding(recall(token.id))
    if caller.environment != token.environment:
        raise Unauthenticated
    return caller


def _returning(token: Token) -> FiskalyCaller:
    user = User.objects.filter(pk=token.id, is_active=True).first()
    if user is None or not constant_time_compare(_stamp(user), token.stamp):
        raise Unauthenticated
    return _person(user, acting_for=token.organization_id)


def _person(user: Any, acting_for: UUID | None = None) -> FiskalyCaller:
    """A person who acts for the organization that they are told to, else for their oldest live
    one: a token of a test organization sees nothing live."""
    memberships = (
        Membership.objects.filter(user=user, organization__deleted_at=None)
        .select_related("organization__parent")
        .order_by("id")
    )
    found = [one for one in memberships if acting_for in (None, one.organization_id)]
    if acting_for is not None and not found:
        raise Unauthenticated
    if not any(one.organization.is_open for one in found):
        raise Forbidden("This organization is not active.", code="organization_not_active")
    opened = [one for one in memberships if one.organization.is_open]
    opened.sort(
        key=lambda one: (
            one.organization_id != acting_for,
            one.organization.environment != Environment.LIVE,
        )
    )
    return FiskalyCaller.person(user, tuple(Way.of_member(one) for one in opened), _stamp(user))


def _stamp(user: User) -> str:
    """Another one as soon as password or factors are: it ends what the old ones opened."""
    value = f"{user.password}:{user.sign_in_version}"
    return salted_hmac("config.api.fiskaly.stamp", value).hexdigest()[:16]


def _is_verified(user: Any) -> bool:
    return bool(
        EmailAddress.objects.filter(user=user, email__iexact=user.email, verified=True).exists()
    )
