"""The reseller's companies: onboard one, correct it, suspend, reactivate and delete it."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from unfold.enums import ActionVariant

from apikeys.models import ApiKey
from peppol.models import Participant
from peppol.portal import company_file, identified, imports, wizard
from peppol.portal.company_cards import CompanyCards
from peppol.portal.company_links import CompanyLinks
from peppol.portal.company_list import CompanyList, CompanyResource
from peppol.portal.company_people import CompanyPeople
from peppol.portal.company_tabs import CompanyTabs
from peppol.portal.document_limits import CompanyLimits
from peppol.portal.first_step import AskNumber
from peppol.portal.import_forms import AskFile
from peppol.portal.offboarding import Offboarding
from peppol.portal.on_many import OnMany
from peppol.portal.wizard import Onboarding
from peppol.services.companies import companies
from tenants.access import memberships, roles
from tenants.access.gate import Right
from tenants.access.roles import Area
from tenants.models import Company, Event, Organization
from tenants.portal.alerts import CompanyAlerts
from tenants.portal.mail_routing import CompanyMails
from tenants.services import organizations
from tenants.ui.exports import Exportable
from tenants.ui.operations import Ask, creation, more, operation
from tenants.ui.profile_fields import PROFILE_FIELDSETS, ProfileFields
from tenants.ui.scoped import ScopedAdmin, scope
from tenants.ui.sites import portal
from webhooks.models import Endpoint

Status = Organization.Status
_SHOWN_BELOW = 3


class AskWhy(Ask):
    """The reason, which the audit trail keeps and the company's events carry."""

    reason = forms.CharField(
        label=_("Reason"), max_length=500, widget=forms.Textarea(attrs={"rows": 3})
    )


@admin.register(Company, site=portal)
class CompanyPage(
    Onboarding,
    Offboarding,
    CompanyPeople,
    CompanyLinks,
    CompanyAlerts,
    CompanyCards,
    CompanyLimits,
    CompanyMails,
    CompanyTabs,
    CompanyList,
    OnMany,
    Exportable,
    ProfileFields,
    ScopedAdmin,
):
    """The companies that the platform manages, each on a page with everything about it.

    What it is made of is said where each part is: steps of a new company, of its end, its people,
    links, card, limits and tabs, their list and what is done to many; and, of the parts of any
    page, the download and the restriction.
    """

    area = Area.COMPANIES
    when_empty = _("The companies that you look after. Create the first, or import a file of them.")
    in_events = ""
    in_search = 1
    resource_classes = (CompanyResource,)
    search_fields = ("name", "legal_name", "display_name", "company_number", "vat_number", "handle")
    search_help_text = _("Name or number")
    ordering = ("-id",)
    fieldsets = PROFILE_FIELDSETS
    change_form_outer_before_template = "portal/companies/company.html"
    actions_list = ("create", "bring_in", "set_columns", "keep_view", "forget_view")
    actions_detail = (
        "ask_client",
        "suspend",
        "reactivate",
        "invite",
        "remove_user",
        "describe",
        more(
            "draw_up",
            "take_copy",
            "alert_me",
            "limit_documents",
            "route_mails",
            "set_test_mode",
            "offboard",
            "delete",
        ),
    )

    def apply(self, request: HttpRequest, row: Company, changes: Mapping[str, Any]) -> None:
        organizations.update(row, changes, by=memberships.actor(request))

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        wizard.tell_of_drafts(request)
        return super().changelist_view(request, extra_context)

    # --- The page of one company ------------------------------------------------------------------

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        row = self.row(request, object_id)
        page_context: dict[str, Any] = {"show_history": False}
        if row is not None:
            page_context["company"] = self.page_context(request, row)
        return super().change_view(
            request, object_id, form_url, {**page_context, **(extra_context or {})}
        )

    def page_context(self, request: HttpRequest, row: Company) -> dict[str, Any]:
        """What the page shows above the profile, as far as the caller may see it."""
        found = [
            ("keys", Area.KEYS, ApiKey, "apikeys_apikey"),
            ("hooks", Area.WEBHOOKS, Endpoint, "webhooks_endpoint"),
            ("participants", Area.REGISTRATIONS, Participant, "peppol_participant"),
            ("events", Area.HISTORY, Event, "tenants_event"),
        ]
        page_context = {**self.head(request, row, ""), **company_file.told(request, row)}
        page_context["identification"] = identified.card(request, row)
        here = reverse("portal:tenants_company_change", args=[row.pk])
        for name, area, model, page in found:
            if roles.sees(request, area):
                rows = scope(model, request).filter(organization=row.pk).order_by("-id")
                page_context[name] = {
                    "rows": rows[:_SHOWN_BELOW],
                    "all": self._tab_link(area, row),
                    "add": self._add_link(request, area, page, row, here),
                }
        return page_context

    def _tab_link(self, area: Area, row: Company) -> str:
        if area == Area.HISTORY:
            return reverse("portal:tenants_company_history", args=[row.pk])
        return reverse("portal:tenants_company_tab", args=[row.pk, area.value])

    def _add_link(
        self, request: HttpRequest, area: Area, page: str, row: Company, here: str
    ) -> str:
        if area == Area.HISTORY or not roles.changes(request, area):
            return ""
        return f"{reverse(f'portal:{page}_add')}?organization={row.pk}&next={here}"

    # --- Operations -------------------------------------------------------------------------------

    @creation(
        _("New company"),
        platforms=True,
        ask=AskNumber,
        submit=_("Look it up"),
        icon="add_business",
        # It asks registers on the network, and makes nothing.
        once=False,
    )
    def create(self, request: HttpRequest, answers: dict[str, Any]) -> Any:
        return wizard.start(request, answers)

    @operation(
        _("Import"),
        ask=AskFile,
        submit=_("Read the file"),
        right=Right.CREATE,
        platforms=True,
        path="import",
        icon="upload_file",
        dialog=False,
    )
    def bring_in(self, request: HttpRequest, answers: dict[str, Any]) -> HttpResponse:
        return imports.receive(request, answers)

    @operation(
        _("Suspend"),
        description=_("Its keys stop working at once; its data stays. This can be undone."),
        ask=AskWhy,
        right=Right.GOVERN,
        when=lambda row: row.status in (Status.ACTIVE, Status.PENDING),
        icon="pause_circle",
    )
    def suspend(self, request: HttpRequest, row: Company, answers: dict[str, Any]) -> str:
        organizations.suspend(row, by=memberships.actor(request), **answers)
        return gettext("%(company)s is suspended.") % {"company": row.title}

    @operation(
        _("Reactivate"),
        description=_("Its keys work again at once, unless it is still to be verified."),
        right=Right.GOVERN,
        when=lambda row: row.status == Status.SUSPENDED,
        icon="play_circle",
    )
    def reactivate(self, request: HttpRequest, row: Company, answers: dict[str, Any]) -> str:
        again = organizations.reactivate(row, by=memberships.actor(request))
        if again.status == Status.PENDING:
            return gettext("%(company)s waits to be verified again.") % {"company": row.title}
        return gettext("%(company)s is active again.") % {"company": row.title}

    @operation(
        _("Test mode"),
        description=_(
            "In test mode a company is kept off the Peppol network: its identifiers are taken off, "
            "and nothing is sent. Afterwards they are registered again by hand."
        ),
        right=Right.GOVERN,
        when=lambda row: row.status != Status.CLOSED,
        icon="science",
    )
    def set_test_mode(self, request: HttpRequest, row: Company, answers: dict[str, Any]) -> str:
        on = not row.test_mode
        organizations.set_test_mode(row, on, by=memberships.actor(request))
        return gettext("Test mode is on.") if on else gettext("Test mode is off.")

    @operation(
        _("Delete"),
        description=_(
            "The company leaves your lists, its keys stop, and it is taken off the network. "
            "Its history is kept."
        ),
        right=Right.GOVERN,
        icon="delete",
        variant=ActionVariant.DANGER,
    )
    def delete(self, request: HttpRequest, row: Company, answers: dict[str, Any]) -> str:
        companies.remove(row, by=memberships.actor(request))
        return gettext("%(company)s is deleted.") % {"company": row.title}
