"""The operator's view of keys: issue one for an organization, disable, revoke. Never a secret."""

from datetime import timedelta
from typing import Any

from allauth.idp.oidc.models import Client, Token
from django import forms
from django.contrib import admin
from django.db.models import Count, Max
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from unfold.enums import ActionVariant

from apikeys.columns import KeyColumns, conditions, revelation, states
from apikeys.models import ApiKey
from apikeys.services import keys
from tenants.access import memberships
from tenants.access.gate import Right
from tenants.models import Environment, Organization
from tenants.ui import display, filters
from tenants.ui.operations import Ask, creation, more, operation
from tenants.ui.pages import ReadOnly
from tenants.ui.revelations import Revelation
from tenants.ui.staff import AskForAny, Creatable, StaffPage
from tenants.ui.tiles import Fact, Tile, added, counted, listed, tile

# Their pages would show hashes and let rights be edited that only our services may give.
admin.site.unregister([Client, Token])


@tile(50)
def keys_at_a_glance(row: Organization) -> Tile:
    """Its keys by state, and when one of them was last used."""
    known = conditions().items()
    numbers = {key: Count("pk", filter=condition) for key, (_name, condition) in known}
    # In one look: of a platform's keys each would take as long as all of them.
    n = ApiKey.objects.visible_to(row).aggregate(used=Max("last_used_at"), **numbers)
    found, used = [(key, name, n[key]) for key, (name, _condition) in known], n["used"]
    facts = counted("apikeys_apikey", row, "state", found)
    if facts:
        facts += (
            Fact(_("Last used"), display.moment(used, _("Never")), listed("apikeys_apikey", row)),
        )
    return Tile(
        _("API keys"),
        facts,
        empty=_("None yet."),
        add=added("apikeys_apikey", row),
        add_text=_("Issue a key"),
    )


class AskKey(AskForAny):
    """The form of a new key: its name, environment and reach."""

    name = forms.CharField(label=_("Name"), max_length=255, initial="Organization key")
    environment = forms.ChoiceField(
        label=_("Environment"), choices=Environment.choices, initial=Environment.LIVE
    )
    days = forms.IntegerField(
        label=_("Expires in days"), required=False, min_value=1, max_value=3650
    )


class AskReason(Ask):
    """Why; the key's organization can read it."""

    reason = forms.CharField(label=_("Reason"), max_length=500)


@admin.register(ApiKey)
class KeyPage(KeyColumns, Creatable, ReadOnly, StaffPage):
    """Every key there is. A secret is shown to the one who issues it, once."""

    in_events = "key"
    in_search = 4
    related = ("organization", "created_by")
    list_display = ("title", "owner", "reach", "state_badge", "used", "made", "ends")
    list_filter = (
        filters.condition("state", _("state"), states()),
        filters.related("organization"),
        filters.family(),
        filters.choice("environment"),
        filters.choice("kind", _("reach")),
    )
    search_fields = ("name", "prefix", "last_four", "organization__name")
    ordering = ("-id",)
    fieldsets = (
        (
            None,
            {
                "fields": (
                    ("name", "owner"),
                    ("reach", "state_badge"),
                    ("shape", "scopes"),
                    ("made", "maker"),
                    ("used", "ends"),
                    ("number", "revoked_reason"),
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
        "number",
    )
    actions_list = ("issue",)
    actions_detail = ("disable", "enable", more("revoke"))

    @creation(
        _("Issue a key"),
        ask=AskKey,
        submit=_("Issue"),
        description=_("For a platform it is an organization key: it reaches all its companies."),
        icon="key",
    )
    def issue(self, request: HttpRequest, answers: dict[str, Any]) -> Revelation:
        organization, days = answers.pop("organization"), answers.pop("days")
        kind = ApiKey.Kind.PLATFORM if organization.is_platform else ApiKey.Kind.COMPANY
        key, secret = keys.issue(
            organization,
            kind=kind,
            by=memberships.actor(request),
            created_by=memberships.user(request),
            expires_at=timezone.now() + timedelta(days=days) if days else None,
            **answers,
        )
        return revelation(key, secret)

    @operation(
        _("Disable"), right=Right.CHANGE, when=lambda key: key.state == "active", icon="pause"
    )
    def disable(self, request: HttpRequest, row: ApiKey, answers: dict[str, Any]) -> str:
        keys.disable(row, by=memberships.actor(request))
        return gettext("The key is disabled.")

    @operation(
        _("Enable"), right=Right.CHANGE, when=lambda k: k.state == "disabled", icon="play_arrow"
    )
    def enable(self, request: HttpRequest, row: ApiKey, answers: dict[str, Any]) -> str:
        keys.enable(row, by=memberships.actor(request))
        return gettext("The key works again.")

    @operation(
        _("Revoke"),
        description=_("Ends the key for good."),
        ask=AskReason,
        right=Right.CHANGE,
        when=lambda key: key.state != "revoked",
        icon="block",
        variant=ActionVariant.DANGER,
    )
    def revoke(self, request: HttpRequest, row: ApiKey, answers: dict[str, Any]) -> str:
        keys.revoke(row, by=memberships.actor(request), reason=answers["reason"])
        return gettext("The key is revoked.")
