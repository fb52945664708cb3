"""Subscriptions and usage of a month that is over, and the run that bills it."""

from datetime import UTC, date, datetime

from billing.models import Statement, Subscription
from billing.services import statement_runs
from peppol.models import MonthlyUsage
from tenants.models import Organization

MONTH = date(2026, 10, 1)


def at(day, month=10):
    return datetime(2026, month, day, 12, tzinfo=UTC)


def old(organization):
    Organization.objects.filter(pk=organization.pk).update(created_at=at(1, 1))
    return organization


def subscribe(organization, plan, *, since, until=None):
    return Subscription.objects.create(
        organization=organization, plan=plan, started_at=since, ended_at=until
    )


def use(company, sent=0, received=0, failed=0, month=MONTH):
    MonthlyUsage.objects.create(
        organization=company,
        environment="live",
        on=month,
        sent=sent,
        received=received,
        failed=failed,
    )


def run():
    statement_runs.start(MONTH)
    statement_runs.advance()
    return Statement.objects.filter(kind="invoice").order_by("number")
