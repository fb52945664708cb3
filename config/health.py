"""Whether this installation is alive, and whether it is ready to work."""

import sqlite3
import time
from collections.abc import Callable, Mapping
from contextlib import closing
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import redis
from django.conf import settings
from django.db import DatabaseError, connection
from django.http import HttpRequest, JsonResponse
from django.utils import timezone

from config.outages import RETRY_AFTER, sentence_of
from config.startup import folders, trouble_with
from peppol.access_point.dialects import access_point_address
from peppol.models import Circuit, NetworkReport
from peppol.rules import releases, sets
from peppol.services.registration import certificates
from peppol.smp.dialects import smp_address
from tenants.database_waits import no_longer_than
from tenants.models import Event, Heartbeat
from tenants.row_security import everything
from webhooks.models import Delivery

_DATABASE_WAIT = 1.0
WORKER_SILENCE = timedelta(seconds=60)
OUTBOX_AGE = timedelta(seconds=60)
# A report is good for so many seconds: whoever asks often costs little.
_GOOD_FOR = 2.0
_last: tuple[float, dict[str, Any]] = (0.0, {})


@dataclass(frozen=True)
class Finding:
    """What a check found. Only a check that is `needed` makes the installation unready."""

    ok: bool
    detail: str = ""
    needed: bool = True
    more: Mapping[str, Any] = field(default_factory=dict)


def liveness(request: HttpRequest) -> JsonResponse:
    """200 as long as the process answers at all."""
    return JsonResponse({"status": "alive"})


@everything()  # it counts the work of all tenants
def readiness(request: HttpRequest) -> JsonResponse:
    """200 with every check's finding, or 503 when one that is needed failed (FLO-46)."""
    global _last
    made_at, report = _last
    if time.monotonic() - made_at > _GOOD_FOR or not report:
        report = examine()
        _last = (time.monotonic(), report)
    if report["status"] == "ready":
        return JsonResponse(report)
    return JsonResponse(report, status=503, headers={"Retry-After": str(RETRY_AFTER)})


def examine() -> dict[str, Any]:
    """Run all checks; without a database the others that need one are not tried."""
    findings = {"database": _database(), "broker": _broker(), "storage": _storage()}
    if findings["database"].ok:
        findings |= {name: check() for name, check in _CHECKS.items()}
    ready = all(found.ok for found in findings.values() if found.needed)
    return {
        "status": "ready" if ready else "not_ready",
        "checks": {
            name: {
                "ok": found.ok,
                **({"detail": found.detail} if found.detail else {}),
                **found.more,
            }
            for name, found in findings.items()
        },
    }


def _database() -> Finding:
    """Whether it answers, and would take a write."""
    try:
        with no_longer_than(_DATABASE_WAIT):
            if connection.vendor == "sqlite" and not connection.in_atomic_block:
                _begin_writing()
            else:
                with connection.cursor() as cursor:
                    cursor.execute("select 1")
    except (DatabaseError, sqlite3.Error) as error:
        connection.close()
        return Finding(False, sentence_of(error) or type(error).__name__)
    return Finding(True)


def _begin_writing() -> None:
    """On a connection of its own: the request's would wait for as long as requests do."""
    place = connection.settings_dict["NAME"]
    is_uri = str(place).startswith("file:")
    with closing(sqlite3.connect(str(place), timeout=_DATABASE_WAIT, uri=is_uri)) as own:
        own.execute("begin immediate")
        own.rollback()


def _storage() -> Finding:
    """Whether the folders that files are written to have room and can be written to."""
    troubles = [trouble_with(folder) for folder in folders()]
    return Finding(not any(troubles), " ".join(filter(None, dict.fromkeys(troubles))))


def _broker() -> Finding:
    if not settings.REDIS_URL:
        folder = getattr(settings, "QUEUE_DIR", None)
        missing = folder is not None and not Path(folder).is_dir()
        return Finding(not missing, "The queue's folder is missing." if missing else "")
    try:
        redis.Redis.from_url(settings.REDIS_URL, retry=None, **settings.REDIS_WAITS).ping()
    except redis.RedisError as error:
        return Finding(False, f"Redis does not answer: {type(error).__name__}.")
    return Finding(True)


def _worker() -> Finding:
    beat = Heartbeat.objects.filter(name="worker").values_list("beat_at", flat=True).first()
    if beat is None:
        return Finding(False, "No worker has been seen yet.")
    silence = timezone.now() - beat
    # A beat in the future is one of before the clock was set back.
    return Finding(abs(silence) < WORKER_SILENCE, f"Last seen {silence.total_seconds():.0f} s ago.")


def _outbox() -> Finding:
    oldest = Event.objects.undistributed().values_list("occurred_at", flat=True).first()
    return _age(oldest, OUTBOX_AGE)


def _deliveries() -> Finding:
    """A backlog of webhooks is worth knowing, but no reason to turn requests away."""
    oldest = (
        Delivery.objects.due().order_by("next_attempt_at").values_list("next_attempt_at", flat=True)
    )
    found = _age(oldest.first(), OUTBOX_AGE)
    return Finding(found.ok, found.detail, needed=False)


def _circuits() -> Finding:
    """Requests are taken while the network's services are silent; their work waits."""
    broken = list(Circuit.objects.broken())
    known = {"smp": smp_address(), "access_point": access_point_address()}
    names = {url: name for name, url in known.items()}
    # Anybody may ask: what is broken is named, and neither where it is nor what it said.
    said = "; ".join(
        f"{names.get(c.name, 'a service')}: {c.get_state_display().lower()} "
        f"({c.get_trouble_display().lower()})"
        for c in broken
    )
    states = {circuit.name: circuit.state for circuit in broken}
    shown = {name: states.get(url, "closed") for name, url in known.items()}
    said = said or "All circuits are closed."
    return Finding(not broken, said, needed=False, more={"states": shown})


def _rules() -> Finding:
    """By which rules documents are judged; old ones are worth knowing, and no reason to stop."""
    used = [one for one, in_force in sets.shown() if in_force]
    outdated = releases.outdated(max(one.mandatory_from for one in used), sets.today())
    names = [{"name": one.title, "mandatory_from": one.mandatory_from.isoformat()} for one in used]
    return Finding(not outdated, outdated, needed=False, more={"in_force": names})


def _certificates() -> Finding:
    """How long the certificates of the network are good; their end is a matter of days."""
    ending = certificates.near_their_end()
    # Anybody may ask: whose it is, the system page says.
    said = f"A certificate ends on {ending[0].ends_at:%Y-%m-%d}." if ending else ""
    return Finding(not ending, said, needed=False)


def _reports() -> Finding:
    """Whether a report to OpenPeppol is owed whose day draws near."""
    owed = list(NetworkReport.objects.pressing())
    said = f"{owed[0]} is not filed; it is due on {owed[0].due_on}." if owed else ""
    return Finding(not owed, said, needed=False)


def _age(oldest: datetime | None, most: timedelta) -> Finding:
    if oldest is None:
        return Finding(True)
    age = timezone.now() - oldest
    return Finding(age < most, f"The oldest has waited {max(age.total_seconds(), 0):.0f} s.")


_CHECKS: dict[str, Callable[[], Finding]] = {
    "worker": _worker,
    "outbox": _outbox,
    "deliveries": _deliveries,
    "circuit_breakers": _circuits,
    "rules": _rules,
    "certificates": _certificates,
    "network_reports": _reports,
}
