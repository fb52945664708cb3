"""`StaffPage`: a page of the operator's admin. It shows every organization, and no secret."""

from typing import Any

from django import forms
from django.contrib.admin.widgets import AutocompleteSelect
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from tenants.ids import read
from tenants.models import Organization
from tenants.ui.operations import Ask
from tenants.ui.pages import Page


class StaffPage(Page):
    """A page for staff, by Django's own permissions."""

    def has_run_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """The right to an operation on rows that only programs write."""
        options = self.opts
        return request.user.has_perm(f"{options.app_label}.change_{options.model_name}")

    def has_create_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.has_add_permission(request)


class Creatable(Page):
    """A page whose "add" button leads to an operation. Goes before the page's own class."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        options = self.opts
        return request.user.has_perm(f"{options.app_label}.add_{options.model_name}")


class AskForAny(Ask):
    """An operation that makes something for any organization; `?organization=<id>` preselects."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        column = self.admin.model._meta.get_field("organization")
        field = forms.ModelChoiceField(
            Organization.objects.live(),
            label=_("For"),
            initial=read(self.request.GET.get("organization", "")),
            widget=AutocompleteSelect(column, self.admin.admin_site),
        )
        self.fields = {"organization": field, **self.fields}
