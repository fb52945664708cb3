"""Worlds that differ in nothing but a stranger's rows, each in a database of its own."""

from collections.abc import Iterator
from contextlib import contextmanager
from http.cookies import SimpleCookie
from typing import Any

import psycopg
from django.db import connection, connections, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from psycopg import sql

from apikeys.models import Refusal
from apikeys.services import clients
from billing.models import Plan
from billing.services import subscriptions
from config.api import registry
from config.api.kit.people import issue_token
from peppol.models import DocumentDraft, Participant
from peppol.services.registration import bulk
from tenants.models import CustomDomain, Event, Logo, Organization, Role, User
from tenants.row_policies import POLICIES, tenant_column
from tenants.row_security import everything, limit_rows_to
from tenants.services import branding, logos, organizations, people
from tests.api.resellers import Reseller, bearing
from tests.conftest import SYSTEM, make_company
from tests.portal.conftest import PASSWORD, make_member, make_rows, signed_in

# Whose browser it is, by the place in `Tenant.sessions`.
OWNER, MEMBER, STAFF, BUSINESS = range(4)


class Tenant(Reseller):
    """A platform and its companies with a row in about every table, and their people's sessions.

    The company has what programs work with, the branch what pages show.
    """

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.platform.refresh_from_db()
        self.branch = make_company(self.platform, f"{name} company's branch")
        self.rows = make_rows(self.platform, self.branch, f"{name}word")
        member = make_member(self.branch, Role.OWNER, f"member@{name}-branch.example")
        developer = make_member(self.platform, Role.DEVELOPER, f"developer@{name}.example")
        founder = make_founder(name)
        own = [signed_in(person).cookies for person in (self.user, member, founder)]
        self.sessions = [*own[:2], self._viewing_staff(), own[2]]
        self.developers = bearing(registry.of("fiskaly").surface, token_of(developer))
        self.developers_token = bearing(registry.of("invora").surface, issue_token(developer))
        self.business_token = bearing(registry.of("invora").surface, issue_token(founder))
        fill(self.platform, name)
        self.draft = fill(self.company, name)
        fill(self.branch, f"{name}-branch")
        Participant.objects.create(
            organization=self.branch, scheme="9915", value=f"{name}held", state="active"
        )
        Event.objects.update(distributed_at=timezone.now())
        # Signed in once: what a session or a token is known by stands in every world.
        self.signed = {one.name: self.credentials(one.name) for one in registry.VENDORS}

    def _viewing_staff(self) -> SimpleCookie:
        """The operator's staff while they see the portal as the platform's owner."""
        client = signed_in(User.objects.create_superuser(f"staff@{self.name}.example", PASSWORD))
        membership = self.user.memberships.get()
        answers = {"member": str(membership.pk), "reason": "To see what they see."}
        client.post(reverse("admin:tenants_user_view_as", args=[self.user.pk]), answers)
        return client.cookies


def make_founder(name: str) -> User:
    """Somebody with a business that nobody manages."""
    founder = User.objects.create_user(f"founder@{name}.example", PASSWORD)
    profile = {"name": f"{name} business", "country": "SA", "city": "Riyadh"}
    business = organizations.create("business", profile, founder=founder, by=SYSTEM)
    people.join(business, founder, role=Role.OWNER, by=SYSTEM)
    return founder


def token_of(person: User) -> str:
    """What fiskaly's API gives for a person's password."""
    sent = {"email": person.email, "password": PASSWORD}
    answer = Client().post("/api/v0/auth", sent, content_type="application/json")
    return str(answer.json()["access_token"])


class Sibling(Reseller):
    """Another company of the same platform, which names its things as a reseller does."""

    def __init__(self, platform: Organization) -> None:
        self.company = make_company(platform, "sibling company", handle="sibling-company")
        self.branch, self.rows = self.company, make_rows(platform, self.company, "siblingword")
        self.participant, self.key = self.rows["peppol_participant"], self.rows["apikeys_apikey"]
        self.endpoint, self.delivery = (
            self.rows["webhooks_endpoint"],
            self.rows["webhooks_delivery"],
        )
        self.document, self.address = (
            self.rows["peppol_document"],
            self.rows["billing_billingaddress"],
        )
        self.user = self.rows["tenants_membership"].user
        self.name = "sibling"
        self.add_files()
        self.draft = fill(self.company, "sibling")


def fill(organization: Organization, name: str) -> DocumentDraft:
    """What a company and a platform alike may have, besides what `make_rows` makes."""
    is_platform = organization.kind == Organization.Kind.PLATFORM
    word = f"{name}{'' if is_platform else '-company'}"
    facts = {"organization": organization, "kind": "invoice", "number": f"{word} draft"}
    draft = DocumentDraft.objects.create(content=b"<Invoice/>", **facts)
    Refusal.objects.create(organization=organization, day=timezone.now().date(), count=3)
    clients.issue(organization, by=SYSTEM)
    if is_platform:
        plan, _ = Plan.objects.get_or_create(code="plan", defaults={"name": "Plan", **_PRICES})
        subscriptions.select(organization, plan, by=SYSTEM)
        looks = {"display_name": f"{word} looks", "logo_url": f"https://{word}.example/logo.svg"}
        branding.change(organization, looks, by=SYSTEM)
        logos.keep(Logo.objects.get(organization=organization), b"\xff\xd8\xff")
        CustomDomain.objects.create(
            organization=organization, host=f"books.{word}.example", challenge="c", state="active"
        )
        bulk.start("republish", by=SYSTEM, platform=organization)
    return draft


_PRICES = {
    "monthly_fee": "49.00",
    "included_documents": 500,
    "overage_price": "0.05",
    "white_label": True,
    "company_limit": 100,
    "documents_per_day": 1000,
}


class World:
    """A database that a thread's queries may be sent to."""

    def __init__(self, name: str, template: str) -> None:
        self._make(name, template)

    def copy(self, number: str) -> None:
        """Go on in a copy of this world."""
        self._make(f"{self.name}_{number}", self.name)

    def _make(self, name: str, template: str) -> None:
        _server(
            sql.SQL("drop database if exists {} with (force)").format(sql.Identifier(name)),
            sql.SQL("create database {} template {}").format(
                sql.Identifier(name), sql.Identifier(template)
            ),
        )
        self.name = name
        self.connection = connection.copy()
        self.connection.settings_dict["NAME"] = name
        # Nothing here is worth compiling, which would take seconds for each call.
        self.connection.settings_dict["OPTIONS"] = {"options": "-c jit=off"}

    @contextmanager
    def entered(self) -> Iterator[None]:
        """Send every query of the block to this world."""
        before = connections["default"]
        connections["default"] = self.connection
        try:
            with everything():
                yield
        finally:
            connections["default"] = before

    @contextmanager
    def written(self) -> Iterator[None]:
        """Make something in this world, without the work that would follow."""
        with self.entered(), transaction.atomic():
            yield
            connection.run_on_commit.clear()

    def leave(self) -> None:
        """Close the connection, so that others can be made like this one, or none at all."""
        self.connection.close()

    def end(self, copies: int) -> None:
        """Drop the database, and its copies."""
        self.leave()
        for name in (self.name, *(f"{self.name}_{n + 1}" for n in range(copies))):
            _server(sql.SQL("drop database if exists {} with (force)").format(sql.Identifier(name)))


def _server(*statements: sql.Composed) -> None:
    given = connection.settings_dict
    with psycopg.connect(
        dbname="postgres",
        user=given["USER"],
        password=given["PASSWORD"],
        host=given["HOST"],
        port=given["PORT"] or None,
        autocommit=True,
    ) as server:
        for statement in statements:
            server.execute(statement)


class Worlds:
    """Ours alone; with a peer beside; with a sibling of our company, too.

    What a platform is answered may not depend on its peer, and what a company is answered on
    neither of the others.
    """

    def __init__(self, prepared: str) -> None:
        self.alone = World(f"{prepared}_alone", prepared)
        with self.alone.written():
            Plan.objects.create(code="plan", name="Plan", **_PRICES)
            self.own = Tenant("mine")
        self.alone.leave()
        self.with_peer = World(f"{prepared}_peer", self.alone.name)
        with self.with_peer.written():
            self.peer = Tenant("theirs")
        self.with_peer.leave()
        self.with_all = World(f"{prepared}_all", self.with_peer.name)
        with self.with_all.written():
            self.sibling = Sibling(self.own.platform)

    def __iter__(self) -> Iterator[World]:
        return iter((self.alone, self.with_peer, self.with_all))

    def copy(self, number: str) -> None:
        """Go on in copies of these worlds."""
        for world in self:
            world.copy(number)

    def leave(self) -> None:
        """Close the connections to all of them."""
        for world in self:
            world.leave()

    def end(self, copies: int) -> None:
        """Drop their databases, and those of so many copies."""
        for world in self:
            world.end(copies)


def tenant_tables() -> dict[str, Any]:
    """Every table behind the wall, and its model."""
    from django.apps import apps

    models = apps.get_models(include_auto_created=True)
    return {
        model._meta.db_table: model
        for model in models
        if not model._meta.proxy and (tenant_column(model) or model._meta.db_table in POLICIES)
    }


def strangers_rows(*organizations: Organization) -> dict[str, int]:
    """A sum over the rows of each table that these organizations see: it changes with any row."""
    sums = [
        f"select '{table}', coalesce(sum(hashtext(t::text)::bigint), 0) from \"{table}\" t"  # noqa: S608
        for table in tenant_tables()
    ]
    with limit_rows_to(*organizations), connection.cursor() as cursor:
        cursor.execute(" union all ".join(sums))
        return dict(cursor.fetchall())
