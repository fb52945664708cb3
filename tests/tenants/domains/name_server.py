"""A name server on loopback, and the records that prove a domain."""

import socketserver

import dns.message
import dns.rcode
import dns.rdatatype
import dns.rrset

HOST = "peppol.acme-accounting.com"


class NameServer(socketserver.ThreadingUDPServer):
    """A name server on loopback that answers from `records` and can fall silent."""

    allow_reuse_address = True

    def __init__(self):
        self.records: dict[tuple[str, str], str] = {}
        self.broken = False
        super().__init__(("127.0.0.1", 0), Answer)


class Answer(socketserver.BaseRequestHandler):
    def handle(self):
        wire, socket = self.request
        query = dns.message.from_wire(wire)
        answer = dns.message.make_response(query)
        name = query.question[0].name
        kind = dns.rdatatype.to_text(query.question[0].rdtype)
        value = self.server.records.get((name.to_text(omit_final_dot=True), kind))
        if self.server.broken:
            answer.set_rcode(dns.rcode.SERVFAIL)
        elif value:
            answer.answer.append(dns.rrset.from_text(name, 60, "IN", kind, value))
        elif not any(
            known == name.to_text(omit_final_dot=True) for known, _ in self.server.records
        ):
            answer.set_rcode(dns.rcode.NXDOMAIN)
        socket.sendto(answer.to_wire(), self.client_address)


def prove(server, domain):
    server.records[(f"_gatehouse-challenge.{domain.host}", "TXT")] = f'"{domain.challenge}"'
    server.records[(domain.host, "CNAME")] = "portal.gatehouse.example."
