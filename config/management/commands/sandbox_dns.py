"""`manage.py sandbox_dns`: the sandbox's SML as a name server, until Ctrl-C."""

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from peppol.sandbox.dns import NameServer


class Command(BaseCommand):
    """Answers NAPTR questions about participants of the sandbox SMP."""

    help = (
        "Serves the sandbox's SML zone on loopback, by UDP and TCP. Have others ask it with "
        "SML_ZONE, DNS_SERVERS=127.0.0.1 and DNS_PORT."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--port", type=int, default=5353)
        parser.add_argument("--zone", default=settings.SML_ZONE or "sml.sandbox.example")

    def handle(self, *, port: int, zone: str, **_: Any) -> None:
        if settings.PEPPOL_NETWORK != "sandbox":
            raise CommandError("There is no sandbox on a real network.")
        with NameServer(("127.0.0.1", port), zone) as server:
            self.stdout.write(f"Answering for {zone} on 127.0.0.1:{server.server_address[1]}.")
            try:
                server.serve_forever()
            except KeyboardInterrupt:
                self.stdout.write("Stopped.")
