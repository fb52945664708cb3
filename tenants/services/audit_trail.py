"""The audit trail is sealed day by day, and compared with its seals.

A seal is an HMAC over the seal of the day before, the day, when it was sealed, and the canonical
content of each of its events; the key is not in the database. Whoever changes, adds or takes away
an event afterwards cannot make a seal that fits. The newest seal is kept outside the database too
(`seal_log`), so that the newest days cannot be taken away together with their seals.
"""

import hashlib
import hmac
import logging
from dataclasses import dataclass
from datetime import UTC, date, timedelta

from django.db import IntegrityError, transaction
from django.utils import timezone

from tenants.actors import Actor
from tenants.errors import WrongState
from tenants.ids import earliest, made_at
from tenants.models import Event, Seal
from tenants.services import seal_log
from tenants.services.reckoning import key, midnight, reckon
from tenants.services.seal_log import Kept

logger = logging.getLogger(__name__)

# How long a transaction may take to commit an event whose id was made when it began.
LATE = timedelta(minutes=5)
# A day that was sealed this much later than it could have been was open to changes meanwhile.
TARDY = timedelta(days=2)
_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Verdict:
    """What comparing found: how much of the trail is as it was sealed, and the first day that is
    not, with what is wrong about it.

    `next_day` is the day to go on from where a limit ended it.
    """

    days: int
    events: int
    day: date | None = None
    wrong: str = ""
    next_day: date | None = None

    @property
    def holds(self) -> bool:
        return self.day is None


def seal_days(most: int = 31) -> list[Seal]:
    """Seal the days that are over and have no seal yet, the oldest first; return the new seals."""
    made: list[Seal] = []
    day = _first_unsealed()
    while day is not None and len(made) < most and _is_over(day):
        made.append(_seal(day, whole=True))
        day += _DAY
    return made


def seal_today() -> Seal | None:
    """Seal what has happened until now, as far as every transaction of it is through.

    None while nothing ever happened. Raises WrongState when an earlier seal of today no longer
    matches, and in the minutes after midnight, before yesterday is sealed.
    """
    seal_days()
    day, today = _first_unsealed(), _today()
    if day is None:
        return None
    if day < today:
        raise WrongState("Days before are not sealed yet. Try again in some minutes.")
    return _seal(today, whole=False)


def verify(since: date | None = None, *, most_events: int | None = None) -> Verdict:
    """Compare the events with their seals, from `since` or from the first day on.

    Stops at the first day that differs, which the seal is marked with, or once `most_events` are
    passed. Reads a bounded number of rows at a time. In the end, the newest seal that was kept
    outside the database is looked for in it.
    """
    seals = Seal.objects.order_by("day")
    before = seals.filter(day__lt=since).last() if since else None
    days = events = 0
    for seal in seals.filter(day__gte=since) if since else seals:
        if most_events is not None and days and events >= most_events:
            return Verdict(days, events, next_day=seal.day)
        expected = before.day + _DAY if before else seal.day
        if seal.day != expected:
            return _doubt(Verdict(days, events, expected, "Its seal is missing."))
        if wrong := _compare(seal, before):
            return _doubt(Verdict(days, events, seal.day, wrong))
        before, days, events = seal, days + 1, events + seal.count
    if wrong_outside := _differs_outside(before):
        return _doubt(Verdict(days, events, *wrong_outside))
    return Verdict(days, events)


def verify_some(most_events: int) -> Verdict:
    """Compare the days that were not compared for the longest time, as far as `most_events` go.

    Called again and again, it goes through the whole trail.
    """
    days = events = 0
    for seal in Seal.objects.longest_uncompared().iterator():
        if days and events >= most_events:
            break
        before = Seal.objects.filter(day__lt=seal.day).order_by("day").last()
        missing = before is not None and before.day + _DAY != seal.day
        wrong = "The seal of the day before is missing." if missing else _compare(seal, before)
        if wrong:
            return _doubt(Verdict(days, events, seal.day, wrong))
        days, events = days + 1, events + seal.count
    if wrong_outside := _differs_outside(Seal.objects.order_by("day").last()):
        return _doubt(Verdict(days, events, *wrong_outside))
    return Verdict(days, events)


@transaction.atomic
def accept(day: date, *, reason: str, by: Actor) -> Seal:
    """Accept the difference that a day has now, and no other; whoever looks is told the reason.

    A day whose seal is missing gets one. Raises WrongState when the day is as it was sealed.
    """
    before = Seal.objects.filter(day__lt=day).order_by("day").last()
    seal = Seal.objects.filter(day=day).first() or _new_seal(day, before, whole=_is_over(day))
    outside = _differs_outside(seal)
    if not _differs(seal, before) and not (outside and outside[0] == day):
        raise WrongState("This day is as it was sealed.", code="trail_holds")
    seal.accepted_reason, seal.accepted_by, seal.doubted_at = reason, by.label, None
    seal.accepted = _accepted(seal, before)
    seal.save()
    # From now on this is what the outside remembers of the day.
    seal_log.keep(_kept(seal))
    logger.warning("%s accepted that %s differs: %s", by.label, day, reason)
    return seal


def _doubt(verdict: Verdict) -> Verdict:
    logger.error("The audit trail differs on %s: %s", verdict.day, verdict.wrong)
    return verdict


def _compare(seal: Seal, before: Seal | None) -> str:
    """What is wrong about a day, "" when nothing is; the seal is marked with it."""
    wrong = _differs(seal, before)
    if wrong and seal.accepted and hmac.compare_digest(seal.accepted, _accepted(seal, before)):
        wrong = ""
    now = timezone.now()
    doubted_at = (seal.doubted_at or now) if wrong else None
    Seal.objects.filter(pk=seal.pk).update(doubted_at=doubted_at, compared_at=now)
    return wrong


def _differs(seal: Seal, before: Seal | None) -> str:
    """What is wrong about a day, "" when nothing is."""
    if seal.previous != (before.digest if before else ""):
        return "It does not follow from the seal of the day before."
    if before is None and Event.objects.filter(pk__lt=earliest(midnight(seal.day))).exists():
        return "There are events from before the first seal."
    if before is not None and before.keyed and not seal.keyed:
        return "It was sealed without the key."
    could_be = max(midnight(seal.day + _DAY), before.sealed_at) if before else None
    if seal.whole and could_be and seal.sealed_at > could_be + TARDY:
        return f"It was sealed late, on {seal.sealed_at:%Y-%m-%d}."
    found = reckon(_kept(seal), keyed=seal.keyed)
    if found.count != seal.count:
        return f"It has {found.count} events and was sealed with {seal.count}."
    return "" if found.digest == seal.digest else "The content of its events has changed."


def _differs_outside(last: Seal | None) -> tuple[date, str] | None:
    """The day of the newest seal that was kept outside, and what is wrong about it here."""
    kept = seal_log.newest()
    if kept is None:
        return None
    if last is None or last.day < kept.day:
        return kept.day, "Its seal, which was kept outside the database, is missing."
    seal = Seal.objects.filter(day=kept.day).first()
    if seal is not None and seal.digest == kept.digest:
        return None
    # One that grew since, or whose last growth was lost. It hangs on the same chain: else all
    # seals could be made anew, without the key, and this day's events left as they are.
    same_chain = seal is None or (seal.previous == kept.previous and seal.keyed)
    if same_chain and reckon(kept, keyed=True).digest == kept.digest:
        return None
    return kept.day, "It differs from its seal, which was kept outside the database."


def _accepted(seal: Seal, before: Seal | None) -> str:
    """The digest of a difference: what a day holds now, beside what it was sealed with."""
    found = reckon(_kept(seal), keyed=True)
    told = [seal.day, found.digest, seal.digest, seal.previous, before.digest if before else ""]
    text = "\n".join([*map(str, told), seal.accepted_by, seal.accepted_reason])
    return hmac.new(key(), text.encode(), hashlib.sha256).hexdigest()


def _kept(seal: Seal) -> Kept:
    return Kept(
        seal.day, seal.count, seal.through, seal.previous, seal.digest, seal.whole, seal.sealed_at
    )


def _seal(day: date, *, whole: bool) -> Seal:
    """Make the seal of a day, or have the one that was made while the day lasted grow.

    Nothing is locked while the day is read. Of two who seal at once, the second leaves it be.
    """
    before = Seal.objects.filter(day__lt=day).order_by("day").last()
    younger = Seal.objects.filter(day=day).first()
    # A seal on top of what was taken away would hide it.
    outside = _differs_outside(younger or before)
    if outside or (younger is not None and _compare(younger, before)):
        if outside:
            _doubt(Verdict(0, 0, *outside))
        raise WrongState(
            "The trail of %(day)s no longer matches its seal.",
            values={"day": outside[0] if outside else day},
            code="trail_differs",
        )
    made = _new_seal(day, before, whole=whole)
    if younger is not None:
        columns = {
            name: getattr(made, name)
            for name in ("count", "through", "digest", "whole", "sealed_at", "keyed")
        }
        Seal.objects.filter(day=day, digest=younger.digest).update(**columns)
    else:
        try:
            with transaction.atomic():
                made.save(force_insert=True)
        except IntegrityError:
            logger.info("Another process has sealed %s.", day)
    sealed = Seal.objects.get(day=day)
    seal_log.keep(_kept(sealed))
    return sealed


def _new_seal(day: date, before: Seal | None, *, whole: bool = True) -> Seal:
    """The seal that a day would get now."""
    now = timezone.now()
    open_day = Kept(
        day=day,
        count=0,
        through=None if whole else earliest(now - LATE),
        previous=before.digest if before else "",
        digest="",
        whole=whole,
        sealed_at=now,
    )
    found = reckon(open_day, keyed=True)
    return Seal(
        day=day,
        count=found.count,
        through=found.through,
        digest=found.digest,
        previous=open_day.previous,
        whole=whole,
        sealed_at=now,
    )


def _first_unsealed() -> date | None:
    """The day to seal next; None while nothing ever happened."""
    last = Seal.objects.filter(whole=True).order_by("day").last()
    if last is not None:
        return last.day + _DAY
    first = Event.objects.order_by("pk").values_list("pk", flat=True).first()
    return made_at(first).date() if first else None


def _is_over(day: date) -> bool:
    return timezone.now() >= midnight(day + _DAY) + LATE


def _today() -> date:
    return timezone.now().astimezone(UTC).date()
