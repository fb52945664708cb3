"""`manage.py statements --month 2026-10`: bill a month, and say how far it is."""

import json
from argparse import ArgumentParser
from datetime import UTC, date, datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from billing.models import Statement
from billing.services import statement_runs
from tenants.errors import DomainError


class Command(BaseCommand):
    """Makes the statements of a month that is over; running it again changes nothing."""

    help = "Make the statements of a month that is over."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--month", required=True, type=_month, metavar="YYYY-MM")

    def handle(self, *, month: date, **options: Any) -> None:
        try:
            run = statement_runs.start(month)
        except DomainError as refusal:
            raise CommandError(
                json.dumps({"error": refusal.code, "message": refusal.message})
            ) from refusal
        statement_runs.advance()
        run.refresh_from_db()
        made = Statement.objects.filter(run=run)
        self.stdout.write(
            json.dumps(
                {
                    "month": f"{run.month:%Y-%m}",
                    "state": run.state,
                    "total": run.total,
                    "done": run.done,
                    "statements": made.count(),
                    "refused": run.last_error.splitlines(),
                }
            )
        )


def _month(text: str) -> date:
    return datetime.strptime(text, "%Y-%m").replace(tzinfo=UTC).date()
