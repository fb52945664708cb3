"""Requests per second of `GET /api/admin/tenants/{id}`, beside a bare Django view.

Run by hand: `python -m tests.benchmarks.requests_per_second`. Both are served by granian in the
same run on the same database, so the ratio says what authentication, limits and the surface cost.
"""

import os
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

import requests

PORT, THREADS, SECONDS = 8791, 4, 5.0
ROOT = Path(__file__).resolve().parents[2]
URLS = """
from django.http import JsonResponse
from django.urls import path
from config.urls import urlpatterns as ours
from tenants.models import Organization
def bare(request, id):
    return JsonResponse(Organization.objects.values("id", "name").get(pk=id))
urlpatterns = [path("bare/<uuid:id>", bare), *ours]
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
Organization.objects.update(requests_per_minute=10**7, requests_per_hour=10**7)
company = organizations.create_company(platform, {"name": "Company"}, by=by)
key = keys.issue(platform, name="k", kind="platform", by=by)[1]
print(company.pk, spell("tenant", company.pk), key)
"""


def rate(url: str, headers: dict[str, str]) -> float:
    """Requests per second that `THREADS` clients get answered."""
    ends, counts = time.monotonic() + SECONDS, [0] * THREADS

    def client(n: int) -> None:
        session = requests.Session()
        while time.monotonic() < ends:
            session.get(url, headers=headers, timeout=5).raise_for_status()
            counts[n] += 1

    threads = [threading.Thread(target=client, args=(n,)) for n in range(THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sum(counts) / SECONDS


def main() -> None:
    with tempfile.TemporaryDirectory() as directory:
        Path(directory, "benchmark_urls.py").write_text(URLS)
        environment = {
            **os.environ,
            "GATEHOUSE_DATA_DIR": directory,
            "PYTHONPATH": f"{directory}:{ROOT}",
            "LOG_LEVEL": "ERROR",
        }
        said = subprocess.check_output(
            [sys.executable, "manage.py", "shell", "--no-imports", "-c", PREPARE],
            cwd=ROOT, env=environment, text=True,
        )  # fmt: skip
        id, tenant, key = said.split()
        Path(directory, "config_benchmark.py").write_text(
            "from config.settings import *\nROOT_URLCONF = 'benchmark_urls'\n"
        )
        environment["DJANGO_SETTINGS_MODULE"] = "config_benchmark"
        command = ("granian", "--interface", "wsgi", "--port", str(PORT), "--workers", "1",
                   "--blocking-threads", "4", "--no-log", "config.wsgi:application")  # fmt: skip
        server = subprocess.Popen([sys.executable, "-m", *command], cwd=ROOT, env=environment)
        try:
            time.sleep(5)
            headers = {"Authorization": f"Bearer {key}"}
            base = f"http://127.0.0.1:{PORT}"
            floor = rate(f"{base}/bare/{id}", {})
            ours = rate(f"{base}/api/admin/tenants/{tenant}", headers)
        finally:
            server.terminate()
            server.wait(10)
    sys.stdout.write(
        f"bare view {floor:.0f}/s · GET tenant {ours:.0f}/s · ratio {ours / floor:.2f}\n"
    )


if __name__ == "__main__":
    main()
