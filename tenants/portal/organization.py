"""The reseller's pages about itself: its own profile and its team."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.conf import settings as installation
from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from unfold.enums import ActionVariant

from tenants.access import memberships
from tenants.access.gate import Right
from tenants.access.roles import Area
from tenants.models import Invitation, Membership, Organization, Role
from tenants.portal import audit_trail, branding, capabilities, custom_domain, platform_application
from tenants.services import mails, organizations, people, settings
from tenants.ui import display, filters, outsiders, settings_page
from tenants.ui.operations import Ask, more, operation
from tenants.ui.pages import ReadOnly
from tenants.ui.profile_fields import PROFILE_FIELDSETS, ProfileFields
from tenants.ui.scoped import ScopedAdmin
from tenants.ui.sites import portal


class AskLanguage(Ask):
    """In which language mails to one's people are written, and one's statements."""

    language = forms.ChoiceField(label=_("Language"), choices=installation.LANGUAGES)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["language"].initial = mails.language_of(self.row)


# Pages of settings enter themselves; this is the order of their tabs.
_PAGES = (branding, custom_domain, capabilities, platform_application)
# So does the audit trail, which is a page of its own.
_TRAIL = audit_trail


@admin.register(Organization, site=portal)
class OrganizationPage(ProfileFields, ScopedAdmin):
    """One's own profile. The list leads there; other pages find organizations by typing here."""

    area = Area.SETTINGS
    in_events = ""
    fieldsets = PROFILE_FIELDSETS
    change_form_outer_before_template = "portal/settings/tabs.html"
    search_fields = ("name", "legal_name", "display_name", "company_number", "vat_number")
    ordering = ("name", "id")
    actions_detail = (more("write_in"),)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        # Choosing one of one's companies in a form takes no right to the settings.
        return self._owns(request, obj)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_change_permission(request, obj) and self.admits(request, obj)

    def admits(self, request: HttpRequest, row: Any) -> bool:
        """A company's profile has a page of its own."""
        return row is None or self._is_own(request, row)

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        return redirect(self._address(memberships.organization(request).pk))

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        row = self.row(request, object_id)
        if row is not None and not self._is_own(request, row):
            return redirect("portal:tenants_company_change", row.pk)
        context = {"settings_tabs": settings_page.tabs(request), **(extra_context or {})}
        return super().change_view(request, object_id, form_url, context)

    def apply(self, request: HttpRequest, row: Organization, changes: Mapping[str, Any]) -> None:
        organizations.update(row, changes, by=memberships.actor(request))

    @operation(
        _("Language of mails and statements"),
        right=Right.CHANGE,
        description=_(
            "Mails to your people and to those of your companies are written in it, and what you "
            "are billed."
        ),
        ask=AskLanguage,
        submit=_("Save"),
        icon="translate",
    )
    def write_in(self, request: HttpRequest, row: Organization, answers: dict[str, Any]) -> str:
        settings.change(row, defaults=answers, by=memberships.actor(request))
        return gettext("Saved.")

    def _is_own(self, request: HttpRequest, obj: Any) -> bool:
        return str(getattr(obj, "pk", obj)) == str(memberships.organization(request).pk)

    def _address(self, pk: Any) -> str:
        return reverse("portal:tenants_organization_change", args=[pk])


class AskRole(Ask):
    """Which role: ownership is given by owners only."""

    role = forms.ChoiceField(label=_("Role"), choices=Role.choices)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        mine = memberships.membership(self.request)
        offered = [c for c in Role.choices if c[0] != Role.OWNER or _is_owner(mine)]
        role = self.fields["role"]
        role.choices = offered
        role.initial = getattr(self.row, "role", Role.ADMIN)


class AskWhom(AskRole):
    """The address of somebody to invite, and their role."""

    email = forms.EmailField(label=_("E-mail address"), max_length=254)
    first_name = forms.CharField(label=_("First name"), max_length=150, required=False)
    last_name = forms.CharField(label=_("Last name"), max_length=150, required=False)
    field_order = ["email", "first_name", "last_name", "role"]


class OfTheTeam(ScopedAdmin):
    """A page about the people of the organization itself."""

    area = Area.TEAM
    list_per_page = 100

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).filter(organization=memberships.organization(request))

    def admits(self, request: HttpRequest, row: Any) -> bool:
        """Owners are changed by owners."""
        above_me = getattr(row, "role", None) == Role.OWNER
        return not above_me or _is_owner(memberships.membership(request))


@admin.register(Membership, site=portal)
class MemberPage(ReadOnly, OfTheTeam):
    """The members, their roles, and their going."""

    related = ("user", "organization")
    list_display = ("person", "as_what", "since")
    list_filter = (filters.choice("role"),)
    search_fields = ("user__email", "user__first_name", "user__last_name")
    search_help_text = _("Name or e-mail address")
    fields = ("person", "as_what", "since")
    readonly_fields = fields
    ordering = ("user__email",)
    actions_list = ("invite",)
    actions_detail = ("change_role", more("remove"))

    @admin.display(description=_("Person"), ordering="user__email")
    def person(self, row: Membership) -> str:
        return display.lines(row.user, row.user.email if row.user.get_full_name() else "")

    @admin.display(description=_("Role"), ordering="role")
    def as_what(self, row: Membership) -> str:
        return display.pill(row.role, row.get_role_display())

    @admin.display(description=_("Member since"), ordering="created_at")
    def since(self, row: Membership) -> str:
        return display.moment(row.created_at)

    @operation(_("Change role"), ask=AskRole, right=Right.CHANGE, icon="badge")
    def change_role(self, request: HttpRequest, row: Membership, answers: dict[str, Any]) -> str:
        people.change_role(row, answers["role"], by=memberships.actor(request))
        return gettext("%(person)s has another role now.") % {"person": row.user}

    @operation(
        _("Remove"),
        description=_("The person loses access at once. Keys they issued keep working."),
        right=Right.CHANGE,
        icon="person_remove",
        variant=ActionVariant.DANGER,
    )
    def remove(self, request: HttpRequest, row: Membership, answers: dict[str, Any]) -> str:
        people.remove(row, by=memberships.actor(request))
        return gettext("%(person)s is no member any more.") % {"person": row.user}

    @operation(
        _("Invite a person"),
        ask=AskWhom,
        submit=_("Send the invitation"),
        right=Right.CHANGE,
        icon="person_add",
        variant=ActionVariant.PRIMARY,
    )
    def invite(self, request: HttpRequest, answers: dict[str, Any]) -> str:
        invited = people.invite(
            memberships.organization(request),
            by=memberships.actor(request),
            invited_by=memberships.user(request),
            **answers,
        )
        return gettext("The invitation to %(email)s is on its way.") % {"email": invited.email}


@admin.register(Invitation, site=portal)
class InvitationPage(ReadOnly, OfTheTeam):
    """Who was invited and has yet to answer."""

    when_empty = _("Everybody whom you invited has answered.")
    search_help_text = _("Name or e-mail address")
    related = ("invited_by", "organization")
    list_display = ("person", "as_what", "state_badge", "inviter", "good_until")
    search_fields = ("email", "first_name", "last_name")
    fields = list_display
    ordering = ("-id",)
    actions_detail = ("remind", more("withdraw"))

    def get_queryset(self, request: HttpRequest) -> Any:
        return outsiders.inviters(super().get_queryset(request), request)

    def admits(self, request: HttpRequest, row: Any) -> bool:
        return True

    @admin.display(description=_("Person"), ordering="email")
    def person(self, row: Invitation) -> str:
        return display.lines(row.email, f"{row.first_name} {row.last_name}".strip())

    @admin.display(description=_("Role"), ordering="role")
    def as_what(self, row: Invitation) -> str:
        return row.get_role_display()

    @admin.display(description=_("State"))
    def state_badge(self, row: Invitation) -> str:
        return display.pill(row.state)

    @admin.display(description=_("Invited by"))
    def inviter(self, row: Invitation) -> Any:
        return getattr(row, "by_platform", "") or row.invited_by or "–"

    @admin.display(description=_("Good until"), ordering="expires_at")
    def good_until(self, row: Invitation) -> str:
        return display.moment(row.expires_at)

    @operation(
        _("Send again"),
        description=_("The mail goes out once more and is good for another seven days."),
        right=Right.CHANGE,
        when=lambda row: row.state in ("open", "expired"),
        icon="forward_to_inbox",
    )
    def remind(self, request: HttpRequest, row: Invitation, answers: dict[str, Any]) -> str:
        people.remind(row, by=memberships.actor(request))
        return gettext("The invitation to %(email)s is on its way again.") % {"email": row.email}

    @operation(
        _("Withdraw"),
        description=_("The link in the mail opens nothing any more."),
        right=Right.CHANGE,
        when=lambda row: row.state in ("open", "expired"),
        icon="cancel_schedule_send",
        variant=ActionVariant.DANGER,
    )
    def withdraw(self, request: HttpRequest, row: Invitation, answers: dict[str, Any]) -> str:
        people.withdraw(row, by=memberships.actor(request))
        return gettext("The invitation to %(email)s is withdrawn.") % {"email": row.email}


def _is_owner(membership: Membership | None) -> bool:
    return membership is not None and membership.role == Role.OWNER
