"""The sandbox's SML: a small name server that answers NAPTR from the SMP's rows."""

import socketserver
from typing import Any

import dns.exception
import dns.flags
import dns.message
import dns.name
import dns.rcode
import dns.rdatatype
import dns.rrset
from django.db import close_old_connections

from peppol.identifiers import SCHEME
from peppol.sandbox.models import SmlEntry
from peppol.smp.dialects import smp_address


class NameServer(socketserver.ThreadingUDPServer):
    """Answers for one zone on loopback; anything else is refused."""

    allow_reuse_address = True
    daemon_threads = True

    def __init__(self, address: tuple[str, int], zone: str) -> None:
        self.zone = dns.name.from_text(zone)
        super().__init__(address, _Answer)


class _Answer(socketserver.BaseRequestHandler):
    server: NameServer

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


def smp_url(name: str, zone: dns.name.Name) -> str | None:
    """The SMP of the participant whose SML name is asked for; None when nobody has it."""
    label, _, rest = name.partition(".")
    if rest != f"{SCHEME}.{zone.to_text(omit_final_dot=True)}":
        return None
    entry = SmlEntry.objects.filter(label=label).first()
    return entry.smp or smp_address() if entry else None
