"""What the pages of both sites have in common: services write, events remember."""

from collections.abc import Mapping
from functools import cached_property
from typing import Any

from django.contrib import messages
from django.contrib.admin import ShowFacets
from django.db import connection, models
from django.db.models import Model, QuerySet
from django.forms import ModelForm
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from unfold.admin import ModelAdmin
from unfold.widgets import UnfoldAdminExpandableTextareaWidget

from tenants import search
from tenants.access.once import keep
from tenants.errors import DomainError
from tenants.ids import read
from tenants.models import Event, Organization
from tenants.search_text import is_searchable
from tenants.ui import display, interrupted
from tenants.ui.operations import Operation
from tenants.ui.rows import Rows
from tenants.ui.seen_values import SeenValues

# So many events are on a page of a history.
_EVENTS = 50


class Page(ModelAdmin):
    """A page whose changes go through a service, so that each is checked and recorded there.

    `related` is what its rows are read together with. A page that can be edited says in `fields`
    or `fieldsets` what of it, and overrides `apply`.
    """

    related: tuple[str, ...] = ()
    actions: Any = ()
    actions_detail: tuple[Any, ...] = ()
    list_per_page = 50
    # Whether a list says of how many rows it shows some. Some lists have no end.
    counts_rows = True
    change_form_before_template = "ui/form_state.html"
    show_full_result_count = False
    show_facets = ShowFacets.NEVER
    view_on_site = False
    warn_unsaved_form = True
    list_filter_submit = True
    # The place of these rows among what the site's search box finds; 0: it does not look here.
    in_search = 0
    # The word under which events keep what they say of such a row; "" for organizations, and
    # None where they say nothing.
    in_events: str | None = None
    # What fields are called, where the column's own name would not tell a person.
    labels: Mapping[str, Any] = {}
    formfield_overrides = {
        models.TextField: {"widget": UnfoldAdminExpandableTextareaWidget},
        models.URLField: {"assume_scheme": "https"},
    }

    # What an empty list says: what would be here, and how the first comes.
    when_empty: Any = ""

    show_add_link = False

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[Rows]:
        return Rows

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        rows: QuerySet[Any] = super().get_queryset(request)
        return rows.select_related(*self.related) if self.related else rows

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        """By words where rows have some, else as Django has it; nothing for what is too long."""
        if not is_searchable(search_term):
            return queryset.none(), False
        if search.is_declared(self.model):
            within = self.search_within(request)
            through = "organization__name" in self.search_fields
            return search.narrow(
                queryset, search_term, within=within, or_organization=through
            ), False
        found: tuple[QuerySet[Any], bool] = super().get_search_results(
            request, queryset, search_term
        )
        return found

    def search_within(self, request: HttpRequest) -> Organization | None:
        """Whose rows are looked through; those of everybody without."""
        return None

    # --- Lookups in the address: what the page's own filters ask for, and nothing else ------------

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest) -> bool:
        """Django lets any column of the row through, and so says how a hidden one begins."""
        filters = self.get_list_filter(request)
        return any(lookup in getattr(entry, "parameters", ()) for entry in filters)

    # --- Changes: a service's refusal becomes an error of the form --------------------------------

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        extra_context = {
            "show_history": self.in_events is not None,
            "show_save_and_add_another": False,
            "show_save_and_continue": False,
            **(extra_context or {}),
        }
        resumed = interrupted.resume(request)
        if resumed is not None:
            keep(request, "_refusal", resumed)
        try:
            return super().changeform_view(request, object_id, form_url, extra_context)
        except DomainError as refusal:
            # Nothing was written. The same form once more, which now knows what is wrong.
            keep(request, "_refusal", refusal)
            return super().changeform_view(request, object_id, form_url, extra_context)

    def get_object(self, request: HttpRequest, object_id: str, from_field: Any = None) -> Any:
        """As Django has it; for what is being changed, as it stands once nobody else is at it."""
        found = super().get_object(request, object_id, from_field)
        if found is None or request.method != "POST" or not connection.in_atomic_block:
            return found
        rows = self.model._base_manager.select_for_update(no_key=True)
        rows.filter(pk=found.pk).values_list("pk", flat=True).first()
        return super().get_object(request, object_id, from_field)

    def get_form(
        self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any
    ) -> type[ModelForm]:
        form: type[ModelForm] = super().get_form(request, obj, change, **kwargs)
        refusal = getattr(request, "_refusal", None)
        return type(form.__name__, (_Refusable, form), {"refusal": refusal})

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        self.apply(request, obj, {name: form.cleaned_data[name] for name in form.changed_data})

    def response_change(self, request: HttpRequest, obj: Any) -> HttpResponse:
        messages.success(request, _("Saved."))
        return redirect(request.path)

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name in self.labels:
            kwargs["label"] = self.labels[db_field.name]
        return super().formfield_for_dbfield(db_field, request, **kwargs)

    def apply(self, request: HttpRequest, row: Any, changes: Mapping[str, Any]) -> None:
        """Have a service make the changes. Raises DomainError."""
        raise NotImplementedError(f"{type(self).__name__} cannot be edited.")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def _get_obj_does_not_exist_redirect(self, *args: Any) -> HttpResponse:
        # Django redirects with a message; a page that is not there is not there.
        raise Http404

    # --- Operations -------------------------------------------------------------------------------

    def may(self, request: HttpRequest, op: Operation, row: Any) -> bool:
        """Whether the caller may do `op`, to `row` if it is done to one. Each site decides."""
        raise NotImplementedError

    def get_actions(self, request: HttpRequest) -> Any:
        """Offer for ticked rows what this caller may do with them."""
        found = super().get_actions(request).items()
        operations = ((name, entry, getattr(entry[0], "operation", None)) for name, entry in found)
        return {name: entry for name, entry, op in operations if op and self.may(request, op, None)}

    def get_actions_list(self, request: HttpRequest) -> list[Any]:
        """Offer what this caller may do."""
        offered = super().get_actions_list(request)
        operations = ((one, one.method.operation) for one in offered)
        return [one for one, op in operations if op.header and self.may(request, op, None)]

    def get_actions_detail(self, request: HttpRequest, object_id: Any) -> list[Any]:
        """Offer what makes sense for this row and this caller."""
        row = self.row(request, object_id)
        offered = super().get_actions_detail(request, object_id) if row is not None else []
        operations = ((action, action.method.operation) for action in offered)
        return [
            action
            for action, op in operations
            if op.header and op.when(row) and self.may(request, op, row)
        ]

    @cached_property
    def creations(self) -> list[Operation]:
        """The operations behind `add/`."""
        names = self._extract_action_names(self.actions_list)
        methods: list[Any] = [getattr(self, name) for name in names]
        return [method.operation for method in methods if method.url_path == "add"]

    def row(self, request: HttpRequest, key: Any) -> Any:
        """The row that `key`, an id or the row itself, names among those of this page.

        Remembered for the request: Django and Unfold ask for permissions a dozen times a page.
        """
        known = request.__dict__.setdefault("_rows", {})
        pk = str(key.pk if isinstance(key, Model) else key)
        name = (self.model, pk)
        if name not in known:
            known[name] = self.get_object(request, pk)
        return known[name]

    def remember(self, request: HttpRequest, row: Any) -> None:
        """Spare this request another look for a row that was read from this page's rows."""
        request.__dict__.setdefault("_rows", {}).setdefault((self.model, str(row.pk)), row)

    # --- History: the audit trail, in place of Django's own log -----------------------------------

    def log_addition(self, *args: Any, **kwargs: Any) -> None:
        """The service recorded it."""

    def log_change(self, *args: Any, **kwargs: Any) -> None:
        """The service recorded it."""

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        row = self.row(request, object_id)
        if row is None or self.in_events is None or not self.has_view_permission(request, row):
            raise Http404
        trail = self.events(request, row)
        before = read(request.GET.get("before", ""))
        shown = list((trail.filter(id__lt=before) if before else trail)[: _EVENTS + 1])
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "original": row,
            "title": str(row),
            "events": shown[:_EVENTS],
            "older": f"?before={shown[_EVENTS - 1].pk}" if len(shown) > _EVENTS else "",
            "newest": "?" if before else "",
            **(extra_context or {}),
        }
        return TemplateResponse(request, "ui/history.html", context)

    def events(self, request: HttpRequest, row: Any) -> QuerySet[Event]:
        """What happened to `row`, newest first."""
        trail = self.trail(request).order_by("-id")
        if not self.in_events:
            return trail.about(row)
        about = {f"data__{self.in_events}__id": str(row.pk)}
        return trail.filter(organization=row.organization, **about)

    def trail(self, request: HttpRequest) -> Any:
        """The part of the audit trail that this site shows."""
        return Event.objects.all()


class _Refusable(SeenValues):
    """A model form that wipes nobody's change, and shows what a service refused, where it named a
    field, there."""

    refusal: DomainError | None

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        if self.refusal is None:
            return cleaned
        for name, sentences in display.refused_fields(self.refusal).items():
            self.add_error(name if name in self.fields else None, sentences)
        if not self.refusal.fields:
            self.add_error(None, display.refusal(self.refusal))
        return cleaned


class ReadOnly(Page):
    """A page of rows that programs write: to be looked at."""

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class Told(ReadOnly):
    """A page whose own template tells everything: it has no table of fields besides."""

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> list[Any]:
        return []
