"""What the tests of the network share: the sandbox SMP over HTTP, and a gate in front of it."""

from collections.abc import Iterator

import pytest

from peppol.sandbox import faults
from tests.peppol.fault_proxy import FaultProxy, gate_before


@pytest.fixture
def gate(live_server, settings) -> Iterator[FaultProxy]:
    """The installation's SMP is the sandbox, and every call to it goes through this gate."""
    with gate_before(f"{live_server.url}/sandbox/smp") as (gate, url):
        settings.SMP_URL = url
        yield gate
    faults.switch_off()
