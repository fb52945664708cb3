"""What the pages of an import show: its steps, its columns, and how far it is."""

from collections.abc import Iterable
from typing import Any

from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from peppol.models import CompanyImport, ImportLine
from peppol.portal import import_files
from peppol.services.imports import columns
from peppol.services.imports.columns import COLUMNS

State = CompanyImport.State
_STEPS = {"file": _("File"), "columns": _("Columns"), "check": _("Check"), "import": _("Import")}
# So much of a title or a cell is shown where many stand side by side.
_SHORT = 40
_SHOWN = 25


def trail(here: str) -> list[dict[str, Any]]:
    """The steps of an import, up to its end."""
    place = list(_STEPS).index(here)
    return [
        {"title": title, "here": name == here, "behind": number < place, "link": ""}
        for number, (name, title) in enumerate(_STEPS.items())
    ]


def step_of(batch: CompanyImport) -> str:
    """At which step an import is."""
    steps = {State.READING: "file", State.REFUSED: "file", State.UPLOADED: "columns"}
    return "check" if batch.state == State.CHECKED else steps.get(State(batch.state), "import")


def choices(batch: CompanyImport) -> list[tuple[str, str]]:
    """The columns of a file to choose from, each with what stands in it."""
    first = _first_cells(batch)
    return [
        (str(place), " · ".join(filter(None, (_short(title) or f"#{place + 1}", first[place]))))
        for place, title in enumerate(batch.columns)
    ]


def first_lines(batch: CompanyImport) -> list[tuple[int, str]]:
    """The lines of a file in which its titles could stand."""
    return [
        (number, f"{number}: {_short(text)}") for number, text in batch.reading.get("first", [])
    ]


def about_numbers(batch: CompanyImport) -> str:
    """The question of which column has the numbers, where none is known to."""
    if batch.mapping.keys() & set(columns.NUMBERS):
        return ""
    said = gettext(
        "No column is known to have the numbers by which companies are registered and recognised. "
        "Choose it, or say that there is none."
    )
    names = columns.questionable(batch.columns, batch.mapping)
    if not names:
        return said
    first = _first_cells(batch)
    shown = [f"“{_short(name)}” ({first[batch.columns.index(name)]})" for name in names]
    asked = gettext(
        "%(columns)s may be these, or the numbers by which a program counts its customers: only "
        "you know."
    )
    return f"{said} {asked % {'columns': ', '.join(shown)}}"


def about_columns(batch: CompanyImport) -> str:
    """How the file was read, and what of it is left out."""
    parts = [_read_as(batch)]
    layout = columns.recognise(batch.columns)
    if layout:
        parts.append(
            gettext("It looks like an export of %(program)s.") % {"program": layout.program}
        )
    if left := left_out(batch):
        parts.append(gettext("Left out: %(columns)s.") % {"columns": ", ".join(left)})
    link = reverse("portal:peppol_companyimport_reread", args=[batch.pk])
    parts = [part for part in parts if part]
    return format_html(
        '{} <a href="{}" class="text-link">{}</a>',
        " ".join(parts),
        link,
        gettext("Read it otherwise"),
    )


def left_out(batch: CompanyImport) -> list[str]:
    """The columns of which nothing is imported."""
    used = set(batch.mapping.values())
    return [
        f"“{_short(title) or f'#{place + 1}'}”"
        for place, title in enumerate(batch.columns)
        if place not in used
    ]


def context(batch: CompanyImport) -> dict[str, Any]:
    """What the page shows of an import: its numbers, its columns, the first lines of each kind."""
    counts = batch.count()
    lines = batch.lines.order_by("number")
    doubtful = lines.doubtful()
    is_checked = batch.state in (State.CHECKED, State.STOPPED)
    fine = lines.exclude(state__in=("bad", "failed"))
    return {
        "batch": batch,
        "trail": trail(step_of(batch)),
        "counts": counts,
        "progress": progress(batch, counts),
        "columns": [(_(COLUMNS[name].title), _title(batch, name)) for name in batch.mapping],
        "left_out": left_out(batch),
        "wrong": _shown(batch, lines.filter(state__in=("bad", "failed"))),
        "wrong_more": max(counts["bad"] + counts["failed"] - _SHOWN, 0),
        "doubtful": _shown(batch, doubtful) if is_checked else [],
        "doubtful_more": max(counts["doubtful"] - _SHOWN, 0),
        "fine": _shown(batch, fine.filter(warnings=[]) if is_checked else fine, 5),
        "start_text": _start_text(counts["ready"]),
    }


def progress(batch: CompanyImport, counts: dict[str, int]) -> dict[str, Any]:
    """How far the lines that can be imported are; of a file that is read nobody can say."""
    if batch.state == State.READING:
        return {"percent": None, "text": gettext("The file is being read.")}
    over = counts["done"] + counts["failed"]
    whole = over + counts["ready"]
    sentence = ngettext("%(over)d of %(whole)d line", "%(over)d of %(whole)d lines", whole)
    return {
        "percent": round(100 * over / whole) if whole else 100,
        "text": sentence % {"over": over, "whole": whole},
    }


def _read_as(batch: CompanyImport) -> str:
    read = batch.reading
    if read.get("sheet") and len(read.get("sheets", [])) > 1:
        said = gettext("Read from the sheet “%(sheet)s”, with titles in line %(line)s.")
        return said % {"sheet": _short(read["sheet"]), "line": read.get("titles", 1)}
    if read.get("titles", 1) > 1:
        return gettext("Read with titles in line %(line)s.") % {"line": read["titles"]}
    return ""


def _title(batch: CompanyImport, name: str) -> str:
    place = batch.mapping[name]
    return batch.columns[place] or f"#{place + 1}"


def _first_cells(batch: CompanyImport) -> list[str]:
    """Of each column what stands in the first line that has something there."""
    found = [""] * len(batch.columns)
    for line in batch.lines.order_by("number")[:20]:
        for place, cell in enumerate(line.cells[: len(found)]):
            found[place] = found[place] or _short(cell)
    return found


def _short(text: str) -> str:
    return text if len(text) <= _SHORT else f"{text[: _SHORT - 1]}…"


def _start_text(count: int) -> str:
    return ngettext("Import %d company", "Import %d companies", count) % count


def _shown(
    batch: CompanyImport, lines: Iterable[ImportLine], most: int = _SHOWN
) -> list[dict[str, Any]]:
    rows: Any = lines
    return [{"line": one, "name": import_files.name_of(batch, one.cells)} for one in rows[:most]]
