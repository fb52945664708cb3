"""Deliveries per second, with everything recorded, and of a bare aiohttp loop."""

import asyncio
import subprocess
import sys
import time

from tests.benchmarks.webhooks import receiver
from tests.benchmarks.webhooks.installation import ROOT, companies, happen

ENDPOINTS = 20
# As the worker does it: the same function in a process that has settled in.
DRAIN = """
import sys, django
django.setup()
from django.db import connection
from config.celery import settle_in
from tenants.row_security import show_everything
from webhooks.services import delivery
show_everything()
connection.ensure_connection()
settle_in()
print("ready", flush=True)
sys.stdin.readline()
print(delivery.deliver(), flush=True)
"""


# The same as ours sends: what is said of a request costs both sides, too.
_BODY = b"x" * 245
_HEADERS = {
    "Content-Type": "application/json",
    "webhook-id": "0193e0a5-0000-7000-8000-000000000000",
    "webhook-timestamp": "1700000000",
    "webhook-signature": f"v1,{'x' * 44} v1a,{'x' * 88}",
}


async def _bare(kind: str, count: int) -> float:
    import aiohttp

    places = asyncio.Semaphore(200)
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=200)) as session:

        async def post(n: int) -> None:
            url = f"{receiver.URL}/{kind}/{n % ENDPOINTS}"
            async with places, session.post(url, data=_BODY, headers=_HEADERS) as response:
                await response.read()

        started = time.monotonic()
        await asyncio.gather(*(post(n) for n in range(count)))
        return count / (time.monotonic() - started)


def bare(kind: str, count: int) -> float:
    """POSTs per second of a loop that does nothing else, in a process with nothing else."""
    run = [sys.executable, "-m", __name__, kind, str(count)]
    return float(subprocess.run(run, cwd=ROOT, check=True, capture_output=True).stdout)


def ours(kind: str, count: int, senders: int) -> float:
    """Deliveries per second of so many senders, attempts and all."""
    happen(companies([kind] * ENDPOINTS), count)
    drains = [
        subprocess.Popen(
            [sys.executable, "-c", DRAIN],
            cwd=ROOT,
            text=True,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )
        for _ in range(senders)
    ]
    for drain in drains:
        assert drain.stdout and drain.stdout.readline() == "ready\n"
    started = time.monotonic()
    for drain in drains:
        assert drain.stdin
        drain.stdin.write("go\n")
        drain.stdin.flush()
    tried = sum(int(drain.stdout.readline()) for drain in drains if drain.stdout)
    took = time.monotonic() - started
    for drain in drains:
        drain.communicate()
    assert tried == count, tried
    return count / took


if __name__ == "__main__":
    sys.stdout.write(str(asyncio.run(_bare(sys.argv[1], int(sys.argv[2])))))
