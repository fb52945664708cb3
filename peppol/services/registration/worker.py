"""The worker's side: bring the SMP in line with what the participants' rows say is wanted.

A due row is claimed, the transaction ends, the SMP is called, and the outcome is recorded with
its event in one transaction. `active` is only ever written after everything was read back.
"""

import logging
from dataclasses import replace
from time import monotonic

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext_noop

from peppol import identifiers
from peppol.models import Circuit, Loss, Participant
from peppol.services import circuits, threads
from peppol.services.identification import gate
from peppol.services.identification.gate import Act
from peppol.services.registration import claims, desired, outcomes, transfers, upkeep
from peppol.services.registration.admission import obstacle
from peppol.services.registration.claims import Claim, Overtaken
from peppol.services.registration.outcomes import Outcome
from peppol.services.registration.reasons import UNFORESEEN, Reason
from peppol.smp import publishing
from peppol.smp.client import (
    KeyRefused,
    NotOurs,
    NotOwner,
    OutOfOrder,
    RefusedBySmp,
    RegisteredElsewhere,
    SmpClient,
    SmpError,
    Unavailable,
)
from peppol.smp.dialects import configured_smp, smp_address
from tenants import loops

logger = logging.getLogger(__name__)
State = Participant.State

# Seconds until somebody looks again at what is not to be done yet.
_NEXT_LOOK = 3
_CLOSED_LOOK = 300
# A migration key that is refused so often is wrong.
_KEY_PATIENCE = 3
_SILENT = Reason(
    gettext_noop("The SMP does not answer. It is tried again every few seconds."),
    Unavailable.code,
)
_OUT_OF_ORDER = Reason(
    gettext_noop(
        "Registrations wait: the SMP takes nothing from this installation at the moment. The "
        "operator is told, and it goes on by itself."
    ),
    OutOfOrder.code,
)


def drain(*, limit: int = 100, seconds: float = 1.5) -> int:
    """Work on what is due, for about `seconds` or `limit` rows, and return how many it were.

    `REGISTRATION_CONCURRENCY` rows at most are being worked on at a time, by all workers together.
    """
    free = settings.REGISTRATION_CONCURRENCY - Participant.objects.claimed().count()
    if free <= 0 or not (Participant.objects.due().exists() or _is_broken()):
        return 0
    with configured_smp() as smp:
        if not _answers(smp):
            _hold_back(smp)
            return 0
    waiting = Participant.objects.due()[:free].count()
    return threads.shared(_take_turns, by=min(waiting, limit), limit=limit, seconds=seconds)


def _take_turns(limit: int, ends: float) -> int:
    worked = 0
    with configured_smp() as smp, claims.Keeper() as keeper:
        while worked < limit and monotonic() < ends and circuits.is_closed(smp.base_url):
            keeper.claim = claim = claims.take()
            if claim is None:
                break
            _work_on(claim, smp)
            keeper.claim = None
            worked += 1
    return worked


def _work_on(claim: Claim, smp: SmpClient) -> None:
    """Do what the row asks for and write down what came of it, or at least that it could not be."""
    try:
        claims.settle(claim, _attempt(claim, smp))
    except Exception as error:
        loops.note("work on registrations", claim.participant, error)
        claims.settle(claim, outcomes.delayed(UNFORESEEN))


def _attempt(claim: Claim, smp: SmpClient) -> Outcome:
    """Do what the row asks for, and tell the circuit breaker what the SMP was like."""
    try:
        outcome = _work(claim, smp)
    except Overtaken:
        return outcomes.due_again
    except OutOfOrder as error:
        # Nothing about this one: all wait until somebody is let in again.
        circuits.failed(smp.base_url, error.in_full, trouble=error.trouble)
        return outcomes.held_back(replace(_OUT_OF_ORDER, answer=error.answer), _NEXT_LOOK)
    except Unavailable as error:
        if error.silent:
            circuits.failed(smp.base_url, error.in_full)
            # The breaker finds out when it is back, if it is told often enough that it is not.
            return outcomes.delayed(Reason.of(error), seconds=_NEXT_LOOK)
        return outcomes.delayed(Reason.of(error))
    except SmpError as error:
        outcome = _refusal(claim, error)
    except Exception:
        logger.exception("The registration of %s met something unforeseen.", claim.participant.pk)
        return outcomes.baffled(UNFORESEEN)
    circuits.succeeded(smp.base_url)
    return outcome


def _work(claim: Claim, smp: SmpClient) -> Outcome:
    if claim.obstacle:
        return outcomes.held_back(Reason(claim.obstacle, "identifier_busy"), _NEXT_LOOK)
    if claim.state == State.UNREGISTERING:
        return _take_down(claim, smp)
    if claim.state == State.ACTIVE:
        return upkeep.work(claim, smp)
    company = claim.participant.organization
    refusal = obstacle(company) or gate.obstacle(
        company, Act.REGISTER, claim.participant.identifier
    )
    if refusal:
        return outcomes.held_back(Reason(refusal.message, refusal.code), _CLOSED_LOOK)
    key = transfers.inbound_key(claim.participant)
    order = desired.of(claim.participant, migration_key=key, lost=_is_lost(claim))
    card_refusal = publishing.publish(smp, order, claim.step, begin=claim.begin)
    return outcomes.registered(claim.participant, card_refusal)


def _take_down(claim: Claim, smp: SmpClient) -> Outcome:
    if claim.participant.put_up_at is not None and not claim.successor:
        pid = identifiers.parse(claim.participant.identifier)
        publishing.withdraw(smp, pid, claim.step, lost=_is_lost(claim))
    return outcomes.unregistered


def _is_lost(claim: Claim) -> bool:
    """Whether the SML did not have it at our SMP any more, of which something is there still."""
    there = claim.participant.put_up_at is not None
    return there and Loss.objects.open().certain().of(claim.participant).exists()


def _refusal(claim: Claim, error: SmpError) -> Outcome:
    """What an answer that is not a yes means in the state that the row is in."""
    reason = Reason.of(error)
    if claim.state == State.UNREGISTERING and isinstance(error, NotOwner):
        return outcomes.disowned(reason)
    if claim.state in (State.UNREGISTERING, State.ACTIVE):
        return outcomes.delayed(reason)
    if isinstance(error, RegisteredElsewhere):
        if transfers.awaits_release(claim.participant):
            return outcomes.held_back(reason, settings.RELEASE_WATCH)
        return outcomes.elsewhere(reason)
    if isinstance(error, RefusedBySmp | NotOurs):
        return outcomes.failed(reason)
    if isinstance(error, KeyRefused):
        return outcomes.baffled(reason, patience=_KEY_PATIENCE)
    return outcomes.baffled(reason)


def _is_broken() -> bool:
    return not circuits.is_closed(smp_address())


def _answers(smp: SmpClient) -> bool:
    """Whether the SMP is worth calling; probes it when that falls to this worker."""
    if circuits.is_closed(smp.base_url):
        return True
    if not circuits.probe(smp.base_url, lambda trouble: _trouble(smp, trouble)):
        return False
    # Those that failed before the circuit opened need not sit out their own pauses.
    Participant.objects.filter(state__in=(State.WAITING, State.UNREGISTERING), claim=None).update(
        next_attempt_at=timezone.now()
    )
    return True


def _hold_back(smp: SmpClient) -> None:
    """Have everything due wait for the SMP, and say so."""
    reopens_at = circuits.reopens_at(smp.base_url)
    if reopens_at is None:
        return
    silent = circuits.trouble_of(smp.base_url) in ("", Circuit.Trouble.SILENCE)
    reason = _SILENT if silent else _OUT_OF_ORDER
    held = {"claim": None, "next_attempt_at": reopens_at, "error_code": reason.code}
    due, said = Participant.objects.due(), reason.sentence
    to_register = due.filter(state__in=(State.PENDING, State.PUBLISHING, State.WAITING))
    to_register.update(state=State.WAITING, last_error=said, **held)
    due.filter(state=State.UNREGISTERING).update(last_error=said, **held)
    due.filter(state=State.ACTIVE).update(publication_error=said, **held)


def _trouble(smp: SmpClient, was: str) -> str:
    """What is still wrong with the SMP; asked so that what was wrong would show."""
    try:
        if was == Circuit.Trouble.SILENCE:
            smp.ping()
        else:
            smp.knock()
    except (OutOfOrder, Unavailable) as error:
        return error.in_full
    return ""
