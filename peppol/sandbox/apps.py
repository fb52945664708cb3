from django.apps import AppConfig


class Sandbox(AppConfig):
    """A small Peppol network of our own that speaks the real one's wire contracts."""

    name = "peppol.sandbox"
    label = "sandbox"
    verbose_name = "Sandbox network"
