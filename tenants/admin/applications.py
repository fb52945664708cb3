"""The review queue: businesses that ask to become platforms, and what they are told."""

from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from unfold.enums import ActionVariant

from tenants.access import memberships
from tenants.access.gate import Right
from tenants.admin import applicants
from tenants.models import PlatformApplication
from tenants.services import applications
from tenants.ui import display, filters, tiles
from tenants.ui.operations import Ask, operation
from tenants.ui.pages import Told
from tenants.ui.staff import StaffPage

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


class AskReason(AskMessage):
    """Why not; the applicant will read it."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["message"].label = _("Reason, which the applicant reads")


class MayMessage(AskMessage):
    """The same, which may be left empty."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["message"].required = False


@admin.register(PlatformApplication)
class ApplicationPage(Told, StaffPage):
    """Applications, the longest waiting first."""

    related = ("organization",)
    list_display = ("applicant", "state_badge", "expected_companies", "waiting_since", "answered")
    list_filter = (filters.choice("state"), filters.period("submitted_at", _("submitted")))
    search_fields = ("organization__name", "technical_contact")
    ordering = ("decided_at", "submitted_at")
    actions_detail = ("approve", "ask_back", "reject")
    change_form_outer_before_template = "admin/applications/review.html"

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        row = self.row(request, object_id)
        may = row is not None and self.has_view_permission(request, row)
        if may and request.GET.get("part") == "inquiries":
            context = {"tiles": tiles.inquiries(row.organization), "over": True}
            return TemplateResponse(request, "ui/tiles.html", context)
        page_context = {"review": self.page_context(row)} if may else {}
        return super().change_view(request, object_id, form_url, page_context)

    def page_context(self, row: PlatformApplication) -> dict[str, Any]:
        """The application, and beside it what there is to know of the applicant."""
        applicant = row.organization
        return {
            "row": row,
            "exchange": row.messages.all(),
            "applicant": [applicants.profile(applicant)],
            "known": [
                applicants.people(applicant),
                *tiles.tiles(applicant, "account", "plan", "documents"),
                applicants.earlier(row),
                applicants.mails(applicant),
            ],
        }

    @admin.display(description=_("Applicant"), ordering="organization__name")
    def applicant(self, row: PlatformApplication) -> str:
        return display.lines(row.organization.title, row.organization.country)

    @admin.display(description=_("State"), ordering="state")
    def state_badge(self, row: PlatformApplication) -> str:
        return display.pill(row.state, row.get_state_display())

    @admin.display(description=_("Submitted"), ordering="submitted_at")
    def waiting_since(self, row: PlatformApplication) -> str:
        return display.moment(row.submitted_at)

    @admin.display(description=_("Answered"), ordering="decided_at")
    def answered(self, row: PlatformApplication) -> str:
        return display.moment(row.decided_at)

    @operation(
        _("Approve"),
        description=_("The business becomes a platform and may manage companies."),
        ask=MayMessage,
        right=Right.CHANGE,
        when=_is_waiting,
        icon="check_circle",
        variant=ActionVariant.PRIMARY,
    )
    def approve(
        self, request: HttpRequest, row: PlatformApplication, answers: dict[str, Any]
    ) -> str:
        applications.approve(row, by=memberships.actor(request), **answers)
        return gettext("%(name)s is a platform now.") % {"name": row.organization.title}

    @operation(
        _("Ask for information"),
        description=_("The application waits until the applicant has answered."),
        ask=AskMessage,
        right=Right.CHANGE,
        when=_is_waiting,
        icon="help",
    )
    def ask_back(
        self, request: HttpRequest, row: PlatformApplication, answers: dict[str, Any]
    ) -> str:
        applications.request_info(row, by=memberships.actor(request), **answers)
        return gettext("The applicant is asked.")

    @operation(
        _("Reject"),
        description=_("The organization stays a business. It can apply again."),
        ask=AskReason,
        right=Right.CHANGE,
        when=lambda row: row.state in (State.SUBMITTED, State.INFO_REQUESTED),
        icon="cancel",
        variant=ActionVariant.DANGER,
    )
    def reject(
        self, request: HttpRequest, row: PlatformApplication, answers: dict[str, Any]
    ) -> str:
        applications.reject(row, by=memberships.actor(request), **answers)
        return gettext("The application is rejected.")
