"""The worker's side of documents: hand them to the access point, once, and see them arrive.

A due row is claimed, the transaction ends, the access point is called, and the outcome is
recorded with its event in one transaction. Whoever takes over a row that was tried before asks
for its status first, for the one before may have died after handing it over.
"""

import logging
from dataclasses import replace
from time import monotonic

from django.conf import settings
from django.utils import timezone

from peppol.access_point.client import (
    AccessPointClient,
    AccessPointError,
    NotLetIn,
    RefusedByAccessPoint,
    Unavailable,
)
from peppol.access_point.dialects import access_point_address, configured_access_point
from peppol.models import Circuit, Document
from peppol.sbdh import Envelope
from peppol.services import circuits, threads
from peppol.services.documents import claims, outcomes, receivers
from peppol.services.documents.claims import Claim, Outcome
from peppol.services.documents.outcomes import Reason
from peppol.services.identification import gate
from peppol.services.identification.gate import Act
from tenants import loops

logger = logging.getLogger(__name__)
State = Document.State


def drain(*, limit: int = 200, seconds: float = 1.5) -> int:
    """Work on what is due for about `seconds`, and return how many documents it were."""
    free = settings.DOCUMENT_CONCURRENCY - Document.objects.claimed().count()
    waiting = Document.objects.due()[:free].count() if free > 0 else 0
    if not waiting or not _answers():
        return 0
    return threads.shared(_take_turns, by=min(waiting, limit), limit=limit, seconds=seconds)


def _take_turns(limit: int, ends: float) -> int:
    worked = 0
    with configured_access_point() as access_point:
        while worked < limit and monotonic() < ends:
            claim = claims.take(worked) if circuits.is_closed(access_point.base_url) else None
            if claim is None:
                break
            _work_on(claim, access_point)
            worked += 1
    return worked


def _work_on(claim: Claim, access_point: AccessPointClient) -> None:
    """Do what the row asks for and write down what came of it, or at least that it could not be."""
    try:
        claims.settle(claim, _attempt(claim, access_point))
    except Exception as error:
        loops.note("send documents", claim.document, error)
        claims.settle(claim, outcomes.later(outcomes.UNFORESEEN))


def _attempt(claim: Claim, access_point: AccessPointClient) -> Outcome:
    """Do what the row asks for, and tell the circuit breaker what the access point was like."""
    document = claim.document
    try:
        outcome = _work(claim, access_point)
    except Unavailable as error:
        if isinstance(error, NotLetIn):
            trouble = Circuit.Trouble.CREDENTIALS
            circuits.failed(access_point.base_url, error.in_full, trouble=trouble)
        elif error.silent:
            circuits.failed(access_point.base_url, error.in_full)
        return outcomes.later(Reason.of(error), handed_over=error.reached)
    except RefusedByAccessPoint as error:
        outcome = outcomes.failed(Reason.of(error))
    except OSError:
        logger.exception("The payload of document %s cannot be read.", document.pk)
        return outcomes.later(Reason("The payload cannot be read.", "payload_unreadable"))
    except Exception:
        logger.exception("The sending of document %s met something unforeseen.", document.pk)
        return outcomes.later(outcomes.UNFORESEEN)
    circuits.succeeded(access_point.base_url)
    return outcome


def _work(claim: Claim, access_point: AccessPointClient) -> Outcome:
    document = claim.document
    if document.state in Document.INBOUND_STATES:
        instance_id = document.transmission.get("aside", {}).get(
            "instance_id", document.instance_id
        )
        access_point.report_country(instance_id, document.organization.country or "ZZ")
        return outcomes.at_rest
    if document.state == State.DELIVERED:
        status = access_point.status(document.instance_id)
        return outcomes.answered(status) if status else outcomes.at_rest
    if document.attempt_count > 1:
        if not access_point.keeps_status:
            return outcomes.unknown(outcomes.NO_MEMORY)
        known = access_point.status(document.instance_id)
        if known is not None:
            return outcomes.moved(known)
    waits = gate.obstacle(document.organization, Act.SEND, document.sender)
    if waits is not None:
        return outcomes.waits(Reason(waits.message, waits.code))
    found = receivers.look_up(document)
    refusal = receivers.obstacle(found)
    if refusal is not None:
        return outcomes.out_of_reach(Reason(str(refusal), receivers.CODE))
    envelope = _envelope(document)
    if found is not None and found.instead:
        envelope = replace(envelope, receiver=found.instead)
    if not claim.row().exists():
        # Reading it took so long that another worker has taken it over, and hands it over.
        return outcomes.at_rest
    status = access_point.submit(
        envelope,
        reference=str(document.pk),
        organization=str(document.organization_id),
    )
    if envelope.receiver != document.receiver:
        status = replace(status, details={**status.details, "sentTo": envelope.receiver})
    return outcomes.moved(status)


def _envelope(document: Document) -> Envelope:
    return Envelope(
        instance_id=document.instance_id,
        sender=document.sender,
        receiver=document.receiver,
        document_type=document.document_type,
        process=document.process,
        country_c1=document.country_c1,
        content=document.content(),
        media_type=Document.Format(document.format).media_type,
        mls_to=settings.MLS_TO if document.transmission.get("wantsStatus") else "",
    )


def _answers() -> bool:
    """Whether the access point is worth calling; probes it when that falls to this worker."""
    name = access_point_address()
    if circuits.is_closed(name):
        return True
    with configured_access_point() as access_point:
        if not circuits.probe(name, lambda trouble: _trouble(access_point, trouble)):
            return False
    # Those that failed before need not sit out their pauses; questions are no hurry.
    Document.objects.filter(
        next_attempt_at__isnull=False, claim=None, state__in=Document.UNDER_WAY_STATES
    ).update(next_attempt_at=timezone.now())
    return True


def _trouble(access_point: AccessPointClient, was: str) -> str:
    """What is still wrong with the access point; asked so that what was wrong would show."""
    try:
        if was == Circuit.Trouble.SILENCE:
            access_point.ping()
        else:
            access_point.knock()
    except AccessPointError as error:
        return error.in_full
    return ""
