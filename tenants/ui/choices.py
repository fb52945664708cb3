"""The choice of an organization in a form: one of the scope, found by typing."""

from typing import Any

from django import forms
from django.contrib.admin.widgets import AutocompleteSelect
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from tenants.access import memberships
from tenants.ids import read
from tenants.models import Organization
from tenants.ui.operations import Ask
from tenants.ui.scoped import scope


class AskFor(Ask):
    """An operation that makes something for the own organization or one of its companies.

    Whoever has no companies is not asked. `?organization=<id>` preselects, when it is in scope.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not memberships.organization(self.request).is_platform:
            return
        offered = scope(Organization, self.request)
        column = self.admin.model._meta.get_field("organization")
        field = forms.ModelChoiceField(
            offered,
            label=_("For"),
            initial=preselected(self.request).pk,
            widget=AutocompleteSelect(column, self.admin.admin_site),
            help_text=_("Your own organization, or one of your companies."),
        )
        self.fields = {"organization": field, **self.fields}

    def clean_organization(self) -> Organization:
        organization: Organization = self.cleaned_data["organization"]
        return organization


def target(request: HttpRequest, answers: dict[str, Any]) -> Organization:
    """The organization that an answered `AskFor` named, one's own when it was not asked."""
    return answers.pop("organization", None) or memberships.organization(request)


def preselected(request: HttpRequest) -> Organization:
    """The organization that `?organization=<id>` names, when it is in scope; else one's own."""
    asked = read(request.GET.get("organization", ""))
    wanted = scope(Organization, request).filter(pk=asked).first() if asked else None
    return wanted or memberships.organization(request)
