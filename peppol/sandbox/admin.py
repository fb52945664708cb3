"""The sandbox's network for the operator: have it misbehave, and see what it remembers."""

from types import SimpleNamespace
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from unfold.enums import ActionVariant

from peppol.sandbox import faults, losing
from peppol.sandbox.models import Fault, Group, SmlEntry, Transmission
from tenants.access.gate import Right
from tenants.ui import display, filters
from tenants.ui.operations import Ask, Operation, operation
from tenants.ui.pages import ReadOnly
from tenants.ui.staff import StaffPage


class AskFault(Ask):
    """How the sandbox is to behave from now on."""

    kind = forms.ChoiceField(label=_("It is"), choices=Fault.Kind.choices)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"].initial = self.request.GET.get("kind", "")


@admin.register(Fault)
class FaultPage(ReadOnly, StaffPage):
    """How the sandbox misbehaves at the moment, in one way or not at all, and how it could."""

    fields = ("how", "on_since")
    readonly_fields = fields
    actions_list = ("switch_on", "switch_off")

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        if not self.has_view_permission(request):
            raise PermissionDenied
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "cl": SimpleNamespace(opts=self.opts),  # by which Unfold finds the tabs
            "title": self.admin_site.navigation.title(request.path),
            "media": self.media,
            "current": Fault.objects.first(),
            "kinds": Fault.Kind.choices,
            "may": self.may(request, self.switch_on.operation, None),
            "switch": reverse("admin:sandbox_fault_switch_on"),
            "actions_list": self._get_actions_navigation(
                self.actions_list, self.get_actions_list(request)
            ),
        }
        return TemplateResponse(request, "admin/sandbox/faults.html", context)

    def may(self, request: HttpRequest, op: Operation, row: Any) -> bool:
        return settings.PEPPOL_NETWORK == "sandbox" and super().may(request, op, row)

    @admin.display(description=_("Fault"))
    def how(self, row: Fault) -> str:
        return display.pill("failed", row.get_kind_display())

    @admin.display(description=_("Since"))
    def on_since(self, row: Fault) -> str:
        return display.moment(row.since)

    @operation(
        _("Have it misbehave"),
        ask=AskFault,
        submit=_("Switch on"),
        description=_("For everybody on this sandbox, until it is switched off."),
        right=Right.CHANGE,
        path="switch-on",
        icon="bug_report",
        variant=ActionVariant.PRIMARY,
    )
    def switch_on(self, request: HttpRequest, answers: dict[str, Any]) -> str:
        faults.switch_on(answers["kind"])
        return gettext("The sandbox misbehaves now.")

    @operation(_("Have it behave"), right=Right.CHANGE, path="switch-off", icon="check_circle")
    def switch_off(self, request: HttpRequest, answers: dict[str, Any]) -> str:
        faults.switch_off()
        return gettext("The sandbox behaves.")


@admin.register(Transmission)
class TransmissionPage(ReadOnly, StaffPage):
    """What was handed to the sandbox access point, and how far it forwarded it."""

    counts_rows = False
    sortable_by = ()
    list_display = (
        "number",
        "parties",
        "state_badge",
        "next_attempt",
        "attempt_count",
        "trouble",
        "when",
    )
    list_filter = (
        filters.choice("status", _("state")),
        filters.choice("forwarding", _("receiving side"), [*Transmission.Forwarding.choices[1:]]),
        filters.period("created_at", _("handed over")),
    )
    search_fields = ("=sbdh_instance_id", "=sender", "=receiver")
    search_help_text = _("Instance id, or identifier of either side")
    ordering = ("-id",)
    fieldsets = (
        (
            None,
            {
                "fields": (
                    "instance",
                    ("sender", "receiver"),
                    "document_type",
                    ("state_badge", "next_attempt"),
                    ("attempt_count", "forward_attempts"),
                    ("when", "completed_at"),
                    "trouble",
                )
            },
        ),
    )
    readonly_fields = ("instance", "state_badge", "next_attempt", "when", "trouble")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Transmission]:
        # What was sent is large, and no list shows it.
        return super().get_queryset(request).defer("content")

    @admin.display(description=_("Instance id"))
    def number(self, row: Transmission) -> str:
        return display.code(row.sbdh_instance_id)

    @admin.display(description=_("Document"))
    def instance(self, row: Transmission) -> str:
        documents = reverse("admin:peppol_document_changelist")
        return display.link(f"{documents}?q={row.sbdh_instance_id}", row.sbdh_instance_id)

    @admin.display(description=_("From and to"))
    def parties(self, row: Transmission) -> str:
        return display.lines(display.code(row.sender), display.code(row.receiver))

    @admin.display(description=_("State"))
    def state_badge(self, row: Transmission) -> str:
        tones = {"failed": "waiting", "permanently_failed": "failed"}
        return display.pill(tones.get(row.status, row.status), row.get_status_display())

    @admin.display(description=_("Receiving side"))
    def next_attempt(self, row: Transmission) -> str:
        tone = {"forwarded": "done", "rejected": "rejected"}.get(row.forwarding, "pending")
        return display.pill(tone, row.get_forwarding_display()) if row.forwarding else "–"

    @admin.display(description=_("What went wrong"))
    def trouble(self, row: Transmission) -> str:
        return row.error or "–"

    @admin.display(description=_("Handed over"))
    def when(self, row: Transmission) -> str:
        return display.moment(row.created_at)


@admin.register(Group)
class GroupPage(ReadOnly, StaffPage):
    """Participants at the sandbox SMP."""

    list_display = ("uri", "since")
    search_fields = ("uri",)
    ordering = ("-id",)
    fields = ("uri", "created_at", "properties")

    @admin.display(description=_("Since"), ordering="created_at")
    def since(self, row: Group) -> str:
        return display.moment(row.created_at)


@admin.register(SmlEntry)
class SmlEntryPage(ReadOnly, StaffPage):
    """Where the sandbox SML says that participants are."""

    list_display = ("uri", "smp")
    search_fields = ("uri",)
    ordering = ("-id",)
    fields = ("uri", "smp")
    actions_detail = ("lose", "release")

    @operation(
        _("Lose it to another SMP"),
        description=_("As when its company changes its provider without a word."),
        right=Right.CHANGE,
        when=lambda row: not row.smp,
        icon="move_down",
    )
    def lose(self, request: HttpRequest, row: SmlEntry, answers: dict[str, Any]) -> str:
        losing.lose(row.uri.partition("::")[2])
        return gettext("Another SMP has it now. The nightly look finds out.")

    @operation(
        _("Have the other SMP release it"),
        description=_("Nobody has it then, and whoever registers it first gets it."),
        right=Right.CHANGE,
        when=lambda row: bool(row.smp),
        icon="lock_open",
    )
    def release(self, request: HttpRequest, row: SmlEntry, answers: dict[str, Any]) -> str:
        losing.release(row.uri.partition("::")[2])
        return gettext("Nobody has it now.")
