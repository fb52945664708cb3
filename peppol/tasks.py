"""The background work on registrations, started by a nudge and by the sweeper."""

from celery import shared_task

from peppol.services import bulk, participants, reconciliation, registrations


# A slow SMP may take its time for every one of a dozen calls; each has a time out of its own.
@shared_task(name="peppol.register", soft_time_limit=300)
def register() -> None:
    """Bring the SMP in line with what is due."""
    registrations.drain()


@shared_task(name="peppol.sweep")
def sweep() -> None:
    """Take down what closed and deleted organizations have left on the network."""
    participants.unregister_abandoned()


@shared_task(name="peppol.bulk", soft_time_limit=300)
def advance_bulk() -> None:
    """Go on with what concerns many participants at once."""
    bulk.advance()
    reconciliation.advance()
