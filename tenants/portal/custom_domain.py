"""Settings → Custom domain: the host name a platform's people sign in at, and its DNS records."""

from dataclasses import dataclass
from typing import Any

from django import forms
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from tenants import hosts
from tenants.access import memberships
from tenants.models import CustomDomain, Organization
from tenants.services import domains
from tenants.ui.outcomes import Outcome
from tenants.ui.settings_page import Setting, SettingForm, register


@dataclass(frozen=True)
class Record:
    """A DNS record that is to be made, and what stands in its place so far."""

    type: str
    name: str
    value: str
    purpose: Any
    found: list[str]
    is_right: bool


class DomainForm(SettingForm):
    """Without a domain it asks for one; with one, what is to be done about it."""

    host = forms.CharField(
        label=_("Host name"),
        max_length=253,
        help_text=_("A name below a domain of yours, such as peppol.example.com."),
        widget=forms.TextInput(
            attrs={
                "placeholder": "peppol.example.com",
                "autocapitalize": "none",
                "spellcheck": "false",
                "autocomplete": "off",
            }
        ),
    )
    do = forms.ChoiceField(choices=[("check", ""), ("remove", "")])

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["host" if of(self.organization) else "do"]


@register
class CustomDomainPage(Setting):
    """From a name to a proven domain, in one look."""

    name = "domain"
    title = _("Custom domain")
    lead = _("Your team and your companies sign in at a name of yours, in your branding.")
    submit = _("Set up")
    template = "portal/custom_domain/custom_domain.html"
    form = DomainForm

    def is_for(self, organization: Organization) -> bool:
        return organization.is_platform

    def asks(self, organization: Organization) -> bool:
        return organization.white_label and of(organization) is None

    def context(self, request: HttpRequest, organization: Organization) -> dict[str, Any]:
        domain = of(organization)
        return {"entitled": organization.white_label, **facts_of(domain)}

    def part(self, request: HttpRequest, organization: Organization) -> HttpResponse:
        shown = facts_of(of(organization))
        return TemplateResponse(request, "portal/custom_domain/state.html", shown)

    def save(
        self, request: HttpRequest, organization: Organization, answers: dict[str, Any]
    ) -> Outcome:
        domain, by = of(organization), memberships.actor(request)
        if domain is None:
            domains.claim(organization, answers["host"], by=by)
            return gettext("Now make the two DNS records below. We look for them every minute.")
        if answers["do"] == "remove":
            domains.release(domain, by=by)
            return gettext("The domain is removed: nothing is served there any more.")
        domains.check_soon(domain)
        return gettext("We are looking at the records now.")


def of(platform: Organization) -> CustomDomain | None:
    """The custom domain of a platform, if it has one."""
    return platform.domains.current().first()


def facts_of(domain: CustomDomain | None) -> dict[str, Any]:
    """What is to be made, what was found, and how far the domain is."""
    if domain is None:
        return {"domain": None}
    settled = domain.state == domain.State.ACTIVE and not domain.certificate_error
    return {
        "domain": domain,
        "records": records_of(domain),
        "by_tls": settings.SERVED_OVER_TLS,
        "is_over": settled and not domain.is_due,
        "being_checked": domain.is_due,
    }


def records_of(domain: CustomDomain) -> list[Record]:
    """The records of a domain, the one that leads here first."""
    leads, proves = hosts.records(domain.host, domain.challenge)
    return [
        Record(
            **leads,
            purpose=_("Leads browsers here"),
            found=domain.found_leads,
            is_right=domain.leads_here,
        ),
        Record(
            **proves,
            purpose=_("Proves that the name is yours"),
            found=domain.found_texts,
            is_right=domain.challenge in domain.found_texts,
        ),
    ]
