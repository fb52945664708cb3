"""What a body names besides its own resource: it must be there and the caller's to name."""

from collections.abc import Mapping
from copy import copy
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet

from billing.models import BillingAddress
from billing.payers import check_payer
from config.api.fiskaly.callers import FiskalyCaller
from tenants.access.roles import Area
from tenants.errors import Forbidden, Invalid
from tenants.models import Membership, Organization

_WHO_PAYS = ("bill_to_id", "withhold_billing")


def check_organization(
    caller: FiskalyCaller, profile: Mapping[str, Any], target: Organization
) -> None:
    """Raise Invalid for what a profile names in vain, Forbidden for payers not the caller's to set.

    A `target` that is about to be made says under whom.
    """
    changed = {n: v for n, v in profile.items() if n in _WHO_PAYS and v != getattr(target, n)}
    if changed and not caller.governs(target):
        raise Forbidden("You may not decide who pays for this organization.")
    payer = profile.get("bill_to_id")
    if payer and not caller.organizations(Area.COMPANIES).filter(pk=payer).exists():
        _refuse("billing_options.bill_to_organization", "No such organization.")
    if changed:
        wanted = copy(target)
        for name, value in changed.items():
            setattr(wanted, name, value)
        check_payer(wanted)
    check_person("contact_person_id", profile.get("contact_person_id"), caller, target)
    chosen = profile.get("billing_address_id")
    if chosen and not addresses(caller).filter(pk=chosen).exists():
        _refuse("billing_address_id", "No such billing address.")


def check_person(
    field: str, person: UUID | None, caller: FiskalyCaller, target: Organization | None
) -> None:
    """Raise Invalid unless the person is a user of the organization or of the caller's own."""
    if person is None:
        return
    around = Q(organization__in=[way.organization for way in caller.ways])
    members = Membership.objects.filter(around | Q(organization=target) if target else around)
    if not members.filter(user=person).exists():
        _refuse(field, "No such user.")


def check_parent(row: Organization | None, fields: Mapping[str, Any]) -> None:
    """Raise Invalid where a body would move an organization; naming its parent moves nothing."""
    if "managed_by_organization_id" in fields and row is not None:
        named = fields["managed_by_organization_id"]
        if named is not None and named != row.parent_id:
            _refuse("managed_by_organization_id", "Cannot be changed.")


def addresses(caller: FiskalyCaller) -> QuerySet[BillingAddress]:
    """The billing addresses that a caller may see."""
    return caller.reached(BillingAddress.objects.of(caller.organizations(Area.BILLING)))


def _refuse(field: str, sentence: str) -> None:
    raise Invalid(f"{field}: {sentence}", fields={field: [sentence]})
