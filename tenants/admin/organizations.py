"""The operator's organizations: verify, suspend, close, put into test mode, let people in."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.contrib import admin
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from unfold.enums import ActionVariant

from tenants import tallies
from tenants.access import memberships
from tenants.access.gate import Right
from tenants.admin.entitlements import Entitled
from tenants.admin.impersonations import Impersonatable
from tenants.models import Environment, Organization, Role
from tenants.services import organizations, people
from tenants.ui import display, filters, tiles
from tenants.ui.operations import Ask, creation, more, operation
from tenants.ui.outcomes import Done
from tenants.ui.profile_fields import PROFILE_FIELDSETS, ProfileFields, asked
from tenants.ui.staff import Creatable, StaffPage

Kind, Status = Organization.Kind, Organization.Status


class AskWhy(Ask):
    """Why; the organization's people and the audit trail see it."""

    reason = forms.CharField(
        label=_("Reason"), max_length=500, widget=forms.Textarea(attrs={"rows": 3})
    )


def reactivation_said(row: Organization) -> str:
    """What to say of one whose suspension was just undone."""
    if row.status == Status.PENDING:
        return gettext("%(name)s waits to be verified again.") % {"name": row.title}
    return gettext("%(name)s is active again.") % {"name": row.title}


class AskTwice(AskWhy):
    """Why, and the name typed out: there is no way back."""

    name = forms.CharField(label=_("Type the organization's name"), max_length=255)

    def clean_name(self) -> str:
        typed: str = self.cleaned_data["name"].strip()
        if typed != self.row.name:
            raise forms.ValidationError(
                _("This is not the name. It is “%(name)s”."), params={"name": self.row.name}
            )
        return typed


class AskOrganization(Ask):
    """A new organization, and whom to invite as its owner."""

    name = asked("name")
    kind = forms.ChoiceField(
        label=_("Kind"),
        choices=[(k.value, k.label) for k in (Kind.PLATFORM, Kind.BUSINESS)],
    )
    country = asked("country")
    owner = forms.EmailField(
        label=_("Owner's e-mail address"),
        max_length=254,
        required=False,
        help_text=_("Gets an invitation. Left empty, nobody can sign in to it yet."),
    )


class AskPerson(Ask):
    """The address of somebody to invite, and their role."""

    email = forms.EmailField(label=_("E-mail address"), max_length=254)
    role = forms.ChoiceField(label=_("Role"), choices=Role.choices)


@admin.register(Organization)
class OrganizationPage(Impersonatable, Entitled, Creatable, ProfileFields, StaffPage):
    """Every business account: businesses, platforms and the companies they manage."""

    in_events = ""
    in_search = 1
    related = ("parent",)
    list_display = ("title", "kind_label", "state_badge", "manager", "managed", "country", "since")
    list_filter = (
        filters.choice("status", _("state")),
        filters.choice("kind"),
        filters.choice("environment"),
        filters.related("parent", _("platform")),
        filters.condition(
            "deleted",
            _("deleted"),
            {
                "no": (_("Not deleted"), lambda rows: rows.live()),
                "yes": (_("Deleted"), lambda rows: rows.exclude(deleted_at=None)),
            },
        ),
        filters.period("created_at", _("created")),
    )
    search_fields = ("name", "legal_name", "display_name", "company_number", "vat_number", "handle")
    search_help_text = _("Name or number")
    ordering = ("-id",)
    fieldsets = PROFILE_FIELDSETS
    change_form_outer_before_template = "admin/organizations/organization.html"
    actions_list = ("create",)
    actions_detail = (
        "activate",
        "refuse",
        "view_as",
        "suspend",
        "reactivate",
        more("entitle", "invite", "set_test_mode", "enable_live", "close"),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Organization]:
        return super().get_queryset(request).annotate(company_count=tallies.companies())

    # --- The page ---------------------------------------------------------------------------------

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        row = self.row(request, object_id)
        page_context = {"glance": self.head(row, ""), "tiles": tiles.tiles(row)} if row else {}
        # The history is one of the tabs.
        context = {"show_history": False, **page_context}
        return super().change_view(request, object_id, form_url, context)

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        row = self.row(request, object_id)
        head = {"company": self.head(row, "history")} if row else {}
        return super().history_view(request, object_id, head)

    def head(self, row: Organization, here: str) -> dict[str, Any]:
        """What stands above either tab."""
        tabs = (("", "change", _("Organization")), ("history", "history", _("History")))
        return {
            "row": row,
            "tabs": [
                {
                    "title": title,
                    "link": reverse(f"admin:tenants_organization_{page}", args=[row.pk]),
                    "here": key == here,
                }
                for key, page, title in tabs
            ],
        }

    def apply(self, request: HttpRequest, row: Organization, changes: Mapping[str, Any]) -> None:
        organizations.update(row, changes, by=memberships.actor(request))

    @admin.display(description=_("Organization"), ordering="name")
    def title(self, row: Organization) -> str:
        return display.lines(row.title, row.legal_name if row.legal_name != row.title else "")

    @admin.display(description=_("Kind"), ordering="kind")
    def kind_label(self, row: Organization) -> str:
        return display.pill(row.kind, row.get_kind_display())

    @admin.display(description=_("State"), ordering="status")
    def state_badge(self, row: Organization) -> str:
        test = row.test_mode or row.environment == "test"
        gone = [("revoked", _("Deleted"))] if row.deleted_at else []
        state = (row.status, row.get_status_display())
        return display.pills(state, *([("test", _("Test"))] if test else []), *gone)

    @admin.display(description=_("Platform"), ordering="parent__name")
    def manager(self, row: Organization) -> Any:
        if row.parent is None:
            return "–"
        url = reverse("admin:tenants_organization_change", args=[row.parent_id])
        return display.link(url, row.parent.title)

    @admin.display(description=_("Companies"), ordering="company_count")
    def managed(self, row: Any) -> str:
        if not row.is_platform:
            return "–"
        limit = row.company_limit
        return f"{row.company_count} / {limit}" if limit is not None else str(row.company_count)

    @admin.display(description=_("Created"), ordering="created_at")
    def since(self, row: Organization) -> str:
        return display.moment(row.created_at)

    @creation(
        _("New organization"),
        ask=AskOrganization,
        submit=_("Create"),
        icon="add_business",
    )
    def create(self, request: HttpRequest, answers: dict[str, Any]) -> Done:
        kind, owner = answers.pop("kind"), answers.pop("owner")
        by = memberships.actor(request)
        with transaction.atomic():
            made = organizations.create(kind, answers, by=by)
            if owner:
                people.invite(made, email=owner, role=Role.OWNER, by=by)
        return Done(gettext("%(name)s is created.") % {"name": made.title}, made)

    @operation(
        _("Verify"),
        right=Right.CHANGE,
        description=_("The organization becomes fully operational."),
        when=lambda row: row.status == Status.PENDING,
        icon="verified",
        variant=ActionVariant.PRIMARY,
    )
    def activate(self, request: HttpRequest, row: Organization, answers: dict[str, Any]) -> str:
        organizations.activate(row, by=memberships.actor(request))
        return gettext("%(name)s is active.") % {"name": row.title}

    @operation(
        _("Suspend"),
        right=Right.CHANGE,
        description=_("Its keys stop at once, for a platform its companies' too. Data stays."),
        ask=AskWhy,
        when=lambda row: row.status in (Status.ACTIVE, Status.PENDING),
        icon="pause_circle",
    )
    def suspend(self, request: HttpRequest, row: Organization, answers: dict[str, Any]) -> str:
        organizations.suspend(row, by=memberships.actor(request), **answers)
        return gettext("%(name)s is suspended.") % {"name": row.title}

    @operation(
        _("Reactivate"),
        right=Right.CHANGE,
        when=lambda row: row.status == Status.SUSPENDED,
        icon="play_circle",
    )
    def reactivate(self, request: HttpRequest, row: Organization, answers: dict[str, Any]) -> str:
        row = organizations.reactivate(row, by=memberships.actor(request))
        return reactivation_said(row)

    @operation(
        _("Refuse"),
        right=Right.CHANGE,
        description=_("It is closed for good, with the reason that its platform reads."),
        ask=AskWhy,
        when=lambda row: row.status == Status.PENDING,
        icon="block",
        variant=ActionVariant.DANGER,
    )
    def refuse(self, request: HttpRequest, row: Organization, answers: dict[str, Any]) -> str:
        organizations.close(row, reason=answers["reason"], by=memberships.actor(request))
        return gettext("%(name)s is refused.") % {"name": row.title}

    @operation(_("Invite a person"), right=Right.CHANGE, ask=AskPerson, icon="person_add")
    def invite(self, request: HttpRequest, row: Organization, answers: dict[str, Any]) -> str:
        people.invite(row, by=memberships.actor(request), **answers)
        return gettext("The invitation to %(email)s is on its way.") % answers

    @operation(
        _("Test mode"),
        description=_(
            "In test mode an organization is kept off the Peppol network: its identifiers are "
            "taken off, and nothing is sent. Afterwards they are registered again by hand."
        ),
        right=Right.CHANGE,
        icon="science",
    )
    def set_test_mode(self, request: HttpRequest, row: Organization, answers: Any) -> str:
        on = not row.test_mode
        organizations.set_test_mode(row, on, by=memberships.actor(request))
        return gettext("Test mode is on.") if on else gettext("Test mode is off.")

    @operation(
        _("Let it go live"),
        right=Right.CHANGE,
        description=_("It leaves the test environment for good."),
        when=lambda row: row.environment == Environment.TEST,
        icon="rocket_launch",
    )
    def enable_live(self, request: HttpRequest, row: Organization, answers: dict[str, Any]) -> str:
        organizations.enable_live(row, by=memberships.actor(request))
        return gettext("%(name)s is live.") % {"name": row.title}

    @operation(
        _("Close for good"),
        right=Right.CHANGE,
        description=_("Everything it does ends, and there is no way back. Its data is kept."),
        ask=AskTwice,
        submit=_("Close it for good"),
        when=lambda row: row.status != Status.CLOSED,
        icon="cancel",
        variant=ActionVariant.DANGER,
    )
    def close(self, request: HttpRequest, row: Organization, answers: dict[str, Any]) -> str:
        organizations.close(row, reason=answers["reason"], by=memberships.actor(request))
        return gettext("%(name)s is closed.") % {"name": row.title}
