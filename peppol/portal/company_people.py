"""The people of a company, whom its platform invites and removes."""

from typing import Any

from django import forms
from django.http import HttpRequest
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from unfold.enums import ActionVariant

from tenants.access import memberships
from tenants.access.gate import Right
from tenants.access.roles import Area
from tenants.models import Company, Membership
from tenants.portal.organization import AskWhom
from tenants.services import people
from tenants.ui.operations import Ask, operation
from tenants.ui.pages import Page
from tenants.ui.scoped import scope


class AskMember(Ask):
    """Which of a company's people."""

    member: Any = forms.ModelChoiceField(None, label=_("Person"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        members = scope(Membership, self.request).filter(organization=self.row.pk)
        self.fields["member"].queryset = members.select_related("user")


class CompanyPeople(Page):
    """What can be done about a company's people. Goes before the page's own class."""

    @operation(
        _("Invite a person"),
        description=_("They sign in here and see this company alone."),
        ask=AskWhom,
        submit=_("Send the invitation"),
        right=Right.CHANGE,
        area=Area.TEAM,
        icon="person_add",
        header=False,
    )
    def invite(self, request: HttpRequest, row: Company, answers: dict[str, Any]) -> str:
        by = memberships.actor(request)
        invited = people.invite(row, by=by, invited_by=memberships.user(request), **answers)
        return gettext("The invitation to %(email)s is on its way.") % {"email": invited.email}

    @operation(
        _("Remove a person"),
        description=_("They lose access to this company at once."),
        ask=AskMember,
        submit=_("Remove"),
        right=Right.CHANGE,
        area=Area.TEAM,
        icon="person_remove",
        variant=ActionVariant.DANGER,
        header=False,
    )
    def remove_user(self, request: HttpRequest, row: Company, answers: dict[str, Any]) -> str:
        people.remove(answers["member"], by=memberships.actor(request))
        return gettext("%(person)s is no member any more.") % {"person": answers["member"].user}
