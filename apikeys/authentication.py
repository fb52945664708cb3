"""From a secret to the key behind it, and from a token to the machine client it was given to."""

from datetime import timedelta
from uuid import UUID

from allauth.idp.oidc.models import Token
from django.db import models
from django.db.models import Q
from django.utils import timezone

from apikeys import tokens
from apikeys.models import ApiKey, MachineClient
from tenants.errors import DomainError, Forbidden, Kind
from tenants.models import Organization
from tenants.prepared import Prepared

# `last_used_at` is for people; writing it on every request would make every read a write.
_USE_NOTED_EVERY = timedelta(minutes=1)
_WITH_PLATFORM = "organization__parent"
_BY_DIGEST = Prepared(
    lambda digest, now: (
        ApiKey.objects.usable(now).filter(digest=digest).select_related(_WITH_PLATFORM)
    ),
    digest=models.CharField(),
    now=models.DateTimeField(),
)
_BY_ID = Prepared(
    lambda id, now: ApiKey.objects.usable(now).filter(pk=id).select_related(_WITH_PLATFORM),
    id=models.UUIDField(),
    now=models.DateTimeField(),
)


class Unauthenticated(DomainError):
    """No key, no such key, or one that opens nothing any more. Which of them is not said."""

    def __init__(self) -> None:
        super().__init__(
            Kind.UNAUTHENTICATED, "unauthenticated", "Invalid authentication credentials"
        )


class AtRest(Forbidden):
    """A good key or token, whose organization or the platform above it may not act now.

    `holder` is what was shown, for whoever notes whose call it was.
    """

    def __init__(self, holder: ApiKey | MachineClient) -> None:
        super().__init__("This organization is not active.", code="organization_not_active")
        self.holder = holder


def authenticate(secret: str) -> ApiKey:
    """Return the usable key behind `secret`, its organization and platform loaded along.

    One query; none when the checksum is wrong. Raises Unauthenticated, or Forbidden when the key
    is good but its organization, or the platform above it, is suspended or closed.
    """
    if not tokens.is_well_formed(secret):
        raise Unauthenticated
    return _admitted(_BY_DIGEST.first(digest=tokens.digest(secret), now=timezone.now()))


def recall(key_id: UUID) -> ApiKey:
    """Return the usable key of that id, for whoever has proved before that they have its secret.

    One query; raises as `authenticate` does, so what ends a key ends what it opened.
    """
    return _admitted(_BY_ID.first(id=key_id, now=timezone.now()))


def _admitted(key: ApiKey | None) -> ApiKey:
    if key is None:
        raise Unauthenticated
    if key.organization.deleted_at is not None:
        raise Unauthenticated
    if not key.organization.is_open:
        raise _not_active(key)
    _note_use(key)
    return key


def authenticate_machine(token: str) -> MachineClient:
    """Return the machine client that `token` was given to, its organization loaded along; it
    `may_write` with the scope `api`.

    One query. Raises Unauthenticated, or Forbidden when the token is good but the organization,
    or the platform above it, is suspended or closed.
    """
    found = (
        Token.objects.valid()
        .by_value(token)
        .filter(type=Token.Type.ACCESS_TOKEN, client__machine__isnull=False)
        .select_related("client__machine__organization__parent")
        .first()
    )
    if found is None or found.client is None:
        raise Unauthenticated
    machine: MachineClient = found.client.machine
    machine.may_write = "api" in found.get_scopes()
    if machine.organization.deleted_at is not None:
        raise Unauthenticated
    if not machine.organization.is_open:
        raise _not_active(machine)
    return machine


def _not_active(holder: ApiKey | MachineClient) -> AtRest:
    """The refusal of an organization at rest; its `status` detail is what keeps it there."""
    refusal, organization = AtRest(holder), holder.organization
    resting = organization
    if organization.status == Organization.Status.ACTIVE and organization.parent:
        resting = organization.parent
    refusal.details["status"] = resting.status
    return refusal


def _note_use(key: ApiKey) -> None:
    now = timezone.now()
    if key.last_used_at is None or now - key.last_used_at >= _USE_NOTED_EVERY:
        stale = Q(last_used_at=None) | Q(last_used_at__lte=now - _USE_NOTED_EVERY)
        ApiKey.objects.filter(stale, pk=key.pk).update(last_used_at=now)
