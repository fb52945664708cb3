"""Who calls, and what somebody begins with."""

from typing import Any

from config.api.flowie.requests.keys import KEY_TYPES
from config.api.flowie.responses.companies import Company
from config.api.flowie.responses.keys import Key
from config.api.flowie.responses.parts import NextCursor
from config.api.kit.answers import Answer, Choice, Text, TextOrNull, Texts, Time, nothing
from config.api.kit.callers import Caller
from config.api.kit.cursors import Page
from peppol.sandbox.starters import Starter
from tenants.ids import spell
from tenants.models import Environment, Membership, Organization, Role


class OrganizationShown(Answer):
    """An organization that may be acted for."""

    id = Text(lambda row: spell("org", row.pk))
    name = Text("title")
    kind = Choice(Organization.Kind)
    status = Choice(Organization.Status)
    role = Choice(Role, nothing, allow_null=True, help_text="Of a person; null of a key.")


class Person(Answer):
    """Somebody who has signed in."""

    id = Text(lambda row: spell("user", row.pk))
    email = Text()
    name = TextOrNull(lambda row: row.get_full_name())


class Me(Answer):
    """Whoever calls: a key, or a person; for whom, and for whom else it might."""

    type = Choice(["api_key", "user"], nothing)
    environment = Choice(Environment)
    scopes = Texts()
    organization = OrganizationShown(allow_null=True)
    company = Company(allow_null=True)
    apiKey = Key(allow_null=True)
    user = Person(allow_null=True)
    organizations = OrganizationShown(many=True)
    nextCursor = NextCursor()

    @classmethod
    def of_program(cls, caller: Caller, company: Organization | None) -> dict[str, Any]:
        """Of a key, which is bound to one organization."""
        own = OrganizationShown.of(caller.organization, role=None)
        return cls.of(
            caller,
            type="api_key",
            organization=own,
            company=Company.of(company) if company else None,
            apiKey=Key.of(caller.key) if caller.key else None,
            user=None,
            organizations=[own],
            nextCursor=None,
        )

    @classmethod
    def of_person(cls, caller: Caller, mine: Page[Membership]) -> dict[str, Any]:
        """Of a person: `mine` are the memberships to choose from."""
        own = caller.organization
        return cls.of(
            caller,
            type="user",
            organization=OrganizationShown.of(own, role=caller.role) if own else None,
            company=None,
            apiKey=None,
            user=Person.of(caller.user),
            organizations=[
                OrganizationShown.of(row.organization, role=row.role) for row in mine.rows
            ],
            nextCursor=mine.next or None,
        )


class Begun(Answer):
    """What a stranger begins with; the key is shown this once."""

    organizationId = Text(lambda made: spell("org", made.platform.pk))
    apiKey = Text("secret")
    keyPrefix = Text("key.prefix")
    keyType = Choice(["personal", *KEY_TYPES], nothing)
    company = Company()
    expiresAt = Time("key.expires_at")

    @classmethod
    def about(cls, made: Starter, kind: str) -> dict[str, Any]:
        """What was made for whom asked for a key of `kind`."""
        return cls.of(made, keyType=kind)
