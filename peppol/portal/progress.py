"""How far the registration of a company is, step by step, for a page that follows it."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from peppol.models import Participant
from peppol.services.mandates import gate as mandates
from peppol.services.registration import participants
from tenants.access import roles
from tenants.access.roles import Area
from tenants.models import Organization
from tenants.ui import display
from tenants.ui.scoped import scope
from tenants.ui.stages import Stage

State = Participant.State


@dataclass(frozen=True)
class Progress:
    """The stages, the identifier they are about, and whether anything is still to come."""

    stages: list[Stage]
    participant: Participant | None

    @property
    def is_over(self) -> bool:
        return all(stage.state not in ("now", "todo", "held") for stage in self.stages)

    @property
    def is_stuck(self) -> bool:
        return any(stage.state == "failed" for stage in self.stages)

    @property
    def percent(self) -> int:
        done = sum(stage.state in ("done", "skipped") for stage in self.stages)
        return round(100 * done / len(self.stages))

    @property
    def verdict(self) -> Any:
        """Where it stands, in one sentence."""
        if self.participant is not None and self.participant.is_awaited:
            if self.participant.error_code:
                return display.said(self.participant.last_error)
            return _("The company waits to be verified, and is registered then.")
        if self.participant is not None and self.participant.state == State.SENDS_ONLY:
            return _("The company is ready to send. It receives with another provider.")
        if self.participant is None or self.participant.state == State.DRAFT:
            return _("The company is ready. It is not on the network yet.")
        if self.is_stuck:
            return _("Somebody has to decide how to go on.")
        if any(stage.state == "held" for stage in self.stages):
            return _("Something is in the way; it is tried again by itself.")
        return _("On the network.") if self.is_over else _("Being registered …")


def progress_of(request: HttpRequest, company: Organization) -> Progress:
    """The progress of the identifier that `company` goes by, as far as the caller may see it."""
    stages = [Stage(_("Company created"), "done")]
    if not roles.sees(request, Area.REGISTRATIONS):
        return Progress(stages, None)
    rows = scope(Participant, request).filter(organization=company.pk)
    leading = participants.leading(list(rows))
    if leading is None:
        return Progress(stages, None)
    return Progress([*stages, *_stages(leading)], leading)


def _stages(row: Participant) -> list[Stage]:
    if row.state == State.DRAFT:
        noted = Stage(_("Identifier noted down"), "done", "")
        if not row.is_awaited:
            return [noted]
        if row.error_code:
            given = row.error_code == mandates.REQUIRED
            title = _("Mandate given") if given else _("Company identified")
            return [noted, Stage(title, "held")]
        return [noted, Stage(_("Verified by staff"), "now")]
    if row.state == State.SENDS_ONLY:
        return [Stage(_("Sends under %(id)s") % {"id": row.identifier}, "done")]
    registration = _registration(row)
    stages = [Stage(_("Registration asked for"), "done"), registration]
    if registration.state in ("failed", "skipped"):
        return stages
    card = _publication(row, row.card_state, first=registration.state == "done")
    directory = _publication(row, row.directory_state, first=card == "done")
    return [
        *stages,
        Stage(
            _("Business card published"),
            card,
            display.said(row.publication_error) if card == "failed" else "",
        ),
        Stage(_("Listed in the Peppol Directory"), directory),
    ]


def _registration(row: Participant) -> Stage:
    title = _("Registered at the SMP and read back")
    if row.state == State.ACTIVE:
        return Stage(title, "done")
    if row.state in (State.PENDING, State.PUBLISHING):
        return Stage(title, "now")
    if row.state == State.WAITING:
        return Stage(title, "held", display.said(row.last_error))
    if row.state == State.FAILED:
        return Stage(title, "failed", display.said(row.last_error))
    if row.state == State.ELSEWHERE:
        return Stage(
            title, "failed", display.said(row.last_error) or _("Another provider holds it.")
        )
    return Stage(_("Taken off the network"), "skipped")


def _publication(row: Participant, state: str, *, first: bool) -> str:
    """The state of what follows the registration; `first`: nothing stands before it any more."""
    if state == Participant.Publication.PUBLISHED:
        return "done"
    if state == Participant.Publication.FAILED:
        return "failed"
    if not first:
        return "todo"
    return "held" if row.publication_error else "now"
