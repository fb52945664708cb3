"""Whoever makes a request: a key, a person, or a token that stands for one of them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, TypeVar

from django.db.models import QuerySet

from apikeys import scopes
from apikeys.models import ApiKey, MachineClient
from apikeys.scopes import Ability
from tenants import tallies
from tenants.actors import Actor
from tenants.models import Organization, User
from tenants.models.organizations import Environment

_Rows = TypeVar("_Rows", bound=QuerySet[Any])


@dataclass(frozen=True)
class Caller:
    """An authenticated caller.

    `organization` is on whose behalf it calls, None for a person who has none yet; `identity`
    tells callers apart where requests are counted and repeated calls are known again. `role` is
    a person's in the organization (tenants.models.Role), or that of whoever made a key; empty
    for programs that nobody's role limits.
    """

    kind: Literal["platform", "company", "user"]
    organization: Organization | None
    by: Actor
    identity: str
    environment: str = Environment.LIVE
    scopes: tuple[str, ...] = ("*",)
    role: str = ""
    key: ApiKey | None = field(default=None, repr=False)
    user: User | None = field(default=None, repr=False)

    @classmethod
    def of_key(cls, key: ApiKey) -> "Caller":
        """The caller that shows an API key."""
        return cls(
            kind="platform" if key.kind == ApiKey.Kind.PLATFORM else "company",
            organization=key.organization,
            by=key.actor,
            identity=str(key.pk),
            environment=key.environment,
            scopes=tuple(key.scopes),
            role=key.role,
            key=key,
        )

    @classmethod
    def of_machine(cls, machine: MachineClient) -> "Caller":
        """The caller that shows a token of an organization's machine client."""
        organization = machine.organization
        return cls(
            kind="platform" if organization.is_platform else "company",
            organization=organization,
            by=machine.actor,
            identity=f"machine:{machine.pk}",
            environment=machine.environment,
            scopes=tuple(machine.scopes),
            role=machine.role,
        )

    def may(self, *needs: Ability) -> bool:
        """Whether its scopes reach one of `needs`."""
        return not scopes.reached(self.scopes).isdisjoint(needs)

    def role_allows(self, *needs: Ability) -> bool:
        """Whether its role, where it has one, gives the right to one of `needs`."""
        return scopes.role_allows(self.role, needs)

    @property
    def is_test(self) -> bool:
        """Whether it calls with a test key: it sees and makes test organizations only."""
        return self.environment == Environment.TEST

    @property
    def reach(self) -> tuple[str, ...]:
        """All that decides what it may do: two callers of one organization that differ in it
        are not given each other's answers."""
        return (self.kind, self.environment, self.role, ",".join(sorted(self.scopes)))

    def reached(self, rows: _Rows) -> _Rows:
        """Those that it sees: with a test key, those of the test environment among them."""
        return rows.filter(environment=Environment.TEST) if self.is_test else rows

    def count_companies(self) -> int:
        """How many companies of its own organization it sees, without a look at them. One query."""
        environment = Environment.TEST if self.is_test else ""
        return tallies.number("managed", self.organization, environment)

    def reaches(self, organization: Organization) -> bool:
        """Whether it sees this one, of those of its own platform."""
        return not self.is_test or organization.environment == Environment.TEST

    def environment_of(self, organization: Organization) -> str:
        """Where what it makes for `organization` belongs: live only if both of them are."""
        tests = Environment.TEST in (self.environment, organization.environment)
        return Environment.TEST if tests else Environment.LIVE

    def confined(self, profile: Mapping[str, Any]) -> dict[str, Any]:
        """The profile of an organization that it makes: with a test key, of a test organization."""
        return {**profile, **({"environment": Environment.TEST} if self.is_test else {})}
