"""Whoever makes a request: a key, a person, or a token that stands for one of them."""

from dataclasses import dataclass, field
from typing import Literal

from apikeys.models import ApiKey, MachineClient
from tenants.actors import Actor
from tenants.models import Organization, User
from tenants.models.organizations import Environment


@dataclass(frozen=True)
class Caller:
    """An authenticated caller.

    `organization` is on whose behalf it calls, None for a person who has none yet; `identity`
    tells callers apart where requests are counted and repeated calls are known again. `role` is
    a person's in the organization (tenants.models.Role), empty for programs.
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
            environment=organization.environment,
        )

    def allows(self, *scopes: str) -> bool:
        """Whether it may do what one of `scopes` names; `*` allows everything."""
        return "*" in self.scopes or any(scope in self.scopes for scope in scopes)
