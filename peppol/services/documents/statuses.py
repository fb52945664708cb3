"""Message level statuses about what came in: what its sender's service provider is told of it.

A status is owed where the envelope names whom to tell (`MLS_TO`): bad news always, good news where
it asks for that (`MLS_TYPE`). What is said is found out first and written down; then it is sent,
once: whoever takes over what may be with the access point asks there before sending it again.
"""

import re
from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from peppol.access_point.client import AccessPointClient, AccessPointError, Progress, Unavailable
from peppol.access_point.dialects import access_point_address, configured_access_point
from peppol.invoices import status_writing
from peppol.invoices.status_writing import Issue
from peppol.models import Document, StatusMessage
from peppol.sbdh import ALWAYS_SEND, Arrived, Envelope
from peppol.services import circuits
from peppol.services.documents import events, verdicts
from tenants import background, leases, loops
from tenants.actors import Actor
from tenants.errors import WrongState

State = StatusMessage.State
SYSTEM = Actor.system("message status")
_WORK = "tell what became of documents"
# A service provider (SPIS), as MLS writes it.
_PROVIDER = re.compile(r"0242:[0-9]{6}(-[0-9A-Z_]{3,12}(\.[0-9A-Z\-._~]{3,24})?)?")
_MESSAGES = ("urn:peppol:edec:mls:", ":trns:mlr:")
# Seconds between looks: at what is not readable yet, and at what did not get through.
_PAUSES = (2, 5, 15, 60, 180, 600, 1800, 3600)
_PATIENCE = timedelta(days=2)
_LOST = "The access point's answer was lost, and it keeps no status to be asked for."


def owe(document: Document, message: Arrived) -> None:
    """Note that a status is owed for what came in, if one is; in the transaction that takes it in.

    Nothing is said of a status, nor to whoever is no service provider.
    """
    if not settings.SENDS_MLS or not settings.MLS_TO or not _PROVIDER.fullmatch(message.mls_to):
        return
    if any(name in message.document_type for name in _MESSAGES):
        return
    StatusMessage.objects.create(
        organization=document.organization,
        document=document,
        receiver=message.mls_to,
        wants_success=message.mls_type == ALWAYS_SEND,
        next_attempt_at=timezone.now(),
    )


def hasten(document: Document) -> None:
    """Look at once at the status of a document that its company may read from now on."""
    StatusMessage.objects.filter(document=document, next_attempt_at__isnull=False).update(
        next_attempt_at=timezone.now()
    )


@transaction.atomic
def tell_again(document: Document, *, by: Actor) -> StatusMessage:
    """Send a status once more that did not get through. Raises WrongState (`not_failed`)."""
    rows = StatusMessage.objects.select_for_update(no_key=True)
    row = rows.filter(document=document, state=State.FAILED).first()
    if row is None:
        raise WrongState("This status did not fail.", code="not_failed")
    row.state, row.attempt_count, row.next_attempt_at = State.PENDING, 0, timezone.now()
    row.submitted_at, row.created_at = None, timezone.now()
    row.save()
    events.announce_status(document, row, events.STATUS_RETRIED, by=by)
    background.wake("documents")
    return row


def tell_due(*, limit: int = 100) -> int:
    """Say what is due to be said; how many statuses were looked at."""
    if not StatusMessage.objects.filter(next_attempt_at__lte=timezone.now()).exists():
        return 0
    looked = 0
    with configured_access_point() as access_point:
        while looked < limit and circuits.is_closed(access_point_address()):
            row = _claim()
            if row is None:
                break
            loops.each(_WORK, [row], lambda one: _tell(one, access_point))
            looked += 1
    return looked


@transaction.atomic
def _claim() -> StatusMessage | None:
    row = (
        StatusMessage.objects.filter(next_attempt_at__lte=timezone.now())
        .select_related("document__organization__parent")
        .select_for_update(of=("self",), skip_locked=True, no_key=True)
        .order_by("next_attempt_at")
        .first()
    )
    if row is not None:
        length = timedelta(seconds=2 * (settings.ACCESS_POINT_TIMEOUT + 5) + 30)
        attempts = min(row.attempt_count + 1, 32_000)
        leases.take(row, "next_attempt_at", length, attempt_count=attempts)
    return row


def _tell(row: StatusMessage, access_point: AccessPointClient) -> None:
    """Find out what is to be said, then say it; each is written down while the row is ours."""
    if not row.code:
        verdict = verdicts.of(row.document)
        if verdict is None:
            _look_again(row)
            return
        row.code, row.issues = verdict.code, verdict.issues
        unwanted = row.code != StatusMessage.Code.REJECTED and not row.wants_success
        if unwanted:
            _settle(row, State.UNWANTED)
            return
    try:
        progress, error, answer = _send(row, access_point)
    except Unavailable as silence:
        if not silence.reached:
            row.submitted_at = None
        _look_again(row, silence.message, silence.answer)
    except AccessPointError as refusal:
        _settle(row, State.FAILED, refusal.message, refusal.answer)
    else:
        if progress is Progress.SENT:
            _settle(row, State.SENT)
        elif progress is Progress.FAILED:
            _settle(row, State.FAILED, error, answer)
        else:
            _look_again(row, error, answer)


def _send(row: StatusMessage, access_point: AccessPointClient) -> tuple[Progress, str, str]:
    if row.submitted_at is not None:
        if not access_point.keeps_status:
            return Progress.FAILED, _LOST, ""
        known = access_point.status(str(row.pk))
        if known is not None:
            return known.progress, known.error, known.answer
    content = _written(row)
    row.submitted_at = timezone.now()
    if not _write(row, "code", "issues", "submitted_at"):
        # Another worker has taken it over, and hands it over.
        return Progress.UNDER_WAY, "", ""
    envelope = Envelope(
        instance_id=str(row.pk),
        sender=settings.MLS_TO,
        receiver=row.receiver,
        document_type=status_writing.DOCUMENT_TYPE,
        process=status_writing.PROFILE,
        country_c1=row.document.organization.country or "ZZ",
        content=content,
    )
    about, owner = str(row.document_id), str(row.organization_id)
    status = access_point.submit(envelope, reference=about, organization=owner)
    return status.progress, status.error, status.answer


def _written(row: StatusMessage) -> bytes:
    aside = row.document.transmission.get("aside", {})
    rejected = row.code == StatusMessage.Code.REJECTED
    return status_writing.write(
        f"MLS-{row.pk}",
        row.code,
        about=aside.get("instance_id", row.document.instance_id),
        sender=settings.MLS_TO,
        receiver=row.receiver,
        at=row.created_at,
        text="Rejected: the document is not valid." if rejected else "",
        issues=[Issue(**issue) for issue in row.issues],
    )


def _write(row: StatusMessage, *names: str) -> bool:
    """Write these columns while the row is this worker's; whether it is."""
    values = {name: getattr(row, name) for name in names}
    return bool(leases.held(row, "next_attempt_at").update(**values, updated_at=timezone.now()))


def _look_again(row: StatusMessage, error: str = "", answer: str = "") -> None:
    if timezone.now() - row.created_at > _PATIENCE and error:
        _settle(row, State.FAILED, error, answer)
        return
    pause = _PAUSES[min(row.attempt_count, len(_PAUSES)) - 1]
    leases.held(row, "next_attempt_at").update(
        code=row.code,
        issues=row.issues,
        submitted_at=row.submitted_at,
        last_error=error,
        raw_answer=answer,
        next_attempt_at=timezone.now() + timedelta(seconds=pause),
        updated_at=timezone.now(),
    )


@transaction.atomic
def _settle(row: StatusMessage, state: str, error: str = "", answer: str = "") -> None:
    values = {"code": row.code, "issues": row.issues, "submitted_at": row.submitted_at}
    ours = leases.held(row, "next_attempt_at").update(
        **values,
        state=state,
        last_error=error,
        raw_answer=answer,
        next_attempt_at=None,
        updated_at=timezone.now(),
    )
    if not ours:
        return
    row.state = state
    announced = {State.SENT: events.STATUS_SENT, State.FAILED: events.STATUS_FAILED}
    if event := announced.get(State(state)):
        events.announce_status(row.document, row, event, by=SYSTEM, reason=error)
