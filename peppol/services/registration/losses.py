"""Registrations that were lost: doubted when seen once, certain when seen twice, and taken back.

A doubt is nobody's business yet. What is certain is a state that a person decides about: the
identifier is registered again, taken over, waited for, or let go.
"""

from datetime import timedelta
from urllib.parse import urlsplit

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_noop

from peppol.models import Loss, Participant, Transfer
from peppol.services.registration import events, outcomes, participants, transfers
from peppol.services.registration.reasons import Reason
from tenants import events as facts
from tenants.actors import Actor

State = Participant.State
BY = Actor.system("registration watch")
_WORKER_AT_IT = timedelta(minutes=1)
MOVED = Reason(
    gettext_noop("Another provider has registered this identifier: it moved away from here."),
    "registration_moved",
)
GONE = Reason(
    gettext_noop("The network's register (SML) does not have this identifier any more."),
    "registration_lost",
)


def doubt(participant: Participant, smp: str) -> None:
    """Note that the SML does not have a participant at our SMP.

    It counts once it was seen again, after a while.
    """
    again = timezone.now() + timedelta(seconds=settings.REGISTRATION_WATCH_AGAIN)
    # One that is doubted already keeps its time.
    Loss.objects.open().get_or_create(
        participant=participant,
        defaults={
            "organization": participant.organization,
            "smp": smp[:255],
            "next_look_at": again,
        },
    )


def dispel(loss: Loss) -> None:
    """It is where it should be, or nobody wants it there any more: there is nothing to doubt."""
    Loss.objects.doubted().filter(pk=loss.pk).delete()


def put_off(loss: Loss, pause: timedelta | None = None) -> None:
    """Nothing was learnt: look again later."""
    pause = pause or timedelta(seconds=settings.REGISTRATION_WATCH_AGAIN)
    Loss.objects.doubted().filter(pk=loss.pk).update(next_look_at=timezone.now() + pause)


@transaction.atomic
def confirm(loss: Loss, smp: str) -> bool:
    """It was seen again: the registration is lost, to the SMP at `smp` or to nobody.

    Returns whether it is. It is not where the row is another by now; and what moves away by a key
    of ours has arrived.
    """
    row = participants.locked(loss.participant)
    if row.is_claimed:
        put_off(loss, _WORKER_AT_IT)
        return False
    if row.state != State.ACTIVE:
        dispel(loss)
        return False
    leaving = Transfer.objects.filter(
        participant=row, direction=Transfer.Direction.OUTBOUND, state=Transfer.State.READY
    ).first()
    if leaving is not None:
        dispel(loss)
        transfers.finish(leaving, by=BY)
        return False
    certain = {"smp": smp[:255], "confirmed_at": timezone.now(), "next_look_at": None}
    if not Loss.objects.doubted().filter(pk=loss.pk).update(**certain):
        return False
    _lose(row, smp)
    return True


def _lose(row: Participant, smp: str) -> None:
    reason = MOVED if smp else GONE
    row.state, row.next_attempt_at = (State.ELSEWHERE if smp else State.FAILED), None
    row.put_up_at = row.put_up_at or row.registered_at
    reason.note(row)
    for aspect in outcomes.PUBLICATIONS:
        setattr(row, aspect, Participant.Publication.NONE)
    row.save()
    outcomes.close_transfers(row, Transfer.State.CANCELLED)
    told = {**events.payload(row, reason.sentence), "smp": host_of(smp)}
    facts.record(
        row.organization,
        events.LOST,
        by=BY,
        reason=reason.sentence,
        data={"participant": told},
        changes={"state": [str(State.ACTIVE), str(row.state)]},
        environment=row.environment,
    )


def host_of(smp: str) -> str:
    """The name of the machine that an SMP's address leads to; empty where there is none."""
    return urlsplit(smp).hostname or ""
