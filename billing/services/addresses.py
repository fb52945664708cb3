"""Writes to billing addresses: create, change, delete, and what the register says of the VAT id.

A worker claims an address by moving its next check, asks the register outside any transaction and
records what it learnt; one that dies in between leaves the address to the next check.
"""

import time
from collections.abc import Iterable, Iterator, Mapping
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from billing.models import BillingAddress
from billing.services import vat_numbers
from peppol.registers import vat
from tenants import background, events, leases, loops, persistence
from tenants.actors import Actor
from tenants.errors import NotFound
from tenants.models import Environment, Organization

CREATED = events.declare("billing_address.created", "A billing address was created.")
UPDATED = events.declare("billing_address.updated", "A billing address was changed.")
DELETED = events.declare("billing_address.deleted", "A billing address was deleted.")
VAT_CHECKED = events.declare(
    "billing_address.vat_checked", "The register said whether a billing address's VAT id is valid."
)

FIELDS = (
    "recipient",
    "recipient_additions",
    "billing_contact_id",
    "vat_id",
    "address_line1",
    "address_line2",
    "postal_code",
    "city",
    "state",
    "country",
    "metadata",
)

# An address whose check is being made belongs to its worker for this long.
LEASE = timedelta(minutes=1)
# The register is asked again soon when it said nothing, and now and then when it did.
SILENCE = timedelta(minutes=15)
RECHECK = timedelta(days=30)
# A worker stops taking checks after so many seconds; the sweeper goes on.
_SHIFT = 30.0

_CHECKER = Actor.system("VAT register")


@transaction.atomic
def create(
    organization: Organization,
    fields: Mapping[str, Any],
    *,
    by: Actor,
    environment: str = Environment.LIVE,
) -> BillingAddress:
    """Create an address of `organization`; its VAT id is checked soon after. Raises Invalid."""
    address = BillingAddress(organization=organization, environment=environment, **_known(fields))
    _ask_later(address)
    persistence.insert(address)
    _note(address, CREATED, by, {name: [None, _plain(value)] for name, value in fields.items()})
    return address


@transaction.atomic
def update(
    address: BillingAddress,
    fields: Mapping[str, Any],
    *,
    by: Actor,
    organization: Organization | None = None,
) -> BillingAddress:
    """Change the given fields and leave the others; hand it to `organization` where one is given.

    Another VAT id is unknown until it was checked. Raises Invalid, NotFound for a deleted address.
    """
    address = _locked(address)
    after = {n: v for n, v in _known(fields).items() if v != getattr(address, n)}
    if organization is not None and organization.pk != address.organization_id:
        after["organization_id"] = organization.pk
    if not after:
        return address
    changes = {n: [_plain(getattr(address, n)), _plain(v)] for n, v in after.items()}
    for name, value in after.items():
        setattr(address, name, value)
    if "vat_id" in after:
        _ask_later(address)
    persistence.update(address, [*after, "vat_id_valid", "vat_check_at", "updated_at"])
    _note(address, UPDATED, by, changes)
    return address


@transaction.atomic
def delete(address: BillingAddress, *, by: Actor) -> None:
    """Delete an address; organizations that had chosen it have none any more."""
    address = _locked(address)
    address.deleted_at = timezone.now()
    address.save(update_fields=["deleted_at", "updated_at"])
    Organization.objects.filter(billing_address_id=address.pk).update(billing_address_id=None)
    _note(address, DELETED, by, {})


def check_soon(address: BillingAddress) -> None:
    """Have an address's VAT id checked now, whenever its turn would be; the last word stands."""
    with_one = BillingAddress.objects.live().filter(pk=address.pk).exclude(vat_id="")
    with_one.update(vat_check_at=timezone.now())
    background.wake("vat_ids")


def drain(limit: int = 100) -> int:
    """Check the VAT ids that are due, for at most half a minute; how many were checked."""
    ends = time.monotonic() + _SHIFT
    due = BillingAddress.objects.unchecked().order_by("vat_check_at")[:limit]
    return loops.each("check VAT ids", _claims(due, ends), check)


def _claims(due: Iterable[BillingAddress], ends: float) -> Iterator[BillingAddress]:
    for address in due:
        if time.monotonic() >= ends:
            return
        if leases.take(address, "vat_check_at", LEASE):
            yield address


def check(address: BillingAddress) -> None:
    """Ask the register about an address's VAT id now and record what it says."""
    found = vat.check(address.vat_id)
    if found.valid is None:
        _unless_changed(address).update(vat_check_at=timezone.now() + SILENCE)
    else:
        _record(address, found.valid)


@transaction.atomic
def _record(address: BillingAddress, valid: bool) -> None:
    current = (
        _unless_changed(address)
        .select_related("organization")
        .select_for_update(of=("self",), no_key=True)
    ).first()
    if current is None:
        return
    vat_numbers.note(address.vat_id, valid)
    was, current.vat_id_valid = current.vat_id_valid, valid
    current.vat_check_at = timezone.now() + RECHECK
    current.save(update_fields=["vat_id_valid", "vat_check_at"])
    if was != valid:
        _note(current, VAT_CHECKED, _CHECKER, {"vat_id_valid": [was, valid]})


def _unless_changed(address: BillingAddress) -> QuerySet[BillingAddress]:
    """The address while its VAT id is still the one that was asked about, and nobody else asks."""
    held = leases.held(address, "vat_check_at")
    return held.filter(vat_id=address.vat_id, deleted_at=None)


def _ask_later(address: BillingAddress) -> None:
    address.vat_id_valid = None
    address.vat_check_at = timezone.now() if address.vat_id else None
    if address.vat_id:
        background.wake("vat_ids")


def _locked(address: BillingAddress) -> BillingAddress:
    found = (
        BillingAddress.objects.live()
        .select_related("organization")
        .select_for_update(of=("self",), no_key=True)
        .filter(pk=address.pk)
        .first()
    )
    if found is None:
        raise NotFound("Billing address")
    return found


def _known(fields: Mapping[str, Any]) -> dict[str, Any]:
    unknown = set(fields) - set(FIELDS)
    if unknown:
        raise TypeError(f"Not part of a billing address: {', '.join(sorted(unknown))}")
    return dict(fields)


def _plain(value: Any) -> Any:
    return str(value) if isinstance(value, UUID) else value


def _note(address: BillingAddress, event: str, by: Actor, changes: Mapping[str, Any]) -> None:
    events.record(
        address.organization,
        event,
        by=by,
        data={"billing_address": {"id": str(address.pk), "recipient": address.recipient}},
        changes=changes,
    )
