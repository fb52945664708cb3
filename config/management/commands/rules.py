"""`manage.py rules list` and `rules install FILE`: the rules that documents are judged by."""

import json
from argparse import ArgumentParser
from datetime import date
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from peppol.rules import installed, sets
from peppol.services import rule_releases
from tenants.errors import DomainError


class Command(BaseCommand):
    """Lists the sets of rules, and installs official releases of them."""

    help = (
        "Lists the sets of rules with the days from which they are mandatory, or installs an "
        "official release: the jar com.helger.phive.rules:phive-rules-peppol of Maven Central, or "
        "a ZIP of stylesheets. A release is tried on examples before it judges anything."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        commands = parser.add_subparsers(dest="command", required=True)
        commands.add_parser("list", help="the sets that are here, the newest first")
        install = commands.add_parser("install", help="install an official release")
        install.add_argument("file", type=Path)
        install.add_argument("--release", default="", help="the one to take, such as 2026.5")
        install.add_argument("--name", default="", help="the name of one not announced yet")
        install.add_argument(
            "--mandatory-from", type=date.fromisoformat, help="its day, such as 2027-02-22"
        )
        install.add_argument("--examples", type=Path, help="a folder of documents it must accept")

    def handle(self, *, command: str, **options: Any) -> None:
        if command == "install":
            self._install(**options)
        else:
            self._list()

    def _install(
        self,
        *,
        file: Path,
        release: str,
        name: str,
        mandatory_from: date | None,
        examples: Path | None,
        **_: Any,
    ) -> None:
        given = sorted(examples.rglob("*.xml")) if examples else []
        try:
            rows = rule_releases.install(
                file,
                number=release,
                name=name,
                mandatory_from=mandatory_from,
                more_examples={one.name: one.read_bytes() for one in given},
            )
        except DomainError as refusal:
            raise CommandError(refusal.message) from refusal
        for row in rows:
            self.stdout.write(f"{row} is installed; it is mandatory from {row.mandatory_from}.")

    def _list(self) -> None:
        installed.forget()
        for one, in_force in sets.shown():
            shown = {
                "name": one.name,
                "release": one.release,
                "mandatory_from": one.mandatory_from.isoformat(),
                "official": one.official,
                "in_force": in_force,
                "kinds": list(one.kinds),
            }
            self.stdout.write(json.dumps(shown, ensure_ascii=False))
