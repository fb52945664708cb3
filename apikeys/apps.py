from django.apps import AppConfig


class ApiKeys(AppConfig):
    """Keys that act for organizations: issue, check, throttle, and repeat calls safely."""

    name = "apikeys"
    verbose_name = "API keys"
