"""What a key may do: the words that vendors call scopes, and the abilities that each reaches.

A key keeps the words it was issued with, and every surface asks for abilities. So a key that one
surface issued opens as much of another as its words reach, and no more.
"""

from collections.abc import Iterable, Sequence
from enum import StrEnum

from tenants.access.roles import CHANGES, GOVERNORS, SEES, Area
from tenants.models import Role

ALL = "*"


class Ability(StrEnum):
    """One thing to be allowed, of keys by their scopes and of people by their role."""

    ACCOUNT_READ = "account.read"
    COMPANIES_READ = "companies.read"
    COMPANIES_WRITE = "companies.write"
    # What stops or ends a company's business.
    COMPANIES_GOVERN = "companies.govern"
    REGISTRATIONS_READ = "registrations.read"
    REGISTRATIONS_WRITE = "registrations.write"
    DOCUMENTS_READ = "documents.read"
    DOCUMENTS_RECEIVE = "documents.receive"
    DOCUMENTS_WRITE = "documents.write"
    DOCUMENTS_SEND = "documents.send"
    # All that is done for companies, where a surface has no finer words.
    PLATFORM_ACT = "platform.act"
    KEYS_READ = "keys.read"
    KEYS_WRITE = "keys.write"
    WEBHOOKS_READ = "webhooks.read"
    WEBHOOKS_WRITE = "webhooks.write"
    SETTINGS_READ = "settings.read"
    SETTINGS_WRITE = "settings.write"
    BILLING_READ = "billing.read"
    BILLING_WRITE = "billing.write"
    TEAM_READ = "team.read"
    TEAM_WRITE = "team.write"

    @property
    def area(self) -> Area:
        """The part of the portal in which a person's role is asked for it."""
        subject = self.partition(".")[0]
        return _AREAS.get(subject) or Area(subject)

    @property
    def reads(self) -> bool:
        """Whether it changes nothing."""
        return self.endswith((".read", ".receive"))


_AREAS = {"account": Area.SETTINGS, "platform": Area.COMPANIES}
_A = Ability
_COMPANIES_READ = {_A.ACCOUNT_READ, _A.COMPANIES_READ, _A.REGISTRATIONS_READ, _A.WEBHOOKS_READ}
_COMPANIES_WRITE = {
    *_COMPANIES_READ,
    _A.COMPANIES_WRITE,
    _A.COMPANIES_GOVERN,
    _A.REGISTRATIONS_WRITE,
    _A.WEBHOOKS_WRITE,
}
# A vendor's word, and what it reaches. What is not here reaches nothing.
WORDS: dict[str, frozenset[Ability]] = {
    ALL: frozenset(Ability),
    # Flowie's, and of e-invoice.be and GoRoute the keys that came from there.
    "platform": frozenset(
        {
            *_COMPANIES_WRITE,
            _A.PLATFORM_ACT,
            _A.KEYS_READ,
            _A.KEYS_WRITE,
            _A.SETTINGS_READ,
            _A.SETTINGS_WRITE,
        }
    ),
    "send": frozenset({_A.ACCOUNT_READ, _A.DOCUMENTS_SEND, _A.DOCUMENTS_WRITE}),
    "receive": frozenset({_A.ACCOUNT_READ, _A.DOCUMENTS_RECEIVE}),
    "documents.read": frozenset(
        {_A.ACCOUNT_READ, _A.DOCUMENTS_READ, _A.DOCUMENTS_RECEIVE, _A.WEBHOOKS_READ}
    ),
    "documents.write": frozenset({_A.ACCOUNT_READ, _A.DOCUMENTS_WRITE}),
    "lifecycle": frozenset({_A.ACCOUNT_READ, _A.WEBHOOKS_READ, _A.WEBHOOKS_WRITE}),
    # Invora's.
    "companies.read": frozenset(_COMPANIES_READ),
    "companies.write": frozenset(_COMPANIES_WRITE),
}
# Who acts for all companies of a platform hands out what one of them may do.
_HANDED_OUT = {"platform": ("send", "receive", "documents.read", "documents.write", "lifecycle")}


def reached(scopes: Iterable[str]) -> frozenset[Ability]:
    """All that these words reach together."""
    return frozenset[Ability]().union(*(WORDS.get(word, frozenset()) for word in scopes))


def words_for(needs: Iterable[Ability]) -> list[str]:
    """The words of which each is enough for one of `needs`; `*` where nothing less is."""
    wanted = set(needs)
    return [word for word, found in WORDS.items() if word != ALL and wanted & found] or [ALL]


def covers(scopes: Sequence[str], wanted: Iterable[str]) -> bool:
    """Whether who has `scopes` may issue a key that has `wanted`."""
    if ALL in scopes:
        return True
    handed_out = {part for word in scopes for part in _HANDED_OUT.get(word, ())}
    mine = reached([*scopes, *handed_out])
    return all(
        word in scopes or word in handed_out or (word in WORDS and WORDS[word] <= mine)
        for word in wanted
    )


def role_allows(role: str, needs: Iterable[Ability]) -> bool:
    """Whether a role has the rights that one of `needs` takes; no role at all is no limit."""
    return not role or any(_may(role, ability) for ability in needs)


def _may(role: str, ability: Ability) -> bool:
    if ability is Ability.COMPANIES_GOVERN:
        return role in GOVERNORS
    rights = SEES if ability.reads else CHANGES
    return ability.area in rights.get(role, set())


def narrower(one: str, other: str) -> str | None:
    """Of two roles the one that may do less, None when neither may do all that the other may."""
    if not one or not other:
        return one or other
    for less, more in ((one, other), (other, one)):
        if _rank(less) <= _rank(more):
            return less
    return None


def _rank(role: str) -> frozenset[tuple[str, str]]:
    """All that a role may do, to be compared; an owner may do more than the tables say."""
    seen = {("sees", area) for area in SEES.get(role, ())}
    changed = {("changes", area) for area in CHANGES.get(role, ())}
    above = {("governs", "")} if role in GOVERNORS else set()
    return frozenset(seen | changed | above | ({("owns", "")} if role == Role.OWNER else set()))
