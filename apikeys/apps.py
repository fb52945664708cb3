from datetime import timedelta

from django.apps import AppConfig


class ApiKeys(AppConfig):
    """Keys that act for organizations: issue, check, throttle, and repeat calls safely."""

    name = "apikeys"
    verbose_name = "API keys"

    def ready(self) -> None:
        from apikeys.models import ApiKey
        from tenants import search
        from tenants.services import clock

        clock.watch("apikeys.IdempotentCall", "lease_until", timedelta(minutes=1))
        search.declare(ApiKey, "name", "prefix", "last_four")
