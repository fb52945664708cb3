"""The reseller's audit trail: who did what, when and why, to be searched and downloaded."""

import json
from functools import reduce
from operator import or_
from typing import Any

from django.contrib import admin
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from import_export.fields import Field
from import_export.resources import ModelResource

from tenants.access import staff
from tenants.access.roles import Area
from tenants.models import Event
from tenants.ui import filters, labels, outsiders
from tenants.ui.columns import EventColumns, OfType
from tenants.ui.exports import Exportable
from tenants.ui.pages import ReadOnly
from tenants.ui.scoped import ScopedAdmin
from tenants.ui.sites import portal

# A file of more is nobody's to read; a period narrows it to what is wanted.
_MOST = 20_000
# What is searched of an event besides who did it.
_TOLD = ("type", "reason", "request_id")


class EventResource(ModelResource):
    """An event in a download."""

    company = Field(attribute="organization__title", column_name="company")
    company_id = Field(attribute="organization_id", column_name="company_id")
    changes = Field(column_name="changes")

    class Meta:
        model = Event
        fields = (
            "id",
            "occurred_at",
            "type",
            "company",
            "company_id",
            "actor_kind",
            "actor_label",
            "reason",
            "changes",
            "request_id",
        )
        export_order = fields

    def dehydrate_actor_label(self, row: Event) -> str:
        return labels.actor_of(row, for_staff=False)

    def dehydrate_changes(self, row: Event) -> str:
        return json.dumps(row.changes, ensure_ascii=False) if row.changes else ""


@admin.register(Event, site=portal)
class EventPage(EventColumns, Exportable, ReadOnly, ScopedAdmin):
    """The audit trail: who did what, when and why, about the organization and its companies."""

    area = Area.HISTORY
    tells_staff = False
    when_empty = _("Who did what, when and why.")
    search_help_text = _("Event, person, reason or request")
    related = ("organization",)
    resource_classes = (EventResource,)
    list_display = ("what", "about", "who", "why", "happened")
    list_filter = (
        OfType,
        filters.related("organization", _("organization")),
        filters.choice(
            "actor_kind",
            _("who"),
            options=(("user", _("Person")), ("key", _("API key")), ("system", _("System"))),
        ),
        filters.period("occurred_at", _("when")),
    )
    search_fields = ("type", "actor_label", "reason", "request_id")
    fields = ("what", "about", "who", "exact_time", "why", "before_and_after", "in_request")
    readonly_fields = fields
    ordering = ("-id",)

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        return super().changelist_view(
            request, {"title": _("Audit trail"), **(extra_context or {})}
        )

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        """As everywhere, but that nobody finds out the addresses of the operator's people, or
        of their platform's."""
        rows, several = super().get_search_results(request, queryset, search_term)
        theirs = Q(type__in=labels.OPERATORS) | Q(actor_id__in=staff.ids())
        elsewhere = Q()
        for word in search_term.split():
            fields = (Q(**{f"{name}__icontains": word}) for name in _TOLD)
            elsewhere &= reduce(or_, fields)
        hidden = Q(actor_kind="user") & theirs | outsiders.theirs(request)
        return (rows.filter(~hidden | elsewhere) if search_term.strip() else rows), several

    def get_export_queryset(self, request: HttpRequest) -> QuerySet[Event]:
        """What the list shows, the newest of it."""
        rows: QuerySet[Event] = super().get_export_queryset(request)
        return rows[:_MOST]
