from django.apps import AppConfig


class Peppol(AppConfig):
    """Identifiers, registrations at the SMP, business cards and documents."""

    name = "peppol"
    verbose_name = "Peppol"

    def ready(self) -> None:
        from tenants import background

        background.listen("registrations", "peppol.register")
        background.listen("bulk", "peppol.bulk")
        background.listen("imports", "peppol.imports")
        background.listen("documents", "peppol.transmit")
