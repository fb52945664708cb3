"""Writes to organizations: create, change, suspend, reactivate, close, delete."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from tenants import events, persistence
from tenants.actors import Actor
from tenants.errors import WrongState
from tenants.models import Environment, FormerPayer, Organization, User
from tenants.models.payers import DATED
from tenants.models.profiles import name_key
from tenants.sentences import within
from tenants.services import verification
from tenants.services.company_limits import with_room
from tenants.services.profiles import Merge, known, naming_holder, plain, shown, spelled

Status = Organization.Status
CREATED = events.declare("company.created", "A company was created.", public=True)
UPDATED = events.declare("company.updated", "A company's details changed.", public=True)
ACTIVATED = events.declare("company.activated", "A company was verified.", public=True)
SUSPENDED = events.declare("company.suspended", "A company was suspended.", public=True)
REACTIVATED = events.declare("company.reactivated", "A company was reactivated.", public=True)
CLOSED = events.declare("company.closed", "A company was closed for good.", public=True)
DELETED = events.declare("company.deleted", "A company was deleted.", public=True)
LIVE_ENABLED = events.declare(
    "company.live_enabled", "A company of the test environment went live."
)
TEST_MODE_SET = events.declare("company.test_mode_set", "Test mode was switched on or off.")


@transaction.atomic
def create(
    kind: str,
    profile: Mapping[str, Any],
    *,
    by: Actor,
    maker: Organization | None = None,
    founder: User | None = None,
) -> Organization:
    """Create a business or a platform: an organization that nobody manages.

    `maker` is the organization that makes it and keeps access to it, where one does (C-47a);
    `founder` is the person whose own business it is. Raises Invalid for a profile that cannot be,
    Conflict (`profile_taken`) when the founder has a business.
    """
    profile = spelled(profile)
    organization = Organization(
        kind=kind,
        status=verification.first_status(maker, profile),
        founder=founder,
        created_by_organization=maker,
        created_by_user_id=_person(by),
        **known(profile),
    )
    persistence.insert(organization)
    verification.note_wait(organization)
    events.record(organization, CREATED, by=by, changes=shown(profile))
    return organization


@transaction.atomic
def create_company(
    platform: Organization,
    profile: Mapping[str, Any],
    *,
    by: Actor,
    maker: Organization | None = None,
) -> Organization:
    """Create a company that `platform` manages; `maker` is who else made it and keeps access.

    Raises Invalid, Conflict when a claimed handle, VAT number or name is taken (its `company_id`
    says by which company), LimitReached when the platform's plan is full, Forbidden when the
    organization is no platform.
    """
    platform, profile = with_room(platform), spelled(profile)
    company = Organization(
        kind=Organization.Kind.MANAGED,
        status=verification.first_status(platform, profile),
        parent=platform,
        created_by_organization=maker,
        created_by_user_id=_person(by),
        **known(profile),
    )
    with naming_holder(platform.pk, profile):
        persistence.insert(company)
    verification.note_wait(company)
    events.record(company, CREATED, by=by, changes=shown(profile))
    return company


@transaction.atomic
def update(organization: Organization, profile: Mapping[str, Any], *, by: Actor) -> Organization:
    """Change the given fields of the profile and leave the others. No change, no event.

    What a field says as a `Merge` is merged into what it holds.

    A claimed name is claimed anew with it. Raises Invalid, or Conflict for a claim that is taken.
    """
    organization = _locked(organization)
    profile = spelled(profile, country=organization.country)
    if organization.name_key is not None and "name" in profile:
        profile = {"name_key": name_key(profile["name"]), **profile}
    before = {name: getattr(organization, name) for name in known(profile)}
    profile = {n: v.into(before[n]) if isinstance(v, Merge) else v for n, v in profile.items()}
    after = {name: value for name, value in profile.items() if value != before[name]}
    if not after:
        return organization
    if not set(DATED).isdisjoint(after):
        _remember_payer(organization)
    for name, value in after.items():
        setattr(organization, name, value)
    with naming_holder(organization.parent_id, after):
        persistence.update(organization, [*after, "updated_at"])
    events.record(
        organization,
        UPDATED,
        by=by,
        data={"fields": sorted(after)},
        changes={name: [plain(before[name]), plain(after[name])] for name in after},
    )
    return organization


@transaction.atomic
def activate(organization: Organization, *, by: Actor) -> Organization:
    """Verify a pending organization."""
    return _move(organization, {Status.PENDING}, Status.ACTIVE, ACTIVATED, by=by)


@transaction.atomic
def suspend(organization: Organization, *, reason: str, by: Actor) -> Organization:
    """Stop an organization's keys, and for a platform its companies' too; the data stays."""
    return _move(
        organization,
        {Status.ACTIVE, Status.PENDING},
        Status.SUSPENDED,
        SUSPENDED,
        reason=reason,
        by=by,
    )


@transaction.atomic
def reactivate(organization: Organization, *, by: Actor) -> Organization:
    """Undo a suspension: one that was still to be verified goes back to waiting for it."""
    open_one = organization.suspensions.filter(ended_at=None).first()
    to = Status(open_one.returns_to) if open_one else Status.ACTIVE
    return _move(organization, {Status.SUSPENDED}, to, REACTIVATED, by=by)


@transaction.atomic
def set_status(
    organization: Organization, status: str, *, reason: str = "", by: Actor
) -> tuple[Organization, bool]:
    """Bring an organization to `status`, by whatever operation leads there; and whether it was
    there already, which changes nothing. Raises WrongState where no operation does."""
    organization = _locked(organization)
    if organization.status == status:
        return organization, True
    match status:
        case Status.SUSPENDED:
            return suspend(organization, reason=reason, by=by), False
        case Status.CLOSED:
            return close(organization, reason=reason, by=by), False
        case _ if organization.status == Status.PENDING:
            return activate(organization, by=by), False
        case _:
            return reactivate(organization, by=by), False


@transaction.atomic
def close(organization: Organization, *, reason: str, by: Actor) -> Organization:
    """Close an organization for good: there is no way back."""
    return _move(
        organization,
        set(Status) - {Status.CLOSED},
        Status.CLOSED,
        CLOSED,
        reason=reason,
        by=by,
        closed_at=timezone.now(),
    )


@transaction.atomic
def delete(company: Organization, *, by: Actor) -> None:
    """Soft-delete: the row and its history stay, its claims are free again."""
    company = _locked(company)
    Organization.objects.filter(pk=company.pk).update(
        deleted_at=timezone.now(), updated_at=timezone.now()
    )
    events.record(company, DELETED, by=by)


@transaction.atomic
def enable_live(organization: Organization, *, by: Actor) -> Organization:
    """Let an organization of the test environment count; there is no way back (FIS-34).

    Where its platform's companies are verified first, it waits for that from now on.
    """
    organization = _locked(organization)
    if organization.environment != Environment.LIVE:
        _remember_payer(organization)
        organization.environment = Environment.LIVE
        maker = organization.parent or organization.created_by_organization
        if organization.status == Status.ACTIVE:
            organization.status = verification.first_status(maker, {})
        organization.save(update_fields=["environment", "status", "updated_at"])
        verification.note_wait(organization)
        events.record(
            organization,
            LIVE_ENABLED,
            by=by,
            changes={"environment": [Environment.TEST, Environment.LIVE]},
        )
    return organization


@transaction.atomic
def set_test_mode(organization: Organization, on: bool, *, by: Actor) -> Organization:
    """Keep a company off the Peppol network, or let it on again."""
    organization = _locked(organization)
    if organization.test_mode != on:
        _remember_payer(organization)
        organization.test_mode = on
        organization.save(update_fields=["test_mode", "updated_at"])
        events.record(organization, TEST_MODE_SET, by=by, changes={"test_mode": [not on, on]})
    return organization


def _move(
    organization: Organization,
    allowed: set[Status],
    to: Status,
    event: str,
    *,
    by: Actor,
    reason: str = "",
    **columns: Any,
) -> Organization:
    was, now = organization.status, timezone.now()
    moved = (
        Organization.objects.live()
        .filter(pk=organization.pk, status__in=allowed)
        .update(status=to, status_reason=reason, updated_at=now, **columns)
    )
    organization.refresh_from_db()
    if not moved:
        raise WrongState(
            "This organization is %(state)s: it cannot become %(wanted)s.",
            values={
                "state": within(Organization.Status(organization.status).label),
                "wanted": within(to.label),
            },
        )
    organization.suspensions.filter(ended_at=None).update(ended_at=now)
    if to in (Status.SUSPENDED, Status.PENDING):
        returns_to = Status.PENDING if Status.PENDING in (was, to) else Status.ACTIVE
        organization.suspensions.create(started_at=now, returns_to=returns_to)
    events.record(organization, event, by=by, reason=reason, changes={"status": [was, str(to)]})
    return organization


def _remember_payer(organization: Organization) -> None:
    """Keep what the bills of the days so far ask for, before it is changed."""
    held = {name: getattr(organization, name) for name in DATED}
    FormerPayer.objects.create(organization=organization, until=timezone.now(), **held)


def _locked(organization: Organization) -> Organization:
    try:
        return Organization.objects.live().select_for_update(no_key=True).get(pk=organization.pk)
    except Organization.DoesNotExist:
        raise WrongState("This organization was deleted.", code="deleted") from None


def _person(by: Actor) -> UUID | None:
    return UUID(by.id) if by.kind == "user" else None
