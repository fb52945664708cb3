"""Identifiers that a company only sends under: it receives with another provider.

Nothing of them is put up at an SMP. Whether a document may leave under one is decided where it is
decided for all: by `identification.gate`, as far as the company is identified.
"""

from django.conf import settings
from django.db import transaction

from peppol import identifiers
from peppol.models import Participant, Transfer
from peppol.services.registration import admission, events, outcomes, reasons, rows
from tenants import persistence
from tenants.actors import Actor
from tenants.errors import WrongState
from tenants.models import Organization

State = Participant.State
# What it can become of: what is not on the network, nor on its way there or off it.
FROM = (State.DRAFT, State.FAILED, State.ELSEWHERE, State.UNREGISTERED)
_CHANGED = [
    "state",
    "environment",
    "warnings",
    "last_error",
    "error_code",
    "raw_answer",
    "publication_error",
    "requested_at",
    "registered_at",
    "next_attempt_at",
    "attempt_count",
    "updated_at",
]


@transaction.atomic
def send_only(organization: Organization, identifier: str, *, by: Actor) -> Participant:
    """Have a company send under `identifier`, which it receives under with another provider.

    It can be registered later, as any other. Raises Invalid for an identifier that is malformed
    or, on the production network, unsound; Conflict (`identifier_registered_taken`) when another
    company here has it; WrongState (`registered`) while it is on the network here, and what
    `admission.admit` raises.
    """
    pid = identifiers.parse(identifier)
    organization = admission.admit(organization, to_wait=True)
    row = rows.of(organization, pid) or rows.new(organization, pid)
    if row.state == State.SENDS_ONLY:
        return row
    if row.state not in FROM:
        raise WrongState(
            "%(identifier)s is registered on the network: unregister it first.",
            values={"identifier": row.identifier},
            code="registered",
        )
    was = "" if row._state.adding else str(row.state)
    row.warnings = identifiers.check_registrable(pid, settings.PEPPOL_NETWORK)
    row.state, row.environment = State.SENDS_ONLY, organization.environment
    row.requested_at = row.registered_at = row.next_attempt_at = None
    row.attempt_count = 0
    reasons.forget(row)
    if row._state.adding:
        persistence.insert(row)
    else:
        persistence.update(row, _CHANGED)
        outcomes.close_transfers(row, Transfer.State.CANCELLED)
    changes = {"state": [was, str(row.state)]}
    events.announce(row, events.SENDS_ONLY, by=by, changes=changes)
    return row
