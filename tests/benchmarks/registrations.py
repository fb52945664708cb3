"""How many registrations a worker does, beside a bare loop making the same HTTP calls.

    python -m tests.benchmarks.registrations [number]

A sandbox SMP is served by granian from a database of its own. The bare loop sends the recorded
calls of one registration again and again with another number in them, over one connection, and
looks at the statuses only; it runs before and after the worker, which is one real Celery worker
that is nudged as the sweeper would. `DATABASE_URL` chooses the worker's database (emptied!).
"""

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

PORT = 8471
URL = f"http://127.0.0.1:{PORT}/sandbox/smp"
CREW = Path(tempfile.mkdtemp(prefix="registrations-"))
SHARED = {"SMP_URL": URL, "SMP_TOKEN": "benchmark", "LOG_LEVEL": "ERROR", "REDIS_URL": ""}


@contextmanager
def process(*command: str, **environment: str) -> Iterator[subprocess.Popen[bytes]]:
    """Run something of ours while the block lasts."""
    running = subprocess.Popen(
        [sys.executable, *command], env={**os.environ, **environment}, stdout=subprocess.DEVNULL
    )
    try:
        yield running
    finally:
        running.terminate()
        running.wait(20)


@contextmanager
def sandbox() -> Iterator[None]:
    """Serve a sandbox SMP."""
    own = {"GATEHOUSE_DATA_DIR": str(CREW / "smp"), "DATABASE_URL": "", "GATEHOUSE_BASE_URL": ""}
    own["DATABASE_URL"] = f"sqlite:///{CREW / 'smp' / 'smp.db'}"
    own["GATEHOUSE_BASE_URL"] = f"http://127.0.0.1:{PORT}"
    (CREW / "smp").mkdir()
    with process("manage.py", "migrate", "-v0", **own, **SHARED) as migration:
        migration.wait(120)
    serve = ["-m", "granian", "--interface", "wsgi", "--port", str(PORT), "--log-level", "error"]
    with process(*serve, "config.wsgi:application", **own, **SHARED):
        import requests

        deadline = time.monotonic() + 30
        while time.monotonic() < deadline:
            try:
                Path(CREW / "ca.pem").write_bytes(requests.get(f"{URL}/sandbox-ca.pem").content)
                break
            except requests.ConnectionError:
                time.sleep(0.2)
        yield


def set_up() -> None:
    """Make this process, and the workers that inherit its environment, the portal."""
    os.environ.update(SHARED, GATEHOUSE_DATA_DIR=str(CREW / "portal"))
    os.environ["SMP_TRUST_ANCHORS"] = str(CREW / "ca.pem")
    os.environ.setdefault("DATABASE_URL", f"sqlite:///{CREW / 'portal' / 'portal.db'}")
    os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"
    (CREW / "portal").mkdir()
    import django
    from django.core.management import call_command

    django.setup()
    from tenants.row_security import show_everything

    show_everything()
    call_command("migrate", verbosity=0)
    call_command("flush", interactive=False, verbosity=0)


def number(index: int) -> str:
    return f"{index:010}"


def record() -> list[tuple[str, str, bytes | None]]:
    """The calls of one registration: method, URL, body."""
    from requests import Session

    from peppol.identifiers import parse
    from peppol.models import Participant
    from peppol.services.registration import desired
    from peppol.smp import publishing
    from peppol.smp.dialects import configured_smp
    from tenants.models import Organization

    company = Organization(name="Company", country="BE")
    participant = Participant(
        organization=company, scheme="0208", value=number(0), card_name="Company"
    )
    calls: list[tuple[str, str, bytes | None]] = []
    request = Session.request

    def noted(self, method, url, data=None, **rest):
        calls.append((method, url, data))
        return request(self, method, url, data=data, **rest)

    Session.request = noted
    with configured_smp() as smp:
        pid = parse(participant.identifier)
        publishing.publish(smp, desired.of(participant), lambda call, *rest: call(*rest))
        smp.push_business_card(pid)
    Session.request = request
    return calls


def bare_loop(calls: list[tuple[str, str, bytes | None]], first: int, count: int) -> float:
    """Make the calls for `count` other numbers and return how many a second."""
    import requests

    began = time.perf_counter()
    with requests.Session() as session:
        session.trust_env = False
        session.headers["Authorization"] = "Bearer benchmark"
        for index in range(first, first + count):
            for position, (method, url, body) in enumerate(calls):
                answer = session.request(
                    method,
                    url.replace(number(0), number(index)),
                    data=body and body.replace(number(0).encode(), number(index).encode()),
                    headers={"Content-Type": "text/xml"},
                    timeout=10,
                )
                expected = 404 if position == 0 else 200
                assert answer.status_code == expected, f"{method} {url}: {answer.status_code}"
    return count / (time.perf_counter() - began)


def ask_for(first: int, count: int) -> None:
    """Leave `count` registrations to be found."""
    from peppol.services.registration import participants
    from tenants.actors import Actor
    from tenants.models import Organization
    from tenants.services import organizations

    by = Actor.system("benchmark")
    kind = Organization.Kind.PLATFORM
    platform = organizations.create(kind, {"name": "Acme", "country": "BE"}, by=by)
    for index in range(first, first + count):
        company = organizations.create_company(
            platform, {"name": f"Company {index}", "country": "BE"}, by=by
        )
        participants.register(company, f"0208:{number(index)}", by=by, card_name="Company")


def worker_loop(count: int) -> tuple[float, list[int]]:
    """Have one worker do them; returns how many a second and its memory (MB) over time."""
    from config.celery import app
    from peppol.models import Participant
    from tenants.models import Event

    options = ["--pool=solo", "--loglevel=ERROR", "--without-gossip", "--without-mingle"]
    with process("-m", "celery", "-A", "config", "worker", *options) as worker:
        memory, left = [], count
        deadline = time.monotonic() + 60 + count
        while left and time.monotonic() < deadline:
            app.send_task("peppol.register", ignore_result=True, expires=5)
            time.sleep(1)
            left = Participant.objects.exclude(next_attempt_at=None).count()
            memory.append(_megabytes(worker.pid))
    # The worker takes its time to start: the clock runs from its first registration to the end.
    done = Event.objects.filter(type="company.directory_published")
    began = Event.objects.filter(type="company.smp_registered").earliest("occurred_at").occurred_at
    seconds = (done.latest("occurred_at").occurred_at - began).total_seconds()
    return done.count() / seconds, memory


def _megabytes(pid: int) -> int:
    pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") // 2**20


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 1000
    with sandbox():
        set_up()
        calls = record()
        ask_for(100_000, count)
        before = bare_loop(calls, 200_000, count // 2)
        ours, memory = worker_loop(count)
        after = bare_loop(calls, 300_000, count // 2)
    bare = (before + after) / 2
    print(f"bare loop   {before:6.1f} and {after:6.1f} registrations/s ({len(calls)} calls each)")
    print(f"one worker  {ours:6.1f} registrations/s, ratio {ours / bare:.2f}")
    tenth = len(memory) // 10
    print(f"memory of the worker: {memory[tenth]} MB after a tenth, {memory[-2]} MB at the end")


if __name__ == "__main__":
    main()
