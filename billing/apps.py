from django.apps import AppConfig


class Billing(AppConfig):
    """Plans, subscriptions and what is owed."""

    name = "billing"
    verbose_name = "Billing"
