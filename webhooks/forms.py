"""What the sites ask about webhooks."""

from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminCheckboxSelectMultipleWidget, UnfoldAdminTextInputWidget

from tenants import events
from tenants.access import memberships
from tenants.errors import Invalid
from tenants.models import Environment
from tenants.sentences import say
from tenants.ui.choices import AskFor
from tenants.ui.operations import Ask
from webhooks import captures, schedule
from webhooks.models import Delivery, Endpoint
from webhooks.schedule import STANDARD


def event_choices() -> list[tuple[Any, Any]]:
    """The types of event that can be subscribed to, with what they mean."""
    return [("*", _("Everything, also what is added later")), *public_types()]


def public_types() -> list[tuple[str, str]]:
    """The types of event that reach webhooks, with what they mean."""
    public = (kind for kind in events.CATALOGUE.values() if kind.public)
    return sorted((kind.name, f"{kind.name} – {gettext(kind.description)}") for kind in public)


class EventTypes(forms.MultipleChoiceField):
    """Which events an endpoint hears of. What it has in another spelling, it keeps."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            choices=event_choices,
            widget=UnfoldAdminCheckboxSelectMultipleWidget(),
            label=_("Events"),
            **kwargs,
        )

    def valid_value(self, value: str) -> bool:
        return super().valid_value(value) or value.endswith(".*")


class RetrySchedule(forms.CharField):
    """The steps between attempts as a person writes them; empty means the standard ones."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            label=_("Retry schedule"),
            required=False,
            max_length=400,
            widget=UnfoldAdminTextInputWidget(attrs={"placeholder": schedule.written(STANDARD)}),
            help_text=_(
                "How long to wait after each failed attempt: up to 20 steps in s, min or h. "
                "Empty: the standard ones."
            ),
            **kwargs,
        )

    def prepare_value(self, value: Any) -> Any:
        return schedule.written(value) if isinstance(value, list) else value

    def to_python(self, value: Any) -> Any:
        try:
            return schedule.parse(super().to_python(value) or "")
        except Invalid as error:
            raise forms.ValidationError(say(error.told)) from None

    def validate(self, value: Any) -> None:
        """Reading it was the check."""

    def run_validators(self, value: Any) -> None:
        """They are for text."""

    def has_changed(self, initial: Any, data: Any) -> bool:
        try:
            return bool(self.to_python(data) != (initial or []))
        except forms.ValidationError:
            return True


class AskEndpoint(AskFor):
    """Where events are to be sent, and which."""

    url = forms.URLField(
        label=_("URL"),
        max_length=2000,
        assume_scheme="https",
        help_text=_(
            "A user name and a password may stand in front: https://name:password@host. They are "
            "kept encrypted, sent as Basic auth, and not shown again."
        ),
    )
    description = forms.CharField(label=_("Description"), max_length=255, required=False)
    environment = forms.ChoiceField(
        label=_("Environment"), choices=Environment.choices, initial=Environment.LIVE
    )
    dialect = forms.ChoiceField(
        label=_("For whom"),
        choices=(
            ("standard", _("A program: the event as signed JSON")),
            ("chat", _("A chat such as Slack, Teams or Mattermost: a sentence")),
        ),
        initial="standard",
    )
    event_types = EventTypes(initial=["*"])
    retry_schedule = RetrySchedule()
    covers_companies = forms.BooleanField(
        label=_("Also what happens to our companies"), required=False, initial=True
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not memberships.organization(self.request).is_platform:
            del self.fields["covers_companies"]


class AskOverlap(Ask):
    """How long the old secret still signs beside the new one."""

    hours = forms.ChoiceField(
        label=_("The old secret signs along for"),
        choices=(
            ("0", _("No longer")),
            ("1", _("An hour")),
            ("24", _("A day")),
            ("168", _("A week")),
        ),
        initial="24",
    )


class AskReason(Ask):
    """Why; kept in the audit trail."""

    reason = forms.CharField(label=_("Reason"), max_length=255, required=False)


class AskPast(Ask):
    """How far back, and how many deliveries were given up since then."""

    hours = forms.ChoiceField(
        label=_("Given up within"),
        choices=(
            ("24", _("The last day")),
            ("168", _("The last week")),
            ("720", _("The last month")),
        ),
        initial="24",
    )

    def __init__(self, *args: Any, row: Endpoint, **kwargs: Any) -> None:
        super().__init__(*args, row=row, **kwargs)
        self.fields["hours"].choices = [
            (hours, f"{title} ({Delivery.objects.given_up(row, _ago(hours)).count()})")
            for hours, title in self.fields["hours"].choices
        ]

    def clean_hours(self) -> datetime:
        return _ago(self.cleaned_data["hours"])


def _ago(hours: str) -> datetime:
    return timezone.now() - timedelta(hours=int(hours))


class AskCapture(Ask):
    """A delivery as the receiver got it."""

    headers = forms.CharField(
        label=_("Headers"),
        max_length=20_000,
        help_text=_("One a line, as they came. At least the three that begin with webhook-."),
        widget=forms.Textarea(attrs={"rows": 6, "spellcheck": "false", "class": "gh-code"}),
    )
    body = forms.CharField(
        label=_("Body"),
        max_length=1_000_000,
        strip=False,
        required=False,
        help_text=_("The bytes as they came, not what a program made of them."),
        widget=forms.Textarea(attrs={"rows": 8, "spellcheck": "false", "class": "gh-code"}),
    )

    def clean_headers(self) -> dict[str, str]:
        try:
            return captures.read_headers(self.cleaned_data["headers"])
        except ValueError as error:
            raise forms.ValidationError(
                _("This line is no header: %(line)s"), params={"line": str(error)}
            ) from None

    def clean_body(self) -> bytes:
        """Browsers write every line end as two characters, and people copy one too many."""
        body = self.cleaned_data["body"].replace("\r\n", "\n")
        return str(body.removesuffix("\n")).encode()
