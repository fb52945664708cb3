"""A name server that answers for the SML from what the sandbox's SMP was told."""

import threading

import pytest

from peppol.sandbox import dns as sandbox_dns

ZONE = "participant.sml.test.tech.peppol.org"


@pytest.fixture
def sml_server(live_server, settings):
    settings.SMP_URL = f"{live_server.url}/sandbox/smp"
    server = sandbox_dns.NameServer(("127.0.0.1", 0), ZONE)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    settings.SML_ZONE = ZONE
    settings.DNS_SERVERS, settings.DNS_PORT = ["127.0.0.1"], server.server_address[1]
    yield server
    server.shutdown()
    server.server_close()
