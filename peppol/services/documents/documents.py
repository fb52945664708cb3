"""Writes to documents that people and programs ask for: sending."""

from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from peppol.models import Document
from peppol.services.documents import (
    addresses,
    answered,
    compliance,
    duplicates,
    events,
    failures,
    limits,
    rows,
    usage,
)
from peppol.services.documents.prepared import PreparedDocument
from peppol.services.identification import gate
from peppol.services.identification.gate import Act
from peppol.services.registration import admission
from tenants import background
from tenants.actors import Actor
from tenants.errors import WrongState
from tenants.models import Environment, Organization

State = Document.State
_ENDING = ("state", "last_error", "error_code", "finished_at", "updated_at")
SYSTEM = Actor.system("documents")


def send(
    company: Organization,
    prepared: PreparedDocument,
    *,
    by: Actor,
    environment: str = Environment.LIVE,
    id: UUID | None = None,
    about: Document | None = None,
    wants_status: bool = False,
    fallback: str = "",
) -> Document:
    """Accept what was prepared for sending; a worker sends it. Counts it in the same transaction.

    `id` is the id that it is known by already, where it was kept as a draft; `about` is what an
    answer answers, and an answer is not counted. `wants_status` asks the receiver's side to say
    what became of it (MLS); `fallback` is a mail address for a receiver that is not on Peppol or
    does not take this kind.
    Raises WrongState for a company that may not be on the network now or has no active identifier
    there, Invalid for a sender that is not its own, and WrongState on the production network for a
    document that was only for trying out (`test_environment`), and what `limits.check` raises where
    no more may be sent, or `gate.obstacle` of who has to be identified first. A number that was
    sent before is a warning, or Conflict (`duplicate_document`) where the platform wants it so.
    """
    if environment == Environment.TEST and settings.PEPPOL_NETWORK == "production":
        raise WrongState(
            "A document of the test environment stays off the production network.",
            code="test_environment",
        )
    document = rows.new(company, prepared, environment, Document.Direction.OUTBOUND, State.ACCEPTED)
    document.id = id or document.id
    document.instance_id = str(document.pk)
    document.about = about
    if wants_status:
        document.transmission = {**document.transmission, "wantsStatus": True}
    document.country_c1 = company.country or "ZZ"
    document.next_attempt_at = timezone.now()
    if fallback:
        document.transmission = {**document.transmission, "fallback": fallback}
    return _accept(company, document, prepared, by=by)


@transaction.atomic
def hasten(document: Document, *, by: Actor) -> Document:
    """Have a document that is under way looked at now, instead of when its turn comes.

    Raises WrongState (`not_under_way`). Nothing is written of it but when that is.
    """
    row = _under_way(document)
    if row.claim is None:
        row.next_attempt_at = timezone.now()
        row.save(update_fields=["next_attempt_at", "updated_at"])
    background.wake("documents")
    return row


@transaction.atomic
def withdraw(document: Document, *, by: Actor, reason: str) -> Document:
    """Stop sending a document that the access point has not been given: it has failed then.

    Raises WrongState (`handed_over`) for one that may be with the access point, and
    (`not_under_way`) for one that has arrived, or failed.
    """
    row = _under_way(document)
    if not row.can_be_withdrawn:
        raise WrongState("It may be with the access point already.", code="handed_over")
    row.state, row.last_error, row.error_code = State.FAILED, reason, "withdrawn"
    row.finished_at, row.next_attempt_at = timezone.now(), None
    row.save(update_fields=[*_ENDING, "next_attempt_at"])
    failures.note(row, by=by, reason=reason)
    return row


@transaction.atomic
def confirm(document: Document, *, has_arrived: bool, reason: str, by: Actor) -> Document:
    """Say of a document of which nobody knew whether it arrived: it has, or it has failed.

    Raises WrongState (`not_unknown`) for any other.
    """
    rows = Document.objects.select_related("organization")
    row = rows.select_for_update(of=("self",), no_key=True).get(pk=document.pk)
    if row.state != State.UNKNOWN:
        raise WrongState("What became of this document is known.", code="not_unknown")
    row.state, row.last_error, row.error_code = State.DELIVERED, "", ""
    if not has_arrived:
        row.state, row.last_error, row.error_code = State.FAILED, reason, "not_arrived"
    row.finished_at = timezone.now()
    row.save(update_fields=list(_ENDING))
    if has_arrived:
        events.announce(row, events.DELIVERED, by=by, reason=reason)
    else:
        failures.note(row, by=by, reason=reason)
    return row


def _under_way(document: Document) -> Document:
    rows = Document.objects.select_related("organization").select_for_update(
        of=("self",), no_key=True
    )
    row = rows.get(pk=document.pk)
    if row.state not in Document.UNDER_WAY_STATES:
        raise WrongState("This document is not under way.", code="not_under_way")
    return row


@transaction.atomic
def _accept(
    company: Organization, document: Document, prepared: PreparedDocument, *, by: Actor
) -> Document:
    admitted = admission.admit(company)
    # Whatever door it came through, and however long it was a draft.
    addresses.check_own(company, document.sender)
    refusal = gate.obstacle(admitted, Act.SEND, document.sender)
    if refusal:
        raise refusal
    duplicates.refuse(document, admitted)
    if document.is_counted:
        limits.check(admitted, document.environment, document.created_at)
    duplicates.note(document)
    rows.write(document, prepared.content)
    usage.count_document(document, "sent", document.created_at)
    compliance.ask_for(document)
    events.announce(document, events.ACCEPTED, by=by)
    if document.kind == Document.Kind.RESPONSE:
        answered.note(document, prepared.about, by=by)
    background.wake("documents")
    return document


def look_at(instance_id: str) -> bool:
    """Have a sent document looked at now, for the access point says that something happened to it.

    Whether it is one that anybody waits for. What happened is asked, not taken from who says so.
    """
    waiting = Document.objects.outbound().filter(
        instance_id=instance_id, next_attempt_at__isnull=False, claim=None
    )
    if not waiting.update(next_attempt_at=timezone.now()):
        return False
    background.wake("documents")
    return True
