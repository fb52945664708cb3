"""How the two sites look, in Unfold's vocabulary; what their sidebars offer is in `navigation`."""

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
UNFOLD: dict[str, Any] = {
    **_SHARED,
    "SITE_TITLE": "Gatehouse",
    "SITE_HEADER": "Gatehouse",
    "SITE_SUBHEADER": _("Operator"),
    "COLORS": {"primary": _TEAL},
    "ENVIRONMENT": "config.dashboards.parts.network",
    "DASHBOARD_CALLBACK": "config.dashboards.operator.overview.overview",
}
PORTAL: dict[str, Any] = {
    **_SHARED,
    "SITE_TITLE": "Gatehouse",
    "SITE_HEADER": "config.dashboards.reseller.overview.organization_name",
    "SITE_SUBHEADER": "config.dashboards.reseller.overview.organization_kind",
    "COLORS": {"primary": _INDIGO},
    "ENVIRONMENT": "config.dashboards.parts.network",
    "DASHBOARD_CALLBACK": "config.dashboards.reseller.overview.overview",
}
