"""What is announced about participants: the event types, and what each carries."""

from collections.abc import Mapping
from typing import Any

from peppol.models import Participant
from tenants import events
from tenants.actors import Actor
from tenants.models import Event
from tenants.times import utc

_EXAMPLE = {
    "participant": {
        "id": "019a5b1e-6d6c-7c3e-9a51-0d2f6b1c9e77",
        "identifier": "0208:0403170701",
        "state": "active",
        "name": "Bakery Peeters",
        "registered_at": "2026-11-20T09:30:00Z",
        "reason": "",
        "code": "",
    }
}


def _state(state: str, reason: str = "", code: str = "", **more: str) -> Mapping[str, Any]:
    stamp = _EXAMPLE["participant"]["registered_at"] if state == "active" else None
    said = {"state": state, "registered_at": stamp, "reason": reason, "code": code, **more}
    return {"participant": {**_EXAMPLE["participant"], **said}}


IDENTIFIER_SET = events.declare("company.identifier_set", "A Peppol identifier was noted down.")
SENDS_ONLY = events.declare(
    "company.sends_only",
    "A company sends under an identifier, and receives under it with another provider.",
    public=True,
    example=_state("sends_only"),
)
FORGOTTEN = events.declare(
    "company.identifier_forgotten", "A Peppol identifier that was noted down was dismissed."
)
REQUESTED = events.declare("company.smp_requested", "A registration at the SMP was asked for.")
REGISTERED = events.declare(
    "company.smp_registered",
    "A company is on the Peppol network: its registration was read back from the SMP.",
    public=True,
    example=_state("active"),
)
WAITING = events.declare("company.smp_waiting", "A registration is held up and is tried again.")
FAILED = events.declare(
    "company.smp_failed",
    "A registration was refused for good; the reason says what to do.",
    public=True,
    example=_state("failed", "The SMP does not accept what it was given.", "smp_refused"),
)
ELSEWHERE = events.declare(
    "company.smp_elsewhere",
    "Another provider holds the identifier; it can be taken over with a migration key.",
    public=True,
    example=_state(
        "elsewhere", "The participant is registered at another SMP.", "registered_elsewhere"
    ),
)
LOST = events.declare(
    "company.smp_lost",
    "A registered identifier is not at our SMP any more: `smp` names the host that has it now, and "
    "is empty where nobody has. It was seen twice.",
    public=True,
    example=_state(
        "elsewhere",
        "Another provider has registered this identifier: it moved away from here.",
        "registration_moved",
        smp="smp.other-provider.example",
    ),
)
RETRIED = events.declare("company.smp_retried", "A person had a registration tried again.")
UNREGISTERING = events.declare("company.smp_unregistering", "A registration is to be taken down.")
UNREGISTERED = events.declare(
    "company.smp_unregistered",
    "A company is off the Peppol network.",
    public=True,
    example=_state("unregistered"),
)
DOCUMENT_TYPES_CHANGED = events.declare(
    "company.document_types_changed", "What a company receives was changed."
)
DESCRIBED = events.declare(
    "company.described", "What a company has the network know of it was changed."
)
CARD_CHANGED = events.declare("company.card_changed", "A business card was changed.")
CARD_PUBLISHED = events.declare("company.card_published", "A business card reached the SMP.")
CARD_WITHDRAWN = events.declare(
    "company.card_withdrawn", "A business card was taken from the SMP: the Directory lists it not."
)
CARD_REFUSED = events.declare("company.card_refused", "The SMP refused a business card.")
DIRECTORY_PUBLISHED = events.declare(
    "company.directory_published", "The Peppol Directory was told of a business card."
)
METADATA_PUBLISHED = events.declare(
    "company.metadata_published", "A changed access point or document type reached the SMP."
)
PUBLICATION_REFUSED = events.declare(
    "company.publication_refused", "The SMP refused something about a registered company."
)
PUBLICATION_DELAYED = events.declare(
    "company.publication_delayed", "Something about a registered company is tried again later."
)
TRANSFER_REQUESTED = events.declare(
    "company.transfer_requested", "A move of a company's identifier between providers was wanted."
)
TRANSFER_READY = events.declare(
    "company.transfer_ready", "The migration key for another provider is there."
)
TRANSFER_KEY_SHOWN = events.declare(
    "company.transfer_key_shown", "Somebody read the migration key of a company's identifier."
)
TRANSFER_CANCELLED = events.declare(
    "company.transfer_cancelled", "A company's identifier stays after all."
)
TRANSFER_FAILED = events.declare(
    "company.transfer_failed", "The SMP refused to move a company's identifier."
)


def announce(
    participant: Participant,
    event: str,
    *,
    by: Actor,
    reason: str = "",
    changes: Mapping[str, Any] | None = None,
) -> Event:
    """Record `event` about `participant`, as it stands now, for its organization."""
    return events.record(
        participant.organization,
        event,
        by=by,
        reason=reason,
        data={"participant": payload(participant, reason)},
        changes=changes,
        environment=participant.environment,
    )


def payload(participant: Participant, reason: str = "") -> dict[str, Any]:
    """The payload that tells a subscriber of a participant."""
    return {
        "id": str(participant.pk),
        "identifier": participant.identifier,
        "state": str(participant.state),
        "name": participant.card_name,
        "registered_at": utc(participant.registered_at),
        "reason": reason,
        "code": participant.error_code if reason else "",
    }
