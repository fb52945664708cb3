"""Tells people of new keys: whoever made one, and the owners who answer for what it does.

What a program makes for one company is its daily work, and would be a mail for each company; it
stands in the audit trail. The same goes for what the system makes.
"""

from typing import Any

from apikeys.models import ApiKey
from tenants.actors import Actor
from tenants.models import Membership, Organization, Role, User
from tenants.row_security import everything
from tenants.services import mails

KEY_ISSUED = mails.declare("key_issued", lambda mail: dict(mail.context))


def key_issued(key: ApiKey, *, by: Actor) -> None:
    """Mail whoever has to know of a key that was just issued."""
    reaches_all = key.kind == ApiKey.Kind.PLATFORM
    facts = {"name": key.name, "prefix": key.prefix, "reaches_all": reaches_all}
    _tell(key.organization, facts, by=by, programs_too=reaches_all)


def client_issued(organization: Organization, client_id: str, *, by: Actor) -> None:
    """The same of a machine client, and of its new secret."""
    facts = {
        "name": organization.title,
        "prefix": client_id[:16],
        "reaches_all": organization.is_platform,
    }
    _tell(organization, facts, by=by, programs_too=organization.is_platform)


def _tell(
    organization: Organization, facts: dict[str, Any], *, by: Actor, programs_too: bool
) -> None:
    if by.kind == "user" or (by.kind == "key" and programs_too):
        context = {**facts, "maker": by.label}
        for address in _readers(organization, by):
            mails.post(organization, KEY_ISSUED, to=address, context=context)


@everything()  # whoever acts for a company does not see its platform's people
def _readers(organization: Organization, by: Actor) -> list[str]:
    platform = organization.parent_id or organization.pk
    owners = Membership.objects.filter(
        organization=platform, role=Role.OWNER, user__is_active=True
    ).values_list("user__email", flat=True)
    maker = User.objects.filter(pk=by.id).values_list("email", flat=True)
    found = [*(maker if by.kind == "user" else ()), *owners.order_by("user__email")]
    return list({address.casefold(): address for address in found}.values())
