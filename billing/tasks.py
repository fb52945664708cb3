"""What workers do for this app."""

from celery import shared_task

from billing.services import addresses, quotas, statement_runs, subscriptions
from tenants import loops


@shared_task(name="billing.check_vat_ids")
def check_vat_ids() -> None:
    """Ask the register about the VAT ids that are due."""
    addresses.drain()


@shared_task(name="billing.quotas")
def watch_quotas() -> None:
    """End the plans whose time has come; tell those whose documents are nearly used up."""
    loops.steps(end_subscriptions=subscriptions.keep_up, watch_quotas=quotas.watch)


@shared_task(name="billing.statements", soft_time_limit=1800, time_limit=2000)
def make_statements() -> None:
    """Begin the run of last month when it is due, and go on with what is under way."""
    loops.steps(
        start_a_statement_run=statement_runs.start_due,
        go_on_with_statement_runs=statement_runs.advance,
        bill_those_who_waited=statement_runs.look_again,
    )
