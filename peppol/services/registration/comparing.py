"""One participant's row beside what the SMP shows of it."""

from peppol.models import Finding, Participant
from peppol.services.registration import desired
from peppol.smp import differences, publishing
from peppol.smp.client import SmpClient, Untrusted
from peppol.smp.publishing import Step


def compare(
    participant: Participant, smp: SmpClient, step: Step, *, properties: bool
) -> tuple[str, str] | None:
    """The kind and the detail of what is to be found, None where all is as it should be.

    With `properties` the SMP keeps such. Raises SmpError, and what `step` raises.
    """
    order = desired.of(participant)
    try:
        found = publishing.compare(smp, order, step)
    except Untrusted as error:
        return Finding.Kind.DIFFERENT, error.in_full
    if found is None:
        return Finding.Kind.MISSING, ""
    if participant.card_state == Participant.Publication.PUBLISHED or order.card is None:
        card = step(smp.business_card, order.participant)
        found += differences.of_card(order.card, card)
    if properties:
        shown = step(smp.shown_property, order.participant, publishing.PROPERTY)
        found += differences.of_property(order.reference, shown)
    return (Finding.Kind.DIFFERENT, "\n".join(map(str, found))) if found else None
