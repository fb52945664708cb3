from django.apps import AppConfig


class Tenants(AppConfig):
    """Organizations, the people in them, and the facts that happen to them."""

    name = "tenants"
    verbose_name = "Organizations"
