from django.apps import AppConfig
from django.db.backends.signals import connection_created
from django.db.models.signals import post_migrate


class Tenants(AppConfig):
    """Organizations, the people in them, and the facts that happen to them."""

    name = "tenants"
    verbose_name = "Organizations"

    def ready(self) -> None:
        from django.contrib.auth.signals import user_logged_out

        from tenants import (
            background,
            orm_lookups,  # noqa: F401 — lookups register themselves
            row_policies,
            row_security,
        )
        from tenants.ui import impersonation

        background.listen("mails", "tenants.mail")
        background.listen("domains", "tenants.check_domains")
        connection_created.connect(
            row_security.tell_new_connection, dispatch_uid="tenants.row_security"
        )
        post_migrate.connect(row_policies.build, dispatch_uid="tenants.row_policies")
        user_logged_out.connect(impersonation.signed_out, dispatch_uid="tenants.impersonations")
