"""Our API beside the one that a reseller would build instead, and beside Django's bare view.

    pip install djangorestframework-api-key
    DATABASE_URL=postgres://… REDIS_URL=redis://… python -m tests.benchmarks.api_peer [rounds]

`DATABASE_URL` names an empty database of an ordinary role, so that the walls between tenants are
up; without it, embedded databases are made. The peer is `tests.benchmarks.peer`. granian serves
all of them in the same run, in turns, and the medians count: a busy machine burdens all alike.
"""

import itertools
import json
import os
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

from tests.benchmarks.serving import ROOT, Call, environment, measure, served

SECONDS = 2.0
PREPARE = """
from django.core.management import call_command
call_command("migrate", verbosity=0)
from django.db import connection
from apikeys.services import keys
from tenants.actors import Actor
from tenants.ids import spell
from tenants.models import Organization
from tenants.row_security import everything
from tenants.services import organizations
by = Actor.system("benchmark")
if connection.vendor == "postgresql":
    with connection.cursor() as cursor:
        cursor.execute("select rolsuper or rolbypassrls from pg_roles where rolname = current_user")
        if cursor.fetchone()[0]:
            raise SystemExit("The walls are open to this role: take an ordinary one.")
with everything():
    platform = organizations.create("platform", {"name": "Benchmark"}, by=by)
    Organization.objects.filter(pk=platform.pk).update(
        requests_per_minute=10**7, requests_per_hour=10**7)
    for n in range(200):
        company = organizations.create_company(
            platform, {"name": f"Company {n}", "country": "BE"}, by=by)
    secrets = [
        keys.issue(platform, name=n, kind="platform", by=by, **more)[1]
        for n, more in (("a", {}), ("b", {"prefix": "flw_live_"}))]
print(spell("tenant", company.pk), *secrets)
"""
PREPARE_PEER = """
from django.core.management import call_command
call_command("migrate", verbosity=0, run_syncdb=True)
from tests.benchmarks.peer.models import PeerTenant, Reseller, ResellersKey
reseller = Reseller.objects.create(name="Benchmark")
tenants = PeerTenant.objects.bulk_create(
    PeerTenant(reseller=reseller, name=f"Company {n}") for n in range(200))
print(tenants[-1].pk, ResellersKey.objects.create_key(name="k", reseller=reseller)[1])
"""


def prepare(code: str, variables: dict[str, str]) -> list[str]:
    """What the code prints last, as words."""
    command = [sys.executable, "-c", f"import django; django.setup()\n{code}"]
    said = subprocess.check_output(command, cwd=ROOT, env=variables, text=True, timeout=300)
    return said.splitlines()[-1].split()


def companies() -> Iterator[str]:
    """Bodies of one call that makes a company, its key, and has it registered."""
    for n in itertools.count(os.getpid() * 1000):
        number = f"0{n % 10**7:07}"
        checked = f"{number}{97 - int(number) % 97:02}"
        yield json.dumps(
            {"vatNumber": f"BE{checked}", "name": f"Company {n}", "apiKey": {"name": "main"}}
        )


def plain() -> Iterator[str]:
    """Bodies of one row for the peer."""
    return (json.dumps({"name": f"Company {n}"}) for n in itertools.count())


def main() -> None:
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 5
    with ExitStack() as stack:
        directory = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        (directory / "static").mkdir()
        shared = {n: os.environ[n] for n in ("DATABASE_URL", "REDIS_URL") if n in os.environ}
        ours = environment(directory, **shared)
        theirs = environment(
            directory,
            DATABASE_URL=shared.get("DATABASE_URL", f"sqlite:///{directory / 'peer.db'}"),
            **{name: url for name, url in shared.items() if name == "REDIS_URL"},
        ) | {"DJANGO_SETTINGS_MODULE": "tests.benchmarks.peer.settings"}
        tenant, key, second = prepare(PREPARE, ours)
        row, peers_key = prepare(PREPARE_PEER, theirs)
        us = stack.enter_context(served("config.wsgi", "/health/liveness", ours))
        peer = stack.enter_context(served("tests.benchmarks.peer.wsgi", "/tenants", theirs))
        bare = stack.enter_context(served("tests.benchmarks.peer.bare", f"/row/{row}", theirs))
        bearer, api_key = (
            {"Authorization": f"Bearer {key}"},
            {"Authorization": f"Api-Key {peers_key}"},
        )
        flowie = {"Authorization": f"Bearer {second}"}
        run(
            rounds,
            {
                "one tenant": (
                    Call(us, f"/api/admin/tenants/{tenant}", bearer),
                    Call(peer, f"/tenants/{row}", api_key),
                ),
                "one tenant, a bare view": (
                    Call(us, f"/api/admin/tenants/{tenant}", bearer),
                    Call(bare, f"/row/{row}"),
                ),
                "100 tenants": (
                    Call(us, "/api/admin/tenants/?limit=100", bearer),
                    Call(peer, "/tenants?limit=100", api_key),
                ),
                "onboarding, an INSERT": (
                    Call(us, "/v1/platform/companies", flowie, companies()),
                    Call(peer, "/tenants", api_key, plain()),
                ),
            },
        )


def run(rounds: int, pairs: dict[str, tuple[Call, Call]]) -> None:
    """Measure each pair in turns and print its medians and their ratios."""
    for pair in pairs.values():
        for call in pair:
            measure(call, SECONDS / 2)  # The first requests pay for imports and connections.
    taken = {name: ([], []) for name in pairs}
    for _ in range(rounds):
        for name, pair in pairs.items():
            for call, values in zip(pair, taken[name], strict=True):
                values.append(measure(call, SECONDS))
    for name, (ours, theirs) in taken.items():
        (rate, cost), (peer_rate, peer_cost) = (
            [statistics.median(column) for column in zip(*values, strict=True)]
            for values in (ours, theirs)
        )
        sys.stdout.write(
            f"{name:26}{rate:7.0f}/s {cost:6.2f} ms CPU   beside{peer_rate:7.0f}/s "
            f"{peer_cost:6.2f} ms   rate {rate / peer_rate:.2f}   CPU {cost / peer_cost:.2f}\n"
        )


if __name__ == "__main__":
    main()
