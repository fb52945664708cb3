"""Writes to custom domains: claim, prove by DNS, check daily, release.

A worker claims a domain by moving its next check, asks DNS outside any transaction and records
what it learnt; one that dies in between leaves the domain to the next check.
"""

import secrets
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models.functions import Coalesce
from django.utils import timezone

from tenants import background, events, hosts, leases, loops, persistence
from tenants.actors import Actor
from tenants.errors import Conflict, Forbidden
from tenants.models import CustomDomain, Organization, User
from tenants.row_security import everything

State = CustomDomain.State

CLAIMED = events.declare("domain.claimed", "A platform asked for a custom domain.")
PROVEN = events.declare("domain.proven", "A custom domain's DNS records were found.")
FAILING = events.declare("domain.failing", "A custom domain's DNS records went missing.")
RELEASED = events.declare("domain.released", "A custom domain was given up.")

# While DNS is being set up people wait for it; afterwards a look a day is enough.
PENDING_CHECK = timedelta(minutes=1)
PATIENCE = timedelta(days=1)
SLOW_CHECK = timedelta(hours=1)
DAILY_CHECK = timedelta(hours=24)
# How long a domain without its records is still served, and how long a released one rests.
GRACE = timedelta(days=7)
QUARANTINE = timedelta(days=30)

_CHECKER = Actor.system("domain check")


@transaction.atomic
def claim(platform: Organization, host: str, *, by: Actor) -> CustomDomain:
    """Start proving `host` for `platform`, in place of the one it had.

    Raises Invalid for a name that cannot be, Conflict for one in use or resting elsewhere.
    """
    host = hosts.normalize(host)
    platform = Organization.objects.select_for_update(no_key=True).get(pk=platform.pk)
    if not platform.white_label:
        raise Forbidden(
            "A custom domain needs the white-label entitlement.", code="white_label_required"
        )
    current = CustomDomain.objects.current().filter(organization=platform).first()
    if current and current.host == host:
        return current
    _refuse_if_taken(host, platform)
    if current:
        _release(current, by)
    domain = CustomDomain(organization=platform, host=host, challenge=secrets.token_urlsafe(24))
    persistence.insert(domain)
    events.record(platform, CLAIMED, by=by, changes={"host": [None, host]})
    background.wake("domains")
    return domain


@transaction.atomic
def release(domain: CustomDomain, *, by: Actor) -> None:
    """Give a domain up; pages and certificates for it end at once."""
    _release(CustomDomain.objects.select_for_update(no_key=True).get(pk=domain.pk), by)


def _refuse_if_taken(host: str, platform: Organization) -> None:
    others = CustomDomain.objects.filter(host=host).exclude(organization=platform)
    resting = others.filter(released_at__gt=timezone.now() - QUARANTINE, proven_at__isnull=False)
    serving = others.filter(state__in=CustomDomain.SERVING_STATES)
    # Whose a host name is, is asked of all platforms; that it is somebody's is all that is said.
    with everything():
        taken = serving.exists() or resting.exists()
    if taken:
        raise Conflict("host_taken", "This host name is in use by another platform.")


def address_of(organization: Organization) -> str:
    """Where the people of an organization find the portal: at its platform's own domain while
    that is proven and entitled to, else at ours. Without a slash at the end (FLO-65)."""
    platform = organization.parent or organization
    if platform.white_label:
        own = CustomDomain.objects.filter(
            organization=platform, state=State.ACTIVE, organization__status="active"
        ).first()
        if own is not None:
            return f"https://{own.host}"
    return str(settings.BASE_URL)


def platform_of(user: User) -> Organization | None:
    """The one platform whose person somebody is; none for the operator's staff, and for whoever
    works with several or with nobody."""
    if user.is_staff or user.is_superuser:
        return None
    mine = user.memberships.filter(organization__deleted_at=None)
    heads = mine.values_list(Coalesce("organization__parent_id", "organization_id"), flat=True)
    found = list(heads.order_by().distinct()[:2])
    return Organization.objects.get(pk=found[0]) if len(found) == 1 else None


def home_of(user: User) -> str:
    """Where links of a person's account lead, whatever host name somebody asked for them at."""
    platform = platform_of(user)
    return address_of(platform) if platform is not None else str(settings.BASE_URL)


def drain(limit: int = 20) -> int:
    """Check the domains that are due; how many were."""
    due = CustomDomain.objects.due().order_by("next_check_at")[:limit]
    mine = (domain for domain in due if leases.take(domain, "next_check_at", PENDING_CHECK))
    return loops.each("check custom domains", mine, check)


def check_soon(domain: CustomDomain) -> None:
    """Have a domain looked at now, whenever its turn would be."""
    waiting = CustomDomain.objects.current().filter(pk=domain.pk)
    waiting.update(next_check_at=timezone.now())
    background.wake("domains")


def check(domain: CustomDomain) -> CustomDomain:
    """Ask DNS for the domain's two records now and record what it says, unless another one asked
    meanwhile; the domain as it is then."""
    domain = CustomDomain.objects.get(pk=domain.pk)
    now = timezone.now()
    try:
        seen = hosts.look(domain.host)
    except hosts.LookupFailed as error:
        # Silence proves nothing either way: keep the state and look again soon.
        leases.held(domain, "next_check_at").update(
            last_error=str(error), checked_at=now, next_check_at=now + SLOW_CHECK
        )
        domain.refresh_from_db()
        return domain
    if domain.challenge not in seen.texts:
        missing = f"The TXT record at {hosts.CHALLENGE_LABEL}.{domain.host} is missing."
    elif not seen.leads_here:
        missing = f"{domain.host} does not point at {hosts.our_host()}."
    else:
        missing = ""
    recorded = _record(domain, missing, seen)
    if recorded is None:
        domain.refresh_from_db()
        return domain
    return _check_certificate(recorded) if recorded.state == State.ACTIVE else recorded


def _check_certificate(domain: CustomDomain) -> CustomDomain:
    """Ask our TLS proxy for the certificate, which it gets when it is first asked."""
    if not settings.SERVED_OVER_TLS:
        return domain
    found: dict[str, Any]
    try:
        found = {"certificate_until": hosts.certificate_end(domain.host), "certificate_error": ""}
    except hosts.NoCertificate as error:
        found = {"certificate_until": None, "certificate_error": str(error)[:255]}
        found["next_check_at"] = timezone.now() + SLOW_CHECK
    leases.held(domain, "next_check_at").update(**found)
    domain.refresh_from_db()
    return domain


@transaction.atomic
def _record(seen_by: CustomDomain, missing: str, seen: hosts.Seen) -> CustomDomain | None:
    held = leases.held(seen_by, "next_check_at").exclude(state=State.RELEASED)
    domain = (
        held.select_related("organization").select_for_update(of=("self",), no_key=True).first()
    )
    if domain is None:
        return None
    domain.checked_at, domain.leads_here = timezone.now(), seen.leads_here
    domain.found_texts, domain.found_leads = _some(seen.texts), _some(seen.leads)
    if missing:
        _record_missing(domain, missing)
    else:
        _record_proof(domain)
    return domain


def _some(found: list[str]) -> list[str]:
    """As much of what strangers' name servers say as a person needs to see."""
    return [text[:255] for text in found[:8]]


def _record_proof(domain: CustomDomain) -> None:
    was, now = domain.state, timezone.now()
    domain.state, domain.last_error, domain.failing_since = State.ACTIVE, "", None
    domain.proven_at, domain.next_check_at = now, now + DAILY_CHECK
    try:
        # Whoever claimed it may have done so behind the wall, where others' domains are hidden.
        _refuse_if_taken(domain.host, domain.organization)
        _save(domain)
    except Conflict as taken:
        domain.state, domain.proven_at, domain.last_error = State.PENDING, None, taken.message
        _save(domain)
        return
    if was != State.ACTIVE:
        events.record(
            domain.organization, PROVEN, by=_CHECKER, changes={"host": [None, domain.host]}
        )


def _record_missing(domain: CustomDomain, missing: str) -> None:
    now = timezone.now()
    domain.last_error = missing
    if domain.state == State.PENDING:
        fresh = now - domain.created_at < PATIENCE
        domain.next_check_at = now + (PENDING_CHECK if fresh else SLOW_CHECK)
        _save(domain)
        return
    domain.failing_since = domain.failing_since or now
    domain.next_check_at = now + SLOW_CHECK
    if now - domain.failing_since >= GRACE:
        _release(domain, _CHECKER)
        return
    was, domain.state = domain.state, State.FAILING
    _save(domain)
    if was != State.FAILING:
        events.record(domain.organization, FAILING, by=_CHECKER, reason=missing)


def _release(domain: CustomDomain, by: Actor) -> None:
    domain.state, domain.released_at = State.RELEASED, timezone.now()
    _save(domain)
    events.record(domain.organization, RELEASED, by=by, changes={"host": [domain.host, None]})


def _save(domain: CustomDomain) -> None:
    fields = [
        "state",
        "last_error",
        "failing_since",
        "proven_at",
        "next_check_at",
        "released_at",
        "checked_at",
        "found_texts",
        "found_leads",
        "leads_here",
    ]
    persistence.update(domain, fields)
