"""The worker's side of documents: hand them to the access point, once, and see them arrive.

A due row is claimed, the transaction ends, the access point is called, and the outcome is
recorded with its event in one transaction. Whoever takes over a row that was tried before asks
for its status first, for the one before may have died after handing it over.
"""

import logging
import random
from dataclasses import replace
from datetime import timedelta
from time import monotonic

from django.conf import settings
from django.utils import timezone

from peppol.access_point.client import (
    AccessPointClient,
    AccessPointError,
    Progress,
    RefusedByAccessPoint,
    Status,
    Unavailable,
)
from peppol.access_point.dialects import access_point_address, configured_access_point
from peppol.models import Document
from peppol.sbdh import Envelope
from peppol.services import circuits, threads
from peppol.services.documents import by_mail, claims, events, receivers, usage
from peppol.services.documents.claims import Claim, Outcome
from tenants import loops
from tenants.actors import Actor

logger = logging.getLogger(__name__)
State = Document.State
WORKER = Actor.system("transmission")
# Seconds before the first, second, … look at what the access point is still at,
_LOOKS = (1, 2, 5, 15, 60, 180, 600, 1800, 3600)
# and at whether the receiver's side has answered: at once, later by the hour, then four times a
# day. Twenty questions a document are 12 a second where 50,000 documents are sent a day.
_ANSWERS = (1, 5, 60, 600, *(3600,) * 5, 6 * 3600)
# For how long the receiver's side may answer a delivered document.
_RESPONSE_WAIT = timedelta(days=3)
# After so long nobody waits any more; the access point gives up long before.
_PATIENCE = timedelta(days=5)
_NO_MEMORY = "The access point's answer was lost, and it keeps no status to be asked for."
_SILENT = "For five days the access point has not said whether the document arrived."
_UNFORESEEN = "Something unforeseen happened here; the operator's log knows."


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
        claims.settle(claim, _later(_UNFORESEEN))


def _attempt(claim: Claim, access_point: AccessPointClient) -> Outcome:
    """Do what the row asks for, and tell the circuit breaker what the access point was like."""
    document = claim.document
    try:
        outcome = _work(claim, access_point)
    except Unavailable as error:
        if error.silent:
            circuits.failed(access_point.base_url, error.message)
        return _later(error.message, handed_over=error.reached)
    except RefusedByAccessPoint as error:
        outcome = _failed(error.message)
    except OSError as error:
        logger.exception("The payload of document %s cannot be read.", document.pk)
        return _later(f"The payload cannot be read: {type(error).__name__}.")
    except Exception:
        logger.exception("The sending of document %s met something unforeseen.", document.pk)
        return _later(_UNFORESEEN)
    circuits.succeeded(access_point.base_url)
    return outcome


def _work(claim: Claim, access_point: AccessPointClient) -> Outcome:
    document = claim.document
    if document.state in Document.INBOUND_STATES:
        instance_id = document.transmission.get("aside", {}).get(
            "instance_id", document.instance_id
        )
        access_point.report_country(instance_id, document.organization.country or "ZZ")
        return _at_rest
    if document.state == State.DELIVERED:
        status = access_point.status(document.instance_id)
        return _answered(status) if status else _at_rest
    if document.attempt_count > 1:
        if not access_point.keeps_status:
            return _unknown(_NO_MEMORY)
        known = access_point.status(document.instance_id)
        if known is not None:
            return _moved(known)
    found = receivers.look_up(document)
    refusal = receivers.obstacle(found)
    if refusal is not None:
        return _out_of_reach(str(refusal))
    envelope = _envelope(document)
    if found is not None and found.instead:
        envelope = replace(envelope, receiver=found.instead)
    if not claim.row().exists():
        # Reading it took so long that another worker has taken it over, and hands it over.
        return _at_rest
    status = access_point.submit(
        envelope,
        reference=str(document.pk),
        organization=str(document.organization_id),
    )
    if envelope.receiver != document.receiver:
        status = replace(status, details={**status.details, "sentTo": envelope.receiver})
    return _moved(status)


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


# --- What the end of an attempt makes of the row ------------------------------------------------
def _moved(status: Status) -> Outcome:
    if status.progress is Progress.SENT:
        return _delivered(status)
    if status.progress is Progress.FAILED:
        return _failed(status.error or "The access point could not deliver the document.")
    return _under_way(status.error)


def _delivered(status: Status) -> Outcome:
    def apply(row: Document) -> None:
        row.state, row.last_error = State.DELIVERED, ""
        row.finished_at = timezone.now()
        row.transmission = {**row.transmission, **status.details}
        row.attempt_count = 0
        events.announce(row, events.DELIVERED, by=WORKER)
        if status.response_pending or status.response:
            _look_again(row)
        else:
            _at_rest(row)

    return apply


def _failed(reason: str) -> Outcome:
    def apply(row: Document) -> None:
        if row.is_final:
            # What has arrived has arrived, whatever is said of it afterwards.
            _later(reason)(row)
            return
        row.state, row.last_error = State.FAILED, reason
        row.finished_at, row.next_attempt_at = timezone.now(), None
        usage.count_document(row, "failed", row.created_at)
        events.announce(row, events.FAILED, by=WORKER, reason=reason)

    return apply


def _out_of_reach(reason: str) -> Outcome:
    """The receiver is not there, or does not take it: by mail, where that was asked for."""

    def apply(row: Document) -> None:
        _failed(reason)(row)
        to = row.transmission.get("fallback")
        if to and by_mail.may_be_mailed(row):
            by_mail.post(row, to, by=WORKER)

    return apply


def _unknown(reason: str) -> Outcome:
    """It may have arrived, and sent again it would arrive twice: staff have to find out."""

    def apply(row: Document) -> None:
        row.state, row.next_attempt_at, row.last_error = State.UNKNOWN, None, reason
        events.announce(row, events.UNCONFIRMED, by=WORKER, reason=reason)

    return apply


def _under_way(reason: str) -> Outcome:
    """The access point has it and is at it: it is only asked from now on."""

    def apply(row: Document) -> None:
        if timezone.now() - row.created_at > _PATIENCE:
            _unknown(_SILENT)(row)
            return
        row.last_error = reason
        _look_again(row)

    return apply


def _later(reason: str, *, handed_over: bool = True) -> Outcome:
    """Try again; without asking for the status when nothing can have been handed over."""

    def apply(row: Document) -> None:
        if row.is_final and timezone.now() - row.created_at > _RESPONSE_WAIT:
            _at_rest(row)
            return
        row.last_error = "" if row.is_final else reason
        untouched = row.state == State.SENDING and not handed_over and row.attempt_count == 1
        if not row.is_final and timezone.now() - row.created_at > _PATIENCE:
            (_failed(reason) if untouched else _unknown(_SILENT))(row)
            return
        _look_again(row)
        if untouched:
            row.attempt_count = 0

    return apply


def _answered(status: Status) -> Outcome:
    """What the receiver's side says of a delivered document."""

    def apply(row: Document) -> None:
        if status.response and status.response != row.response:
            row.response = status.response
            events.announce(row, events.LIFECYCLE, by=WORKER)
        done = row.response in (Document.Response.ACCEPTED, Document.Response.REJECTED)
        finished_at = row.finished_at or row.created_at
        if done or timezone.now() - finished_at > _RESPONSE_WAIT:
            _at_rest(row)
        else:
            _look_again(row)

    return apply


def _at_rest(row: Document) -> None:
    row.next_attempt_at = None


def _look_again(row: Document) -> None:
    looks = _ANSWERS if row.state == State.DELIVERED else _LOOKS
    seconds = looks[min(max(row.attempt_count, 1), len(looks)) - 1]
    # Those that failed together should not all come back together.
    pause = timedelta(seconds=seconds * random.uniform(0.9, 1.2))  # noqa: S311 — no secret
    row.next_attempt_at = timezone.now() + pause


def _answers() -> bool:
    """Whether the access point is worth calling; probes it when that falls to this worker."""
    name = access_point_address()
    if circuits.is_closed(name):
        return True
    with configured_access_point() as access_point:
        if not circuits.probe(name, access_point.ping, silence=AccessPointError):
            return False
    # Those that failed before need not sit out their pauses; questions are no hurry.
    Document.objects.filter(
        next_attempt_at__isnull=False, claim=None, state__in=Document.UNDER_WAY_STATES
    ).update(next_attempt_at=timezone.now())
    return True
