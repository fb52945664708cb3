from datetime import timedelta

from django.apps import AppConfig


class Sandbox(AppConfig):
    """A small Peppol network of our own that speaks the real one's wire contracts.

    Nothing in production knows of it: it hands in at start what a network has to offer.
    """

    name = "peppol.sandbox"
    label = "sandbox"
    verbose_name = "Sandbox network"

    def ready(self) -> None:
        from peppol.sandbox import authority, exchange, losing
        from peppol.services.documents import stand_ins
        from peppol.smp import sml, trust
        from tenants import background
        from tenants.services import clock

        for column in ("next_retry_at", "forward_at"):
            clock.watch("sandbox.Transmission", column, timedelta(hours=1))
        trust.register(authority.certificates)
        stand_ins.register(exchange.STAND_INS)
        sml.register(losing.holder, losing.is_asked)
        background.listen("sandbox", "peppol.forward")
