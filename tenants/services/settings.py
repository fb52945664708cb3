"""Writes to a platform's settings: its looks, its domain and what holds for its documents."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction

from tenants.actors import Actor
from tenants.models import CustomDomain, Organization
from tenants.services import branding, domains, organizations
from tenants.services.profiles import Merge


@transaction.atomic
def change(
    platform: Organization,
    *,
    by: Actor,
    looks: Mapping[str, Any] | None = None,
    defaults: Mapping[str, Any] | None = None,
    **domain: str | None,
) -> Organization:
    """Change the given parts and leave the others, all of it or nothing (FLO-38).

    `looks` are fields of the branding; `defaults` are merged into the platform's, object by
    object, and a name with None is taken out; `host` claims a custom domain, None gives it up.
    Raises what the parts raise: Forbidden without the entitlement, Invalid, Conflict.
    """
    if looks is not None:
        branding.change(platform, looks, by=by)
    if "host" in domain:
        _move(platform, domain["host"], by=by)
    if defaults is not None:
        platform = organizations.update(platform, {"defaults": Merge(defaults)}, by=by)
    return platform


def _move(platform: Organization, host: str | None, *, by: Actor) -> None:
    if host is not None:
        domains.claim(platform, host, by=by)
        return
    current = CustomDomain.objects.current().filter(organization=platform).first()
    if current is not None:
        domains.release(current, by=by)
