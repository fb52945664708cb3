"""What the pages of a run show: how far it is, and what became of each company."""

from collections.abc import Iterator, Mapping
from typing import Any

from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext, ngettext

from peppol.models import CompanyRun
from peppol.portal.import_files import attachment
from peppol.services.company_runs.kinds import KINDS
from peppol.spreadsheets import write
from tenants.sentences import told

State = CompanyRun.State
_SHOWN = 25


def is_over(run: CompanyRun) -> bool:
    return run.state in (State.DONE, State.STOPPED)


def can_be_undone(run: CompanyRun) -> bool:
    """Whether something was done that there is a way back from, and nobody has gone it."""
    if not is_over(run) or not KINDS[run.kind].undo or hasattr(run, "undone_by"):
        return False
    return run.lines.filter(state="done").exists()


def progress_of(run: CompanyRun) -> dict[str, Any]:
    """How far a run is."""
    counts = run.count()
    over = counts["done"] + counts["failed"]
    whole = over + counts["ready"]
    sentence = ngettext("%(over)d of %(whole)d company", "%(over)d of %(whole)d companies", whole)
    return {
        "run": run,
        "counts": counts,
        "percent": round(100 * over / whole) if whole else 100,
        "text": sentence % {"over": over, "whole": whole},
    }


def context(run: CompanyRun) -> dict[str, Any]:
    """What the page of a run shows."""
    failed = _lines(run, "failed")
    left_out = _lines(run, "left_out")
    return {
        **progress_of(run),
        "kind": KINDS[run.kind],
        "lists": [
            (gettext("Failed"), failed),
            (gettext("Left out"), left_out),
            (gettext("Done"), _lines(run, "done")),
        ],
        "undone_by": getattr(run, "undone_by", None),
    }


def _lines(run: CompanyRun, state: str) -> list[dict[str, Any]]:
    rows = run.lines.filter(state=state).select_related("company").order_by("id")[:_SHOWN]
    return [{"line": one, "said": told(one.said)} for one in rows]


def result(run: CompanyRun, secrets: Mapping[int, str]) -> HttpResponse:
    """A line per company: what became of it, and the key that `secrets` has for it."""
    titles = [
        gettext("Company"),
        gettext("Company number"),
        gettext("Result"),
        gettext("Message"),
        gettext("Company id"),
    ]
    titles += [gettext("API key")] if secrets else []
    day = timezone.localtime().strftime("%Y-%m-%d")
    name = f"{KINDS[run.kind].title}-{day}.csv".replace(" ", "-").lower()
    return attachment(write(titles, _results(run, secrets), "csv"), name, "csv")


def _results(run: CompanyRun, secrets: Mapping[int, str]) -> Iterator[tuple[Any, ...]]:
    rows = run.lines.select_related("company").order_by("id")
    for one in rows.iterator(chunk_size=1000):
        own = one.company
        said = (own.title, own.company_number, one.get_state_display(), told(one.said), own.pk)
        yield (*said, secrets.get(one.pk, "")) if secrets else said
