"""How far a document is on its way, step by step, for a page that follows it."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from peppol.models import Document
from tenants.ui import display
from tenants.ui.stages import Stage

State = Document.State
Response = Document.Response


@dataclass(frozen=True)
class Timeline:
    """The stages of one document, and whether anything is still to come."""

    document: Document
    stages: list[Stage]

    @property
    def is_over(self) -> bool:
        return self.document.is_final or self.document.state == State.UNKNOWN

    @property
    def percent(self) -> int:
        done = sum(stage.state in ("done", "skipped") for stage in self.stages)
        return round(100 * done / len(self.stages))

    @property
    def verdict(self) -> Any:
        """Where it stands, in one sentence."""
        return {
            State.ACCEPTED: _("Waiting to be sent."),
            State.SENDING: _("On its way."),
            State.DELIVERED: _("Delivered."),
            State.FAILED: _("Not delivered, and not tried again."),
            State.UNKNOWN: _("Nobody knows whether it arrived, so it is not sent again."),
            State.RECEIVED: _("Received."),
            State.HELD: _("Received, and held back until its company may read it."),
        }[State(self.document.state)]


def timeline_of(document: Document) -> Timeline:
    """What became of `document`, from its own row."""
    outbound = document.direction == Document.Direction.OUTBOUND
    return Timeline(document, _sent(document) if outbound else _received(document))


def _received(document: Document) -> list[Stage]:
    arrived = Stage(_("Received by the access point"), "done", display.exactly(document.created_at))
    if document.next_attempt_at is None:
        return [arrived, Stage(_("Confirmed to the access point"), "done")]
    return [arrived, Stage(_("Confirmed to the access point"), "now", document.last_error)]


def _sent(document: Document) -> list[Stage]:
    state, error = document.state, document.last_error
    stages = [
        Stage(_("Checked and accepted"), "done", display.exactly(document.created_at)),
        Stage(_("Handed to the access point"), _handing_over(document), _tries(document)),
    ]
    if state == State.FAILED:
        return [stages[0], Stage(_("Delivery"), "failed", error)]
    delivered = state == State.DELIVERED
    when = display.exactly(document.finished_at) if delivered else ""
    stages.append(Stage(_("At the receiver's access point"), "done" if delivered else "todo", when))
    if delivered:
        stages.append(_answer(document))
    return stages


def _handing_over(document: Document) -> str:
    if document.state == State.DELIVERED:
        return "done"
    return "held" if document.last_error else "now"


def _tries(document: Document) -> Any:
    if document.state == State.DELIVERED:
        return ""
    if document.last_error:
        return document.last_error
    return _("Attempt %(n)d") % {"n": document.attempt_count} if document.attempt_count else ""


def _answer(document: Document) -> Stage:
    title = _("The receiver's answer")
    word = document.get_response_display()
    if document.response == Response.REJECTED:
        return Stage(title, "failed", word)
    if document.response:
        return Stage(title, "done", word)
    return Stage(title, "todo" if document.next_attempt_at else "skipped", _("None"))
