from datetime import timedelta

from django.apps import AppConfig


class Billing(AppConfig):
    """Plans, subscriptions and what is owed."""

    name = "billing"
    verbose_name = "Billing"

    def ready(self) -> None:
        from billing.services import (
            letters,  # noqa: F401 — its mails declare themselves
            quotas,
        )
        from peppol.services.documents import limits
        from tenants import background
        from tenants.services import clock

        clock.watch("billing.BillingAddress", "vat_check_at", timedelta(days=30))
        clock.watch("billing.StatementRun", "claimed_until", timedelta(hours=1))
        limits.count_for_payers(quotas.of)
        background.listen("vat_ids", "billing.check_vat_ids")
        background.listen("statements", "billing.statements")
