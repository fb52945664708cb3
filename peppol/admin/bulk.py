"""Changes to all registrations at once, and comparisons with the SMP."""

from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from unfold.enums import ActionVariant

from peppol import code_lists
from peppol.models import AccessPoint, BulkOperation, Finding
from peppol.services import bulk
from tenants.models import Organization
from tenants.portal_site import callers, filters, shown
from tenants.portal_site.operations import Ask, Done, operation
from tenants.portal_site.pages import ReadOnly
from tenants.portal_site.staff import Creatable, StaffPage


def _document_types() -> list[tuple[str, str]]:
    return [("", "–"), *((one.uri, one.name) for one in code_lists.document_types())]


class AskBulk(Ask):
    """What to do, to whose registrations."""

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
class BulkPage(Creatable, ReadOnly, StaffPage):
    """Bulk operations and how far they are."""

    related = ("platform", "access_point")
    list_display = ("what", "whose", "standing", "advance", "starter", "since")
    list_filter = (filters.choice("state"), filters.choice("kind"))
    ordering = ("-id",)
    fieldsets = (
        (None, {"fields": (("what", "standing"), ("whose", "access_point"), "document_type",
                           "advance", ("starter", "since"), ("finished_at", "last_error"))}),
    )  # fmt: skip
    readonly_fields = ("what", "whose", "standing", "advance", "starter", "since")
    actions_list = ("start",)
    actions_detail = ("cancel",)
    change_form_outer_after_template = "portal/findings.html"

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        row = self.row(request, object_id)
        findings = row.findings.order_by("identifier")[:200] if row is not None else ()
        return super().change_view(request, object_id, form_url, {"findings": findings})

    @admin.display(description=_("What"), ordering="kind")
    def what(self, row: BulkOperation) -> str:
        return row.get_kind_display()

    @admin.display(description=_("Whose"))
    def whose(self, row: BulkOperation) -> Any:
        return row.platform or _("Everybody's")

    @admin.display(description=_("State"), ordering="state")
    def standing(self, row: BulkOperation) -> str:
        tone = {"running": "pending", "done": "active", "cancelled": "disabled"}[row.state]
        return shown.pill(tone, row.get_state_display())

    @admin.display(description=_("Progress"))
    def advance(self, row: BulkOperation) -> str:
        figures = row.progress()
        text = gettext("%(succeeded)d done, %(failed)d failed, %(left)d to come") % figures
        return shown.bar(figures["total"] - figures["left"], figures["total"], text)

    @admin.display(description=_("Started by"))
    def starter(self, row: BulkOperation) -> str:
        return row.started_by

    @admin.display(description=_("Started"), ordering="created_at")
    def since(self, row: BulkOperation) -> str:
        return shown.moment(row.created_at)

    @operation(
        _("New bulk operation"),
        ask=AskBulk,
        submit=_("Start"),
        description=_("It runs in the background and can be stopped and looked at meanwhile."),
        right="create",
        path="add",
        icon="dynamic_feed",
        variant=ActionVariant.PRIMARY,
        dialog=False,
    )
    def start(self, request: HttpRequest, answers: dict[str, Any]) -> Done:
        kind = answers.pop("kind")
        return Done(
            gettext("It has begun."), bulk.start(kind, by=callers.actor(request), **answers)
        )

    @operation(
        _("Stop"),
        description=_("No further registrations are visited; those visited are finished."),
        right="run",
        when=lambda row: row.state == BulkOperation.State.RUNNING,
        icon="stop_circle",
    )
    def cancel(self, request: HttpRequest, row: BulkOperation, answers: dict[str, Any]) -> str:
        bulk.cancel(row)
        return gettext("It is stopped.")


@admin.register(Finding)
class FindingPage(ReadOnly, StaffPage):
    """Differences between us and the SMP."""

    related = ("organization", "operation")
    list_display = ("identifier", "organization", "sort", "detail", "mended")
    list_filter = (
        filters.choice("kind"),
        filters.condition(
            "open", _("open"), {"yes": (_("Not repaired"), lambda r: r.filter(repaired_at=None))}
        ),
        filters.related("organization"),
    )
    search_fields = ("identifier", "organization__name")
    ordering = ("-id",)
    fields = list_display
    readonly_fields = ("sort", "mended")

    @admin.display(description=_("What"), ordering="kind")
    def sort(self, row: Finding) -> str:
        return row.get_kind_display()

    @admin.display(description=_("Repaired"), ordering="repaired_at")
    def mended(self, row: Finding) -> str:
        return shown.moment(row.repaired_at)
