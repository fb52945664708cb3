"""The reseller's API keys: issue, rotate with overlap, disable, revoke. A secret is shown once."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from unfold.enums import ActionVariant

from apikeys import portal_credentials
from apikeys.columns import GRANTED, SCOPES, KeyColumns, revelation, states
from apikeys.models import ApiKey
from apikeys.services import keys
from tenants.access import memberships
from tenants.access.gate import Right
from tenants.access.roles import Area
from tenants.models import Environment
from tenants.ui import filters
from tenants.ui.choices import AskFor, target
from tenants.ui.operations import Ask, creation, more, operation
from tenants.ui.revelations import Revelation
from tenants.ui.scoped import ScopedAdmin
from tenants.ui.sites import portal

# The page of settings enters itself.
_PAGES = (portal_credentials,)
_LIVES = (
    ("", _("Never")),
    ("30", _("In 30 days")),
    ("90", _("In 90 days")),
    ("365", _("In a year")),
)
_OVERLAPS = (
    ("0", _("At once")),
    ("1", _("After one hour")),
    ("24", _("After a day")),
    ("168", _("After a week")),
)


class AskKey(AskFor):
    """The form of a new key: its name, environment and reach."""

    name = forms.CharField(
        label=_("Name"),
        max_length=255,
        help_text=_("What it is used by, such as “ERP production”."),
    )
    description = forms.CharField(label=_("Description"), max_length=2000, required=False)
    environment = forms.ChoiceField(
        label=_("Environment"),
        choices=(
            (Environment.LIVE, _("Live: what it does counts")),
            (Environment.TEST, _("Test: for trying out, it changes nothing that is live")),
        ),
        initial=Environment.LIVE,
    )
    may = forms.ChoiceField(label=_("May do"), choices=GRANTED, required=False)
    kind = forms.ChoiceField(
        label=_("Reach"),
        choices=(
            (ApiKey.Kind.PLATFORM, _("Whom it is for, with all of its companies")),
            (ApiKey.Kind.COMPANY, _("This organization only")),
        ),
        # What a platform calls for first, its companies, takes a key that reaches them.
        initial=ApiKey.Kind.PLATFORM,
        help_text=_("Only a key of our own organization can reach our companies."),
    )
    expires_in = forms.ChoiceField(label=_("Expires"), choices=_LIVES, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not memberships.organization(self.request).is_platform:
            del self.fields["kind"]

    def clean(self) -> dict[str, Any]:
        answers: dict[str, Any] = super().clean() or {}
        whom = answers.get("organization")
        if answers.get("kind") == ApiKey.Kind.PLATFORM and whom and not whom.is_platform:
            answers["kind"] = ApiKey.Kind.COMPANY
        return answers


class AskOverlap(Ask):
    """How long the old key still works beside the new one."""

    hours = forms.ChoiceField(label=_("The old key ends"), choices=_OVERLAPS, initial="24")


class AskDefault(AskFor):
    """Whom the key acts for where a call names nobody."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        whom = self.fields.get("organization")
        if whom is not None:
            whom.label, whom.help_text = _("Acts for"), _("Where a call does not say for whom.")
            whom.initial = self.row.default_organization_id or self.row.organization_id


class AskReason(Ask):
    """Why; kept in the audit trail."""

    reason = forms.CharField(label=_("Reason"), max_length=500, required=False)


@admin.register(ApiKey, site=portal)
class KeyPage(KeyColumns, ScopedAdmin):
    """The keys of the organization and its companies. Their secrets are nowhere to be seen."""

    area = Area.KEYS
    when_empty = _("Programs sign in with keys. A key is shown once, when it is issued.")
    in_events = "key"
    in_search = 3
    related = ("organization", "created_by", "default_organization")
    list_display = ("title", "owner", "reach", "state_badge", "used", "made", "ends")
    list_filter = (
        filters.condition("state", _("state"), states()),
        filters.related("organization", _("organization")),
        filters.choice("environment", _("environment")),
        filters.choice("kind", _("reach")),
    )
    search_fields = ("name", "prefix", "last_four")
    search_help_text = _("Name or beginning of the key")
    ordering = ("-id",)
    fieldsets = (
        (None, {"fields": ("name", "description")}),
        (
            _("Facts"),
            {
                "fields": (
                    ("owner", "reach"),
                    ("state_badge", "shape"),
                    ("made", "maker"),
                    ("used", "ends"),
                    ("whom", "granted"),
                    "number",
                )
            },
        ),
    )
    readonly_fields = (
        "owner",
        "reach",
        "state_badge",
        "shape",
        "made",
        "maker",
        "used",
        "ends",
        "whom",
        "granted",
        "number",
    )
    actions_list = ("issue",)
    actions_detail = ("rotate", "enable", more("act_for", "disable", "revoke"))

    def apply(self, request: HttpRequest, row: ApiKey, changes: Mapping[str, Any]) -> None:
        keys.update(row, changes, by=memberships.actor(request))

    @creation(
        _("Issue a key"),
        ask=AskKey,
        submit=_("Issue"),
        icon="key",
    )
    def issue(self, request: HttpRequest, answers: dict[str, Any]) -> Revelation:
        days, scopes = answers.pop("expires_in"), SCOPES[answers.pop("may")]
        key, secret = keys.issue(
            self.chosen(request, target(request, answers)),
            by=memberships.actor(request),
            scopes=scopes,
            created_by=memberships.user(request),
            expires_at=timezone.now() + timedelta(days=int(days)) if days else None,
            **answers,
        )
        return revelation(key, secret)

    @operation(
        _("Rotate"),
        right=Right.CHANGE,
        description=_("Makes a new key with the same rights. The old one works on for a while."),
        ask=AskOverlap,
        when=lambda key: key.state in ("active", "expired"),
        icon="autorenew",
        dialog=False,
        once=True,
    )
    def rotate(self, request: HttpRequest, row: ApiKey, answers: dict[str, Any]) -> Revelation:
        overlap = timedelta(hours=int(answers["hours"]))
        return revelation(*keys.rotate(row, by=memberships.actor(request), overlap=overlap))

    @operation(
        _("Default organization"),
        right=Right.CHANGE,
        ask=AskDefault,
        submit=_("Save"),
        when=lambda key: key.kind == ApiKey.Kind.PLATFORM and key.state != "revoked",
        icon="domain",
        dialog=False,
    )
    def act_for(self, request: HttpRequest, row: ApiKey, answers: dict[str, Any]) -> str:
        chosen = self.chosen(request, target(request, answers))
        own = chosen.pk == row.organization_id
        keys.set_default(row, None if own else chosen, by=memberships.actor(request))
        return gettext("Calls that name nobody act for %(name)s.") % {"name": chosen.title}

    @operation(
        _("Disable"),
        right=Right.CHANGE,
        description=_("The key opens nothing until it is enabled again."),
        when=lambda key: key.state == "active",
        icon="pause",
    )
    def disable(self, request: HttpRequest, row: ApiKey, answers: dict[str, Any]) -> str:
        keys.disable(row, by=memberships.actor(request))
        return gettext("The key is disabled.")

    @operation(
        _("Enable"),
        right=Right.CHANGE,
        description=_("The key works again at once."),
        when=lambda key: key.state == "disabled",
        icon="play_arrow",
    )
    def enable(self, request: HttpRequest, row: ApiKey, answers: dict[str, Any]) -> str:
        keys.enable(row, by=memberships.actor(request))
        return gettext("The key works again.")

    @operation(
        _("Revoke"),
        right=Right.CHANGE,
        description=_("Ends the key for good. Whatever still uses it is refused from now on."),
        ask=AskReason,
        when=lambda key: key.state != "revoked",
        icon="block",
        variant=ActionVariant.DANGER,
    )
    def revoke(self, request: HttpRequest, row: ApiKey, answers: dict[str, Any]) -> str:
        keys.revoke(row, by=memberships.actor(request), reason=answers["reason"])
        return gettext("The key is revoked.")
