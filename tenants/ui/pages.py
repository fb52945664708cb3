"""What the pages of both sites have in common: services write, events remember."""

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.contrib.admin import ShowFacets
from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.admin.views.main import SEARCH_VAR, ChangeListSearchForm
from django.core.paginator import InvalidPage
from django.db import connection, models
from django.db.models import Model, QuerySet
from django.forms import ModelForm
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from unfold.admin import ModelAdmin
from unfold.views import ChangeList
from unfold.widgets import UnfoldAdminExpandableTextareaWidget

from tenants.access.once import keep
from tenants.errors import DomainError
from tenants.ids import read
from tenants.models import Event
from tenants.search_text import check_searchable, is_searchable
from tenants.ui import display, interrupted
from tenants.ui.paging import Window
from tenants.ui.seen_values import SeenValues

# So many events are on a page of a history.
_EVENTS = 50


class SearchForm(ChangeListSearchForm):
    """The search box of a list, which says what is too long to be looked for."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields[SEARCH_VAR].validators.append(check_searchable)


class Rows(ChangeList):
    """A list of which one page is read, and counted no further than is quick.

    It is called as in the sidebar and the tabs.
    """

    search_form_class = SearchForm

    def __init__(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().__init__(request, *args, **kwargs)
        named = self.model_admin.admin_site.navigation.title(request.path)
        self.title = named or capfirst(self.opts.verbose_name_plural)

    def get_results(self, request: HttpRequest) -> None:
        per_page = self.list_max_show_all if self.show_all else self.list_per_page
        try:
            counted = self.model_admin.counts_rows
            window = Window(self.queryset, per_page, self.page_num, counted=counted)
        except InvalidPage as error:
            raise IncorrectLookupParameters from error
        self.paginator, self.result_list = window, window.rows
        self.result_count = self.full_result_count = window.count
        self.multi_page = self.page_num > 1 or window.has_next
        self.can_show_all = counted and window.count <= self.list_max_show_all
        self.show_admin_actions, self.show_full_result_count = True, False

    @property
    def is_narrowed(self) -> bool:
        """Whether it shows less than there is."""
        return bool(self.query or self.has_active_filters)


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
        """As Django has it; nothing for what is too long to be looked for."""
        if not is_searchable(search_term):
            return queryset.none(), False
        found: tuple[QuerySet[Any], bool] = super().get_search_results(
            request, queryset, search_term
        )
        return found

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

    def get_actions_detail(self, request: HttpRequest, object_id: Any) -> list[Any]:
        """Offer what makes sense for this row and this caller."""
        row = self.row(request, object_id)
        offered = super().get_actions_detail(request, object_id) if row is not None else []
        operations = ((action, action.method.operation) for action in offered)
        return [action for action, op in operations if op.header and op.when(row)]

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
