"""How many registrations a second are done in a burst, and how many participants are compared.

    python -m tests.benchmarks.registrations [number]

Against an SMP that answers at once, and against one that takes 168 ms for a registration as a
phoss does (`quick_smp`). Beside each, in the same run, bare loops make the very same calls over as
many connections and look at the statuses only. `DATABASE_URL` chooses the database (emptied!).
"""

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

PORT = 8471
URL = f"http://127.0.0.1:{PORT}"
CREW = Path(tempfile.mkdtemp(prefix="registrations-"))
CONNECTIONS = 4
Call = tuple[str, str, bytes | None]


@contextmanager
def smp(slowness: float) -> Iterator[None]:
    """Serve the SMP while the block lasts."""
    command = ["-m", "tests.benchmarks.quick_smp", str(PORT), str(CREW), str(slowness)]
    running = subprocess.Popen([sys.executable, *command])
    try:
        import requests

        for _ in range(150):
            try:
                requests.get(f"{URL}/smp-status/", timeout=1)
                break
            except requests.ConnectionError:
                time.sleep(0.2)
        else:
            raise RuntimeError("The SMP did not start.")
        yield
    finally:
        running.terminate()
        running.wait(20)


def set_up() -> None:
    """Make this process the portal, with a database of its own."""
    os.environ.update(SMP_URL=URL, SMP_TOKEN="benchmark", SMP_USERNAME="we", LOG_LEVEL="ERROR")
    os.environ.update(GATEHOUSE_DATA_DIR=str(CREW), REDIS_URL="")
    os.environ["SMP_TRUST_ANCHORS"] = str(CREW / "ca.pem")
    os.environ.setdefault("DATABASE_URL", f"sqlite:///{CREW / 'portal.db'}")
    os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"
    import django
    from django.core.management import call_command

    django.setup()
    from tenants.row_security import show_everything

    show_everything()
    call_command("migrate", verbosity=0)
    call_command("flush", interactive=False, verbosity=0)


def number(index: int) -> str:
    return f"{index:010}"


def record(index: int) -> list[Call]:
    """The calls of one registration, made by a worker: method, URL, body."""
    from requests import Session

    from peppol.services.registration import worker

    calls: list[Call] = []
    request = Session.request

    def noted(self, method, url, data=None, **rest):
        calls.append((method, url, data))
        return request(self, method, url, data=data, **rest)

    Session.request = noted
    ask_for(index, 1)
    while worker.drain(seconds=5):
        pass
    Session.request = request
    return calls


def bare(calls: list[Call], recorded: int, first: int, count: int) -> float:
    """Make the calls for `count` other numbers and return how many a second."""
    began = time.perf_counter()
    share = count // CONNECTIONS
    with ThreadPoolExecutor(CONNECTIONS) as pool:
        starts = [first + share * one for one in range(CONNECTIONS)]
        list(pool.map(lambda start: _bare(calls, recorded, start, share), starts))
    return share * CONNECTIONS / (time.perf_counter() - began)


def _bare(calls: list[Call], recorded: int, first: int, count: int) -> None:
    import requests

    with requests.Session() as session:
        session.trust_env = False
        session.headers["Authorization"] = "Bearer benchmark"
        old = number(recorded)
        for index in range(first, first + count):
            for method, url, body in calls:
                new = number(index)
                data = body and body.replace(old.encode(), new.encode())
                answer = session.request(method, url.replace(old, new), data=data, timeout=10)
                assert answer.status_code in (200, 404), answer.status_code


def ask_for(first: int, count: int) -> None:
    """Leave `count` registrations to be found."""
    from peppol.services.registration import participants
    from tenants.actors import Actor
    from tenants.models import Organization
    from tenants.services import organizations

    by = Actor.system("benchmark")
    kind = Organization.Kind.PLATFORM
    platform = organizations.create(kind, {"name": f"Acme {first}", "country": "BE"}, by=by)
    for index in range(first, first + count):
        company = organizations.create_company(
            platform, {"name": f"Company {index}", "country": "BE"}, by=by
        )
        participants.register(company, f"0208:{number(index)}", by=by, card_name="Company")


def register() -> float:
    """Do what a worker does until nothing is left, and return how many registrations a second."""
    from peppol.models import Participant
    from peppol.services.registration import worker

    before = Participant.objects.registered().count()
    began = time.perf_counter()
    while worker.drain(limit=1000, seconds=30):
        pass
    seconds = time.perf_counter() - began
    return (Participant.objects.registered().count() - before) / seconds


def compare() -> float:
    """Compare all participants with the SMP, and return how many a second."""
    from peppol.models import BulkOperation
    from peppol.services.registration import bulk, reconciliation
    from tenants.actors import Actor

    operation = bulk.start(BulkOperation.Kind.RECONCILE, by=Actor.system("benchmark"))
    began = time.perf_counter()
    while operation.state == BulkOperation.State.RUNNING:
        reconciliation.advance(seconds=30)
        operation.refresh_from_db()
    print(f"             {operation.failed} of {operation.visited} differ")
    return operation.visited / (time.perf_counter() - began)


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 300
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    os.environ["GATEHOUSE_DATA_DIR"] = str(CREW)
    for round_, (name, slowness) in enumerate((("at once", 0.0), ("168 ms", 1.0))):
        with smp(slowness):
            if not round_:
                set_up()
            base = 1_000_000 * (round_ + 1)
            calls = record(base)
            ask_for(base + 1, count)
            before = bare(calls, base, base + 200_000, count)
            ours = register()
            after = bare(calls, base, base + 300_000, count)
            print(f"SMP: {name}, {len(calls)} calls a registration, {CONNECTIONS} connections")
            print(f"bare calls   {before:6.1f} and {after:6.1f} registrations/s")
            print(f"registered   {ours:6.1f} a second, {ours / ((before + after) / 2):.2f} of them")
            if not round_:
                print(f"compared     {compare():6.1f} participants/s")


if __name__ == "__main__":
    main()
