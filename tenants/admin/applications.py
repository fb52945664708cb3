"""The review queue: businesses that ask to become platforms, and what they are told."""

from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from unfold.enums import ActionVariant

from tenants.models import PlatformApplication
from tenants.portal_site import callers, filters, shown
from tenants.portal_site.operations import Ask, operation
from tenants.portal_site.pages import ReadOnly
from tenants.portal_site.staff import StaffPage
from tenants.services import applications

State = PlatformApplication.State


def _is_waiting(row: PlatformApplication) -> bool:
    return row.state == State.SUBMITTED


class AskMessage(Ask):
    """What the applicant will read."""

    message = forms.CharField(
        label=_("Message to the applicant"),
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 4}),
    )


class MayMessage(AskMessage):
    """The same, which may be left empty."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["message"].required = False


@admin.register(PlatformApplication)
class ApplicationPage(ReadOnly, StaffPage):
    """Applications, the longest waiting first."""

    related = ("organization",)
    list_display = ("applicant", "standing", "expected_companies", "waiting_since", "answered")
    list_filter = (filters.choice("state"), filters.period("submitted_at", _("submitted")))
    search_fields = ("organization__name", "technical_contact")
    ordering = ("decided_at", "submitted_at")
    fieldsets = (
        (None, {"fields": ("applicant", "standing", "motivation")}),
        (_("Expectations"), {"fields": (("expected_companies", "expected_documents"),
                                        "technical_contact")}),
        (_("Times"), {"fields": (("waiting_since", "answered"), "terms_accepted_at")}),
    )  # fmt: skip
    readonly_fields = ("applicant", "standing", "waiting_since", "answered")
    actions_detail = ("approve", "ask_back", "reject")
    change_form_outer_after_template = "portal/exchange.html"

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        row = self.row(request, object_id)
        exchange = row.messages.all() if row is not None else ()
        return super().change_view(request, object_id, form_url, {"exchange": exchange})

    @admin.display(description=_("Applicant"), ordering="organization__name")
    def applicant(self, row: PlatformApplication) -> str:
        return shown.lines(row.organization.title, row.organization.country)

    @admin.display(description=_("State"), ordering="state")
    def standing(self, row: PlatformApplication) -> str:
        return shown.pill(row.state, row.get_state_display())

    @admin.display(description=_("Submitted"), ordering="submitted_at")
    def waiting_since(self, row: PlatformApplication) -> str:
        return shown.moment(row.submitted_at)

    @admin.display(description=_("Answered"), ordering="decided_at")
    def answered(self, row: PlatformApplication) -> str:
        return shown.moment(row.decided_at)

    @operation(
        _("Approve"),
        description=_("The business becomes a platform and may manage companies."),
        ask=MayMessage,
        right="run",
        when=_is_waiting,
        icon="check_circle",
        variant=ActionVariant.PRIMARY,
    )
    def approve(
        self, request: HttpRequest, row: PlatformApplication, answers: dict[str, Any]
    ) -> str:
        applications.approve(row, by=callers.actor(request), **answers)
        return gettext("%(name)s is a platform now.") % {"name": row.organization.title}

    @operation(_("Ask for information"), ask=AskMessage, right="run", when=_is_waiting, icon="help")
    def ask_back(
        self, request: HttpRequest, row: PlatformApplication, answers: dict[str, Any]
    ) -> str:
        applications.request_info(row, by=callers.actor(request), **answers)
        return gettext("The applicant is asked.")

    @operation(_("Reject"), ask=AskMessage, right="run", when=_is_waiting, icon="cancel")
    def reject(
        self, request: HttpRequest, row: PlatformApplication, answers: dict[str, Any]
    ) -> str:
        applications.reject(row, by=callers.actor(request), **answers)
        return gettext("The application is rejected.")
