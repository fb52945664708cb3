"""What a platform settles for its clients: the sites they come from, and what they find here."""

from typing import Any

from django import forms
from django.http import HttpRequest
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from tenants.access import memberships, roles
from tenants.models import Organization
from tenants.services import client_origins, settings
from tenants.ui.outcomes import Outcome
from tenants.ui.settings_page import Setting, SettingForm, register


class SitesForm(SettingForm):
    """The origins, one a line."""

    origins = forms.CharField(
        label=_("Your sites"),
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 4, "placeholder": "https://app.example.com"}),
        help_text=_("One a line, each with https and without a path."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial = {"origins": "\n".join(client_origins.of(self.organization))}


@register
class ClientSettings(Setting):
    """The sites that may show the pages of client links in a frame, and get clients back."""

    name = "client-links"
    title = _("Client links")
    lead = _(
        "Pages behind client links may be shown in a frame of these sites, and send your clients "
        "back to them. Nobody else can do either."
    )
    form = SitesForm

    def is_for(self, organization: Organization) -> bool:
        return organization.is_platform

    def save(
        self, request: HttpRequest, organization: Organization, answers: dict[str, Any]
    ) -> Outcome:
        lines = [line for line in answers["origins"].splitlines() if line.strip()]
        wanted = {"clientLinks": {"origins": client_origins.read(lines)}}
        settings.change(organization, defaults=wanted, by=memberships.actor(request))
        return gettext("Saved.")


class PortalForm(SettingForm):
    """What there is for the people of a company besides their documents, usage and colleagues."""

    connect = forms.BooleanField(
        label=_("They make API keys and webhooks of their own"),
        required=False,
        help_text=_(
            "Ticked, they also see and change the keys and webhooks that you made for their "
            "company alone."
        ),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial = {"connect": roles.lets_connect(self.organization)}


@register
class ClientPortal(Setting):
    """What the people whom a platform invites into its companies find in the portal."""

    name = "client-portal"
    title = _("Client portal")
    lead = _(
        "Whom you invite into a company signs in here, in your looks, and sees that company alone: "
        "its documents, registrations, usage and people. Your prices, plans, keys, other companies "
        "and the names of your people are not shown."
    )
    form = PortalForm

    def is_for(self, organization: Organization) -> bool:
        return organization.is_platform

    def save(
        self, request: HttpRequest, organization: Organization, answers: dict[str, Any]
    ) -> Outcome:
        wanted = {roles.PORTAL: {"connect": answers["connect"]}}
        settings.change(organization, defaults=wanted, by=memberships.actor(request))
        return gettext("Saved.")
