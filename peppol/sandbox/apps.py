from django.apps import AppConfig


class Sandbox(AppConfig):
    """A small Peppol network of our own that speaks the real one's wire contracts.

    Nothing in production knows of it: it hands in at start what a network has to offer.
    """

    name = "peppol.sandbox"
    label = "sandbox"
    verbose_name = "Sandbox network"

    def ready(self) -> None:
        from peppol.sandbox import authority, exchange
        from peppol.services.documents import stand_ins
        from peppol.smp import trust
        from tenants import background

        trust.register(authority.certificates)
        stand_ins.register(exchange.STAND_INS)
        background.listen("sandbox", "peppol.forward")
