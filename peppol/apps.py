from django.apps import AppConfig


class Peppol(AppConfig):
    """Identifiers, registrations at the SMP, business cards and documents."""

    name = "peppol"
    verbose_name = "Peppol"

    def ready(self) -> None:
        from peppol.access_point import dialects as access_point_dialects
        from peppol.access_point.phase4_standalone import Phase4Standalone
        from peppol.access_point.phoss_ap import PhossAp
        from peppol.smp import dialects as smp_dialects
        from peppol.smp.phoss import PhossSmp
        from tenants import background

        smp_dialects.register("phoss", PhossSmp.from_settings)
        access_point_dialects.register("phoss_ap", PhossAp.from_settings)
        access_point_dialects.register("phase4_standalone", Phase4Standalone.from_settings)
        background.listen("registrations", "peppol.register")
        background.listen("bulk", "peppol.bulk")
        background.listen("imports", "peppol.imports")
        background.listen("documents", "peppol.transmit")
