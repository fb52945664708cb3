"""An SMP that does nothing but answer: what it was given, signed; at once, or as slow as a phoss.

    python -m tests.benchmarks.quick_smp PORT FOLDER SLOWNESS

`FOLDER` gets the certificate of who signs. `SLOWNESS` multiplies what a phoss SMP 8.1.2 took for
each call, 168 ms for the ten of a registration.
"""

import sys
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import unquote

from lxml import etree
from lxml.builder import ElementMaker

from peppol.sandbox import authority
from peppol.smp import documents, signatures

_smp = ElementMaker(namespace=documents.SMP)
# Seconds of a phoss for what is called, by method and kind.
_TIMES = {
    ("GET", "metadata"): 0.0305,
    ("PUT", "metadata"): 0.0265,
    ("PUT", "card"): 0.0275,
    ("GET", "card"): 0.007,
    ("PUT", "group"): 0.0119,
    ("GET", "group"): 0.0062,
    ("PUT", "property"): 0.0073,
    ("GET", "property"): 0.0073,
}
kept: dict[str, bytes] = {}


class Answers(BaseHTTPRequestHandler):
    """Keeps what is put by its path."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    slowness = 0.0

    def do_GET(self):
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        kind = self.kind()
        time.sleep(self.slowness * _TIMES.get((self.command, kind), 0.0))
        if self.command == "PUT":
            kept[self.path.replace("/private", "")] = body
            return self.say(200, b"")
        if self.command == "POST":
            return self.say(200, b"")
        if kind == "status":
            return self.say(200, b'{"version.smp": "8.1.2"}')
        if kind == "list":
            return self.say(200, documents.to_bytes(_smp.ServiceGroupReferenceList()))
        found = kept.get(self.path)
        if found is None:
            return self.say(404, b"not found")
        return self.say(200, self.shown(kind, found))

    do_PUT = do_POST = do_DELETE = do_GET  # noqa: N815

    def kind(self):
        """What is called about."""
        for name, part in (
            ("status", "/smp-status"),
            ("list", "/list/"),
            ("card", "/businesscard/"),
            ("property", "/customproperties/"),
            ("metadata", "/services/"),
        ):
            if part in self.path:
                return name
        return "group"

    def shown(self, kind, found):
        """What was put, as an SMP shows it."""
        if kind == "group":
            types = [path for path in list(kept) if path.startswith(f"{self.path}/services/")]
            references = [_smp.ServiceMetadataReference(href=unquote(path)) for path in types]
            collection = _smp.ServiceMetadataReferenceCollection(*references)
            return documents.to_bytes(_smp.ServiceGroup(collection))
        if kind == "metadata":
            bundle = authority.bundle()
            root = _smp.SignedServiceMetadata(etree.fromstring(found))
            return signatures.sign(root, bundle.smp_key.encode(), bundle.smp_certificate.encode())
        return found

    def say(self, status, body):
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args):
        pass


def main():
    port, folder, slowness = sys.argv[1:]
    import django

    django.setup()
    Path(folder, "ca.pem").write_text(authority.bundle().ca_certificate)
    Answers.slowness = float(slowness)
    server = ThreadingHTTPServer(("127.0.0.1", int(port)), Answers)
    server.daemon_threads = True
    server.serve_forever()


if __name__ == "__main__":
    main()
