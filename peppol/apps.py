from datetime import timedelta

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class Peppol(AppConfig):
    """Identifiers, registrations at the SMP, business cards and documents."""

    name = "peppol"
    verbose_name = "Peppol"

    def ready(self) -> None:
        from peppol import kept_stages, written_numbers
        from peppol.access_point import dialects as access_point_dialects
        from peppol.access_point.phase4_standalone import Phase4Standalone
        from peppol.access_point.phoss_ap import PhossAp
        from peppol.models import CompanyStage, Participant
        from peppol.services import client_purposes  # noqa: F401 — purposes enter themselves
        from peppol.services.documents import letters  # noqa: F401 — mails declare themselves
        from peppol.services.registration import letters as others  # noqa: F401
        from peppol.smp import dialects as smp_dialects
        from peppol.smp.phoss import PhossSmp
        from tenants import background, search, tallies
        from tenants.services import clock, profiles

        minute, hours = timedelta(minutes=1), timedelta(hours=2)
        for model in ("peppol.Document", "peppol.Participant"):
            clock.watch(model, "next_attempt_at", 5 * minute, claim__isnull=False)
            clock.watch(model, "next_attempt_at", hours, claim=None)
        clock.watch("peppol.Document", "next_attempt_at", minute, state="accepted")
        clock.watch("peppol.Participant", "next_attempt_at", 6 * minute, state="pending")
        clock.watch("peppol.ComplianceReport", "next_attempt_at", 4 * hours)
        clock.watch("peppol.StatusMessage", "next_attempt_at", 2 * hours)
        clock.watch("peppol.BulkOperation", "next_attempt_at", minute)
        clock.watch("peppol.ImportLine", "claimed_until", minute)
        clock.watch("peppol.CompanyRunLine", "claimed_until", minute)
        clock.watch("peppol.ImportFile", "claimed_until", 2 * minute)
        clock.watch("peppol.WatchRound", "next_attempt_at", 2 * minute)
        clock.watch("peppol.Loss", "next_look_at", hours)
        clock.watch("peppol.NetworkReport", "next_attempt_at", timedelta(days=2))
        clock.watch("peppol.Circuit", "next_probe_at", minute)
        profiles.spell(written_numbers.kept)
        search.declare(Participant, "value", "card_name")
        tallies.declare("participant", Participant, state="state", watched=("state",))
        tallies.declare("stage", CompanyStage, state="stage", watched=("stage",))
        post_migrate.connect(kept_stages.build, dispatch_uid="peppol.stages")
        smp_dialects.register("phoss", PhossSmp.from_settings)
        access_point_dialects.register("phoss_ap", PhossAp.from_settings)
        access_point_dialects.register("phase4_standalone", Phase4Standalone.from_settings)
        background.listen("registrations", "peppol.register")
        background.listen("bulk", "peppol.bulk")
        background.listen("duties", "peppol.duties")
        background.listen("watch", "peppol.watch")
        background.listen("imports", "peppol.imports")
        background.listen("company_runs", "peppol.company_runs")
        background.listen("documents", "peppol.transmit")
        background.listen("identification", "peppol.identification")
