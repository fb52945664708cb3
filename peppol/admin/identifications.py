"""The operator's queue of identifications: what companies handed in, and what is said to it."""

from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from peppol.identification_columns import LIST_FILTER, IdentificationPages
from peppol.models import Identification
from peppol.services.identification import identification
from tenants.access import memberships
from tenants.access.gate import Right
from tenants.models import Organization
from tenants.ui import filters
from tenants.ui.operations import creation
from tenants.ui.outcomes import Done
from tenants.ui.staff import AskForAny, Creatable, StaffPage


class AskCompany(AskForAny):
    """Which company is asked, and what."""

    message = forms.CharField(
        label=_("Message to the company"),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
    )


@admin.register(Identification)
class IdentificationPage(Creatable, IdentificationPages, StaffPage):
    """Who companies are, the latest handed in first."""

    list_filter = (*LIST_FILTER, filters.related("organization"), filters.family())
    list_display = ("company", "platform", "state_badge", "how", "handed_in", "until")
    actions_list = ("ask_company",)
    actions_detail = ("verify", "ask_again", "refuse")

    @admin.display(description=_("Platform"), ordering="platform__name")
    def platform(self, row: Identification) -> str:
        return row.organization.parent.title if row.organization.parent else "–"

    def reviewer(self, request: HttpRequest) -> Organization | None:
        return None

    def decides(self, request: HttpRequest, row: Identification) -> bool:
        return self.opens(request, Right.CHANGE)

    @creation(
        _("Ask a company"),
        description=_("It is asked to prove who it is."),
        ask=AskCompany,
        submit=_("Ask"),
        icon="contact_support",
    )
    def ask_company(self, request: HttpRequest, answers: dict[str, Any]) -> Done:
        company = answers.pop("organization")
        row = identification.ask(company, by=memberships.actor(request), **answers)
        return Done(gettext("%(company)s is asked.") % {"company": company.title}, row)
