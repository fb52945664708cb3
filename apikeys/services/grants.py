"""How much whoever makes a key may do, for no key gets more than its maker has."""

from dataclasses import dataclass
from typing import Any, Self
from uuid import UUID

from django.db import models
from django.db.models import Q

from apikeys import scopes as words
from apikeys.models import ApiKey, MachineClient
from tenants.actors import Actor
from tenants.errors import Forbidden
from tenants.models import Environment, Membership, Organization, User
from tenants.prepared import Prepared

_KEY = Prepared(
    lambda id: ApiKey.objects.filter(pk=id).only(
        "kind", "environment", "scopes", "role", "organization_id"
    ),
    id=models.UUIDField(),
)


@dataclass(frozen=True)
class Grant:
    """What a maker of keys may do itself, and so at most hands out."""

    scopes: tuple[str, ...] = (words.ALL,)
    role: str = ""
    is_test: bool = False
    is_company: bool = False

    @classmethod
    def of(cls, maker: Actor, organization: Organization) -> Self:
        """What `maker` may do with keys of `organization`; one query, two for a person.

        The operator's staff and the system may do everything. Raises Forbidden for whoever has
        nothing to do with the organization.
        """
        if maker.kind == "system":
            return cls()
        if maker.kind == "key":
            return cls._of_key(maker, organization)
        return cls._of_person(maker, organization)

    @classmethod
    def _of_key(cls, maker: Actor, organization: Organization) -> Self:
        key: Any = _KEY.first(id=maker.id) if maker.id else None
        key = (
            key or MachineClient.objects.select_related("organization").filter(pk=maker.id).first()
        )
        if key is None or key.organization_id not in _reaching(organization, key.kind):
            raise _out_of_reach()
        return cls(
            tuple(key.scopes),
            key.role,
            is_test=key.environment == Environment.TEST,
            is_company=key.kind == ApiKey.Kind.COMPANY,
        )

    @classmethod
    def _of_person(cls, maker: Actor, organization: Organization) -> Self:
        reaching = _reaching(organization, ApiKey.Kind.PLATFORM)
        mine = Membership.objects.filter(user__id=maker.id, organization__in=reaching)
        roles = [one.role for one in mine]
        if roles:
            return cls(role=_widest(roles))
        if User.objects.filter(Q(is_staff=True) | Q(is_superuser=True), pk=maker.id).exists():
            return cls()
        raise _out_of_reach()

    def check(
        self, organization: Organization, *, kind: str, environment: str, scopes: tuple[str, ...]
    ) -> None:
        """Raise Forbidden for a key that could do more than its maker."""
        if self.is_company and kind == ApiKey.Kind.PLATFORM:
            raise Forbidden(
                "A key of one organization issues no platform key.", code="not_a_platform_key"
            )
        if self.is_test and environment == Environment.LIVE:
            raise Forbidden("A test key issues no live keys.", code="live_key")
        if not words.covers(self.scopes, scopes):
            raise Forbidden("This key may do more than yours.", code="insufficient_scope")

    def narrowed(self, role: str) -> str:
        """The role of a key that gets at most `role`. Raises Forbidden when the maker may not
        hand out that one, nor a lesser."""
        found = words.narrower(self.role, role)
        if found is None:
            raise Forbidden("This key may do more than you.", code="insufficient_role")
        return found


def _reaching(organization: Organization, kind: str) -> set[UUID | None]:
    """Those whose keys of that kind act for `organization`."""
    above = {organization.parent_id, organization.created_by_organization_id}
    return {organization.pk} | (above if kind == ApiKey.Kind.PLATFORM else set())


def _widest(roles: list[str]) -> str:
    """Of a person's several roles the one that may do most."""
    widest = roles[0]
    for role in roles[1:]:
        widest = role if words.narrower(widest, role) == widest else widest
    return widest


def _out_of_reach() -> Forbidden:
    return Forbidden("This organization is out of your reach.", code="out_of_reach")
