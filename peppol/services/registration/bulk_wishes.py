"""What a bulk operation writes down with each participant, and that it could not be."""

import logging

from django.db import transaction
from django.utils import timezone

from peppol import country_profiles
from peppol.models import BulkOperation, BulkResult, CompanyCard, Participant
from peppol.services.registration import desired

logger = logging.getLogger(__name__)
Kind = BulkOperation.Kind
Publication = Participant.Publication
_UNFORESEEN = "Something unforeseen happened here; the operator's log knows."
_LAST = "These are all the document types that the participant receives: unregister it."
_WRITTEN = (
    "bulk_operation",
    "access_point",
    "document_types",
    "metadata_state",
    "card_state",
    "publication_error",
    "attempt_count",
    "next_attempt_at",
    "updated_at",
)


def try_to_wish(operation: BulkOperation, participant: Participant) -> None:
    """Write down what is wanted, or with the participant that it could not be."""
    try:
        with transaction.atomic():
            _wish(operation, participant)
    except Exception:
        logger.exception("Participant %s cannot be changed by %s.", participant.pk, operation.pk)
        Participant.objects.filter(pk=participant.pk).update(
            bulk_operation=operation,
            metadata_state=Publication.FAILED,
            publication_error=_UNFORESEEN,
        )
        _note(operation, participant, BulkResult.State.FAILED, _UNFORESEEN)


def _wish(operation: BulkOperation, participant: Participant) -> None:
    participant.bulk_operation = operation
    on_card, problem = operation.kind in BulkOperation.ON_CARDS, ""
    if operation.kind == Kind.ACCESS_POINT:
        participant.access_point = operation.access_point
    elif on_card:
        _list(participant, listed=operation.kind == Kind.LIST)
    elif operation.kind != Kind.REPUBLISH:
        problem = _change_document_types(operation, participant)
    aspect = "card_state" if on_card else "metadata_state"
    state = BulkResult.State.NOTED
    if problem:
        setattr(participant, aspect, Publication.FAILED)
        participant.publication_error, state = problem, BulkResult.State.FAILED
    elif participant.state == Participant.State.ACTIVE:
        setattr(participant, aspect, Publication.PENDING)
        state, participant.attempt_count = BulkResult.State.PENDING, 0
        participant.publication_error = ""
        if not participant.is_claimed:
            participant.next_attempt_at = timezone.now()
    participant.save(update_fields=_WRITTEN)
    _note(operation, participant, state, problem)


def _list(participant: Participant, *, listed: bool) -> None:
    CompanyCard.objects.update_or_create(
        organization_id=participant.organization_id, defaults={"is_listed": listed}
    )


def _change_document_types(operation: BulkOperation, participant: Participant) -> str:
    """Add or remove the operation's document types; returns why that cannot be, if so."""
    changed = operation.document_types or [operation.document_type]
    wanted = [one.uri for one in desired.document_types(participant)]
    if operation.kind == Kind.ADD_DOCUMENT_TYPE:
        wanted += changed
    else:
        wanted = [uri for uri in wanted if uri not in changed]
    if not wanted:
        return _LAST
    types = [one for one in country_profiles.all_types() if one.uri in wanted]
    participant.document_types = desired.noted(types, participant.document_types)
    return ""


def _note(operation: BulkOperation, participant: Participant, state: str, detail: str) -> None:
    over = None if state == BulkResult.State.PENDING else timezone.now()
    BulkResult.objects.create(
        operation=operation,
        organization_id=participant.organization_id,
        participant=participant,
        state=state,
        detail=detail,
        settled_at=over,
    )
