"""What a registered participant still needs at the SMP: changed metadata, its card, the Directory.

Each has a state of its own in the row; a refusal of one of them leaves the registration as it is.
"""

from django.utils import timezone

from peppol.models import Finding, Participant
from peppol.services.registration import desired, events, outcomes, reasons, transfers
from peppol.services.registration.claims import Claim
from peppol.services.registration.events import announce
from peppol.services.registration.outcomes import WORKER, Outcome
from peppol.services.registration.reasons import Reason
from peppol.smp import publishing
from peppol.smp.client import RefusedBySmp, RegisteredElsewhere, SmpClient

Publication = Participant.Publication


def work(claim: Claim, smp: SmpClient) -> Outcome:
    """Do the first thing that is due. Raises SmpError for what may pass."""
    participant = claim.participant
    transfer = transfers.due(participant)
    if transfer is not None:
        return transfers.work(transfer, claim, smp)
    for aspect, publish in _ASPECTS.items():
        if getattr(participant, aspect) == Publication.PENDING:
            try:
                return publish(claim, smp)
            except (RefusedBySmp, RegisteredElsewhere) as refusal:
                return _refused(aspect, Reason.of(refusal))
    return outcomes.at_rest


def _publish_metadata(claim: Claim, smp: SmpClient) -> Outcome:
    order = desired.of(claim.participant)
    # What a person had repaired is cleared of whatever else is there.
    thorough = Finding.objects.under_repair(claim.participant).exists()
    was_missing = publishing.publish_metadata(
        smp, order, claim.step, begin=claim.begin, thorough=thorough
    )
    publishing.confirm(smp, order, claim.step)

    def apply(row: Participant) -> None:
        row.metadata_state = Publication.PUBLISHED
        reasons.forget(row)
        if was_missing:
            # The SMP had lost the participant, and its card with it.
            row.card_state = Publication.PENDING
        _settled(row, claim)
        announce(row, events.METADATA_PUBLISHED, by=WORKER)

    return apply


def _publish_card(claim: Claim, smp: SmpClient) -> Outcome:
    order = desired.of(claim.participant)
    refusal = publishing.publish_card(smp, order, claim.step)

    def apply(row: Participant) -> None:
        outcomes.card_went_out(row, order.card, refusal)
        _settled(row, claim)
        published = events.CARD_PUBLISHED if order.card else events.CARD_WITHDRAWN
        event = events.CARD_REFUSED if refusal else published
        announce(row, event, by=WORKER, reason=refusal.message if refusal else "")

    return apply


def _tell_directory(claim: Claim, smp: SmpClient) -> Outcome:
    claim.step(smp.push_business_card, desired.of(claim.participant).participant)

    def apply(row: Participant) -> None:
        row.directory_state = Publication.PUBLISHED
        reasons.forget(row)
        _settled(row, claim)
        announce(row, events.DIRECTORY_PUBLISHED, by=WORKER)

    return apply


# In this order, for the Directory reads the card from the SMP.
_ASPECTS = {
    "metadata_state": _publish_metadata,
    "card_state": _publish_card,
    "directory_state": _tell_directory,
}


def _refused(aspect: str, reason: Reason) -> Outcome:
    def apply(row: Participant) -> None:
        setattr(row, aspect, Publication.FAILED)
        reason.note(row)
        outcomes.at_rest(row)
        announce(row, events.PUBLICATION_REFUSED, by=WORKER, reason=reason.sentence)

    return apply


def _settled(row: Participant, claim: Claim) -> None:
    row.attempt_count = 0
    outcomes.notice_changes(row, claim.participant)
    outcomes.at_rest(row)
    if {row.metadata_state, row.card_state} <= {Publication.PUBLISHED, Publication.NONE}:
        # All of it was read back.
        Finding.objects.under_repair(row).update(repaired_at=timezone.now())
