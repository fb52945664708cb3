"""Writes to machine clients: the OIDC credentials that an organization's servers use."""

from dataclasses import dataclass, field

from allauth.idp.oidc.models import Client, Token
from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.utils import timezone

from apikeys import tokens
from apikeys.models import ApiKey, MachineClient
from apikeys.services import announcements
from apikeys.services.grants import Grant
from tenants import events, persistence
from tenants.actors import Actor
from tenants.errors import Conflict
from tenants.ids import spell, uuid7
from tenants.models import Organization

ISSUED = events.declare("client.issued", "A machine client was issued.")
ROTATED = events.declare("client.rotated", "A machine client's secret was replaced.")

# What a client may ask for, and what it gets when it asks for nothing.
_SCOPES = ["openid", "profile", "email", "api"]


@dataclass(frozen=True)
class Credentials:
    """What a server gets tokens with. The secret cannot be read again."""

    client_id: str
    secret: str = field(repr=False)


@transaction.atomic
def issue(organization: Organization, *, by: Actor) -> Credentials:
    """Give an organization its machine client, which may do no more than its maker.

    Raises Conflict when it has one, Forbidden where it would be more than `by` has.
    """
    grant = _grant(organization, by)
    if MachineClient.objects.filter(organization=organization).exists():
        raise Conflict("client_taken", "This organization has a machine client already.")
    secret = tokens.generate("gh_secret_")
    client = Client(
        id=spell("client", uuid7()),
        name=organization.title[:100],
        secret=_hashed(secret),
        grant_types=Client.GrantType.CLIENT_CREDENTIALS,
    )
    client.set_scopes(_SCOPES)
    client.set_default_scopes(["api"])
    client.set_response_types([])
    client.save(force_insert=True)
    limits = {"scopes": list(grant.scopes), "role": grant.role}
    persistence.insert(MachineClient(organization=organization, client=client, **limits))
    events.record(organization, ISSUED, by=by, data={"client": {"id": client.pk}})
    announcements.client_issued(organization, client.pk, by=by)
    return Credentials(client.pk, secret)


@transaction.atomic
def rotate(organization: Organization, *, by: Actor) -> Credentials:
    """Replace the secret; the old one and every token that it got are refused from now on.

    Issues a client where there is none yet. Whoever rotates it knows its secret: it may do no more
    than they from now on. Raises Forbidden where it would be more than `by` has.
    """
    found = (
        MachineClient.objects.select_for_update(no_key=True)
        .filter(organization=organization)
        .first()
    )
    if found is None:
        return issue(organization, by=by)
    grant = _grant(organization, by)
    secret = tokens.generate("gh_secret_")
    Client.objects.filter(pk=found.client_id).update(secret=_hashed(secret))
    Token.objects.filter(client=found.client_id).delete()
    MachineClient.objects.filter(pk=found.pk).update(
        rotated_at=timezone.now(), scopes=list(grant.scopes), role=grant.role
    )
    events.record(organization, ROTATED, by=by, data={"client": {"id": found.client_id}})
    announcements.client_issued(organization, found.client_id, by=by)
    return Credentials(found.client_id, secret)


def tidy() -> None:
    """Forget tokens that have expired."""
    Token.objects.expired().delete()


def _grant(organization: Organization, by: Actor) -> Grant:
    grant = Grant.of(by, organization)
    kind = ApiKey.Kind.PLATFORM if organization.is_platform else ApiKey.Kind.COMPANY
    grant.check(organization, kind=kind, environment=organization.environment, scopes=grant.scopes)
    return grant


def _hashed(secret: str) -> str:
    return make_password(secret, hasher="random_secret")
