"""View as: how staff begin to view the portal as one of its people, and who did it when."""

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import Case, IntegerField, Value, When
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from tenants.access.gate import Right
from tenants.access.memberships import actor
from tenants.models import Impersonation, Membership, Organization, Role, User
from tenants.services import impersonation as impersonation_service
from tenants.ui import display, filters, impersonation
from tenants.ui.operations import Ask, operation
from tenants.ui.outcomes import Redirect
from tenants.ui.pages import ReadOnly
from tenants.ui.staff import StaffPage

# Longer than any team that is looked after; whoever comes later has the action on their own page.
_MOST = 100
_RANKS = Case(
    *(When(role=role, then=Value(rank)) for rank, role in enumerate(Role.values)),
    output_field=IntegerField(),
)


def memberships(row: Any) -> Any:
    """As whom staff may view from the page of an organization or of a user, owners first."""
    mine = {"organization": row} if isinstance(row, Organization) else {"user": row}
    return Membership.objects.filter(**mine).impersonatable().select_related("user", "organization")


def _is_impersonatable(row: Any) -> bool:
    return bool(memberships(row).exists())


class AskImpersonation(Ask):
    """As whom, and why; the organization's audit trail shows both."""

    member = forms.ChoiceField()
    reason = forms.CharField(
        label=_("Reason"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("The organization reads it in its audit trail."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["member"]
        of_organization = isinstance(self.row, Organization)
        field.label = _("As") if of_organization else _("In")
        found = memberships(self.row).order_by(_RANKS, "id")[:_MOST]
        self.members = {str(m.pk): m for m in found}
        offered = [(key, self._called(m, of_organization)) for key, m in self.members.items()]
        field.choices = field.widget.choices = offered

    def _called(self, membership: Membership, of_organization: bool) -> str:
        person = membership.user
        name = (
            f"{person.get_full_name()} <{person.email}>" if person.get_full_name() else person.email
        )
        whom = name if of_organization else membership.organization
        return f"{whom} · {membership.get_role_display()}"

    def clean_member(self) -> Membership:
        return self.members[self.cleaned_data["member"]]


class Impersonatable:
    """A page of an organization or a user from which staff view the portal as somebody."""

    @operation(
        _("View as…"),
        description=_(
            "For 30 minutes you view the portal as this person does, and can change nothing. "
            "The beginning and the end stand in the organization's audit trail."
        ),
        ask=AskImpersonation,
        submit=_("View"),
        right=Right.CHANGE,
        permission=impersonation.PERMISSION,
        when=_is_impersonatable,
        icon="visibility",
    )
    def view_as(self, request: HttpRequest, row: Any, answers: dict[str, Any]) -> Redirect:
        staff = request.user
        assert isinstance(staff, User)  # noqa: S101 — for the type checker; the site checked
        begun = impersonation_service.begin(
            answers["member"],
            staff=staff,
            reason=answers["reason"],
            by=actor(request),
        )
        return Redirect(impersonation.enter(request, begun))


@admin.register(Impersonation)
class ImpersonationPage(ReadOnly, StaffPage):
    """Who viewed whose portal as whom, when and why."""

    related = ("organization", "staff", "impersonated")
    list_display = ("who", "organization", "as_whom", "reason", "since", "until")
    list_filter = (
        filters.related("organization"),
        filters.condition(
            "now",
            _("under way"),
            {"yes": (_("Under way"), lambda rows: rows.under_way())},
        ),
        filters.period("begun_at", _("when")),
    )
    search_fields = ("staff__email", "impersonated__email", "organization__name", "reason")
    ordering = ("-id",)
    fieldsets = (
        (None, {"fields": (("who", "as_whom"), "organization", "reason", ("since", "until"))}),
    )
    readonly_fields = ("who", "as_whom", "since", "until")

    @admin.display(description=_("Who"), ordering="staff__email")
    def who(self, row: Impersonation) -> str:
        return row.staff.email

    @admin.display(description=_("As"), ordering="impersonated__email")
    def as_whom(self, row: Impersonation) -> str:
        return row.impersonated.email

    @admin.display(description=_("Began"), ordering="begun_at")
    def since(self, row: Impersonation) -> str:
        return display.moment(row.begun_at)

    @admin.display(description=_("Ended"), ordering="ended_at")
    def until(self, row: Impersonation) -> str:
        if row.ended_at is None:
            return display.pill("open", _("Under way"))
        return display.lines(display.moment(row.ended_at), row.get_ended_how_display())
