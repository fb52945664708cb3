"""`manage.py sandbox_fault KIND|off`: have the sandbox network misbehave, or stop it."""

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from peppol.sandbox import faults
from peppol.sandbox.models import Fault


class Command(BaseCommand):
    """Switches a fault of the sandbox SMP on, in place of any other, or all off."""

    help = "Faults: " + "; ".join(f"{f.value} ({f.label})" for f in Fault.Kind)

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("kind", choices=[*Fault.Kind.values, "off"])

    def handle(self, *, kind: str, **_: Any) -> None:
        if settings.PEPPOL_NETWORK != "sandbox":
            raise CommandError("There is no sandbox on a real network.")
        if kind == "off":
            faults.switch_off()
        else:
            faults.switch_on(kind)
        self.stdout.write(faults.current() or "no fault")
