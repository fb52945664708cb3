"""`manage.py sandbox_fault KIND|off`: have the sandbox network misbehave, or stop it.

With an identifier, `lose` has another SMP take it, and `release` has that one let go of it.
"""

from argparse import ArgumentParser
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from peppol.sandbox import faults, losing
from peppol.sandbox.models import Fault
from tenants.errors import Invalid

_OF_ONE: dict[str, Callable[[str], object]] = {"lose": losing.lose, "release": losing.release}


class Command(BaseCommand):
    """Switches a fault of the sandbox SMP on, in place of any other, or all off."""

    help = "Faults: " + "; ".join(f"{f.value} ({f.label})" for f in Fault.Kind)

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("kind", choices=[*Fault.Kind.values, "off", *_OF_ONE])
        parser.add_argument("identifier", nargs="?", default="")

    def handle(self, *, kind: str, identifier: str, **_: Any) -> None:
        if settings.PEPPOL_NETWORK != "sandbox":
            raise CommandError("There is no sandbox on a real network.")
        if kind in _OF_ONE:
            try:
                _OF_ONE[kind](identifier)
            except Invalid as refusal:
                raise CommandError(refusal.message) from None
            self.stdout.write(f"{kind} {identifier}")
            return
        if kind == "off":
            faults.switch_off()
        else:
            faults.switch_on(kind)
        self.stdout.write(faults.current() or "no fault")
