"""The operator's documents and reports, to be looked at by what is wrong. No contents."""

from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from peppol.document_columns import FILTERS, DocumentColumns
from peppol.models import ComplianceReport, Document
from peppol.portal.under_way import UnderWay
from peppol.services.documents import compliance, documents, inbound, statuses
from tenants.access import memberships
from tenants.access.gate import Right
from tenants.ui import display, filters
from tenants.ui.operations import Ask, operation
from tenants.ui.pages import ReadOnly
from tenants.ui.staff import StaffPage


class AskReleaseReason(Ask):
    """Why a company gets a document that it was kept from."""

    reason = forms.CharField(label=_("Reason"), max_length=500)


class AskHowKnown(Ask):
    """How staff found out what became of a document."""

    reason = forms.CharField(label=_("How you know"), max_length=500)


@admin.register(Document)
class DocumentPage(UnderWay, DocumentColumns, ReadOnly, StaffPage):
    """Every document and how far it is; what it says is its company's alone."""

    downloads = ()
    in_events = "document"
    in_search = 6
    list_display = ("title", "way", "owner", "partner", "state_badge", "trouble", "when")
    actions_detail = ("release", "arrived", "not_arrived", "tell_again", "try_now", "withdraw")

    @admin.display(description=_("Why"))
    def trouble(self, row: Document) -> str:
        return display.lines(display.said(row.last_error) or "–", row.raw_answer)

    list_filter = (
        filters.condition(
            "wrong",
            _("what is wrong"),
            {
                "failed": (_("Failed"), lambda rows: rows.failed()),
                "lately": (_("Failed in the last 24 hours"), lambda rows: rows.failed_lately()),
                "held_up": (_("Held up for more than an hour"), lambda rows: rows.held_up()),
                "unknown": (_("Nobody knows"), lambda rows: rows.unknown()),
                "held": (_("Held back from the company"), lambda rows: rows.held()),
                "untold": (_("Its sender could not be told"), lambda rows: rows.untold()),
                "rejected": (_("Rejected by the receiver"), lambda rows: rows.rejected()),
            },
        ),
        *FILTERS,
        filters.related("organization"),
        filters.family(),
        filters.choice("environment"),
        filters.period("created_at", _("sent or received")),
    )

    def page_context(self, row: Document) -> dict[str, Any]:
        page = reverse("admin:tenants_organization_change", args=[row.organization_id])
        return {**super().page_context(row), "owner": page}

    @operation(
        _("Give it to the company"),
        ask=AskReleaseReason,
        description=_("It is released by itself once the company may read it."),
        right=Right.CHANGE,
        when=lambda row: row.state == Document.State.HELD,
        icon="lock_open",
    )
    def release(self, request: HttpRequest, row: Document, answers: dict[str, Any]) -> str:
        inbound.release(row, by=memberships.actor(request), reason=answers["reason"])
        return gettext("The company has the document now.")

    @operation(
        _("It has arrived"),
        ask=AskHowKnown,
        description=_("The receiver has it, and it counts."),
        right=Right.CHANGE,
        when=lambda row: row.state == Document.State.UNKNOWN,
        icon="done_all",
    )
    def arrived(self, request: HttpRequest, row: Document, answers: dict[str, Any]) -> str:
        by, reason = memberships.actor(request), answers["reason"]
        documents.confirm(row, has_arrived=True, reason=reason, by=by)
        return gettext("%(document)s has arrived.") % {"document": row}

    @operation(
        _("It has not arrived"),
        ask=AskHowKnown,
        description=_("It has failed then, is not counted, and its company may send it again."),
        right=Right.CHANGE,
        when=lambda row: row.state == Document.State.UNKNOWN,
        icon="unsubscribe",
    )
    def not_arrived(self, request: HttpRequest, row: Document, answers: dict[str, Any]) -> str:
        by, reason = memberships.actor(request), answers["reason"]
        documents.confirm(row, has_arrived=False, reason=reason, by=by)
        return gettext("%(document)s has not arrived.") % {"document": row}

    @operation(
        _("Tell its sender again"),
        description=_("The status that did not get through is sent once more."),
        right=Right.CHANGE,
        when=lambda row: row.is_inbound and Document.objects.untold().filter(pk=row.pk).exists(),
        icon="undo",
    )
    def tell_again(self, request: HttpRequest, row: Document, answers: dict[str, Any]) -> str:
        statuses.tell_again(row, by=memberships.actor(request))
        return gettext("Its sender is told again.")


@admin.register(ComplianceReport)
class ReportPage(ReadOnly, StaffPage):
    """Reports to tax authorities: what was reported, what was refused and why."""

    related = ("organization", "document")
    counts_rows = False
    sortable_by = ()
    list_display = ("title", "country", "owner", "state_badge", "attempt_count", "trouble", "since")
    list_filter = (
        filters.choice("state"),
        filters.condition(
            "wrong",
            _("what is wrong"),
            {
                "lately": (_("Failed in the last 24 hours"), lambda rows: rows.failed_lately()),
                "overdue": (_("Overdue for more than an hour"), lambda rows: rows.overdue()),
            },
        ),
        filters.related("organization"),
        filters.family(),
        filters.period("created_at", _("asked for")),
    )
    search_fields = ("=country", "=reference")
    search_help_text = _("Country or the authority's reference")
    ordering = ("-id",)
    fieldsets = (
        (
            None,
            {
                "fields": (
                    ("what", "owner"),
                    ("country", "state_badge"),
                    ("reference", "since"),
                    ("attempt_count", "next_attempt"),
                    "trouble",
                )
            },
        ),
    )
    readonly_fields = ("what", "owner", "state_badge", "since", "next_attempt", "trouble")
    actions_detail = ("report_again",)

    @operation(
        _("Report it again"),
        description=_("For a report that failed, once what was wrong is put right."),
        right=Right.CHANGE,
        when=lambda row: row.state == ComplianceReport.State.FAILED,
        icon="replay",
    )
    def report_again(
        self, request: HttpRequest, row: ComplianceReport, answers: dict[str, Any]
    ) -> str:
        compliance.report_again(row, by=memberships.actor(request))
        return gettext("It is reported again.")

    @admin.display(description=_("Document"))
    def title(self, row: ComplianceReport) -> str:
        return str(row.document)

    @admin.display(description=_("Document"))
    def what(self, row: ComplianceReport) -> str:
        link = reverse("admin:peppol_document_change", args=[row.document_id])
        return display.link(link, row.document)

    @admin.display(description=_("Company"))
    def owner(self, row: ComplianceReport) -> str:
        return row.organization.title

    @admin.display(description=_("State"))
    def state_badge(self, row: ComplianceReport) -> str:
        return display.pill(row.state, row.get_state_display())

    @admin.display(description=_("What went wrong"))
    def trouble(self, row: ComplianceReport) -> str:
        return row.last_error or "–"

    @admin.display(description=_("Asked for"))
    def since(self, row: ComplianceReport) -> str:
        return display.moment(row.created_at)

    @admin.display(description=_("Next attempt"))
    def next_attempt(self, row: ComplianceReport) -> str:
        return display.moment(row.next_attempt_at)
