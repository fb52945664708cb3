"""`manage.py import_kbo ZIP`: import an extract of the Belgian register of enterprises."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from peppol.registers import kbo
from tenants.errors import DomainError


class Command(BaseCommand):
    """Imports a full extract or an update; run it again to go on after an interruption."""

    help = (
        "Imports a file of KBO Open Data (KboOpenData_<nr>_<yyyy>_<mm>_Full.zip or …_Update.zip), "
        "free after registration at https://kbopub.economie.fgov.be/kbo-open-data."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("zip")

    def handle(self, *, zip: str, **_: Any) -> None:
        try:
            record = kbo.import_extract(zip, progress=self.tell)
        except DomainError as refusal:
            raise CommandError(refusal.message) from refusal
        self.stdout.write(f"Extract {record.extract} of {record.snapshot_on} is imported.")

    def tell(self, step: str, rows: int) -> None:
        """Show how far it is, now and then."""
        if rows % 100_000 == 0:
            self.stdout.write(f"{step}: {rows:,} rows")
