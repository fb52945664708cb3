"""Writes to runs over many companies: choose them, start, stop, go on, try again, undo.

The companies are changed in the background (`worker`), each by the service that changes one and
with that service's event. What a person does here is one transaction and one event.
"""

from collections.abc import Mapping
from datetime import timedelta
from functools import partial
from typing import Any

from django.db import connection, transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

from peppol.models import CompanyRun, CompanyRunLine
from peppol.services.company_runs.kinds import KINDS
from tenants import background, events, loops, persistence
from tenants.actors import Actor
from tenants.encryption import decrypt
from tenants.errors import WrongState
from tenants.models import Organization
from tenants.sentences import kept, within

State = CompanyRun.State
LineState = CompanyRunLine.State

STARTED = events.declare("company_run.started", "Something was begun with many companies.")
STOPPED = events.declare("company_run.stopped", "What was done to many companies was stopped.")
FINISHED = events.declare("company_run.finished", "What was done to many companies ended.")
SECRETS_SHOWN = events.declare("company_run.secrets_shown", "The keys of a run were downloaded.")

# Keys that nobody fetched are forgotten after so long, runs after this, and those never begun.
KEEP_SECRETS = timedelta(days=7)
KEEP_RUNS = timedelta(days=90)
KEEP_CHOICES = timedelta(days=1)


@transaction.atomic
def choose(
    platform: Organization, kind: str, companies: "QuerySet[Any]", *, by: Actor
) -> CompanyRun:
    """Note down companies to do something to, as many as there are; nothing is done yet.

    Raises WrongState (`nobody`) when there is none.
    """
    run = CompanyRun(organization=platform, kind=kind)
    _sign(run, by)
    persistence.insert(run)
    mine = Organization.objects.under(platform).filter(pk__in=companies.order_by().values("pk"))
    run.total = _note_all(run, mine.order_by("pk").values("pk"))
    if not run.total:
        raise WrongState("No company was chosen.", code="nobody")
    run.save(update_fields=["total"])
    return run


def fitting(run: CompanyRun) -> "QuerySet[Organization]":
    """The companies of a run for which it makes sense."""
    noted = CompanyRunLine.objects.filter(run=run, company=OuterRef("pk"))
    mine = Organization.objects.under(run.organization).filter(Exists(noted))
    return mine.filter(KINDS[run.kind].fits)


@transaction.atomic
def start(run: CompanyRun, options: Mapping[str, Any], *, by: Actor) -> CompanyRun:
    """Have the companies for which it makes sense changed in the background; the others are left
    out, and say why. Raises WrongState (`nobody`) when it makes sense for none."""
    run = locked(run, State.CHOSEN)
    fit = fitting(run).order_by().values("pk")
    others = run.lines.exclude(company__in=fit)
    others.update(state=LineState.LEFT_OUT, said=kept(KINDS[run.kind].why_not))
    if not run.lines.filter(state=LineState.READY).exists():
        raise WrongState("This makes sense for none of these companies.", code="nobody")
    run.options = dict(options)
    return _begin(run, by)


@transaction.atomic
def stop(run: CompanyRun, *, by: Actor) -> CompanyRun:
    """Change no further companies. `go_on` goes on from there."""
    run = locked(run, State.RUNNING)
    run.state = State.STOPPED
    run.save(update_fields=["state"])
    note(run, STOPPED, by)
    return run


@transaction.atomic
def go_on(run: CompanyRun, *, by: Actor) -> CompanyRun:
    """Go on with a run that was stopped."""
    return _begin(locked(run, State.STOPPED), by)


@transaction.atomic
def retry(run: CompanyRun, *, by: Actor) -> CompanyRun:
    """Try again with the companies that failed. Raises WrongState (`nobody`) without any."""
    run = locked(run, State.DONE, State.STOPPED)
    failed = run.lines.filter(state=LineState.FAILED)
    if not failed.update(state=LineState.READY, said={}, attempts=0, claimed_until=None):
        raise WrongState("No company has failed.", code="nobody")
    return _begin(run, by)


@transaction.atomic
def undo(run: CompanyRun, *, by: Actor) -> CompanyRun:
    """Undo what was done to each company, by a run of its own.

    Raises WrongState (`not_undoable`) for what cannot be undone, or was already.
    """
    run = locked(run, State.DONE, State.STOPPED)
    way = KINDS[run.kind].undo
    if not way or CompanyRun.objects.filter(undoes=run).exists():
        raise WrongState("This cannot be undone, or was already.", code="not_undoable")
    back = CompanyRun(organization=run.organization, kind=way, undoes=run)
    _sign(back, by)
    persistence.insert(back)
    done = run.lines.filter(state=LineState.DONE)
    back.total = _note_all(back, done.order_by("pk").values("company", "made"))
    if not back.total:
        raise WrongState("Nothing was done that could be undone.", code="nobody")
    return _begin(back, by)


@transaction.atomic
def take_secrets(run: CompanyRun, *, by: Actor) -> dict[int, str]:
    """The keys that a run issued, by their line; they are gone afterwards."""
    run = locked(run, State.DONE, State.STOPPED)
    lines = run.lines.exclude(secret="")
    secrets = {line.pk: decrypt(line.secret) for line in lines}
    lines.update(secret="")
    note(run, SECRETS_SHOWN, by, count=len(secrets))
    return secrets


def forget_old(most: int = 100) -> int:
    """Forget keys that nobody fetched, choices that nobody began with, and runs of long ago."""
    now = timezone.now()
    late = CompanyRunLine.objects.filter(run__finished_at__lt=now - KEEP_SECRETS)
    late.exclude(secret="").update(secret="")
    idle = CompanyRun.objects.filter(state=State.CHOSEN, created_at__lt=now - KEEP_CHOICES)
    old = CompanyRun.objects.at_rest_since(now - KEEP_RUNS)
    forget = partial(loops.each, "forget runs", step=lambda run: run.delete())
    return sum(forget(rows[:most]) for rows in (idle, old))


def note(run: CompanyRun, event: str, by: Actor, **details: Any) -> None:
    """Record what happened to a run."""
    facts = {"id": str(run.pk), "kind": run.kind, "companies": run.total, **details}
    events.record(run.organization, event, by=by, data={"run": facts})


def locked(run: CompanyRun, *allowed: str) -> CompanyRun:
    """The run as it stands, nobody else's until the transaction ends.

    Raises WrongState when it is in none of the `allowed` states.
    """
    rows = CompanyRun.objects.select_related("organization")
    found = rows.select_for_update(of=("self",), no_key=True).get(pk=run.pk)
    if found.state not in allowed:
        state = within(State(found.state).label)
        raise WrongState("This is %(state)s.", values={"state": state})
    return found


def _begin(run: CompanyRun, by: Actor) -> CompanyRun:
    run.state, run.started_at, run.finished_at = State.RUNNING, timezone.now(), None
    _sign(run, by)
    run.save()
    note(run, STARTED, by)
    background.wake("company_runs")
    return run


def _sign(run: CompanyRun, by: Actor) -> None:
    run.actor_kind, run.actor_id, run.actor_label = by.kind, by.id, by.label


def _note_all(run: CompanyRun, rows: "QuerySet[Any, Any]") -> int:
    """Write a line for each of `rows` in one statement: there may be a hundred thousand."""
    sql, given = rows.query.sql_with_params()
    columns = ["company_id", *(["made"] if "made" in sql.partition(" FROM ")[0] else [])]
    key: Any = CompanyRun._meta.pk
    own = [key.get_db_prep_value(pk, connection) for pk in (run.organization_id, run.pk)]
    with connection.cursor() as cursor:
        cursor.execute(
            f"insert into {CompanyRunLine._meta.db_table}"  # noqa: S608 — our own names
            f" (organization_id, run_id, {', '.join(columns)})"
            f" select %s, %s, chosen.* from ({sql}) chosen",
            [*own, *given],
        )
        return int(cursor.rowcount)
