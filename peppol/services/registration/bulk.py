"""Changes to many participants at once: another access point, another document type.

An operation visits the participants in the order of their ids, a few at a time, and writes into
each row what is wanted from now on; the registration workers publish it, between the
registrations. Whoever goes on after a crash finds in the rows how far it has come.
"""

import base64
import binascii
import hashlib
import logging
from uuid import UUID

from cryptography import x509
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_noop

from peppol import code_lists
from peppol.models import AccessPoint, BulkOperation, Participant
from peppol.models.participants import ParticipantQuerySet
from peppol.services.registration import desired
from tenants import background, loops, persistence
from tenants.actors import Actor
from tenants.errors import Invalid, WrongState
from tenants.models import Organization

logger = logging.getLogger(__name__)
Kind = BulkOperation.Kind
State = BulkOperation.State
Publication = Participant.Publication

# So many participants of an operation wait for their publication at a time.
WINDOW = 100


@transaction.atomic
def start(
    kind: str,
    *,
    by: Actor,
    platform: Organization | None = None,
    access_point: AccessPoint | None = None,
    document_type: str = "",
) -> BulkOperation:
    """Start an operation on all participants, or on those of `platform` and its companies.

    No `access_point` means the installation's own. Raises Invalid for a document type that the
    code list does not have in force.
    """
    if kind in (Kind.ADD_DOCUMENT_TYPE, Kind.REMOVE_DOCUMENT_TYPE):
        document_type = _document_type(document_type)
    operation = BulkOperation(
        kind=kind,
        platform=platform,
        access_point=access_point,
        document_type=document_type,
        started_by=by.label,
        next_attempt_at=timezone.now(),
    )
    operation.total = participants_of(operation).count()
    persistence.insert(operation)
    background.wake("bulk")
    return operation


@transaction.atomic
def cancel(operation: BulkOperation) -> BulkOperation:
    """Visit no further participants; what was wanted of those visited is still published.

    Raises WrongState when the operation is over.
    """
    moved = BulkOperation.objects.running().filter(pk=operation.pk)
    if not moved.update(state=State.CANCELLED, finished_at=timezone.now(), next_attempt_at=None):
        raise WrongState("This operation is over.", code="over")
    operation.refresh_from_db()
    return operation


@transaction.atomic
def know_access_point(url: str, certificate: str) -> AccessPoint:
    """The access point of this address and certificate (PEM, or base64 of DER).

    Raises Invalid when the certificate cannot be read.
    """
    encoded = "".join(
        line for line in certificate.split() if not line.startswith("-") and not line.endswith("-")
    ).replace("CERTIFICATE", "")
    try:
        der = base64.b64decode(encoded, validate=True)
        x509.load_der_x509_certificate(der)
    except (binascii.Error, ValueError):
        sentence = gettext_noop("This is not a certificate, in PEM or in base64.")
        raise Invalid(
            sentence, code="malformed_certificate", fields={"certificate": [sentence]}
        ) from None
    fingerprint = hashlib.sha256(der).hexdigest()
    known = AccessPoint.objects.filter(url=url, fingerprint=fingerprint).first()
    if known is None:
        known = AccessPoint(url=url, fingerprint=fingerprint)
        known.certificate = base64.b64encode(der).decode()
        persistence.insert(known)
    return known


def advance() -> None:
    """Go on with every operation that changes participants, as far as there is room."""
    running = BulkOperation.objects.running().exclude(kind=Kind.RECONCILE)
    loops.each("change many registrations", running, lambda operation: _advance(operation.pk))


def participants_of(operation: BulkOperation) -> ParticipantQuerySet:
    """Those an operation is about, in the order in which it visits them."""
    rows = Participant.objects.order_by("pk")
    if operation.platform is not None:
        rows = rows.visible_to(operation.platform)
    return rows


@transaction.atomic
def _advance(key: UUID) -> None:
    running = BulkOperation.objects.running().filter(pk=key)
    # Another worker that is at it holds the lock; then there is nothing to do here.
    operation = running.select_for_update(skip_locked=True, no_key=True).first()
    if operation is None:
        return
    waiting = operation.participants.filter(metadata_state=Publication.PENDING).count()
    rows = participants_of(operation).select_for_update(of=("self",), no_key=True)
    if operation.cursor is not None:
        rows = rows.filter(pk__gt=operation.cursor)
    batch = list(rows[: max(WINDOW - waiting, 0)])
    for participant in batch:
        _try_to_wish(operation, participant)
    if batch:
        operation.cursor = batch[-1].pk
        operation.visited += len(batch)
        operation.total = max(operation.total, operation.visited)
        background.wake("registrations")
    elif waiting:
        operation.last_error = _what_holds_up(operation)
    else:
        operation.last_error = ""
        operation.succeeded, operation.failed = operation.count()
        operation.state, operation.finished_at = State.DONE, timezone.now()
        operation.next_attempt_at = None
    operation.save()


def _what_holds_up(operation: BulkOperation) -> str:
    """Why a publication that it waits for is delayed, if one is."""
    delayed = operation.participants.filter(metadata_state=Publication.PENDING)
    delayed = delayed.exclude(publication_error="")
    return delayed.values_list("publication_error", flat=True).first() or ""


def _try_to_wish(operation: BulkOperation, participant: Participant) -> None:
    """Write down what is wanted, or with the participant that it could not be."""
    try:
        with transaction.atomic():
            _wish(operation, participant)
    except Exception:
        logger.exception("Participant %s cannot be changed by %s.", participant.pk, operation.pk)
        Participant.objects.filter(pk=participant.pk).update(
            bulk_operation=operation,
            metadata_state=Publication.FAILED,
            publication_error="Something unforeseen happened here; the operator's log knows.",
        )


def _wish(operation: BulkOperation, participant: Participant) -> None:
    """Write down what is wanted of a participant from now on."""
    participant.bulk_operation = operation
    problem = ""
    if operation.kind == Kind.ACCESS_POINT:
        participant.access_point = operation.access_point
    elif operation.kind != Kind.REPUBLISH:
        problem = _change_document_types(operation, participant)
    if problem:
        participant.metadata_state, participant.publication_error = Publication.FAILED, problem
    elif participant.state == Participant.State.ACTIVE:
        participant.metadata_state = Publication.PENDING
        if not participant.is_claimed:
            participant.next_attempt_at = timezone.now()
    participant.save(
        update_fields=[
            "bulk_operation",
            "access_point",
            "document_types",
            "metadata_state",
            "publication_error",
            "next_attempt_at",
            "updated_at",
        ]
    )


def _change_document_types(operation: BulkOperation, participant: Participant) -> str:
    """Add or remove the operation's document type; returns why that cannot be, if so."""
    wanted = [one.uri for one in desired.document_types(participant)]
    if operation.kind == Kind.ADD_DOCUMENT_TYPE and operation.document_type not in wanted:
        wanted.append(operation.document_type)
    if operation.kind == Kind.REMOVE_DOCUMENT_TYPE and operation.document_type in wanted:
        wanted.remove(operation.document_type)
    if not wanted:
        return "This is the last document type that the participant receives: unregister it."
    participant.document_types = desired.noted(
        [one for one in code_lists.document_types() if one.uri in wanted]
    )
    return ""


def _document_type(name: str) -> str:
    """The identifier of a document type, given by it or by its name."""
    for one in code_lists.document_types():
        if name in (one.uri, one.value, one.name):
            return one.uri
    names = ", ".join(f"“{one.name}”" for one in code_lists.document_types())
    raise Invalid(
        "“%(given)s” is not one of %(names)s.",
        values={"given": name, "names": names},
        code="unknown_document_type",
    )
