"""How keys are shown, on either site: everything but the secret."""

from datetime import timedelta
from typing import Any

from django.contrib import admin
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from apikeys.models import ApiKey, usable
from apikeys.scopes import ALL
from tenants.ui import display
from tenants.ui.pages import Page
from tenants.ui.revelations import Revelation, Secret

# Older keys are flagged: it is time to rotate them.
OLD = timedelta(days=90)

# What a key may do, in words, and by which scopes; without any it may what its maker may.
GRANTED: tuple[tuple[str, Any], ...] = (
    ("", _("Everything that you may")),
    ("documents", _("Documents: read, write, send and receive them")),
    ("inbox", _("Documents: read and receive them, change nothing")),
    ("companies", _("Companies: create, change and register them")),
    ("overview", _("Companies: look them up, change nothing")),
)
SCOPES: dict[str, tuple[str, ...] | None] = {
    "": None,
    "documents": ("send", "receive", "documents.read", "documents.write"),
    "inbox": ("receive", "documents.read"),
    "companies": ("companies.write",),
    "overview": ("companies.read",),
}


def conditions() -> dict[str, tuple[Any, Q]]:
    """The states of a key, each with what is true of it just now."""
    now = timezone.now()
    opens, long_ago = usable(now), now - OLD
    never = Q(last_used_at=None, created_at__lt=long_ago)
    return {
        "active": (_("Active"), opens),
        "disabled": (_("Disabled"), Q(revoked_at=None, disabled_at__isnull=False)),
        "expired": (_("Expired"), Q(revoked_at=None, expires_at__lte=now)),
        "revoked": (_("Revoked"), Q(revoked_at__isnull=False)),
        "old": (_("Older than 90 days"), opens & Q(created_at__lt=long_ago)),
        "unused": (_("Not used for 90 days"), opens & (Q(last_used_at__lt=long_ago) | never)),
    }


def states() -> dict[str, Any]:
    """The states of a key as conditions on the list."""
    return {
        key: (name, lambda rows, key=key: rows.filter(conditions()[key][1]))
        for key, (name, _condition) in conditions().items()
    }


class KeyColumns(Page):
    """The columns of a list of keys and the lines of a key's page."""

    @admin.display(description=_("Key"), ordering="name")
    def title(self, row: ApiKey) -> str:
        return display.lines(row.name, display.code(f"{row.prefix}…{row.last_four}"))

    @admin.display(description=_("Belongs to"), ordering="organization__name")
    def owner(self, row: ApiKey) -> str:
        return row.organization.title

    @admin.display(description=_("Reach"), ordering="kind")
    def reach(self, row: ApiKey) -> str:
        whole = row.kind == ApiKey.Kind.PLATFORM
        return display.pills(
            ("platform" if whole else "", _("All companies") if whole else _("One company")),
            (row.environment, row.get_environment_display()),
        )

    @admin.display(description=_("Acts for"))
    def whom(self, row: ApiKey) -> str:
        if row.kind != ApiKey.Kind.PLATFORM:
            return row.organization.title
        unnamed = row.default_organization or row.organization
        return display.lines(
            gettext("%(owner)s and all of its companies") % {"owner": row.organization.title},
            gettext("%(name)s where a call names nobody") % {"name": unnamed.title},
        )

    @admin.display(description=_("May do"))
    def granted(self, row: ApiKey) -> Any:
        if ALL in row.scopes:
            return _("Everything its maker may")
        word = next((w for w, s in SCOPES.items() if s and set(s) == set(row.scopes)), "")
        return dict(GRANTED)[word] if word else display.code(", ".join(row.scopes) or "–")

    @admin.display(description=_("State"))
    def state_badge(self, row: ApiKey) -> str:
        old = row.state == "active" and row.created_at < timezone.now() - OLD
        return display.pills((row.state, ""), *([("expired", _("Rotate"))] if old else []))

    @admin.display(description=_("Key"))
    def shape(self, row: ApiKey) -> str:
        return display.code(f"{row.prefix}…{row.last_four}")

    @admin.display(description=_("Id"))
    def number(self, row: ApiKey) -> str:
        return display.code(row.public_id)

    @admin.display(description=_("Last used"), ordering="last_used_at")
    def used(self, row: ApiKey) -> str:
        return display.moment(row.last_used_at, _("Never"))

    @admin.display(description=_("Issued"), ordering="created_at")
    def made(self, row: ApiKey) -> str:
        return display.moment(row.created_at)

    @admin.display(description=_("Issued by"))
    def maker(self, row: ApiKey) -> Any:
        return row.created_by or "–"

    @admin.display(description=_("Expires"), ordering="expires_at")
    def ends(self, row: ApiKey) -> str:
        return display.moment(row.expires_at, _("Never"))


def revelation(key: ApiKey, secret: str) -> Revelation:
    """How a new key's secret is shown, on either site."""
    reach = (
        gettext("It acts for %(owner)s and all of its companies.")
        if key.kind == ApiKey.Kind.PLATFORM
        else gettext("It acts for %(owner)s.")
    )
    return Revelation(
        title=gettext("The key “%(name)s” is issued") % {"name": key.name},
        note=" ".join(
            (
                reach % {"owner": key.organization.title},
                gettext("An API that asks for an id beside the secret knows it as %(id)s.")
                % {"id": key.public_id},
            )
        ),
        secrets=(secret_of(key, secret),),
        row=key,
    )


def secret_of(key: ApiKey, secret: str) -> Secret:
    return Secret(_("API key"), secret, f"{key.prefix}key.txt")
