"""Participants that the SMP has already, under our login, and that were not put there from here."""

from django.db import transaction
from django.utils import timezone

from peppol.models import Participant
from peppol.services.registration import participants
from peppol.smp.client import NotOurs
from tenants import persistence
from tenants.actors import Actor
from tenants.errors import WrongState


def can_be_adopted(participant: Participant) -> bool:
    """Whether it waits for somebody to say whose it is."""
    held_up = participant.state == Participant.State.FAILED
    return held_up and participant.error_code == NotOurs.code


@transaction.atomic
def adopt(participant: Participant, *, by: Actor) -> Participant:
    """Take what the SMP has for ours: it is published from now on as it is known here.

    Who leaves it dismisses it, and it stays there as it is. Raises WrongState (`not_adoptable`).
    """
    participant = participants.locked(participant)
    if not can_be_adopted(participant):
        raise WrongState("There is nothing at the SMP to be adopted.", code="not_adoptable")
    participant.put_up_at = timezone.now()
    persistence.update(participant, ["put_up_at", "updated_at"])
    return participants.retry(participant, by=by, reason="What the SMP had was adopted.")
