"""The background work on registrations, started by a nudge and by the sweeper."""

import logging
from datetime import timedelta

from celery import shared_task
from django.utils import timezone

from peppol import kept_stages
from peppol.services import network_reports
from peppol.services.company_runs import runs
from peppol.services.company_runs import worker as run_worker
from peppol.services.documents import (
    compliance,
    conversions,
    drafts,
    inbound,
    naming,
    purging,
    statuses,
    usage,
)
from peppol.services.documents import worker as document_worker
from peppol.services.identification import confirmations, evidence, identification
from peppol.services.imports import imports
from peppol.services.imports import worker as import_worker
from peppol.services.mandates import mandates
from peppol.services.registration import bulk, certificates, follow_up, reconciliation, watch
from peppol.services.registration import worker as registration_worker
from tenants import loops

logger = logging.getLogger(__name__)

# A document that fails is counted on the day on which it was accepted.
_SUMS_OF = timedelta(days=62)


# A slow SMP may take its time for every one of a dozen calls; each has a time out of its own.
@shared_task(name="peppol.register", soft_time_limit=300)
def register() -> None:
    """Bring the SMP in line with what is due."""
    registration_worker.drain()


@shared_task(name="peppol.sweep")
def sweep() -> None:
    """Take down what organizations in test mode and those that have ended have on the network,
    and put on it what waited for its company to be verified."""
    loops.steps(
        take_down_abandoned_registrations=follow_up.unregister_abandoned,
        make_awaited_registrations=follow_up.register_awaited,
    )


@shared_task(name="peppol.duties", soft_time_limit=300)
def attend_to_duties() -> None:
    """What has to be done by a day, though nobody asks for it: certificates that end, reports."""
    loops.steps(
        warn_of_certificates=certificates.warn, see_to_network_reports=network_reports.attend
    )


@shared_task(name="peppol.identification", soft_time_limit=120)
def identify() -> None:
    """Ask registers about what was handed in, and go on with what waited for a decision; let
    verifications and evidence end whose time is over."""
    loops.steps(
        register_the_identified=follow_up.register_identified,
        look_up_in_registers=confirmations.look_up_due,
        ask_changed_companies=identification.ask_changed,
        let_identifications_expire=identification.expire_outdated,
        delete_evidence=evidence.purge,
    )


@shared_task(name="peppol.mandates")
def end_mandates() -> None:
    """Warn of mandates that end, and let those end whose last day is over."""
    loops.steps(warn_of_mandates=mandates.warn, let_mandates_end=mandates.expire)


@shared_task(name="peppol.bulk", soft_time_limit=300)
def advance_bulk() -> None:
    """Go on with what concerns many participants at once."""
    loops.steps(change_many_registrations=bulk.advance, compare_with_the_smp=reconciliation.advance)


@shared_task(name="peppol.watch", soft_time_limit=120)
def watch_registrations() -> None:
    """See whether registrations are still where they were put."""
    watch.advance()


@shared_task(name="peppol.transmit", soft_time_limit=300)
def transmit() -> None:
    """Send what is to be sent, see how far the rest is, and release what was held back."""
    loops.steps(
        send_documents=document_worker.drain,
        report_documents=compliance.report_due,
        release_documents=inbound.release_due,
        tell_what_became_of_documents=statuses.tell_due,
    )


@shared_task(name="peppol.purge")
def purge() -> None:
    """Delete documents whose time to be kept is over, and look into old ones for names."""
    loops.steps(delete_old_documents=purging.purge, name_old_documents=naming.name_old)


@shared_task(name="peppol.check_sums")
def check_sums() -> None:
    """See that what platforms exchanged lately is the sum of what their companies did, and that
    each company stands where it is said to."""
    usage.put_right(timezone.now().date() - _SUMS_OF)
    wrong = kept_stages.put_right()
    if wrong:
        logger.error("%s companies did not stand where they were said to; they do now.", wrong)


@shared_task(name="peppol.imports", soft_time_limit=120)
def advance_imports() -> None:
    """Go on with imports of companies."""
    import_worker.advance()


@shared_task(name="peppol.company_runs", soft_time_limit=120)
def advance_company_runs() -> None:
    """Go on with what is done to many companies."""
    run_worker.advance()


@shared_task(name="peppol.tidy_imports")
def tidy_imports() -> None:
    """Forget keys that nobody came for; imports, runs, drafts, read PDFs of long ago."""
    loops.steps(
        forget_secrets=imports.forget_secrets,
        forget_imports=imports.forget_old,
        forget_runs=runs.forget_old,
        forget_drafts=drafts.forget_old,
        forget_conversions=conversions.forget_old,
    )
