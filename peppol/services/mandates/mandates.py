"""Writes to mandates: draw up, sign by a link or by a signed copy, revoke, let end."""

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_noop

from peppol.models import Mandate, MandateFile
from peppol.services.identification import evidence, release
from peppol.services.identification.evidence import HandedIn
from peppol.services.mandates import announcements, texts
from peppol.services.mandates.announcements import announce
from tenants import loops, persistence
from tenants.actors import Actor
from tenants.encryption import encrypt_bytes
from tenants.errors import Conflict, Invalid, WrongState
from tenants.models import Organization
from tenants.services import mails

State, Method, Scope = Mandate.State, Mandate.Method, Mandate.Scope
SYSTEM = Actor.system("mandates")
WARNING = timedelta(days=30)
ALL = tuple(str(one) for one in (Scope.SEND, Scope.RECEIVE, Scope.REGISTER))
_LONGEST = timedelta(days=10 * 366)


@dataclass(frozen=True)
class Signature:
    """Who agreed to a text, as what, from where; `seen` is the hash of what they read."""

    name: str
    capacity: str
    address: str
    seen: str
    language: str


@transaction.atomic
def draw_up(
    company: Organization,
    *,
    by: Actor,
    scope: Sequence[str] = ALL,
    starts_on: date | None = None,
    ends_on: date | None = None,
    language: str = "",
) -> Mandate:
    """Draw up a mandate for a company to sign, in place of one that waits for that.

    Raises Invalid for a scope or days that cannot be, WrongState for a company without a platform.
    """
    company = _locked(company)
    row = Mandate.objects.of(company).asked().first() or Mandate(organization=company)
    row.organization = company
    row.scope = [one for one in ALL if one in scope]
    row.starts_on, row.ends_on = starts_on or timezone.localdate(), ends_on
    _check(row)
    _word(row, language or mails.language_of(company.parent or company))
    _write(row)
    announce(row, announcements.ASKED, by=by)
    return row


def proposed(company: Organization, language: str) -> Mandate:
    """What a company would sign now, in its reader's language: what was drawn up, or the usual.

    It is not stored. Reads `parent`.
    """
    row = Mandate.objects.of(company).asked().first()
    row = row or Mandate(organization=company, scope=list(ALL), starts_on=timezone.localdate())
    row.organization = company
    _word(row, language)
    return row


@transaction.atomic
def confirm(company: Organization, signature: Signature, *, by: Actor) -> Mandate:
    """Have a company agree to the text that it read.

    Raises WrongState (`text_changed`) where that is not what it would sign any more, Invalid
    without a name.
    """
    said = {"name": signature.name, "capacity": signature.capacity}
    persistence.refuse_control(said)
    if not signature.name.strip():
        raise Invalid("Who signs?", fields={"name": [gettext_noop("This field is required.")]})
    row = proposed(_locked(company), signature.language)
    if row.text_digest != signature.seen:
        sentence = "The text is another one by now: read it again, please."
        raise WrongState(sentence, code="text_changed")
    row.method, row.signed_from = Method.LINK, signature.address
    row.signed_by, row.signed_as = signature.name.strip(), signature.capacity.strip()
    return _sign(row, by=by)


@transaction.atomic
def keep_copy(
    company: Organization, file: HandedIn, *, by: Actor, signed_by: str = "", signed_as: str = ""
) -> Mandate:
    """Keep a signed copy: of what was drawn up for the company, or else of the usual mandate.

    Raises Invalid for a file that is not taken, Conflict for one that was taken already.
    """
    kind = evidence.kind_of(file)
    company = _locked(company)
    digest = hashlib.sha256(file.content).hexdigest()
    if MandateFile.objects.filter(organization=company, digest=digest).exists():
        raise Conflict("copy_taken", "This signed copy was taken already.")
    row = proposed(company, mails.language_of(company.parent or company))
    asked = Mandate.objects.of(company).asked().first()
    if asked is not None:
        # What was printed is what was drawn up, word by word.
        row.text, row.text_digest, row.language = asked.text, asked.text_digest, asked.language
    row.method, row.signed_by, row.signed_as = Method.FILE, signed_by, signed_as
    _sign(row, by=by, file_sha256=digest)
    stem = re.sub(r"\.\w{1,5}$", "", persistence.printable(file.name).strip()) or "mandate"
    copy = MandateFile(organization=company, mandate=row, name=stem[:200] + _suffix(kind))
    copy.media_type, copy.size, copy.digest = kind, len(file.content), digest
    copy.content = encrypt_bytes(file.content)
    persistence.insert(copy)
    return row


@transaction.atomic
def revoke(mandate: Mandate, *, reason: str, by: Actor) -> Mandate:
    """End a mandate, or what waits to be signed. Raises WrongState for what has ended."""
    row = _row(mandate)
    if row.state not in (State.ASKED, State.SIGNED):
        raise WrongState("This mandate has ended already.", code="ended")
    was, row.state = row.state, State.REVOKED
    row.reason, row.ended_at = reason, timezone.now()
    _write(row)
    announce(row, announcements.REVOKED, by=by, reason=reason, was=was)
    return row


def warn(*, limit: int = 500) -> int:
    """Tell of those that end within thirty days, once; how many."""
    ending = Mandate.objects.ending_by(timezone.localdate() + WARNING).filter(warned_at=None)
    rows = ending.filter(organization__deleted_at=None).select_related("organization")
    return loops.each("warn of mandates that end", rows.order_by("id")[:limit], _warn)


def expire(*, limit: int = 500) -> int:
    """Have those end whose last day is over; how many."""
    rows = Mandate.objects.outdated().select_related("organization").order_by("id")
    return loops.each("let mandates end", rows[:limit], _expire)


@transaction.atomic
def _warn(found: Mandate) -> None:
    if Mandate.objects.filter(pk=found.pk, warned_at=None).update(warned_at=timezone.now()):
        announce(found, announcements.ENDING, by=SYSTEM, was=State.SIGNED)


@transaction.atomic
def _expire(found: Mandate) -> None:
    row = _row(found)
    if row.state == State.SIGNED and row.ends_on and row.ends_on < timezone.localdate():
        row.state, row.ended_at = State.EXPIRED, timezone.now()
        _write(row)
        announce(row, announcements.EXPIRED, by=SYSTEM, was=State.SIGNED)


def _sign(row: Mandate, *, by: Actor, **more: Any) -> Mandate:
    row.state, row.signed_at = State.SIGNED, timezone.now()
    _check(row)
    _write(row)
    announce(row, announcements.SIGNED, by=by, was=State.ASKED, **more)
    release.hasten(row.organization)
    return row


def _check(row: Mandate) -> None:
    """Raise Invalid for a mandate for nothing, or of days that cannot be."""
    if not row.scope:
        sentence = gettext_noop("A mandate is for something.")
        raise Invalid(sentence, fields={"scope": [sentence]})
    today, end = timezone.localdate(), row.ends_on
    if end is not None and not max(today, row.starts_on) <= end <= today + _LONGEST:
        sentence = gettext_noop("It ends after it begins, on a day of the next ten years.")
        raise Invalid(sentence, fields={"ends_on": [sentence]})


def _word(row: Mandate, language: str) -> None:
    row.language = language
    row.text = texts.write(row.organization, row.scope, row.starts_on, row.ends_on, language)
    row.text_digest = texts.digest(row.text)


def _write(row: Mandate) -> None:
    if row._state.adding:
        persistence.insert(row)
    else:
        persistence.update(row, [f.name for f in row._meta.concrete_fields if not f.primary_key])


def _row(mandate: Mandate) -> Mandate:
    rows = Mandate.objects.select_related("organization")
    return rows.select_for_update(of=("self",), no_key=True).get(pk=mandate.pk)


def _locked(company: Organization) -> Organization:
    live = Organization.objects.live().select_for_update(no_key=True, of=("self",))
    found = live.select_related("parent").filter(pk=company.pk, parent__isnull=False).first()
    if found is None:
        raise WrongState("Only a company of a platform gives it a mandate.", code="no_platform")
    return found


def _suffix(kind: str) -> str:
    return {"application/pdf": ".pdf", "image/png": ".png"}.get(kind, ".jpg")
