"""The first step of onboarding a company: which one it is, and that it is not there already."""

from typing import Any

from django import forms
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from peppol.portal.steps import Step
from peppol.services.companies import namesakes
from tenants.access import memberships
from tenants.models import Organization
from tenants.ui import form_drafts
from tenants.ui.profile_fields import Country


class AskNumber(Step):
    """Which company: one number is enough where its register is known."""

    step = "number"
    country = Country(label=_("Country"))
    number = forms.CharField(
        label=_("Company number or VAT number"),
        max_length=64,
        required=False,
        widget=forms.TextInput(attrs={"autofocus": True, "autocomplete": "off"}),
        help_text=_("Looked up in the company register. Leave it empty to fill everything in."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        begun = form_drafts.find(self.request, self.request.GET.get("draft", ""))
        asked_for = begun.answers.get("asked", {}) if begun else {}
        own = memberships.organization(self.request)
        self.fields["country"].initial = asked_for.get("country") or own.country
        self.fields["number"].initial = asked_for.get("number", "")
        if "again" in self.data:
            self._ask_again()

    def clean(self) -> dict[str, Any]:
        answers: dict[str, Any] = super().clean() or {}
        same = {"country": answers.get("country", ""), "company_number": answers.get("number", "")}
        found = namesakes.find(memberships.organization(self.request), same)
        if found and not answers.get("again"):
            self.add_error("number", _taken_by(found[0]))
            self._ask_again()
        return answers

    def _ask_again(self) -> None:
        label = _("It is another company with the same number")
        self.add("again", forms.BooleanField(label=label, required=False))


def _taken_by(company: Organization) -> SafeString:
    """That a company of ours has a number, with the way to it."""
    page = reverse("portal:tenants_company_change", args=[company.pk])
    link = format_html('<a href="{}" class="text-link">{}</a>', page, company.title)
    return format_html(gettext("You have this company already: {}."), link)
