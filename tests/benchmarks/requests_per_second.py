"""Requests per second of `GET /api/admin/tenants/{id}`, beside a bare Django view.

    python -m tests.benchmarks.requests_per_second [rounds]

granian serves both in the same run from an embedded database of their own, whatever `DATABASE_URL`
says. The bare views run in a Django without middleware: one answers at once, one reads a row. The
rounds take turns and the median counts, so that a busy machine burdens all of them alike.
"""

import http.client
import os
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path

THREADS, SECONDS, READY_WITHIN = 4, 2.0, 30.0
ROOT = Path(__file__).resolve().parents[2]
# The apps insist on middleware when they start, so it is taken away after that.
BARE_WSGI = """
import django
django.setup()
from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler
settings.MIDDLEWARE, settings.ROOT_URLCONF = [], "bare_urls"
application = WSGIHandler()
"""
BARE_URLS = """
from django.http import JsonResponse
from django.urls import path
from tenants.models import Organization

def nothing(request):
    return JsonResponse({"name": "Company"})

def row(request, id):
    return JsonResponse(Organization.objects.values("id", "name").get(pk=id))

urlpatterns = [path("nothing", nothing), path("row/<uuid:id>", row)]
"""
PREPARE = """
from django.core.management import call_command
call_command("migrate", verbosity=0)
from apikeys.services import keys
from tenants.actors import Actor
from tenants.ids import spell
from tenants.models import Organization
from tenants.services import organizations
by = Actor.system("benchmark")
platform = organizations.create("platform", {"name": "Benchmark"}, by=by)
Organization.objects.filter(pk=platform.pk).update(
    requests_per_minute=10**7, requests_per_hour=10**7)
company = organizations.create_company(platform, {"name": "Company"}, by=by)
key = keys.issue(platform, name="k", kind="platform", by=by)[1]
print(company.pk, spell("tenant", company.pk), key)
"""


def environment(directory: Path) -> dict[str, str]:
    """Ours without whatever names another installation: nothing outside `directory` is touched."""
    foreign = ("DATABASE_URL", "REDIS_URL", "GATEHOUSE_", "DJANGO_SETTINGS_MODULE")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(foreign)}
    return {
        **kept,
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "GATEHOUSE_DATA_DIR": str(directory),
        "PYTHONPATH": f"{directory}{os.pathsep}{ROOT}",
        "LOG_LEVEL": "ERROR",
    }


@contextmanager
def served(module: str, path: str, variables: Mapping[str, str]) -> Iterator[int]:
    """Serve this WSGI module on a free port, from the moment `path` is answered."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = (
        "granian",
        "--interface",
        "wsgi",
        "--port",
        str(port),
        "--workers",
        "1",
        "--blocking-threads",
        str(THREADS),
        "--no-log",
        f"{module}:application",
    )
    server = subprocess.Popen([sys.executable, "-m", *command], cwd=ROOT, env=dict(variables))
    try:
        deadline = time.monotonic() + READY_WITHIN
        while not answers(port, path):
            if server.poll() is not None or time.monotonic() > deadline:
                raise SystemExit(f"The server of {module} did not start.")
            time.sleep(0.1)
        yield port
    finally:
        server.terminate()
        try:
            server.wait(10)
        except subprocess.TimeoutExpired:
            server.kill()
            server.wait(10)


def answers(port: int, path: str) -> bool:
    """Whether somebody listens there and says anything to `path`."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=2)
    try:
        connection.request("GET", path)
        return bool(connection.getresponse().read())
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def rate(port: int, path: str, headers: Mapping[str, str]) -> float:
    """Requests per second that `THREADS` clients get answered. Raises at anything but a 200."""
    begun = time.monotonic()
    counts, refused = [0] * THREADS, list[str]()

    def client(n: int) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
        try:
            while time.monotonic() < begun + SECONDS and not refused:
                connection.request("GET", path, headers=dict(headers))
                answer = connection.getresponse()
                answer.read()
                if answer.status != 200:
                    refused.append(f"{path} answered {answer.status}")
                counts[n] += 1
        except (OSError, http.client.HTTPException) as error:
            refused.append(f"{path}: {type(error).__name__}")
        finally:
            connection.close()

    threads = [threading.Thread(target=client, args=(n,)) for n in range(THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if refused:
        raise SystemExit(refused[0])
    return sum(counts) / (time.monotonic() - begun)


def main() -> None:
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 5
    with ExitStack() as stack:
        directory = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        (directory / "static").mkdir()
        (directory / "bare_wsgi.py").write_text(BARE_WSGI)
        (directory / "bare_urls.py").write_text(BARE_URLS)
        variables = environment(directory)
        said = subprocess.check_output(
            [sys.executable, "manage.py", "shell", "--no-imports", "-c", PREPARE],
            cwd=ROOT,
            env=variables,
            text=True,
            timeout=120,
        )
        id, tenant, key = said.split()
        bare = stack.enter_context(served("bare_wsgi", "/nothing", variables))
        ours = stack.enter_context(served("config.wsgi", "/health/liveness", variables))
        bearer = {"Authorization": f"Bearer {key}"}
        views: dict[str, tuple[int, str, dict[str, str]]] = {
            "bare view": (bare, "/nothing", {}),
            "bare view of a row": (bare, f"/row/{id}", {}),
            "GET tenant": (ours, f"/api/admin/tenants/{tenant}", bearer),
        }
        for view in views.values():
            rate(*view)  # The first requests pay for imports and connections.
        taken: dict[str, list[float]] = {name: [] for name in views}
        for _ in range(rounds):
            for name, view in views.items():
                taken[name].append(rate(*view))
    medians = {name: statistics.median(values) for name, values in taken.items()}
    for name, values in taken.items():
        share = medians["GET tenant"] / medians[name]
        sys.stdout.write(
            f"{name:20}{medians[name]:7.0f}/s  ({min(values):.0f} to {max(values):.0f})"
            f"  GET tenant / this: {share:.2f}\n"
        )


if __name__ == "__main__":
    main()
