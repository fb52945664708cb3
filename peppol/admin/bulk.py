"""Changes to all registrations at once, and comparisons with the SMP."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from unfold.enums import ActionVariant

from peppol import code_lists
from peppol.models import AccessPoint, BulkOperation
from peppol.services.registration import bulk, reconciliation
from tenants.access import memberships
from tenants.access.gate import Right
from tenants.models import Organization
from tenants.ui import display, filters
from tenants.ui.operations import Ask, creation, operation
from tenants.ui.outcomes import Done
from tenants.ui.pages import Told
from tenants.ui.staff import Creatable, StaffPage

# Of what a comparison found so many differences are named on its page.
_MOST = 100


def _document_types() -> list[tuple[str, str]]:
    return [("", "–"), *((one.uri, one.name) for one in code_lists.document_types())]


class AskBulk(Ask):
    """The form of a bulk operation: what to do, to whose registrations."""

    kind = forms.ChoiceField(label=_("What"), choices=BulkOperation.Kind.choices)
    platform = forms.ModelChoiceField(
        Organization.objects.platforms().order_by("name"),
        label=_("Whose registrations"),
        required=False,
        empty_label=_("Everybody's"),
    )
    access_point = forms.ModelChoiceField(
        AccessPoint.objects.order_by("url"),
        label=_("Access point"),
        required=False,
        empty_label=_("Our own"),
        help_text=_("For a change of the access point."),
    )
    document_type = forms.ChoiceField(
        label=_("Document type"),
        choices=_document_types,
        required=False,
        help_text=_("For adding or removing one."),
    )


@admin.register(BulkOperation)
class BulkPage(Creatable, Told, StaffPage):
    """Bulk operations and how far they are."""

    related = ("platform", "access_point")
    list_display = ("what", "whose", "state_badge", "advance", "starter", "since")
    list_filter = (filters.choice("state"), filters.choice("kind"))
    ordering = ("-id",)
    actions_list = ("start",)
    actions_detail = ("repair", "cancel")
    change_form_outer_before_template = "admin/registrations/bulk_operation.html"

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        row = self.row(request, object_id)
        may = row is not None and self.has_view_permission(request, row)
        page_context = {"bulk": self.page_context(row)} if may else {}
        if may and "part" in request.GET:
            return TemplateResponse(request, "admin/registrations/bulk_progress.html", page_context)
        return super().change_view(request, object_id, form_url, page_context)

    def page_context(self, row: BulkOperation) -> dict[str, Any]:
        """How far it is, and what a comparison found."""
        figures = row.progress()
        found = row.findings.order_by("repaired_at", "identifier")
        return {
            "row": row,
            "figures": figures,
            "percent": 100 * (figures["total"] - figures["left"]) // (figures["total"] or 1),
            "document_type": dict(_document_types()).get(row.document_type, row.document_type),
            "findings": found.select_related("organization")[:_MOST],
            "others": max(found.count() - _MOST, 0),
            "all": f"{reverse('admin:peppol_finding_changelist')}?operation={row.pk}",
            "failed": f"{reverse('admin:peppol_participant_changelist')}?attention=unpublished",
        }

    @admin.display(description=_("What"), ordering="kind")
    def what(self, row: BulkOperation) -> str:
        return row.get_kind_display()

    @admin.display(description=_("Whose"))
    def whose(self, row: BulkOperation) -> Any:
        return row.platform or _("Everybody's")

    @admin.display(description=_("State"), ordering="state")
    def state_badge(self, row: BulkOperation) -> str:
        tone = {"running": "pending", "done": "active", "cancelled": "disabled"}[row.state]
        return display.pill(tone, row.get_state_display())

    @admin.display(description=_("Progress"))
    def advance(self, row: BulkOperation) -> str:
        figures = row.progress()
        text = gettext("%(succeeded)d done, %(failed)d failed, %(left)d to come") % figures
        return display.bar(figures["total"] - figures["left"], figures["total"], text)

    @admin.display(description=_("Started by"))
    def starter(self, row: BulkOperation) -> str:
        return row.started_by

    @admin.display(description=_("Started"), ordering="created_at")
    def since(self, row: BulkOperation) -> str:
        return display.moment(row.created_at)

    @creation(
        _("New bulk operation"),
        ask=AskBulk,
        submit=_("Start"),
        description=_("It runs in the background and can be stopped and looked at meanwhile."),
        icon="dynamic_feed",
    )
    def start(self, request: HttpRequest, answers: dict[str, Any]) -> Done:
        kind = answers.pop("kind")
        return Done(
            gettext("It has begun."), bulk.start(kind, by=memberships.actor(request), **answers)
        )

    @operation(
        _("Repair all"),
        description=_(
            "What the SMP lacks or shows differently is published again. What nobody here knows "
            "stays: that is decided one by one."
        ),
        right=Right.CHANGE,
        when=lambda row: row.findings.repairable().exists(),
        icon="build",
        variant=ActionVariant.PRIMARY,
    )
    def repair(self, request: HttpRequest, row: BulkOperation, answers: dict[str, Any]) -> str:
        repaired, refused = reconciliation.repair_all(row, by=memberships.actor(request))
        for refusal in refused[:5]:
            messages.warning(request, display.refusal(refusal))
        told = ngettext("%d is published again.", "%d are published again.", repaired)
        return told % repaired

    @operation(
        _("Stop"),
        description=_("No further registrations are visited; those visited are finished."),
        right=Right.CHANGE,
        when=lambda row: row.state == BulkOperation.State.RUNNING,
        icon="stop_circle",
    )
    def cancel(self, request: HttpRequest, row: BulkOperation, answers: dict[str, Any]) -> str:
        bulk.cancel(row)
        return gettext("It is stopped.")
