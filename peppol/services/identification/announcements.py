"""What is announced about who companies are: the event types, and what each carries."""

from collections.abc import Mapping
from typing import Any

from peppol.models import Identification
from tenants import events
from tenants.actors import Actor
from tenants.models import Event

_VERIFIED = {
    "state": "verified",
    "legal_name": "Bakkerij Peeters BV",
    "register_number": "0403170701",
    "method": "register_extract",
    "valid_until": "2028-11-20",
    "reason": "",
}


def _example(**said: Any) -> Mapping[str, Any]:
    return {"verification": {**_VERIFIED, **said}}


ASKED = events.declare(
    "company.verification_asked",
    "A company is asked to prove who it is; the reason says what is wanted.",
    public=True,
    example=_example(
        state="asked", method="", valid_until=None, reason="Please send a recent extract."
    ),
)
SUBMITTED = events.declare(
    "company.verification_submitted",
    "Who a company is was handed in, and waits for a decision.",
    public=True,
    example=_example(state="in_review", valid_until=None),
)
VERIFIED = events.declare(
    "company.verification_verified",
    "It was verified who a company is: it may send.",
    public=True,
    example=_example(),
)
REFUSED = events.declare(
    "company.verification_refused",
    "The identification of a company was refused; the reason says why.",
    public=True,
    example=_example(state="refused", valid_until=None, reason="It is another company's."),
)
EXPIRED = events.declare(
    "company.verification_expired",
    "The identification of a company has expired: it receives, but sends nothing until it is "
    "identified anew.",
    public=True,
    example=_example(state="expired", valid_until=None),
)


def announce(
    row: Identification, event: str, *, by: Actor, reason: str = "", was: str = "", **more: Any
) -> Event:
    """Record `event` about who a company is, as it stands now; `more` is for the audit trail."""
    return events.record(
        row.organization,
        event,
        by=by,
        reason=reason,
        data={"verification": payload(row, reason)},
        changes={"state": [was, str(row.state)], **more},
    )


def payload(row: Identification, reason: str = "") -> dict[str, Any]:
    """What a subscriber is told: nothing of persons, and nothing of the evidence."""
    return {
        "state": str(row.state),
        "legal_name": row.legal_name,
        "register_number": row.register_number,
        "method": str(row.method),
        "valid_until": row.valid_until.isoformat() if row.valid_until else None,
        "reason": reason,
    }
