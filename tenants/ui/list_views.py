"""Lists that each person sees as they like: with the columns they chose, and views they saved."""

from typing import Any
from urllib.parse import urlencode

from django import forms
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from tenants.access import memberships
from tenants.access.gate import Right
from tenants.access.once import once
from tenants.models import ListView
from tenants.persistence import marked
from tenants.services import list_views
from tenants.ui.operations import Ask, operation
from tenants.ui.outcomes import Redirect
from tenants.ui.pages import Page

# What of an address is no narrowing of a list.
_PASSING = ("p", "all", "e", "of", "next")


class AskColumns(Ask):
    """Which columns to show."""

    columns = forms.MultipleChoiceField(
        label=_("Columns"), required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offered = [(name, self.admin.heading(name)) for name in self.admin.columns_to_choose]
        self.fields["columns"].choices = offered
        self.fields["columns"].widget.choices = offered
        self.fields["columns"].initial = self.admin.get_list_display(self.request)[1:]


class AskName(Ask):
    """Under which name to keep what the list shows."""

    name = forms.CharField(label=_("Name"), max_length=60)


class AskWhich(Ask):
    """Which view to delete."""

    view = forms.ChoiceField(label=_("View"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        mine = [one for one in self.admin.views(self.request) if one.name]
        self.fields["view"].choices = [(str(one.pk), one.name) for one in mine]


class ListViews(Page):
    """A list with tabs, saved views and chosen columns. Goes before the page's own class.

    The first of `list_display` always stays; `columns_to_choose` are the others that there are.
    """

    columns_to_choose: tuple[str, ...] = ()
    list_before_template = "ui/list_views.html"

    @property
    def _name(self) -> str:
        return f"{self.opts.app_label}.{self.opts.model_name}"

    def views(self, request: HttpRequest) -> list[ListView]:
        """The caller's views of this list, with the nameless one that says the columns."""
        return once(request, f"_views_{self._name}", self._read)

    def _read(self, request: HttpRequest) -> list[ListView]:
        whose = {
            "organization": memberships.organization(request),
            "user": memberships.user(request),
        }
        return list(ListView.objects.filter(page=self._name, **whose).order_by("name"))

    def get_list_display(self, request: HttpRequest) -> Any:
        usual = super().get_list_display(request)
        chosen = [name for one in self.views(request) if not one.name for name in one.columns]
        known = [name for name in self.columns_to_choose if name in chosen]
        return (usual[0], *known) if known else usual

    def heading(self, name: str) -> Any:
        """What a column is called."""
        return getattr(getattr(self, name), "short_description", name)

    def stage_tabs(self, request: HttpRequest, changelist: Any) -> list[dict[str, Any]]:
        """The tabs above the list: a title, how many rows, the address, whether it is open."""
        return []

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        answer: HttpResponse = super().changelist_view(request, extra_context)
        context = getattr(answer, "context_data", None)
        if isinstance(answer, TemplateResponse) and context and "cl" in context:
            context["list_tabs"] = self.stage_tabs(request, context["cl"])
            context["list_views"] = self._offered(request)
            context["list_view_links"] = self._links(request)
        return answer

    def _offered(self, request: HttpRequest) -> list[dict[str, Any]]:
        here = _narrowing(request)
        return [
            {"title": one.name, "link": f"?{one.query}", "here": one.query == here}
            for one in self.views(request)
            if one.name
        ]

    def _links(self, request: HttpRequest) -> dict[str, str]:
        stem = f"{self.admin_site.name}:{self.opts.app_label}_{self.opts.model_name}"
        here = _narrowing(request)
        back = urlencode({"next": f"{request.path}?{here}"})
        links = {"columns": f"{reverse(f'{stem}_set_columns')}?{back}"}
        if here:
            links["keep"] = f"{reverse(f'{stem}_keep_view')}?{urlencode({'of': here})}&{back}"
        if any(one.name for one in self.views(request)):
            links["forget"] = f"{reverse(f'{stem}_forget_view')}?{back}"
        return links

    @operation(
        _("Columns"),
        description=_("They are yours alone. Without any, the usual ones are shown."),
        ask=AskColumns,
        submit=_("Save"),
        right=Right.SEE,
        icon="view_column",
        header=False,
    )
    def set_columns(self, request: HttpRequest, answers: dict[str, Any]) -> str:
        whose = (memberships.organization(request), memberships.user(request))
        list_views.choose_columns(*whose, self._name, answers["columns"])
        return gettext("Saved.")

    @operation(
        _("Save this view"),
        description=_("What the list shows now is one click away from now on. It is yours alone."),
        ask=AskName,
        submit=_("Save"),
        right=Right.SEE,
        icon="bookmark_add",
        header=False,
    )
    def keep_view(self, request: HttpRequest, answers: dict[str, Any]) -> Redirect:
        whose = (memberships.organization(request), memberships.user(request))
        query = marked(request.GET.get("of", ""))[:1000]
        list_views.keep(*whose, self._name, name=answers["name"], query=query)
        stem = f"{self.admin_site.name}:{self.opts.app_label}_{self.opts.model_name}"
        return Redirect(f"{reverse(f'{stem}_changelist')}?{query}")

    @operation(
        _("Delete a view"),
        ask=AskWhich,
        submit=_("Delete"),
        right=Right.SEE,
        icon="bookmark_remove",
        header=False,
    )
    def forget_view(self, request: HttpRequest, answers: dict[str, Any]) -> str:
        mine = {str(one.pk): one for one in self.views(request)}
        list_views.forget(mine[answers["view"]])
        return gettext("The view is deleted.")


def _narrowing(request: HttpRequest) -> str:
    """What the address says of which rows to show and in which order."""
    asked = request.GET.copy()
    for name in _PASSING:
        asked.pop(name, None)
    return asked.urlencode()
