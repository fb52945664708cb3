"""Deliveries per second, with everything recorded, beside a bare aiohttp loop in the same run.

By hand: `python -m tests.benchmarks.deliveries [count]`, on the database of `DATABASE_URL` or a
new SQLite file. Prints the rate against a receiver that answers at once and one that takes 200 ms,
the ratio to the bare loop, and how long healthy endpoints wait while a fifth of all hang.
"""

import asyncio
import os
import subprocess
import sys
import tempfile
import time

PORT = 8792
ENDPOINTS, CONCURRENCY = 20, 50

RECEIVER = """
import asyncio, sys
from aiohttp import web
async def answer(request):
    await request.read()
    await asyncio.sleep({"fast": 0, "slow": 0.2, "hang": 60}[request.match_info["kind"]])
    return web.Response(status=204)
app = web.Application()
app.router.add_post("/{kind}/{n}", answer)
web.run_app(app, host="127.0.0.1", port=int(sys.argv[1]), print=None, access_log=None)
"""


async def bare(kind: str, count: int) -> float:
    """POSTs per second of a loop that does nothing else."""
    import aiohttp

    places = asyncio.Semaphore(200)
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=200)) as session:

        async def post(n: int) -> None:
            async with (
                places,
                session.post(
                    f"http://127.0.0.1:{PORT}/{kind}/{n % ENDPOINTS}", data=b"x" * 400
                ) as response,
            ):
                await response.read()

        started = time.monotonic()
        await asyncio.gather(*(post(n) for n in range(count)))
        return count / (time.monotonic() - started)


def prepare(kinds: list[str]) -> list:  # type: ignore[type-arg]
    """A platform with a company and an endpoint for each of `kinds`."""
    from tenants.actors import Actor
    from tenants.services import organizations
    from webhooks.services import endpoints

    by = Actor.system("benchmark")
    platform = organizations.create("platform", {"name": "Benchmark"}, by=by)
    companies = []
    for n, kind in enumerate(kinds):
        company = organizations.create_company(platform, {"name": f"C{n}"}, by=by)
        endpoint, _ = endpoints.create(
            company, url=f"http://127.0.0.1:{PORT}/{kind}/{n}", event_types=["company.updated"],
            by=by,
        )  # fmt: skip
        endpoints.update(endpoint, {"concurrency": CONCURRENCY, "timeout_seconds": 5}, by=by)
        companies.append(company)
    return companies


def happen(companies: list, count: int) -> None:  # type: ignore[type-arg]
    """Record and distribute `count` events over the companies."""
    from tenants import events
    from tenants.actors import Actor
    from webhooks.services import distribution

    for n in range(count):
        events.record(companies[n % len(companies)], "company.updated", by=Actor.system("b"))
    while distribution.distribute():
        pass


def ours(kind: str, count: int) -> float:
    """Deliveries per second, attempts and all."""
    from webhooks.services import delivery

    happen(prepare([kind] * ENDPOINTS), count)
    started = time.monotonic()
    tried = delivery.deliver(budget=300)
    assert tried == count, tried
    return count / (time.monotonic() - started)


def healthy_wait(count: int) -> float:
    """95th percentile of the seconds healthy deliveries waited while a fifth of endpoints hang."""
    from django.utils import timezone

    from webhooks.models import Delivery
    from webhooks.services import delivery

    companies = prepare(["hang" if n % 5 == 0 else "fast" for n in range(ENDPOINTS)])
    happen(companies, count)
    started = timezone.now()
    delivery.deliver(budget=8)
    waits = sorted(
        (at - started).total_seconds()
        for at in Delivery.objects.filter(
            endpoint__organization__in=companies, delivered_at__isnull=False
        ).values_list("delivered_at", flat=True)
    )
    assert len(waits) == count * 4 // 5, len(waits)
    return waits[int(len(waits) * 0.95)]


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 2000
    with tempfile.TemporaryDirectory() as directory:
        os.environ["GATEHOUSE_DATA_DIR"] = directory
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
        os.environ["LOG_LEVEL"] = "ERROR"
        import django

        django.setup()
        from celery import current_app
        from django.core.management import call_command

        current_app.conf.broker_url = "memory://"
        call_command("migrate", verbosity=0)
        receiver = subprocess.Popen([sys.executable, "-c", RECEIVER, str(PORT)])
        try:
            time.sleep(1.5)
            for kind, share in (("fast", 1), ("slow", 1)):
                floor, rate = asyncio.run(bare(kind, count * share)), ours(kind, count * share)
                sys.stdout.write(
                    f"{kind}: bare {floor:.0f}/s · ours {rate:.0f}/s · ratio {rate / floor:.2f}\n"
                )
            sys.stdout.write(f"a fifth hang: healthy p95 {healthy_wait(400):.2f} s\n")
        finally:
            receiver.terminate()


if __name__ == "__main__":
    main()
