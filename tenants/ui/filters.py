"""Filters of the lists. Each says which parameters of the address it reads: no other is let in."""

from collections.abc import Callable, Iterator
from datetime import datetime, time, timedelta
from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.admin.widgets import AutocompleteSelect
from django.db.models import Model, Q, QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import DropdownFilter
from unfold.contrib.filters.forms import AutocompleteDropdownForm

from tenants.ids import read
from tenants.ui.forms import Form


class Choice(DropdownFilter):
    """Offers the choices of a field, or those that `options` lists for it."""

    field: str
    options: Any = None

    def lookups(self, request: HttpRequest, model_admin: Any) -> Any:
        if self.options is None:
            return model_admin.model._meta.get_field(self.field).flatchoices
        return self.options() if callable(self.options) else self.options

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        value = self.value()
        if not value:
            return queryset
        # What is no choice is found nowhere; the database need not see it.
        known = value in {str(key) for key, _label in self.lookup_choices}
        return queryset.filter(**{self.field: value}) if known else queryset.none()


def choice(field: str, title: Any = "", options: Any = None) -> type[Choice]:
    """A filter by a field of few values; `options` are those, or what tells them."""
    name = title or _(field.replace("_", " "))
    facts = {"field": field, "parameter_name": field, "title": name, "options": options}
    return type("Choice", (Choice,), {**facts, "parameters": (field,)})


class Condition(DropdownFilter):
    """Offers named conditions, each a narrowing of the list."""

    conditions: dict[str, tuple[Any, Callable[[QuerySet[Any]], QuerySet[Any]]]]

    def lookups(self, request: HttpRequest, model_admin: Any) -> Any:
        return [(key, label) for key, (label, _narrow) in self.conditions.items()]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        _label, narrow = self.conditions.get(self.value() or "", ("", lambda rows: rows))
        return narrow(queryset)


def condition(name: str, title: Any, conditions: dict[str, Any]) -> type[Condition]:
    """A filter by conditions that are no single column."""
    facts = {"parameter_name": name, "title": title, "conditions": conditions}
    return type("Condition", (Condition,), {**facts, "parameters": (name,)})


class Period(admin.ListFilter):
    """From one day to another, both included, in the current time zone."""

    template = "unfold/filters/filters_field.html"
    field: str

    def __init__(
        self, request: HttpRequest, params: dict[str, Any], model: type[Model], model_admin: Any
    ) -> None:
        super().__init__(request, params, model, model_admin)
        for name in self.expected_parameters():
            value = params.pop(str(name), [""])[-1]
            if value:
                self.used_parameters[str(name)] = value

    def has_output(self) -> bool:
        return True

    def expected_parameters(self) -> list[str | None]:
        return [f"{self.field}_from", f"{self.field}_to"]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        asked: dict[Any, Any] = dict(self.used_parameters)
        first, last = (_day(asked.get(name)) for name in self.expected_parameters())
        if first:
            queryset = queryset.filter(**{f"{self.field}__gte": first})
        if last:
            queryset = queryset.filter(**{f"{self.field}__lt": last + timedelta(days=1)})
        return queryset

    def choices(self, changelist: Any) -> Iterator[Any]:
        title = str(self.title).capitalize()
        labels: tuple[Any, Any] = (_("%(what)s from") % {"what": title}, _("to"))
        form = Form(self.used_parameters)
        for name, label in zip(self.expected_parameters(), labels, strict=True):
            widget = forms.DateInput()
            widget.input_type = "date"
            form.add(str(name), forms.CharField(label=label, required=False, widget=widget))
        yield {"form": form}


def _day(text: str | None) -> datetime | None:
    try:
        day = parse_date(text or "")
    except ValueError:
        day = None
    return timezone.make_aware(datetime.combine(day, time.min)) if day else None


def period(field: str, title: Any = "") -> type[Period]:
    """A filter by the days of a time."""
    parameters = (f"{field}_from", f"{field}_to")
    facts = {"field": field, "title": title or _(field.replace("_", " ")), "parameters": parameters}
    return type("Period", (Period,), facts)


class Related(admin.SimpleListFilter):
    """Rows of one related row, which is typed in and found in that row's own page's scope."""

    template = "unfold/filters/filters_field.html"
    field: str
    form_class = AutocompleteDropdownForm  # for the scripts that the page has to load

    def __init__(
        self, request: HttpRequest, params: dict[str, Any], model: type[Model], model_admin: Any
    ) -> None:
        self.request, self.admin = request, model_admin
        super().__init__(request, params, model, model_admin)

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[Any]:
        return []

    def has_output(self) -> bool:
        return self._offered()[1:2].exists()

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        value = self.value()
        # No number of characters is an error here: what names nothing finds nothing.
        return queryset.filter(**{self.field: read(value)}) if value else queryset

    def choices(self, changelist: Any) -> Iterator[Any]:
        column = self._column()
        widget = AutocompleteSelect(
            column, self.admin.admin_site, attrs={"class": "unfold-filter-autocomplete"}
        )
        chosen = forms.ModelChoiceField(
            self._offered(), label=self.title, required=False, widget=widget
        )
        form = Form({self.parameter_name: read(self.value() or "")})
        form.add(str(self.parameter_name), chosen)
        yield {"form": form}

    def _column(self) -> Any:
        """The foreign key itself, which may be one of a related row."""
        *way, name = self.field.split("__")
        model = self.admin.model
        for step in way:
            model = model._meta.get_field(step).remote_field.model
        return model._meta.get_field(name)

    def _offered(self) -> QuerySet[Any]:
        column = self._column()
        offered: QuerySet[Any] = self.admin.get_field_queryset(None, column, self.request)
        return column.remote_field.model._default_manager.all() if offered is None else offered


def related(field: str, title: Any = "") -> type[Related]:
    """A filter by a foreign key with any number of choices."""
    name = title or _(field.replace("_", " "))
    facts = {"field": field, "parameter_name": field, "title": name, "parameters": (field,)}
    return type("Related", (Related,), facts)


class Family(Related):
    """Rows of an organization and, for a platform, of the companies it manages."""

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        value = self.value()
        if not value:
            return queryset
        found = read(value)
        return queryset.filter(Q(**{self.field: found}) | Q(**{f"{self.field}__parent": found}))


def family(field: str = "organization") -> type[Family]:
    """A filter by an organization with all that it manages."""
    facts = {"field": field, "parameter_name": "platform", "parameters": ("platform",)}
    return type("Family", (Family,), {**facts, "title": _("platform and its companies")})
