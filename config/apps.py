"""The project as an application: its commands, and what ties the apps together at start."""

from django.apps import AppConfig, apps
from django.contrib.admin.apps import AdminConfig
from django.utils.module_loading import autodiscover_modules


class Gatehouse(AppConfig):
    """Brings the management commands and registers the surfaces' outgoing dialects."""

    name = "config"
    label = "gatehouse"
    verbose_name = "Gatehouse"

    def ready(self) -> None:
        from config import (
            checks,  # noqa: F401 — they register themselves
            input_guard,
            navigation,
            oidc,
            page_checks,  # noqa: F401
        )
        from config.api import registry
        from tenants.ui import labels
        from tenants.ui.sites import OperatorSite, PortalSite, portal
        from webhooks import dialects

        for vendor in registry.VENDORS:
            if vendor.has_dialect:
                dialects.register(vendor.dialect())
        input_guard.guard_forms()
        oidc.name_access_tokens()
        labels.translate(apps.get_models())
        PortalSite.groups, OperatorSite.groups = navigation.PORTAL, navigation.OPERATOR
        autodiscover_modules("portal", register_to=portal)


class OperatorSite(AdminConfig):
    """The operator's admin at `/admin/`."""

    default_site = "tenants.ui.sites.OperatorSite"
