"""What has to happen, step by step, as pages list it."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

_SYMBOLS = {
    "done": ("check_circle", "success", _("Done")),
    "now": ("progress_activity", "turning", _("Under way")),
    "todo": ("radio_button_unchecked", "faint", _("To come")),
    "held": ("schedule", "warning", _("Waiting")),
    "failed": ("error", "danger", _("Failed")),
    "skipped": ("do_not_disturb_on", "faint", _("Not needed")),
}


@dataclass(frozen=True)
class Stage:
    """One thing that has to happen: `state` is done, now, todo, held, failed or skipped."""

    title: Any
    state: str
    note: Any = ""

    @property
    def symbol(self) -> str:
        return _SYMBOLS[self.state][0]

    @property
    def tone(self) -> str:
        return _SYMBOLS[self.state][1]

    @property
    def state_word(self) -> Any:
        return _SYMBOLS[self.state][2]

    @property
    def is_ahead(self) -> bool:
        return self.state in ("todo", "skipped")
