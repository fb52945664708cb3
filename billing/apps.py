from django.apps import AppConfig


class Billing(AppConfig):
    """Plans, subscriptions and what is owed."""

    name = "billing"
    verbose_name = "Billing"

    def ready(self) -> None:
        from tenants import background

        background.listen("vat_ids", "billing.check_vat_ids")
        background.listen("statements", "billing.statements")
