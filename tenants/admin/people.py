"""The operator's users, memberships and invitations."""

from typing import Any

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.contrib import admin
from django.contrib.admin import ModelAdmin
from django.contrib.auth.models import Group
from django.db.models import Count, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from tenants.admin.impersonations import Impersonatable
from tenants.models import Invitation, Membership, User
from tenants.ui import display, filters
from tenants.ui.pages import ReadOnly
from tenants.ui.staff import StaffPage

# Addresses are confirmed by their owners; second factors hold secrets; rights come from roles.
admin.site.unregister([EmailAddress, Authenticator, Group])


@admin.register(User)
class UserPage(Impersonatable, StaffPage):
    """People. They set their own passwords and second factors."""

    in_search = 2
    list_display = ("person", "state_badge", "organizations", "seen", "since")
    list_filter = (
        filters.condition(
            "who",
            _("who"),
            {
                "staff": (_("Operator staff"), lambda rows: rows.filter(is_staff=True)),
                "idle": (_("Never signed in"), lambda rows: rows.filter(last_login=None)),
                "out": (_("Deactivated"), lambda rows: rows.filter(is_active=False)),
            },
        ),
        filters.period("date_joined", _("joined")),
    )
    search_fields = ("email", "first_name", "last_name")
    ordering = ("-date_joined",)
    fieldsets = (
        (None, {"fields": ("email", ("first_name", "last_name"))}),
        (_("Rights"), {"fields": ("is_active", "is_staff", "is_superuser")}),
        (_("Facts"), {"fields": (("seen", "since"), "organizations")}),
    )
    readonly_fields = ("email", "seen", "since", "organizations")
    actions_detail = ("view_as",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[User]:
        return super().get_queryset(request).annotate(membership_count=Count("memberships"))

    def save_model(self, request: HttpRequest, obj: User, form: Any, change: bool) -> None:
        # A user belongs to no organization, so no audit trail of one would tell of this.
        obj.save(update_fields=form.changed_data or None)
        ModelAdmin.log_change(self, request, obj, [{"changed": {"fields": form.changed_data}}])

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        # Whoever could make superusers would be one.
        rights = () if request.user.is_superuser else ("is_staff", "is_superuser")
        return (*self.readonly_fields, *rights)

    @admin.display(description=_("State"))
    def state_badge(self, row: User) -> str:
        staff = [("platform", _("Operator staff"))] if row.is_staff else []
        state = ("active", "") if row.is_active else ("disabled", _("Deactivated"))
        return display.pills(state, *staff)

    @admin.display(description=_("Person"), ordering="email")
    def person(self, row: User) -> str:
        return display.lines(row, row.email if row.get_full_name() else "")

    @admin.display(description=_("Memberships"), ordering="membership_count")
    def organizations(self, row: Any) -> int:
        return row.membership_count

    @admin.display(description=_("Last signed in"), ordering="last_login")
    def seen(self, row: User) -> str:
        return display.moment(row.last_login, _("Never"))

    @admin.display(description=_("Joined"), ordering="date_joined")
    def since(self, row: User) -> str:
        return display.moment(row.date_joined)


@admin.register(Membership)
class MembershipPage(ReadOnly, StaffPage):
    """Who may do what where. An organization's owners decide it."""

    related = ("user", "organization")
    list_display = ("user", "organization", "as_what", "since")
    list_filter = (
        filters.choice("role"),
        filters.related("organization"),
        filters.condition(
            "address",
            _("e-mail address"),
            {"unconfirmed": (_("Not confirmed"), lambda rows: rows.unconfirmed())},
        ),
    )
    search_fields = ("user__email", "organization__name")
    ordering = ("-id",)
    fields = list_display
    readonly_fields = ("as_what", "since")

    @admin.display(description=_("Role"), ordering="role")
    def as_what(self, row: Membership) -> str:
        return display.pill(row.role, row.get_role_display())

    @admin.display(description=_("Member since"), ordering="created_at")
    def since(self, row: Membership) -> str:
        return display.moment(row.created_at)


@admin.register(Invitation)
class InvitationPage(ReadOnly, StaffPage):
    """Offers of memberships, and what became of them."""

    related = ("organization", "invited_by")
    list_display = ("email", "organization", "role", "state_badge", "invited_by", "until")
    list_filter = (
        filters.related("organization"),
        filters.choice("role"),
        filters.condition(
            "open", _("answer"), {"yes": (_("Not answered"), lambda rows: rows.unanswered())}
        ),
    )
    search_fields = ("email", "organization__name")
    ordering = ("-id",)
    fields = list_display
    readonly_fields = ("state_badge", "until")

    @admin.display(description=_("State"))
    def state_badge(self, row: Invitation) -> str:
        return display.pill(row.state)

    @admin.display(description=_("Good until"), ordering="expires_at")
    def until(self, row: Invitation) -> str:
        return display.moment(row.expires_at)
