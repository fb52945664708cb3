"""`StaffPage`: a page of the operator's admin. It shows every organization, and no secret."""

from typing import Any

from django import forms
from django.contrib.admin.widgets import AutocompleteSelect
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from tenants.access.gate import Right
from tenants.ids import read
from tenants.models import Organization
from tenants.ui.operations import Ask, Operation
from tenants.ui.pages import Page

# What Django calls the rights.
_VERBS = {
    Right.SEE: "view",
    Right.CHANGE: "change",
    Right.CREATE: "add",
    Right.GOVERN: "change",
}


class StaffPage(Page):
    """A page for staff, by Django's own permissions."""

    def opens(self, request: HttpRequest, right: Right, **_: Any) -> bool:
        """Whether the caller has a right to rows of this kind."""
        options = self.opts
        return request.user.has_perm(f"{options.app_label}.{_VERBS[right]}_{options.model_name}")

    def may(self, request: HttpRequest, op: Operation, row: Any) -> bool:
        """Whether the caller has the permission that `op` declares."""
        if op.permission:
            return request.user.has_perm(op.permission)
        return op.right is not None and self.opens(request, op.right)


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
