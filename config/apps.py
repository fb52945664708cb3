"""The project as an application: its commands, and what ties the apps together at start."""

from django.apps import AppConfig
from django.contrib.admin.apps import AdminConfig


class Gatehouse(AppConfig):
    """Brings the management commands and registers the surfaces' outgoing dialects."""

    name = "config"
    label = "gatehouse"
    verbose_name = "Gatehouse"


class OperatorSite(AdminConfig):
    """The operator's admin at `/admin/`."""

    default_site = "unfold.sites.UnfoldAdminSite"
