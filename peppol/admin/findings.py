"""Differences between us and the SMP, and what staff decide about each."""

from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.admin import ModelAdmin
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from unfold.enums import ActionVariant

from peppol.models import BulkOperation, Finding
from peppol.services.registration import reconciliation, strangers
from peppol.smp.client import SmpError
from tenants.access import memberships
from tenants.access.gate import Right
from tenants.errors import Conflict
from tenants.ui import display, filters
from tenants.ui.operations import Ask, operation
from tenants.ui.pages import ReadOnly
from tenants.ui.staff import StaffPage

# Comparisons that are longer ago are of no interest.
_OFFERED = 20


class OfOperation(filters.Choice):
    """What one comparison found: its page leads here."""

    title = _("comparison")
    parameter_name = field = "operation"
    parameters = ("operation",)

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        latest = BulkOperation.objects.filter(kind=BulkOperation.Kind.RECONCILE)[:_OFFERED]
        return [(str(one.pk), f"{one.created_at:%Y-%m-%d %H:%M}") for one in latest]


class AskWhetherSure(Ask):
    """Whether it is to be deleted although it was not put there from here."""

    sure = forms.BooleanField(
        label=_("Also if it was not put there from here"),
        help_text=_("Otherwise it is deleted only if the SMP says whose it is here."),
        required=False,
    )


@admin.register(Finding)
class FindingPage(ReadOnly, StaffPage):
    """Differences between us and the SMP."""

    related = ("organization", "operation", "participant")
    list_display = ("identifier", "organization", "kind_label", "detail", "mended")
    list_filter = (
        OfOperation,
        filters.choice("kind"),
        filters.condition(
            "open", _("open"), {"yes": (_("Not repaired"), lambda rows: rows.unrepaired())}
        ),
        filters.related("organization"),
    )
    search_fields = ("identifier", "organization__name")
    ordering = ("-id",)
    fieldsets = (
        (
            None,
            {
                "fields": (
                    ("identifier", "kind_label"),
                    "detail",
                    ("registration", "mended"),
                    "comparison",
                )
            },
        ),
    )
    readonly_fields = ("kind_label", "mended", "registration", "comparison")
    actions_detail = ("repair", "take_down")

    @admin.display(description=_("What"), ordering="kind")
    def kind_label(self, row: Finding) -> str:
        return row.get_kind_display()

    @admin.display(description=_("Repaired"), ordering="repaired_at")
    def mended(self, row: Finding) -> str:
        if row.repaired_at is None and row.repair_asked_at is not None:
            return gettext("Under way")
        return display.moment(row.repaired_at)

    @admin.display(description=_("Registration"))
    def registration(self, row: Finding) -> str:
        if row.participant is None:
            return "–"
        page = reverse("admin:peppol_participant_change", args=[row.participant_id])
        return display.link(page, row.organization or row.participant)

    @admin.display(description=_("Found by"))
    def comparison(self, row: Finding) -> str:
        page = reverse("admin:peppol_bulkoperation_change", args=[row.operation_id])
        return display.link(page, row.operation)

    @operation(
        _("Repair"),
        description=_("It is published again as it is known here."),
        right=Right.CHANGE,
        when=lambda row: row.participant is not None and row.repaired_at is None,
        icon="build",
        variant=ActionVariant.PRIMARY,
    )
    def repair(self, request: HttpRequest, row: Finding, answers: dict[str, Any]) -> str:
        reconciliation.repair(row, by=memberships.actor(request))
        return gettext("%(identifier)s is published again.") % {"identifier": row.identifier}

    @operation(
        _("Delete at the SMP"),
        description=_("Nobody here knows it. Who it belongs to receives nothing any more."),
        ask=AskWhetherSure,
        right=Right.CHANGE,
        when=lambda row: row.kind == Finding.Kind.UNKNOWN and row.repaired_at is None,
        icon="delete_forever",
        variant=ActionVariant.DANGER,
    )
    def take_down(self, request: HttpRequest, row: Finding, answers: dict[str, Any]) -> str:
        try:
            strangers.take_down(row, sure=answers["sure"])
        except SmpError as error:
            raise Conflict("smp_refused", error.message) from None
        # It belongs to no organization, so no audit trail of one would tell of this.
        ModelAdmin.log_change(self, request, row, "take down")
        return gettext("%(identifier)s is deleted at the SMP.") % {"identifier": row.identifier}
