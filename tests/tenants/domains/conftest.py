"""A platform that may have a domain of its own, and a name server that is asked about it."""

import threading

import pytest

from config import hosts as served_hosts
from tenants.services import domains
from tests.conftest import SYSTEM
from tests.tenants.domains.name_server import HOST, NameServer


@pytest.fixture
def name_server(settings):
    server = NameServer()
    threading.Thread(target=server.serve_forever, daemon=True).start()
    settings.DNS_SERVERS, settings.DNS_PORT = ["127.0.0.1"], server.server_address[1]
    settings.CUSTOM_DOMAIN_TARGET = "portal.gatehouse.example"
    yield server
    server.shutdown()
    server.server_close()


@pytest.fixture(autouse=True)
def fresh_memory():
    served_hosts._known.clear()


@pytest.fixture
def domain(platform):
    return domains.claim(platform, HOST, by=SYSTEM)
