"""The gate: what a method of a view declares, and whether a caller gets through.

Every method of every view of a surface declares its `Access`; `config.checks` lets nothing start
that does not. The gate decides before a call is repeated and before its body is read.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from apikeys import scopes
from apikeys.scopes import Ability
from config.api.kit.callers import Caller
from tenants.errors import Forbidden
from tenants.models import Environment, Organization

Status = Organization.Status

# Kinds of caller.
PLATFORMS = ("platform",)
COMPANIES = ("company",)
PEOPLE = ("user",)
PROGRAMS = (*PLATFORMS, *COMPANIES)
EVERYBODY = (*PROGRAMS, *PEOPLE)
# States of the organization that a call is about.
ANY_STATE = frozenset(Status)
NOT_CLOSED = ANY_STATE - {Status.CLOSED}
WORKING = frozenset({Status.ACTIVE})
# One that waits to be verified prepares: its profile, keys, webhooks and identifiers, which are
# registered once it is verified. `Access` refuses it what has to do with the network at once.
PREPARING = WORKING | {Status.PENDING}
# Its keys open nothing yet; these its platform's keys do not do for it either.
NOT_BEFORE_VERIFIED = frozenset({Ability.DOCUMENTS_SEND})


@dataclass(frozen=True)
class Access:
    """Who may call a method.

    `needs` are abilities of which a key's scopes reach one, and for one of which a person's role
    has the right; without any, nothing is asked of either. A test key changes nothing of a live
    organization unless `test_keys` says that the effect stays in the test environment anyway.
    `states` are those of the organization that the call is about; that the caller's own and its
    platform are open, authentication has seen to.
    """

    kinds: tuple[str, ...]
    needs: tuple[Ability, ...] = ()
    test_keys: bool = False
    states: frozenset[str] = ANY_STATE
    # What a person's role needs a right to, where the call is about the caller's own organization.
    at_home: tuple[Ability, ...] = ()

    def check_scopes(self, caller: Caller) -> None:
        """Raise Forbidden (`insufficient_scope`) for a key whose scopes do not reach this."""
        if self.needs and not caller.may(*self.needs):
            sentence = f"This key needs the scope {' or '.join(scopes.words_for(self.needs))}."
            raise Forbidden(sentence, code="insufficient_scope")

    def check_role(self, caller: Caller, *, code: str) -> None:
        """Raise Forbidden for a person, or a key of one, whose role has no right to this."""
        if self.needs and not caller.role_allows(*self.needs):
            raise Forbidden("Your role does not allow this.", code=code)

    def check_home(self, caller: Caller, about: Organization | None, *, code: str) -> None:
        """Raise Forbidden for whose role may change companies, but not their own organization."""
        at_home = about is not None and about == caller.organization
        if at_home and self.at_home and not caller.role_allows(*self.at_home):
            raise Forbidden("Your role does not allow this.", code=code)

    def admits(self, status: str) -> bool:
        """Whether it is a call that can be made about an organization of this status."""
        early = status == Status.PENDING and not NOT_BEFORE_VERIFIED.isdisjoint(self.needs)
        return status in self.states and not early

    def check_environment(self, caller: Caller, about: Organization | None) -> None:
        """Raise Forbidden (`live_organization`) for a test key that would change a live one."""
        if self.test_keys or about is None or caller.environment != Environment.TEST:
            return
        if about.environment == Environment.LIVE:
            sentence = "A test key changes nothing of a live organization."
            raise Forbidden(sentence, code="live_organization")


def to_read(*needs: Ability, kinds: tuple[str, ...], states: frozenset[str] = ANY_STATE) -> Access:
    """Access to what changes nothing: a test key sees its own organization, live or not."""
    return Access(kinds, needs, test_keys=True, states=states)


def kinds_of(declared: Iterable[Access]) -> tuple[str, ...]:
    """Every kind of caller for whom one of these is."""
    found = {kind for access in declared for kind in access.kinds}
    return tuple(kind for kind in EVERYBODY if kind in found)
