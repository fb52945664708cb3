"""Writes to keys: issue, rename, disable, rotate with overlap, revoke."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_noop

from apikeys import tokens
from apikeys.models import ApiKey
from apikeys.services import announcements
from apikeys.services.grants import Grant
from tenants import events, persistence
from tenants.actors import Actor
from tenants.errors import Conflict, Invalid, WrongState
from tenants.models import Environment, Organization, User

ISSUED = events.declare("key.issued", "An API key was issued.")
UPDATED = events.declare("key.updated", "An API key was renamed or described anew.")
DISABLED = events.declare("key.disabled", "An API key was disabled.")
ENABLED = events.declare("key.enabled", "A disabled API key was enabled.")
ROTATED = events.declare("key.rotated", "An API key was replaced; the old one ends soon.")
REVOKED = events.declare("key.revoked", "An API key was revoked.")

# Of a key, this much is kept to show which one it is.
_SHOWN = 4


@transaction.atomic
def issue(
    organization: Organization,
    *,
    name: str,
    by: Actor,
    kind: str = ApiKey.Kind.COMPANY,
    environment: str = Environment.LIVE,
    prefix: str = "",
    description: str = "",
    scopes: Sequence[str] | None = None,
    role: str = "",
    expires_at: datetime | None = None,
    metadata: Mapping[str, Any] | None = None,
    created_by: User | None = None,
    rotated_from: ApiKey | None = None,
    default_organization: Organization | None = None,
    enabled: bool = True,
    only_of_its_name: bool = False,
    announced: bool = True,
) -> tuple[ApiKey, str]:
    """Issue a key and return it with its secret, which cannot be read again.

    It may do no more than `by`, its maker: without `scopes` it gets the maker's, and a person's
    role goes with it. `prefix` is the surface's spelling (`einv_prod_`); without one it says kind
    and environment. It is `announced` by mail unless it is one of many. Raises Invalid; Forbidden
    where it would be more than its maker; Conflict when it is to be the only one of its name and
    is not.
    """
    grant = Grant.of(by, organization)
    scopes = grant.scopes if scopes is None else tuple(scopes)
    grant.check(organization, kind=kind, environment=environment, scopes=scopes)
    if only_of_its_name and ApiKey.objects.live().of(organization).filter(name=name).exists():
        raise Conflict("name_taken", "An API key with this name already exists.")
    secret = tokens.generate(prefix or _prefix(kind, environment))
    key = ApiKey(
        organization=organization,
        kind=kind,
        environment=environment,
        name=name,
        name_key=name if only_of_its_name else None,
        disabled_at=None if enabled else timezone.now(),
        description=description,
        prefix=secret[: len(secret) - 36 + _SHOWN],
        last_four=secret[-_SHOWN:],
        digest=tokens.digest(secret),
        scopes=list(scopes),
        role=grant.narrowed(role),
        expires_at=expires_at,
        metadata=dict(metadata or {}),
        created_by=created_by,
        rotated_from=rotated_from,
        default_organization=default_organization,
    )
    persistence.insert(key)
    _note(key, ISSUED, by, changes={"name": [None, name], "scopes": [None, list(scopes)]})
    if announced:
        announcements.key_issued(key, by=by)
    return key, secret


@transaction.atomic
def update(
    key: ApiKey, fields: Mapping[str, Any], *, by: Actor, enabled: bool | None = None
) -> ApiKey:
    """Change a key's name, description or metadata, and switch it on or off where that is said.

    Its secret stays.
    """
    key = _live(key)
    changes = {n: [getattr(key, n), v] for n, v in fields.items() if getattr(key, n) != v}
    if key.name_key is not None and "name" in changes:
        changes["name_key"] = [key.name_key, fields["name"]]
    for name, (_, value) in changes.items():
        setattr(key, name, value)
    written, event = [*changes], UPDATED
    if enabled is not None and enabled != (key.disabled_at is None):
        event = event if changes else ENABLED if enabled else DISABLED
        key.disabled_at = None if enabled else timezone.now()
        written.append("disabled_at")
        changes["enabled"] = [not enabled, enabled]
    if written:
        persistence.update(key, [*written, "updated_at"])
        _note(key, event, by, changes=changes)
    return key


@transaction.atomic
def set_default(key: ApiKey, organization: Organization | None, *, by: Actor) -> ApiKey:
    """Choose whom a platform key acts for where a call names nobody; None is its own platform.

    Raises Invalid for a key that reaches one organization only, and for one out of its reach.
    """
    key = _live(key)
    if organization is not None and (
        key.kind != ApiKey.Kind.PLATFORM or key.organization_id != organization.platform_id
    ):
        sentence = gettext_noop(
            "A platform key acts for its platform or one of the platform's companies."
        )
        raise Invalid(sentence, code="out_of_reach", fields={"default_organization": [sentence]})
    was, key.default_organization = key.default_organization_id, organization
    key.save(update_fields=["default_organization", "updated_at"])
    now = organization and str(organization.pk)
    changes = {"default_organization": [was and str(was), now]}
    _note(key, UPDATED, by, changes=changes)
    return key


@transaction.atomic
def disable(key: ApiKey, *, by: Actor) -> ApiKey:
    """Make a key open nothing until it is enabled again."""
    return _switch(key, timezone.now(), DISABLED, by)


@transaction.atomic
def enable(key: ApiKey, *, by: Actor) -> ApiKey:
    """Undo `disable`."""
    return _switch(key, None, ENABLED, by)


@transaction.atomic
def rotate(
    key: ApiKey, *, by: Actor, overlap: timedelta = timedelta(hours=24)
) -> tuple[ApiKey, str]:
    """Issue a successor with the same rights; the old key ends after `overlap`.

    Raises Forbidden where the key may do more than `by`, who would get hold of it.
    """
    key = _live(key)
    successor, secret = issue(
        key.organization,
        name=key.name,
        by=by,
        kind=key.kind,
        environment=key.environment,
        prefix=key.prefix[:-_SHOWN],
        description=key.description,
        scopes=key.scopes,
        role=key.role,
        metadata=key.metadata,
        rotated_from=key,
        default_organization=key.default_organization,
    )
    ends = timezone.now() + overlap
    if key.expires_at is None or key.expires_at > ends:
        key.expires_at = ends
        key.save(update_fields=["expires_at", "updated_at"])
    _note(key, ROTATED, by, changes={"expires_at": [None, ends.isoformat()]})
    return successor, secret


@transaction.atomic
def revoke(key: ApiKey, *, by: Actor, reason: str = "") -> ApiKey:
    """End a key for good. The next request that shows it is refused."""
    moved = (
        ApiKey.objects.live()
        .filter(pk=key.pk)
        .update(revoked_at=timezone.now(), revoked_reason=reason, updated_at=timezone.now())
    )
    if not moved:
        raise WrongState("This key was revoked already.", code="revoked")
    key.refresh_from_db()
    _note(key, REVOKED, by, reason=reason)
    return key


def _switch(key: ApiKey, disabled_at: datetime | None, event: str, by: Actor) -> ApiKey:
    key = _live(key)
    if (key.disabled_at is None) != (disabled_at is None):
        key.disabled_at = disabled_at
        key.save(update_fields=["disabled_at", "updated_at"])
        _note(key, event, by)
    return key


def _live(key: ApiKey) -> ApiKey:
    try:
        return (
            ApiKey.objects.live()
            .select_related("organization")
            .select_for_update(of=("self",), no_key=True)
            .get(pk=key.pk)
        )
    except ApiKey.DoesNotExist:
        raise WrongState("This key was revoked.", code="revoked") from None


def _note(key: ApiKey, event: str, by: Actor, **details: Any) -> None:
    data = {"key": {"id": str(key.pk), "name": key.name, "prefix": key.prefix}}
    events.record(key.organization, event, by=by, data=data, **details)


def _prefix(kind: str, environment: str) -> str:
    return f"gh_{'plat_' if kind == ApiKey.Kind.PLATFORM else ''}{environment}_"
