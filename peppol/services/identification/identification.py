"""Writes to who a company is: ask, hand in, verify, refuse, let expire.

Nobody verifies themselves: staff decide, or the platform of a company where the operator trusts
it with that. Whoever hands something in only hands it in.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_noop
from stdnum import iban

from peppol.models import Identification, Participant
from peppol.models.identifications import profile_of
from peppol.services.identification import announcements, evidence, release
from peppol.services.identification.announcements import announce
from peppol.services.identification.evidence import HandedIn
from tenants import background, loops, persistence
from tenants.actors import Actor
from tenants.errors import Forbidden, Invalid, WrongState
from tenants.models import Organization

State = Identification.State
Method = Identification.Method
SYSTEM = Actor.system("identification")
CHANGED = gettext_noop("The company's name or numbers are others than were verified.")
# What is handed in, and without which nothing is.
FIELDS = ("legal_name", "register_number", "representative", "authority", "method", "reference")
_REQUIRED = ("legal_name", "representative", "authority", "method")
_NEEDED = gettext_noop("This field is required.")
_DECISION = ("state", "decided_at", "verifier", "decided_by", "reason", "updated_at")
_LONGEST = timedelta(days=5 * 366)


@transaction.atomic
def ask(
    company: Organization, *, by: Actor, reviewer: Organization | None = None, message: str = ""
) -> Identification:
    """Ask a company to prove who it is, or for more than it handed in. What is in force stays so.

    `reviewer` is the platform that asks, or None for staff. Raises Forbidden, and WrongState for
    a company that was deleted.
    """
    check_reviewer(company, reviewer)
    row = _locked(company)
    was, row.state = row.state, State.ASKED
    row.asked_at, row.reason, row.look_up_at = timezone.now(), message, None
    _write(row)
    announce(row, announcements.ASKED, by=by, reason=message, was=was)
    return row


@transaction.atomic
def submit(
    company: Organization,
    facts: Mapping[str, str],
    files: Sequence[HandedIn] = (),
    *,
    by: Actor,
) -> Identification:
    """Hand in who a company is; somebody else decides. What is in force stays so meanwhile.

    `facts` are those of `FIELDS`. Raises Invalid for facts or files that cannot be, or for a
    method without what it takes: a file, or the reference of an account or provider.
    """
    unknown = set(facts) - set(FIELDS)
    if unknown:
        raise TypeError(f"Not part of an identification: {', '.join(sorted(unknown))}")
    persistence.refuse_control(facts)
    evidence.check(files)
    row = _locked(company)
    was = row.state
    for name in FIELDS:
        setattr(row, name, facts.get(name, "").strip())
    _check(row, bool(files))
    row.state, row.reason, row.confirmations = State.IN_REVIEW, "", []
    row.submitted_at = row.look_up_at = timezone.now()
    row.submitted_by = by.label[:255]
    _write(row)
    kept = evidence.keep(row, files)
    prints = [{"name": one.name, "sha256": one.digest} for one in kept]
    announce(row, announcements.SUBMITTED, by=by, was=was, evidence=prints)
    background.wake("identification")
    return row


@transaction.atomic
def verify(
    company: Organization,
    *,
    by: Actor,
    reviewer: Organization | None = None,
    valid_until: date | None = None,
    message: str = "",
    seen: str = "",
) -> Identification:
    """Say that a company is who it says, with its identifiers, until `valid_until`.

    That is `IDENTIFICATION_DAYS` from now unless said otherwise; `seen` is the `fingerprint` of
    what the decision is about. What waited for it goes on.
    Raises Forbidden for whoever may not decide, WrongState where nothing was handed in or where
    it is something else by now, Invalid for a day that is over or far off.
    """
    check_reviewer(company, reviewer)
    row = _locked(company)
    if row.submitted_at is None:
        raise WrongState("Nothing was handed in yet of who this company is.", code="not_submitted")
    if seen and seen != fingerprint(row):
        raise WrongState(
            "Something else was handed in meanwhile, or the company changed: look at it again.",
            code="changed_meanwhile",
        )
    was, row.state = row.state, State.VERIFIED
    row.valid_until = _until(valid_until)
    row.profile, row.identifiers = profile_of(row.organization), identifiers_of(row.organization)
    row.look_up_at = None
    _decided(row, message, by)
    evidence.retain(row)
    announce(row, announcements.VERIFIED, by=by, reason=message, was=was)
    release.hasten(company)
    return row


@transaction.atomic
def refuse(
    company: Organization, *, message: str, by: Actor, reviewer: Organization | None = None
) -> Identification:
    """Say that a company is not who it says, or not any more; what is in force ends.

    Raises Forbidden for whoever may not decide, and WrongState where there is nothing to refuse.
    """
    check_reviewer(company, reviewer)
    if not message.strip():
        raise Invalid("Say why.", fields={"message": [_NEEDED]})
    row = _locked(company)
    if row._state.adding or row.state == State.REFUSED:
        raise WrongState("There is nothing to refuse.", code="nothing_to_refuse")
    was, row.state = row.state, State.REFUSED
    row.valid_until = row.look_up_at = None
    _decided(row, message, by)
    announce(row, announcements.REFUSED, by=by, reason=message, was=was)
    return row


def expire_outdated(*, limit: int = 500) -> int:
    """Have those expire whose day is over; how many. They receive as before."""
    rows = Identification.objects.outdated().filter(organization__deleted_at=None)
    rows = rows.select_related("organization")
    return loops.each("let identifications expire", rows.order_by("id")[:limit], _expire)


def ask_changed(*, limit: int = 500) -> int:
    """Ask those anew whose company says something else of itself than was verified; how many
    were looked at."""
    rows = Identification.objects.changed_since().select_related("organization")
    return loops.each("ask changed companies", rows.order_by("id")[:limit], _ask_changed)


@transaction.atomic
def _expire(found: Identification) -> None:
    row = _locked(found.organization)
    if row.valid_until is None or row.valid_until >= timezone.localdate():
        return
    was, row.valid_until = row.state, None
    # What was handed in for the time afterwards goes on being reviewed.
    row.state = State.EXPIRED if was == State.VERIFIED else row.state
    _write(row)
    announce(row, announcements.EXPIRED, by=SYSTEM, was=was)


@transaction.atomic
def _ask_changed(found: Identification) -> None:
    row = _locked(found.organization)
    if row.is_true_of(row.organization):
        _write(row)
        return
    was, row.state, row.valid_until = row.state, State.ASKED, None
    row.asked_at, row.reason = timezone.now(), str(CHANGED)
    _write(row)
    announce(row, announcements.ASKED, by=SYSTEM, reason=row.reason, was=was)


def usual_end() -> date:
    """Until when a verification of today holds, unless somebody says otherwise."""
    return timezone.localdate() + timedelta(days=settings.IDENTIFICATION_DAYS)


def fingerprint(row: Identification) -> str:
    """What a decision is about: what was handed in, and the company as it is now."""
    company = row.organization
    about = [str(row.submitted_at), profile_of(company), identifiers_of(company)]
    return hashlib.sha256(json.dumps(about, sort_keys=True).encode()).hexdigest()


def identifiers_of(company: Organization) -> list[str]:
    """The Peppol identifiers that a decision about a company is about, too."""
    rows = Participant.objects.of(company).exclude(state=Participant.State.UNREGISTERED)
    return [one.identifier for one in rows.order_by("id")]


def may_review(company: Organization, reviewer: Organization | None) -> bool:
    """Whether staff (None) or a platform decides who `company` is."""
    if reviewer is None:
        return True
    return company.parent_id == reviewer.pk and reviewer.identifies_companies


def is_vouched_for(company: Organization) -> bool:
    """Whether the platform of a company is trusted to say who it is. Reads `parent`."""
    return company.parent is not None and may_review(company, company.parent)


def check_reviewer(company: Organization, reviewer: Organization | None) -> None:
    """Refuse whoever may not decide. Raises Forbidden."""
    if not may_review(company, reviewer):
        raise Forbidden("Who this company is, the operator decides.", code="not_the_reviewer")


def _locked(company: Organization) -> Identification:
    """A company's row, nobody else's until the transaction ends; a new one where it has none."""
    live = Organization.objects.live().select_for_update(no_key=True, of=("self",))
    found = live.select_related("parent").filter(pk=company.pk).first()
    if found is None:
        raise WrongState("This company was deleted.", code="deleted")
    row = Identification.objects.of(found).first() or Identification()
    row.organization = found
    return row


def _check(row: Identification, has_files: bool) -> None:
    """Raise Invalid unless something can be decided by what was handed in."""
    faults = {n: [_NEEDED] for n in _REQUIRED if not getattr(row, n)}
    if row.method in Identification.BY_FILE and not has_files:
        faults["evidence"] = [gettext_noop("This method takes a file.")]
    if row.method in Identification.BY_REFERENCE and not row.reference:
        faults["reference"] = [_NEEDED]
    if row.method == Method.IBAN and row.reference and not iban.is_valid(row.reference):
        faults["reference"] = [gettext_noop("This is no IBAN.")]
    if row.method == Method.PLATFORM and not is_vouched_for(row.organization):
        faults["method"] = [gettext_noop("The operator has not trusted this platform with that.")]
    if faults:
        raise Invalid(next(iter(faults.values()))[0], code="incomplete", fields=faults)


def _until(day: date | None) -> date:
    """The day until which a verification holds. Raises Invalid for one that is over or far off."""
    today = timezone.localdate()
    day = day or usual_end()
    if not today <= day <= today + _LONGEST:
        sentence = gettext_noop("Choose a day within the next five years.")
        raise Invalid(sentence, code="valid_until", fields={"valid_until": [sentence]})
    return day


def _write(row: Identification) -> None:
    if row._state.adding:
        persistence.insert(row)
    else:
        persistence.update(row, [f.name for f in row._meta.concrete_fields if not f.primary_key])


def _decided(row: Identification, message: str, by: Actor) -> None:
    row.decided_at, row.decided_by, row.reason = timezone.now(), by.label[:255], message
    row.verifier_id = UUID(by.id) if by.kind == "user" else None
    _write(row)
