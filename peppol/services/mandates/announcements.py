"""What is announced about mandates: the event types, and what each carries."""

from collections.abc import Mapping
from typing import Any

from peppol.models import Mandate
from tenants import events
from tenants.actors import Actor

_SIGNED = {
    "id": "0197a1f4-5c1e-7c3e-a1b2-9f1f6f0c2b11",
    "state": "signed",
    "scope": ["send", "receive", "register"],
    "starts_on": "2026-12-01",
    "ends_on": "2027-11-30",
    "method": "link",
}


def _example(**said: Any) -> Mapping[str, Any]:
    return {"mandate": {**_SIGNED, **said}}


ASKED = events.declare("company.mandate_asked", "A mandate was drawn up for a company to sign.")
SIGNED = events.declare(
    "company.mandate_signed",
    "A company gave its platform a mandate.",
    public=True,
    example=_example(),
)
ENDING = events.declare(
    "company.mandate_expiring",
    "A company's mandate ends within thirty days.",
    public=True,
    example=_example(),
)
EXPIRED = events.declare(
    "company.mandate_expired",
    "A company's mandate has ended.",
    public=True,
    example=_example(state="expired"),
)
REVOKED = events.declare(
    "company.mandate_revoked",
    "A company's mandate was revoked.",
    public=True,
    example=_example(state="revoked"),
)


def announce(
    row: Mandate, event: str, *, by: Actor, reason: str = "", was: str = "", **more: Any
) -> None:
    """Record `event` about a mandate as it stands now; `more` is for the audit trail.

    Subscribers are told nothing of persons; the trail has the hash of what was agreed to.
    """
    said = {
        "id": str(row.pk),
        "state": str(row.state),
        "scope": list(row.scope),
        "starts_on": row.starts_on.isoformat(),
        "ends_on": row.ends_on.isoformat() if row.ends_on else None,
        "method": str(row.method),
    }
    changes = {"state": [was, str(row.state)], "text_sha256": row.text_digest, **more}
    events.record(
        row.organization, event, by=by, reason=reason, data={"mandate": said}, changes=changes
    )
