"""The other side of the benchmark: answers at once, after 200 ms or never, and keeps the time.

`python -m tests.benchmarks.webhooks.receiver PORT`; `POST /{fast|slow|hang}/{n}` receives,
`GET /seen` says when each delivery first arrived, `POST /forget` begins anew.
"""

import asyncio
import json
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager

PORT = 8792
URL = f"http://127.0.0.1:{PORT}"
_DELAYS = {"fast": 0.0, "slow": 0.2, "hang": 60.0}


@contextmanager
def running() -> Iterator[None]:
    """A receiver in a process of its own, for as long as the block lasts."""
    process = subprocess.Popen([sys.executable, "-m", __name__, str(PORT)])
    try:
        while not _answers():
            time.sleep(0.1)
        yield
    finally:
        process.kill()
        process.wait()


def seen() -> dict[str, float]:
    """When the first byte of each delivery arrived, by its id, since the last `forget`."""
    with urllib.request.urlopen(f"{URL}/seen", timeout=10) as answer:
        return dict(json.load(answer))


def forget() -> None:
    """Begin anew."""
    urllib.request.urlopen(f"{URL}/forget", data=b"", timeout=10).close()


def wait_for(count: int, seconds: float) -> dict[str, float]:
    """`seen`, once there are `count` or `seconds` are over."""
    ends = time.monotonic() + seconds
    while len(arrivals := seen()) < count and time.monotonic() < ends:
        time.sleep(0.5)
    return arrivals


def _answers() -> bool:
    try:
        return seen() == {}
    except OSError:
        return False


def _serve(port: int) -> None:
    from aiohttp import web

    arrivals: dict[str, float] = {}

    async def receive(request: web.Request) -> web.Response:
        now = time.time()
        body = await request.read()
        # Deliveries without an id are counted by what makes them differ.
        name = request.headers.get("webhook-id") or str(hash((request.path, body)))
        arrivals.setdefault(name, now)
        await asyncio.sleep(_DELAYS[request.match_info["kind"]])
        return web.Response(status=204)

    async def tell(request: web.Request) -> web.Response:
        return web.json_response(arrivals)

    async def forget(request: web.Request) -> web.Response:
        arrivals.clear()
        return web.Response(status=204)

    app = web.Application()
    app.router.add_get("/seen", tell)
    app.router.add_post("/forget", forget)
    app.router.add_post("/{kind}/{n}", receive)
    web.run_app(app, host="127.0.0.1", port=port, print=None, access_log=None)


if __name__ == "__main__":
    _serve(int(sys.argv[1]))
