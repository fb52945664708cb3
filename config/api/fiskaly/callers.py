"""Who calls, and which organizations they may see and change."""

from dataclasses import dataclass

from django.db.models import Count, Q, Subquery, Value
from django.db.models.functions import Coalesce

from apikeys.models import ApiKey
from apikeys.scopes import Ability
from config.api.kit.callers import Caller
from tenants import tallies
from tenants.access.roles import CHANGES, GOVERNORS, SEES, Area
from tenants.actors import Actor
from tenants.models import Environment, Membership, Organization, Role, User
from tenants.models.organizations import OrganizationQuerySet


@dataclass(frozen=True)
class Way:
    """One way to organizations: through this one and, when `wide`, on to all that it manages or
    has made. `governs` is the right to what ends or pays for an organization."""

    organization: Organization
    wide: bool
    sees: frozenset[Area]
    changes: frozenset[Area]
    governs: bool

    @classmethod
    def of_key(cls, key: ApiKey) -> "Way":
        """A key may do what its maker's role lets it, everything without one; a managed
        organization's does not decide who pays for it."""
        role = key.role or Role.OWNER
        managed = key.organization.kind == Organization.Kind.MANAGED
        return cls(
            key.organization,
            wide=key.kind == ApiKey.Kind.PLATFORM,
            sees=frozenset(SEES[role]),
            changes=frozenset(CHANGES[role]),
            governs=role in GOVERNORS and not managed,
        )

    @classmethod
    def of_member(cls, membership: Membership) -> "Way":
        """A person may do here what their role lets them do in the portal."""
        managed = membership.organization.kind == Organization.Kind.MANAGED
        return cls(
            membership.organization,
            wide=True,
            sees=frozenset(SEES[membership.role]),
            changes=frozenset(CHANGES[membership.role]),
            governs=membership.role in GOVERNORS and not managed,
        )

    def allows(self, ability: Ability) -> bool:
        """Whether it gives the right to `ability` somewhere."""
        if ability is Ability.COMPANIES_GOVERN:
            return self.governs
        return ability.area in (self.sees if ability.reads else self.changes)

    def is_home(self, organization: Organization, area: Area) -> bool:
        """Whether `area` is about the organization itself that the way begins at."""
        return area is Area.COMPANIES and organization.pk == self.organization.pk

    def leads_to(self, organization: Organization) -> bool:
        """Whether it reaches `organization`."""
        own = self.organization.pk
        above = (organization.parent_id, organization.created_by_organization_id)
        return organization.pk == own or (self.wide and own in above)


@dataclass(frozen=True)
class FiskalyCaller(Caller):
    """A caller of this surface; `stamp` changes when what it proved itself with does."""

    ways: tuple[Way, ...] = ()
    stamp: str = ""

    @classmethod
    def holding(cls, key: ApiKey) -> "FiskalyCaller":
        """Whoever has an API key's secret."""
        caller = Caller.of_key(key)
        return cls(**vars(caller), ways=(Way.of_key(key),))

    @classmethod
    def person(cls, user: User, ways: tuple[Way, ...], stamp: str) -> "FiskalyCaller":
        """A person, acting for the first of the organizations that `ways` begin at."""
        return cls(
            kind="user",
            organization=ways[0].organization,
            by=Actor.user(user),
            identity=str(user.pk),
            environment=ways[0].organization.environment,
            user=user,
            ways=ways,
            stamp=stamp,
        )

    @classmethod
    def nobody(cls, identity: str) -> "FiskalyCaller":
        """Somebody who has not signed in yet."""
        return cls("user", None, Actor.system("sign-in"), identity)

    def organizations(self, area: Area) -> OrganizationQuerySet:
        """The organizations whose `area` it may see: with a TEST token, its own and test ones."""
        seen = [way for way in self.ways if area in way.sees]
        alone = [way.organization.pk for way in seen if not way.wide]
        around = [way.organization.pk for way in seen if way.wide]
        rows = Organization.objects.live()
        found = rows.reached_from(around) | rows.filter(pk__in=alone)
        own = self.organization.pk if self.organization else None
        return found.filter(Q(environment=Environment.TEST) | Q(pk=own)) if self.is_test else found

    def apart(self, area: Area) -> tuple[OrganizationQuerySet, OrganizationQuerySet] | None:
        """The same in two: the companies of the one organization that it sees companies of, which
        are many, and all others. None where these are several, or none."""
        seen = [way for way in self.ways if area in way.sees]
        around = [way.organization.pk for way in seen if way.wide]
        if len(around) != 1:
            return None
        rows, own = Organization.objects.live(), self.organization and self.organization.pk
        tried = Q(environment=Environment.TEST) | Q(pk=own) if self.is_test else Q()
        named = Q(pk__in=[way.organization.pk for way in seen])
        others = rows.filter(named | Q(created_by_organization=around[0]), tried)
        return rows.filter(tried, parent=around[0]), others.exclude(parent=around[0])

    def count_organizations(self, area: Area) -> int:
        """How many `organizations` it reaches: its own companies, which may be many, are counted
        where their number is kept. One query."""
        own, seen = self.organization, self.organizations(area)
        ways = [way for way in self.ways if area in way.sees]
        wide = [way.organization.pk for way in ways if way.wide]
        if own is None or own.pk not in wide:
            return self.reached(seen).count()
        others = [pk for pk in wide if pk != own.pk]
        rest = Organization.objects.live().filter(
            Q(pk__in=[way.organization.pk for way in ways])
            | Q(created_by_organization__in=wide)
            | Q(parent__in=others)
        )
        rest = self.reached(rest.exclude(parent=own))
        counted = rest.order_by().annotate(all=Value(1)).values("all").annotate(n=Count("pk"))
        rows = Organization.objects.filter(pk=own.pk).annotate(
            kept=tallies.companies(Environment.TEST if self.is_test else ""),
            more=Coalesce(Subquery(counted.values("n")), 0),
        )
        return sum(rows.values_list("kept", "more").get())

    def role_allows(self, *needs: Ability) -> bool:
        """Whether one of its ways gives the right to one of `needs`. To whom an area is hidden
        everywhere, nothing is there, rather than forbidden."""
        hidden = any(need.area not in way.sees for way in self.ways for need in needs)
        return hidden or any(way.allows(need) for way in self.ways for need in needs)

    def changes(self, organization: Organization, area: Area) -> bool:
        """Whether it may change things in `area` of `organization`. One's own organization is no
        company among others: its profile belongs to its settings."""
        return any(
            (Area.SETTINGS if way.is_home(organization, area) else area) in way.changes
            and way.leads_to(organization)
            for way in self.ways
        )

    def manages_through(self, platform: Organization) -> bool:
        """Whether it may make organizations that `platform` manages."""
        return any(
            way.wide and Area.COMPANIES in way.changes and way.leads_to(platform)
            for way in self.ways
        )

    def governs(self, organization: Organization) -> bool:
        """Whether it may decide who pays for `organization`, let it go live and the like."""
        return any(way.governs and way.leads_to(organization) for way in self.ways)

    def goes_live(self, organization: Organization) -> bool:
        """Whether it may let `organization` go live: what a test key makes stays one for trying
        out, and takes a person or a LIVE key to be more."""
        return self.governs(organization) and not (self.is_test and self.user is None)

    def may_end(self, organization: Organization) -> bool:
        """Whether it may delete `organization`: nobody does that to their own."""
        own = {way.organization.pk for way in self.ways}
        return self.governs(organization) and organization.pk not in own
