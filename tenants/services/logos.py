"""Writes to the copies of logos. Fetching them is for an app that can dial strangers safely."""

import hashlib
from collections.abc import Iterator
from datetime import timedelta

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils import timezone

from tenants import background, events, leases, pictures
from tenants.actors import Actor
from tenants.errors import Invalid
from tenants.models import Logo, Organization

COPIED = events.declare("branding.logo_copied", "A platform's logo was fetched.")
REFUSED = events.declare("branding.logo_refused", "A platform's logo could not be used.")
_FETCHER = Actor.system("logo fetch")
# Longer than any fetch takes, so that one whose worker died is found again.
_LEASE = timedelta(minutes=2)
_RETRIES = (timedelta(minutes=1), timedelta(minutes=10), timedelta(hours=2), timedelta(hours=24))


def want(platform: Organization, url: str) -> None:
    """Have the picture at `url` fetched; with an empty one, forget the copy.

    Called inside the change of the branding. The old picture is shown until the new one is there.
    """
    if url:
        wanted = {"url": url, "error": "", "tries": 0, "next_fetch_at": timezone.now()}
        Logo.objects.update_or_create(organization=platform, defaults=wanted)
        background.wake("logos")
        return
    _take_away(platform)


def put(platform: Organization, content: bytes) -> str:
    """Keep a picture that somebody handed in, and return of what kind it is; an empty one takes
    the logo away.

    Called inside the change of the branding. Raises Invalid for what is no picture we show.
    """
    if not content:
        _take_away(platform)
        return ""
    kind = pictures.kind_of(content)
    logo = Logo.objects.filter(organization=platform).first() or Logo(organization=platform)
    logo.url, logo.tries = "", 0
    _store(logo, kind, content)
    return kind


def _take_away(platform: Organization) -> None:
    for logo in Logo.objects.filter(organization=platform):
        logo.delete()
        _forget(logo.name)


def claims(limit: int = 100) -> Iterator[Logo]:
    """Logos that are to be fetched, each the caller's for two minutes from when it is given."""
    for logo in Logo.objects.due()[:limit]:
        if leases.take(logo, "next_fetch_at", _LEASE):
            yield logo


@transaction.atomic
def keep(logo: Logo, content: bytes) -> None:
    """Keep what was fetched for `logo`, or say why not. Another URL meanwhile makes it void."""
    row = _locked(logo)
    if row is None:
        return
    try:
        kind = pictures.kind_of(content)
    except Invalid as refusal:
        _refuse(row, refusal.message, again=False)
        return
    _store(row, kind, content)
    events.record(row.organization, COPIED, by=_FETCHER, changes={"logo": [None, row.url]})


def _store(logo: Logo, kind: str, content: bytes) -> None:
    digest = hashlib.sha256(content).hexdigest()[:32]
    place = f"logos/{logo.organization_id}/{digest}.{pictures.EXTENSIONS[kind]}"
    name = default_storage.save(place, ContentFile(content))
    if logo.name != name:
        _forget(logo.name)
    logo.name, logo.media_type, logo.error, logo.next_fetch_at = name, kind, "", None
    logo.save()


@transaction.atomic
def fail(logo: Logo, reason: str) -> None:
    """Note that `logo` could not be fetched; it is tried five times in all."""
    row = _locked(logo)
    if row is not None:
        _refuse(row, reason, again=row.tries < len(_RETRIES))


def _refuse(row: Logo, reason: str, *, again: bool) -> None:
    row.error = reason[:255]
    row.next_fetch_at = timezone.now() + _RETRIES[row.tries] if again else None
    row.tries += 1
    row.save(update_fields=["error", "next_fetch_at", "tries"])
    if not again:
        events.record(row.organization, REFUSED, by=_FETCHER, reason=reason)


def _locked(logo: Logo) -> Logo | None:
    rows = leases.held(logo, "next_fetch_at").filter(url=logo.url).select_related("organization")
    return rows.select_for_update(of=("self",), no_key=True).first()


def _forget(name: str) -> None:
    if name:
        default_storage.delete(name)
