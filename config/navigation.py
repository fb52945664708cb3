"""How the two sites look and what their sidebars offer, in Unfold's vocabulary."""

from typing import Any

from django.templatetags.static import static
from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy as _

_INDIGO = {
    "50": "oklch(96.2% .018 272.3)",
    "100": "oklch(93% .034 272.8)",
    "200": "oklch(87% .065 274)",
    "300": "oklch(78.5% .115 274.7)",
    "400": "oklch(70% .17 276.9)",
    "500": "oklch(64% .2 277)",
    "600": "oklch(49% .24 277)",
    "700": "oklch(44% .23 277)",
    "800": "oklch(39% .19 277.4)",
    "900": "oklch(35% .14 278.7)",
    "950": "oklch(25.7% .09 281.3)",
}
_TEAL = {
    "50": "oklch(98% .014 181)",
    "100": "oklch(95% .04 181)",
    "200": "oklch(91% .07 181)",
    "300": "oklch(85% .1 182)",
    "400": "oklch(77% .12 182)",
    "500": "oklch(70% .12 183)",
    "600": "oklch(49% .09 187)",
    "700": "oklch(43% .08 188)",
    "800": "oklch(38% .065 189)",
    "900": "oklch(34% .055 190)",
    "950": "oklch(26% .045 192)",
}
_SHARED: dict[str, Any] = {
    "SITE_URL": None,
    "SITE_SYMBOL": "fort",
    "SITE_FAVICONS": [
        {
            "rel": "icon",
            "type": "image/svg+xml",
            "href": lambda request: static("gatehouse/favicon.svg"),
        }
    ],
    "SHOW_VIEW_ON_SITE": False,
    "SHOW_LANGUAGES": True,
    "STYLES": [
        lambda request: static("gatehouse/sites.css"),
        lambda request: static("gatehouse/figures.css"),
        lambda request: static("gatehouse/branding.css"),
        lambda request: static("gatehouse/access.css"),
    ],
    "SCRIPTS": [
        lambda request: static("gatehouse/sites.js"),
        lambda request: static("gatehouse/access.js"),
    ],
    "BORDER_RADIUS": "8px",
    "ACCOUNT": {
        "navigation": [
            {"title": _("Sign-in and security"), "link": reverse_lazy("mfa_index")},
            {"title": _("Change password"), "link": reverse_lazy("account_change_password")},
            {"title": _("E-mail addresses"), "link": reverse_lazy("account_email")},
        ]
    },
}


def _item(title: Any, icon: str, name: str, area: str = "", **more: Any) -> dict[str, Any]:
    permission = {"permission": f"config.dashboards.reseller.overview.sees_{area}"} if area else {}
    return {"title": title, "icon": icon, "link": reverse_lazy(name), **permission, **more}


_PAGE = "portal:{}_changelist"
_STAFF = "admin:{}_changelist"


def _tabs(**pages: Any) -> dict[str, Any]:
    """Lists of the operator's that are tabs of one another, each with its title."""
    return {
        "models": [name.replace("_", ".", 1) for name in pages],
        "items": [_item(title, "", _STAFF.format(name)) for name, title in pages.items()],
    }


UNFOLD: dict[str, Any] = {
    **_SHARED,
    "SITE_TITLE": "Gatehouse",
    "SITE_HEADER": "Gatehouse",
    "SITE_SUBHEADER": _("Operator"),
    "COLORS": {"primary": _TEAL},
    "ENVIRONMENT": "config.dashboards.parts.network",
    "DASHBOARD_CALLBACK": "config.dashboards.operator.overview.overview",
    "SIDEBAR": {
        "show_search": True,
        "navigation": [
            {
                "items": [
                    _item(_("Overview"), "space_dashboard", "admin:index"),
                    _item(
                        _("Applications"),
                        "how_to_reg",
                        _STAFF.format("tenants_platformapplication"),
                        badge="config.dashboards.operator.overview.applications_waiting",
                    ),
                    _item(_("Organizations"), "domain", _STAFF.format("tenants_organization")),
                    _item(_("Users"), "person", _STAFF.format("tenants_user")),
                    _item(_("API keys"), "key", _STAFF.format("apikeys_apikey")),
                ]
            },
            {
                "title": _("Network"),
                "separator": True,
                "items": [
                    _item(
                        _("Registrations"),
                        "hub",
                        _STAFF.format("peppol_participant"),
                        badge="config.dashboards.operator.overview.registrations_in_trouble",
                    ),
                    _item(_("Documents"), "description", _STAFF.format("peppol_document")),
                    _item(_("Transfers"), "move_down", _STAFF.format("peppol_transfer")),
                    _item(
                        _("Bulk operations"), "dynamic_feed", _STAFF.format("peppol_bulkoperation")
                    ),
                    _item(_("Circuit breakers"), "electric_bolt", _STAFF.format("peppol_circuit")),
                    _item(
                        _("Sandbox"),
                        "experiment",
                        _STAFF.format("sandbox_fault"),
                        permission="config.dashboards.parts.is_sandbox",
                    ),
                ],
            },
            {
                "title": _("Events"),
                "separator": True,
                "items": [
                    _item(_("Audit trail"), "history", _STAFF.format("tenants_event")),
                    _item(_("Webhooks"), "webhook", _STAFF.format("webhooks_endpoint")),
                    _item(_("Deliveries"), "outbox", _STAFF.format("webhooks_delivery")),
                    _item(_("Mails"), "mail", _STAFF.format("tenants_mail")),
                    _item(_("Machinery"), "monitor_heart", "admin_machinery"),
                ],
            },
            {
                "title": _("Business"),
                "separator": True,
                "items": [
                    _item(_("Plans"), "sell", _STAFF.format("billing_plan")),
                    _item(_("Subscriptions"), "loyalty", _STAFF.format("billing_subscription")),
                    _item(_("Usage"), "bar_chart", _STAFF.format("peppol_monthlyusage")),
                    _item(_("Statements"), "receipt_long", _STAFF.format("billing_statementrun")),
                    _item(
                        _("Billing addresses"),
                        "home_work",
                        _STAFF.format("billing_billingaddress"),
                    ),
                    _item(_("Branding"), "palette", _STAFF.format("tenants_branding")),
                    _item(_("Custom domains"), "language", _STAFF.format("tenants_customdomain")),
                ],
            },
        ],
    },
    "TABS": [
        _tabs(
            peppol_bulkoperation=_("Bulk operations"),
            peppol_finding=_("Differences"),
            peppol_accesspoint=_("Access points"),
        ),
        _tabs(
            sandbox_fault=_("Behaviour"),
            sandbox_transmission=_("Transmissions"),
            sandbox_group=_("At the SMP"),
            sandbox_smlentry=_("In the SML"),
        ),
        _tabs(
            peppol_document=_("Documents"),
            peppol_compliancereport=_("Reports to tax authorities"),
        ),
        _tabs(peppol_monthlyusage=_("Usage"), billing_quotanotice=_("Quota notices")),
        _tabs(
            billing_statementrun=_("Runs"),
            billing_statement=_("Statements and credit notes"),
        ),
        {
            "models": ["tenants.mail"],
            "items": [
                _item(_("Mails"), "", _STAFF.format("tenants_mail")),
                _item(_("Outbox"), "", "admin_outbox", permission="config.sandbox.mailbox.is_kept"),
            ],
        },
        _tabs(
            tenants_event=_("Audit trail"),
            tenants_seal=_("Seals"),
            tenants_impersonation=_("Impersonations"),
        ),
        _tabs(
            tenants_user=_("Users"),
            tenants_membership=_("Memberships"),
            tenants_invitation=_("Invitations"),
        ),
    ],
}
PORTAL: dict[str, Any] = {
    **_SHARED,
    "SITE_TITLE": "Gatehouse",
    "SITE_HEADER": "config.dashboards.reseller.overview.organization_name",
    "SITE_SUBHEADER": "config.dashboards.reseller.overview.organization_kind",
    "COLORS": {"primary": _INDIGO},
    "ENVIRONMENT": "config.dashboards.parts.network",
    "DASHBOARD_CALLBACK": "config.dashboards.reseller.overview.overview",
    "SIDEBAR": {
        "show_search": True,
        "navigation": [
            {
                "items": [
                    _item(_("Overview"), "space_dashboard", "portal:index"),
                    _item(_("Companies"), "domain", _PAGE.format("tenants_company"), "companies"),
                    _item(
                        _("Registrations"),
                        "hub",
                        _PAGE.format("peppol_participant"),
                        "registrations",
                        badge="config.dashboards.reseller.overview.registrations_in_trouble",
                    ),
                    _item(
                        _("Documents"),
                        "description",
                        _PAGE.format("peppol_document"),
                        "documents",
                    ),
                ]
            },
            {
                "title": _("Connect"),
                "separator": True,
                "items": [
                    _item(_("API keys"), "key", _PAGE.format("apikeys_apikey"), "keys"),
                    _item(_("Webhooks"), "webhook", _PAGE.format("webhooks_endpoint"), "webhooks"),
                    _item(_("Deliveries"), "outbox", _PAGE.format("webhooks_delivery"), "webhooks"),
                ],
            },
            {
                "title": _("Billing"),
                "separator": True,
                "items": [
                    _item(_("Usage"), "bar_chart", _PAGE.format("peppol_monthlyusage"), "usage"),
                    _item(_("Plan"), "sell", _PAGE.format("billing_plan"), "billing"),
                    _item(
                        _("Statements"),
                        "receipt_long",
                        _PAGE.format("billing_statement"),
                        "billing",
                    ),
                    _item(
                        _("Billing addresses"),
                        "home_work",
                        _PAGE.format("billing_billingaddress"),
                        "billing",
                    ),
                ],
            },
            {
                "title": _("Organization"),
                "separator": True,
                "items": [
                    _item(_("Team"), "group", _PAGE.format("tenants_membership"), "team"),
                    _item(_("Audit trail"), "history", _PAGE.format("tenants_event"), "history"),
                    _item(
                        _("Settings"), "settings", _PAGE.format("tenants_organization"), "settings"
                    ),
                ],
            },
        ],
    },
    "TABS": [
        {
            "models": ["tenants.company", "peppol.companyimport"],
            "items": [
                _item(_("Companies"), "", _PAGE.format("tenants_company"), "companies"),
                _item(_("Imports"), "", _PAGE.format("peppol_companyimport"), "companies"),
            ],
        },
        {
            "models": ["peppol.participant", "peppol.transfer"],
            "items": [
                _item(_("Registrations"), "", _PAGE.format("peppol_participant")),
                _item(_("Transfers"), "", _PAGE.format("peppol_transfer")),
            ],
        },
        {
            "models": ["tenants.membership", "tenants.invitation"],
            "items": [
                _item(_("Members"), "", _PAGE.format("tenants_membership")),
                _item(_("Invitations"), "", _PAGE.format("tenants_invitation")),
            ],
        },
    ],
}
