"""Changes to all registrations at once, and comparisons with the SMP."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db.models import Case, Value, When
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from unfold.enums import ActionVariant

from peppol import code_lists
from peppol.models import AccessPoint, BulkOperation
from peppol.services.registration import access_points, bulk, reconciliation
from tenants.access import memberships
from tenants.access.gate import Right
from tenants.models import Organization
from tenants.ui import display, filters
from tenants.ui.forms import Group
from tenants.ui.operations import Ask, creation, operation
from tenants.ui.outcomes import Done
from tenants.ui.pages import Told
from tenants.ui.staff import Creatable, StaffPage

_TONES = {"running": "pending", "paused": "waiting", "done": "active", "cancelled": "disabled"}
_FAILURES_FIRST = Case(When(state="failed", then=Value(0)), default=Value(1))
# Of the latest so many percent may fail, unless somebody says otherwise.
_STOP_AT = 10
# Of what a comparison found so many differences are named on its page.
_MOST = 100


def _document_types() -> list[tuple[str, str]]:
    return [(one.uri, one.name) for one in code_lists.document_types()]


class AskBulk(Ask):
    """The form of a bulk operation: what to do, to whose registrations, and how carefully."""

    kind = forms.ChoiceField(label=_("What"), choices=BulkOperation.Kind.choices)
    platform = forms.ModelChoiceField(
        Organization.objects.platforms().order_by("name"),
        label=_("Whose registrations"),
        required=False,
        empty_label=_("Everybody's"),
    )
    canary = forms.IntegerField(
        label=_("First only so many"),
        min_value=0,
        max_value=10_000,
        required=False,
        help_text=_("Then it waits until you have looked at them. Left empty: all at once."),
    )
    stop_at = forms.IntegerField(
        label=_("Stop when so many percent fail"),
        min_value=1,
        max_value=100,
        required=False,
        initial=_STOP_AT,
    )
    access_point = forms.ModelChoiceField(
        AccessPoint.objects.order_by("url"),
        label=_("Access point"),
        required=False,
        empty_label=_("Our own"),
        help_text=_("For a change of the access point: one that is known, or a new one below."),
    )
    url = forms.URLField(
        label=_("AS4 address"), max_length=500, required=False, assume_scheme="https"
    )
    contact_url = forms.CharField(
        label=_("Technical contact"),
        max_length=500,
        required=False,
        help_text=_("Such as mailto:ops@example.com. Left empty: our own."),
    )
    certificate = forms.CharField(
        label=_("Its certificate, in PEM"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    document_types = forms.MultipleChoiceField(
        label=_("Document types"),
        choices=_document_types,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("certificate", "document_types"):
            self.fields[name].wide = True

    @property
    def groups(self) -> list[Group]:
        what = [self[name] for name in ("kind", "platform", "canary", "stop_at")]
        where = [self[name] for name in ("access_point", "url", "contact_url", "certificate")]
        return [
            Group(_("What to do"), what),
            Group(_("For a change of the access point"), where, folded=True),
            Group(
                _("For adding or removing document types"), [self["document_types"]], folded=True
            ),
        ]

    def clean(self) -> dict[str, Any]:
        answers: dict[str, Any] = super().clean() or self.cleaned_data
        if bool(answers.get("url")) != bool(answers.get("certificate")):
            missing = "certificate" if answers.get("url") else "url"
            self.add_error(missing, _("An access point has both an address and a certificate."))
        return answers


@admin.register(BulkOperation)
class BulkPage(Creatable, Told, StaffPage):
    """Bulk operations and how far they are."""

    related = ("platform", "access_point")
    list_display = ("what", "whose", "state_badge", "advance", "starter", "since")
    list_filter = (filters.choice("state"), filters.choice("kind"))
    ordering = ("-id",)
    actions_list = ("start",)
    actions_detail = ("go_on", "repair", "pause", "cancel")
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
        figures, types = row.progress(), dict(_document_types())
        results = row.results.alias(rank=_FAILURES_FIRST).order_by("rank", "-settled_at", "pk")
        results = results.select_related("participant", "organization")
        found = row.findings.order_by("repaired_at", "identifier")
        return {
            "row": row,
            "figures": figures,
            "over": row.state != BulkOperation.State.RUNNING
            and not row.results.filter(state="pending").exists(),
            "percent": 100 * (figures["total"] - figures["left"]) // (figures["total"] or 1),
            "document_types": [types.get(uri, uri) for uri in row.document_types],
            "results": results[:_MOST],
            "more_results": max(results.count() - _MOST, 0),
            "all_results": f"{reverse('admin:peppol_bulkresult_changelist')}?operation={row.pk}",
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
        tone = _TONES[row.state]
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
        kind, url = answers.pop("kind"), answers.pop("url")
        facts = {name: answers.pop(name) for name in ("certificate", "contact_url")}
        if url:
            answers["access_point"] = access_points.know(url, **facts)
        answers["canary"] = answers["canary"] or 0
        answers["stop_at"] = answers["stop_at"] or _STOP_AT
        begun = bulk.start(kind, by=memberships.actor(request), **answers)
        return Done(gettext("It has begun."), begun)

    @operation(
        _("Go on"),
        description=_("All that are to come follow, unless too many of them fail again."),
        right=Right.CHANGE,
        when=lambda row: row.state == BulkOperation.State.PAUSED,
        icon="play_arrow",
        variant=ActionVariant.PRIMARY,
    )
    def go_on(self, request: HttpRequest, row: BulkOperation, answers: dict[str, Any]) -> str:
        bulk.resume(row)
        return gettext("It goes on.")

    @operation(
        _("Pause"),
        description=_("No further registrations are visited until you have it go on."),
        right=Right.CHANGE,
        when=lambda row: row.state == BulkOperation.State.RUNNING and row.kind != "reconcile",
        icon="pause",
    )
    def pause(self, request: HttpRequest, row: BulkOperation, answers: dict[str, Any]) -> str:
        bulk.pause(row)
        return gettext("It is paused.")

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
        when=lambda row: row.finished_at is None,
        icon="stop_circle",
    )
    def cancel(self, request: HttpRequest, row: BulkOperation, answers: dict[str, Any]) -> str:
        bulk.cancel(row)
        return gettext("It is stopped.")
