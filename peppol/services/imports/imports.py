"""Writes to imports of companies: check a file without a trace, start, stop, go on.

The lines are onboarded in the background (`import_run`). Everything that a person does here is
one transaction and one event.
"""

from collections.abc import Mapping
from datetime import timedelta
from functools import partial
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_noop

from peppol.models import CompanyImport, ImportFile, ImportLine
from peppol.services.imports import columns, layouts
from peppol.services.imports import lines as import_lines
from peppol.services.imports.lines import Judge
from tenants import background, events, loops
from tenants.actors import Actor
from tenants.encryption import decrypt
from tenants.errors import Invalid, WrongState
from tenants.models import Organization
from tenants.sentences import Sentence, kept, within

State = CompanyImport.State
LineState = ImportLine.State

CHECKED = events.declare("import.checked", "A file of companies was checked.")
STARTED = events.declare("import.started", "An import of companies was started.")
STOPPED = events.declare("import.stopped", "An import of companies was stopped.")
FINISHED = events.declare("import.finished", "An import of companies came to its end.")
DISCARDED = events.declare("import.discarded", "An import and what it kept were deleted.")
SECRETS_SHOWN = events.declare("import.secrets_shown", "The keys of an import were downloaded.")

# Keys that nobody fetched are forgotten after so long.
KEEP_SECRETS = timedelta(days=7)
# And so are imports, with what stood in their files, at which nobody was for so long.
KEEP_IMPORTS = timedelta(days=90)
_TIDYING = Actor.system("tidying")
_BATCH = 500
_TAKEN = Sentence("This identifier is already registered on the network.")


@transaction.atomic
def check(
    batch: CompanyImport,
    mapping: Mapping[str, int],
    *,
    register: bool,
    with_keys: bool,
    without_numbers: bool = False,
    by: Actor,
) -> CompanyImport:
    """Judge every line of a file by this mapping, as the import would; no company is made.

    The mapping is remembered, for the next file with these titles. Raises Invalid for one that
    names no such column, or no number (`no_number`) without somebody having said that there is
    none; WrongState once it was started.
    """
    batch = locked(batch, State.UPLOADED, State.CHECKED)
    _check_mapping(batch, mapping, without_numbers)
    layouts.remember(batch, mapping)
    batch.mapping, batch.register, batch.with_keys = dict(mapping), register, with_keys
    batch.state = State.CHECKED
    lines = list(batch.lines.order_by("number"))
    judge = Judge(batch.organization, mapping)
    for line in lines:
        found = judge.judge(line.number, line.cells)
        line.problems = [kept(one) for one in found.problems]
        line.warnings = [kept(one) for one in found.warnings]
        line.identifier = found.identifier
        line.state = LineState.BAD if found.problems else LineState.READY
    if register:
        _warn_of_taken(lines)
    ImportLine.objects.bulk_update(
        lines, ["state", "problems", "warnings", "identifier"], batch_size=_BATCH
    )
    batch.save()
    note(batch, CHECKED, by)
    return batch


@transaction.atomic
def start(batch: CompanyImport, *, by: Actor) -> CompanyImport:
    """Have the lines that are ready imported in the background; stopped imports go on.

    Raises WrongState (`nothing_to_import`) when no line is ready.
    """
    batch = locked(batch, State.CHECKED, State.STOPPED)
    if not batch.lines.filter(state=LineState.READY).exists():
        raise WrongState("No line of this file can be imported.", code="nothing_to_import")
    ImportFile.objects.filter(batch=batch).delete()
    return _run(batch, by)


@transaction.atomic
def stop(batch: CompanyImport, *, by: Actor) -> CompanyImport:
    """Import no further lines; what was imported stays. `start` goes on from there."""
    batch = locked(batch, State.RUNNING)
    batch.state = State.STOPPED
    batch.save()
    note(batch, STOPPED, by)
    return batch


@transaction.atomic
def retry(batch: CompanyImport, *, by: Actor) -> CompanyImport:
    """Import the lines once more that failed. Raises WrongState (`nothing_to_import`)."""
    batch = locked(batch, State.DONE, State.STOPPED)
    failed = batch.lines.filter(state=LineState.FAILED)
    if not failed.update(state=LineState.READY, problems=[], attempts=0, claimed_until=None):
        raise WrongState("No line of this file has failed.", code="nothing_to_import")
    return _run(batch, by)


@transaction.atomic
def discard(batch: CompanyImport, *, by: Actor) -> None:
    """Forget a file and its lines; the companies that were made of them stay."""
    batch = locked(batch, *(set(State) - {State.RUNNING}))
    note(batch, DISCARDED, by)
    batch.delete()


@transaction.atomic
def take_secrets(batch: CompanyImport, *, by: Actor) -> dict[int, str]:
    """The keys that the import issued, by the number of their line; they are gone afterwards."""
    batch = locked(batch, State.DONE, State.STOPPED)
    lines = batch.lines.exclude(secret="")
    secrets = {line.number: decrypt(line.secret) for line in lines}
    lines.update(secret="")
    note(batch, SECRETS_SHOWN, by, count=len(secrets))
    return secrets


def note_end(batch: CompanyImport) -> None:
    """Record that an import has come to its end, and how."""
    counts = batch.count()
    by = Actor.system("import")
    note(batch, FINISHED, by, imported=counts["done"], failed=counts["failed"])


def room_for(platform: Organization, wanted: int) -> int | None:
    """How many companies the platform's plan has room for, where that is less than `wanted`."""
    if platform.company_limit is None:
        return None
    room = max(platform.company_limit - Organization.objects.under(platform).count(), 0)
    return room if room < wanted else None


def forget_secrets() -> int:
    """Forget keys that nobody fetched in time; returns how many."""
    late = timezone.now() - KEEP_SECRETS
    lines = ImportLine.objects.exclude(secret="").filter(batch__finished_at__lt=late)
    return lines.update(secret="")


def forget_old(most: int = 100) -> int:
    """Forget imports that have been at rest for long; how many."""
    old = CompanyImport.objects.at_rest_since(timezone.now() - KEEP_IMPORTS)[:most]
    return loops.each("forget imports", old, partial(discard, by=_TIDYING))


def locked(batch: CompanyImport, *allowed: str) -> CompanyImport:
    """The import as it stands, nobody else's until the transaction ends.

    Raises WrongState (`wrong_state`) when it is in none of the `allowed` states.
    """
    rows = CompanyImport.objects.select_related("organization")
    found = rows.select_for_update(of=("self",), no_key=True).filter(pk=batch.pk).first()
    if found is None:
        raise WrongState("This import was deleted.", code="deleted")
    if found.state not in allowed:
        state = within(State(found.state).label)
        raise WrongState("This import is %(state)s.", values={"state": state})
    return found


def _run(batch: CompanyImport, by: Actor) -> CompanyImport:
    batch.state, batch.finished_at = State.RUNNING, None
    batch.started_at = timezone.now()
    batch.actor_kind, batch.actor_id, batch.actor_label = by.kind, by.id, by.label
    batch.save()
    note(batch, STARTED, by)
    background.wake("imports")
    return batch


def _check_mapping(batch: CompanyImport, mapping: Mapping[str, int], without_numbers: bool) -> None:
    for name, place in mapping.items():
        if name not in columns.COLUMNS or not 0 <= place < len(batch.columns):
            raise Invalid("This file has no such column.", fields={name: ["No such column."]})
    if not mapping.keys() & {"name", "company_number"}:
        sentence = gettext_noop("Say in which column the name stands.")
        raise Invalid(sentence, code="no_name", fields={"name": [sentence]})
    if not (without_numbers or mapping.keys() & set(columns.NUMBERS)):
        sentence = gettext_noop(
            "Say in which column the company or VAT numbers stand, or that there are none."
        )
        raise Invalid(sentence, code="no_number", fields={"without_numbers": [sentence]})


def _warn_of_taken(lines: list[ImportLine]) -> None:
    held = import_lines.taken(line.identifier for line in lines)
    for line in lines:
        if line.identifier.lower() in held:
            line.warnings.append(kept(_TAKEN))


def note(batch: CompanyImport, event: str, by: Actor, **details: Any) -> None:
    """Record what happened to a file."""
    data = {
        "import": {"id": str(batch.pk), "file": batch.filename, "lines": batch.total, **details}
    }
    events.record(batch.organization, event, by=by, data=data)
