"""Who hears by mail of what happens: of all companies, and of one."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from tenants.access import memberships
from tenants.access.gate import Right
from tenants.models import Company, Organization
from tenants.services import mail_routes
from tenants.services.mail_routes import Routing
from tenants.ui.forms import Form
from tenants.ui.operations import Ask, operation
from tenants.ui.outcomes import Outcome
from tenants.ui.pages import Page
from tenants.ui.settings_page import Setting, SettingForm, register

_HELP = _("Addresses, one a line.")


def _languages() -> list[tuple[str, Any]]:
    return [("", _("As for other mails")), *settings.LANGUAGES]


class RoutingFields(Form):
    """The fields of a routing: addresses for each kind, and the language."""

    def add_fields(self, routing: Routing | None, *, own: bool) -> None:
        """Add them, filled in; with `own` each company's address can be chosen, too."""
        said = routing or Routing()
        for fact in mail_routes.facts():
            addresses = forms.CharField(
                label=fact.title,
                required=False,
                max_length=3000,
                widget=forms.Textarea(attrs={"rows": 2}),
                help_text=_HELP,
                initial="\n".join(said.addresses.get(fact.kind, ())),
            )
            self.add(fact.kind, addresses)
            if own:
                each = forms.BooleanField(
                    label=_("Also each company's own address"),
                    required=False,
                    initial=fact.kind in said.to_company,
                )
                self.add(f"{fact.kind}_company", each)
        language = forms.ChoiceField(
            label=_("Language"), choices=_languages, required=False, initial=said.language
        )
        self.add("language", language)


def routing_in(answers: Mapping[str, Any]) -> Routing:
    """What was chosen in the fields."""
    kinds = [fact.kind for fact in mail_routes.facts()]
    addresses = {kind: answers[kind].split() for kind in kinds if answers[kind].strip()}
    own = [kind for kind in kinds if answers.get(f"{kind}_company")]
    return Routing(addresses, own, answers["language"])


class MailsForm(RoutingFields, SettingForm):
    """Who hears of what, of all companies."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.add_fields(mail_routes.of(self.organization), own=True)


@register
class MailSettings(Setting):
    """Mails of what happens, to addresses that are chosen for all companies."""

    name = "mails"
    title = _("Mails")
    lead = _(
        "Who hears by mail of what happens to you and your companies. Whoever gets one can stop "
        "them by a link in it. A company may have addresses of its own instead."
    )
    form = MailsForm

    def is_for(self, organization: Organization) -> bool:
        return organization.parent_id is None

    def save(
        self, request: HttpRequest, organization: Organization, answers: dict[str, Any]
    ) -> Outcome:
        mail_routes.choose(organization, routing_in(answers), by=memberships.actor(request))
        return gettext("Saved.")


class AskMails(RoutingFields, Ask):
    """Who hears of what, of one company."""

    own = forms.BooleanField(
        label=_("Addresses of its own"),
        required=False,
        help_text=_("Else those that you chose for all companies hear of it."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        routing = mail_routes.of(self.row)
        self.fields["own"].initial = routing is not None
        self.add_fields(routing, own=False)

    def clean(self) -> dict[str, Any]:
        answers: dict[str, Any] = super().clean() or self.cleaned_data
        given = any(answers.get(fact.kind) for fact in mail_routes.facts())
        if given and not answers.get("own"):
            self.add_error("own", _("Tick this for the addresses below to count."))
        return answers


class CompanyMails(Page):
    """What can be done about who hears of a company. Goes before the page's own class."""

    @operation(
        _("Mails"),
        description=_("Who hears by mail of what happens to this company."),
        ask=AskMails,
        submit=_("Save"),
        right=Right.GOVERN,
        icon="forward_to_inbox",
    )
    def route_mails(self, request: HttpRequest, row: Company, answers: dict[str, Any]) -> str:
        wanted = routing_in(answers) if answers["own"] else None
        mail_routes.choose(row, wanted, by=memberships.actor(request))
        return gettext("Saved.")
