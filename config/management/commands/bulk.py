"""Operations on many participants at once, from the command line; JSON on standard output."""

import json
import time
from argparse import ArgumentParser
from dataclasses import asdict
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from peppol.models import BulkOperation, Finding
from peppol.services.registration import access_points, bulk, reconciliation, strangers
from peppol.smp.client import SmpError
from tenants import ids
from tenants.actors import Actor
from tenants.errors import DomainError
from tenants.models import Organization

Kind = BulkOperation.Kind
_OPERATOR = Actor.system("manage.py bulk")


class Command(BaseCommand):
    """Starts operations and shows, cancels and repairs them; the workers do the work."""

    help = (
        "Change the access point or a document type of all participants, publish them anew, "
        "or compare them with the SMP."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        actions = parser.add_subparsers(dest="action", required=True)
        for kind in Kind:
            action = actions.add_parser(kind.replace("_", "-"), help=kind.label)
            action.add_argument("--platform", help="Only this platform and its companies.")
            action.add_argument("--wait", type=float, default=0, help="Follow for SECONDS.")
            if kind == Kind.ACCESS_POINT:
                action.add_argument("--url", help="AS4 address; without it, the installation's.")
                action.add_argument("--certificate", type=Path, help="Its certificate in PEM.")
                action.add_argument("--contact", default="", help="Its technical contact.")
            elif "document_type" in kind:
                action.add_argument("document_type", nargs="+", help="Its name or its identifier.")
            if kind != Kind.RECONCILE:
                action.add_argument("--canary", type=int, default=0, help="First only so many.")
                action.add_argument(
                    "--stop-at", type=int, default=10, help="Stop when so many percent fail."
                )
        actions.add_parser("list", help="The latest operations.")
        for name, text in (
            ("show", "An operation with what it found."),
            ("pause", "Visit no further participants for now."),
            ("resume", "Go on after the first, or where it was paused."),
            ("cancel", "Visit no further participants."),
            ("repair", "Publish anew what a comparison found missing or different."),
        ):
            action = actions.add_parser(name, help=text)
            action.add_argument("operation")
            if name == "repair":
                action.add_argument(
                    "--take-down-unknown",
                    action="store_true",
                    help="Also delete at the SMP what nobody here knows: each is shown and asked.",
                )
                action.add_argument(
                    "--yes",
                    action="store_true",
                    help="Ask nobody, and delete only what was put there from here.",
                )

    def handle(self, *args: Any, **options: Any) -> None:
        """Do one action. Raises CommandError with the sentence of a refusal."""
        action = options["action"]
        try:
            if action in ("list", "show", "pause", "resume", "cancel", "repair"):
                getattr(self, f"_{action}")(**options)
            else:
                self._start(action.replace("-", "_"), **options)
        except DomainError as refusal:
            raise CommandError(refusal.message) from None

    def _start(self, kind: str, *, platform: str | None, wait: float, **options: Any) -> None:
        url, certificate = options.get("url"), options.get("certificate")
        if bool(url) != bool(certificate):
            raise CommandError("An access point has both an address and a certificate.")
        operation = bulk.start(
            kind,
            by=_OPERATOR,
            platform=_platform(platform) if platform else None,
            access_point=access_points.know(url, _read(certificate), options["contact"])
            if url and certificate
            else None,
            document_types=options.get("document_type") or (),
            canary=options.get("canary", 0),
            stop_at=options.get("stop_at", 10),
        )
        ends = time.monotonic() + wait
        self._say(_facts(operation))
        while operation.state == BulkOperation.State.RUNNING and time.monotonic() < ends:
            time.sleep(1)
            operation.refresh_from_db()
            self._say(_facts(operation))

    def _list(self, **_: Any) -> None:
        for operation in BulkOperation.objects.all()[:20]:
            self._say(_facts(operation))

    def _show(self, *, operation: str, **_: Any) -> None:
        found = _operation(operation)
        self._say(_facts(found))
        for finding in found.findings.order_by("identifier").iterator():
            self._say(_finding(finding))
        for result in found.results.select_related("participant").order_by("pk").iterator():
            self._say(
                {
                    "identifier": result.participant.identifier,
                    "state": result.state,
                    "detail": result.detail,
                }
            )

    def _pause(self, *, operation: str, **_: Any) -> None:
        self._say(_facts(bulk.pause(_operation(operation))))

    def _resume(self, *, operation: str, **_: Any) -> None:
        self._say(_facts(bulk.resume(_operation(operation))))

    def _cancel(self, *, operation: str, **_: Any) -> None:
        self._say(_facts(bulk.cancel(_operation(operation))))

    def _repair(
        self, *, operation: str, take_down_unknown: bool, yes: bool = False, **_: Any
    ) -> None:
        for finding in _operation(operation).findings.filter(repaired_at=None):
            unknown = finding.kind == Finding.Kind.UNKNOWN
            if unknown and not take_down_unknown:
                continue
            try:
                if not unknown:
                    reconciliation.repair(finding, by=_OPERATOR)
                    self._say({**_finding(finding), "repair": "asked for"})
                elif self._is_wanted(finding, yes=yes):
                    strangers.take_down(finding, sure=not yes)
                    self._say({**_finding(finding), "repaired": True})
            except (DomainError, SmpError) as error:
                self._say({**_finding(finding), "repaired": False, "error": error.message})

    def _is_wanted(self, finding: Finding, *, yes: bool) -> bool:
        """Show what the SMP says of it, and ask whether it is to go."""
        self._say(asdict(strangers.look(finding)))
        return yes or input(f"Delete {finding.identifier} at the SMP? [y/N] ").lower() == "y"

    def _say(self, facts: dict[str, Any]) -> None:
        self.stdout.write(json.dumps(facts))


def _facts(operation: BulkOperation) -> dict[str, Any]:
    return {
        "id": str(operation.pk),
        "kind": operation.kind,
        "state": operation.state,
        **operation.progress(),
        "error": operation.last_error,
    }


def _finding(finding: Finding) -> dict[str, Any]:
    return {"identifier": finding.identifier, "kind": finding.kind, "detail": finding.detail}


def _operation(text: str) -> BulkOperation:
    found = BulkOperation.objects.filter(pk=ids.read(text)).first()
    if found is None:
        raise CommandError(f"There is no operation {text}.")
    return found


def _platform(text: str) -> Organization:
    found = Organization.objects.platforms().filter(pk=ids.read(text)).first()
    if found is None:
        raise CommandError(f"There is no platform {text}.")
    return found


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="ascii")
    except (OSError, UnicodeDecodeError):
        raise CommandError(f"{path} cannot be read as PEM.") from None
