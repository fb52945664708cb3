"""The sandbox's SML: a small name server that answers NAPTR from the SMP's rows."""

import socketserver
import threading
import time
from contextlib import suppress
from typing import Any

import dns.exception
import dns.flags
import dns.message
import dns.name
import dns.query
import dns.rcode
import dns.rdatatype
import dns.rrset
from django.db import close_old_connections

from peppol.identifiers import SCHEME
from peppol.sandbox.models import SmlEntry
from peppol.smp.dialects import smp_address

# How long somebody who has connected may take to ask.
_PATIENCE_SECONDS = 5.0


class NameServer(socketserver.ThreadingUDPServer):
    """Answers for one zone on loopback, by UDP and by TCP; anything else is refused."""

    allow_reuse_address = True
    daemon_threads = True

    def __init__(self, address: tuple[str, int], zone: str) -> None:
        self.zone = dns.name.from_text(zone)
        self.by_tcp = _ByTcp(address, self.zone)
        try:
            super().__init__((address[0], self.by_tcp.server_address[1]), _Answer)
        except OSError:
            self.by_tcp.server_close()
            raise

    def serve_forever(self, poll_interval: float = 0.5) -> None:
        """Answer by both ways until `shutdown`."""
        threading.Thread(target=self.by_tcp.serve_forever, daemon=True).start()
        super().serve_forever(poll_interval)

    def shutdown(self) -> None:
        """Answer nobody any more."""
        self.by_tcp.shutdown()
        super().shutdown()

    def server_close(self) -> None:
        """Give the port back."""
        self.by_tcp.server_close()
        super().server_close()


class _ByTcp(socketserver.ThreadingTCPServer):
    """The same for whoever connects: resolvers do when an answer is long, some always do."""

    allow_reuse_address = True
    daemon_threads = True

    def __init__(self, address: tuple[str, int], zone: dns.name.Name) -> None:
        self.zone = zone
        super().__init__(address, _AnswersByTcp)


class _Answer(socketserver.BaseRequestHandler):
    server: NameServer | _ByTcp

    def handle(self) -> None:
        wire, socket = self.request
        try:
            query = dns.message.from_wire(wire)
        except dns.exception.DNSException:
            return
        try:
            socket.sendto(self._answer(query).to_wire(), self.client_address)
        finally:
            close_old_connections()

    def _answer(self, query: Any) -> Any:
        answer = dns.message.make_response(query)
        answer.flags |= dns.flags.AA
        question = query.question[0] if query.question else None
        if question is None or not question.name.is_subdomain(self.server.zone):
            answer.set_rcode(dns.rcode.REFUSED)
            return answer
        url = smp_url(question.name.to_text(omit_final_dot=True).lower(), self.server.zone)
        if url is None:
            answer.set_rcode(dns.rcode.NXDOMAIN)
        elif question.rdtype == dns.rdatatype.NAPTR:
            rule = f'100 10 "U" "Meta:SMP" "!.*!{url}!" .'
            answer.answer.append(dns.rrset.from_text(question.name, 60, "IN", "NAPTR", rule))
        return answer


class _AnswersByTcp(_Answer):
    """Whoever has connected may ask several times."""

    def handle(self) -> None:
        self.request.setblocking(False)
        with suppress(dns.exception.DNSException, OSError, EOFError):
            while True:
                query, _ = dns.query.receive_tcp(self.request, time.time() + _PATIENCE_SECONDS)
                dns.query.send_tcp(self.request, self._answer(query))
                close_old_connections()


def smp_url(name: str, zone: dns.name.Name) -> str | None:
    """The SMP of the participant whose SML name is asked for; None when nobody has it."""
    label, _, rest = name.partition(".")
    if rest != f"{SCHEME}.{zone.to_text(omit_final_dot=True)}":
        return None
    entry = SmlEntry.objects.filter(label=label).first()
    return entry.smp or smp_address() if entry else None
