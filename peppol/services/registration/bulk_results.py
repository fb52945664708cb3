"""What came of a bulk operation for each participant, as the participants' rows say by now."""

from django.utils import timezone
from django.utils.translation import gettext_noop

from peppol.models import BulkOperation, BulkResult, Participant
from peppol.services.registration import desired
from peppol.smp import differences

Publication = Participant.Publication
State = BulkResult.State

# Of the latest so many are looked at, and fewer failures than these are no sign of anything.
_LATEST, _FEWEST = 50, 3
# A publication that was tried so often, in vain, counts as a failure where one asks how it goes.
_STRUGGLES = 3
_LEFT = gettext_noop("It left the network meanwhile.")


def settle(operation: BulkOperation) -> int:
    """Write down what became of those under way; returns how many are so still."""
    aspect = _aspect(operation)
    rows = operation.results.filter(state=State.PENDING)
    over = rows.exclude(
        **{
            f"participant__{aspect}": Publication.PENDING,
            "participant__state": Participant.State.ACTIVE,
        }
    )
    for row in over.select_related("participant__access_point", "participant__organization"):
        participant = row.participant
        published = getattr(participant, aspect)
        if participant.state != Participant.State.ACTIVE:
            row.state, row.detail = State.NOTED, _LEFT
        elif published == Publication.FAILED:
            row.state, row.detail = State.FAILED, participant.publication_error
        else:
            row.state, row.detail = State.DONE, _shown(operation, participant)
        row.settled_at = timezone.now()
        row.save(update_fields=["state", "detail", "settled_at"])
    return rows.count()


def published(operation: BulkOperation) -> int:
    """For how many something had to be published."""
    return operation.results.exclude(state=State.NOTED).count()


def too_many_failures(operation: BulkOperation) -> str:
    """Why an operation should stop, if so many of the latest failed."""
    since = operation.resumed_at or operation.created_at
    over = operation.results.filter(settled_at__gt=since).exclude(state=State.NOTED)
    latest = list(over.order_by("-settled_at").values_list("state", flat=True)[:_LATEST])
    struggling = operation.results.filter(
        state=State.PENDING, participant__attempt_count__gte=_STRUGGLES
    ).exclude(participant__publication_error="")
    failed = latest.count(State.FAILED) + struggling.count()
    looked_at = len(latest) + struggling.count()
    if failed < _FEWEST or failed * 100 < operation.stop_at * looked_at:
        return ""
    return f"{failed} of the latest {looked_at} failed: it stopped by itself."


def what_holds_up(operation: BulkOperation) -> str:
    """Why a publication that it waits for is delayed, if one is."""
    delayed = operation.results.filter(state=State.PENDING)
    said = delayed.exclude(participant__publication_error="")
    return said.values_list("participant__publication_error", flat=True).first() or ""


def _aspect(operation: BulkOperation) -> str:
    return "card_state" if operation.kind in BulkOperation.ON_CARDS else "metadata_state"


def _shown(operation: BulkOperation, participant: Participant) -> str:
    """What was read back, for somebody who compares it with what they meant."""
    if operation.kind == BulkOperation.Kind.UNLIST:
        return ""
    if operation.kind in BulkOperation.ON_CARDS:
        return participant.card_name
    endpoint = desired.endpoint(participant.access_point)
    names = ", ".join(one.name for one in desired.document_types(participant))
    return f"{endpoint.url} · {differences.fingerprint(endpoint.certificate)} · {names}"
