from datetime import timedelta

from django.apps import AppConfig
from django.db.backends.signals import connection_created
from django.db.models.signals import post_migrate


class Tenants(AppConfig):
    """Organizations, the people in them, and the facts that happen to them."""

    name = "tenants"
    verbose_name = "Organizations"

    def ready(self) -> None:
        from allauth.account.signals import email_added
        from allauth.mfa.signals import authenticator_added
        from django.contrib.auth.signals import user_logged_out

        from tenants import (
            background,
            database_waits,
            orm_lookups,  # noqa: F401 — lookups register themselves
            row_policies,
            search,
            tallies,
        )
        from tenants.models import Organization
        from tenants.postgresql import tallies as kept_tallies
        from tenants.services import client_profile, clock  # noqa: F401 — a purpose enters itself
        from tenants.ui import impersonation
        from tenants.web import allauth, tokens

        clock.watch("tenants.Mail", "next_attempt_at", timedelta(hours=8))
        clock.watch("tenants.CustomDomain", "next_check_at", timedelta(hours=24))
        clock.watch("tenants.FilePiece", "next_attempt_at", timedelta(minutes=10))
        clock.watch("tenants.FileRemoval", "next_attempt_at", timedelta(minutes=10))
        clock.watch("tenants.Logo", "next_fetch_at", timedelta(hours=24))
        background.listen("mails", "tenants.mail")
        background.listen("alerts", "tenants.alert")
        background.listen("files", "tenants.store_files")
        background.listen("domains", "tenants.check_domains")
        connection_created.connect(
            database_waits.watch_new_connection, dispatch_uid="tenants.database_waits"
        )
        search.declare(
            Organization,
            "name",
            "legal_name",
            "display_name",
            "company_number",
            "vat_number",
            "handle",
        )
        tallies.declare(
            "(kind)",
            Organization,
            organization="id",
            platform="coalesce(parent_id, id)",
            state="status",
            only="deleted_at is null",
            watched=("kind", "status", "deleted_at"),
        )
        post_migrate.connect(row_policies.build, dispatch_uid="tenants.row_policies")
        post_migrate.connect(kept_tallies.build, dispatch_uid="tenants.tallies")
        email_added.connect(allauth.address_added, dispatch_uid="tenants.addresses")
        authenticator_added.connect(tokens.factor_added, dispatch_uid="tenants.factors")
        user_logged_out.connect(impersonation.signed_out, dispatch_uid="tenants.impersonations")
