"""The files that an import hands out: the template, the result, the lines to be corrected."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

import tablib
from django.http import HttpRequest, HttpResponse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext, gettext_noop

from peppol.models import CompanyImport, Participant
from peppol.services.imports.columns import COLUMNS
from peppol.spreadsheets import write
from tenants.ui.scoped import scope

FORMATS = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
# Lists of lines: the title of the column that is added, what stands in it, and which lines.
LISTS: dict[str, tuple[str, str, Callable[[Any], Any]]] = {
    "to-correct": (
        gettext_noop("Problem"),
        "told_problems",
        lambda lines: lines.filter(state__in=("bad", "failed")).order_by("number"),
    ),
    "with-warnings": (
        gettext_noop("Warning"),
        "told_warnings",
        lambda lines: lines.doubtful().order_by("number"),
    ),
}


def template(format: str) -> HttpResponse:
    """An empty list with the titles that are understood; the workbook explains them."""
    offered = [column for column in COLUMNS.values() if column.offered]
    titles = [column.title for column in offered]
    if format == "csv":
        return attachment(write(titles, [], "csv"), "companies.csv", "csv")
    companies = tablib.Dataset(headers=titles, title=gettext("Companies"))
    examples = tablib.Dataset(headers=(gettext("Column"), gettext("Example")))
    examples.title = gettext("Columns")
    for column in offered:
        # Text that begins with a sign is text: a telephone number is no formula.
        examples.append((column.title, column.example.removeprefix("+")))
    book = tablib.Databook((companies, examples)).export("xlsx")
    return attachment(bytes(book), "companies.xlsx", "xlsx")


def result(
    request: HttpRequest, batch: CompanyImport, format: str, secrets: Mapping[int, str]
) -> HttpResponse:
    """A line per line of the file: what became of it, and the key that `secrets` has for it."""
    titles = [
        gettext("Line"),
        gettext("Name"),
        gettext("Result"),
        gettext("Message"),
        gettext("Company id"),
        gettext("Peppol identifier"),
        gettext("Registration"),
    ]
    rows = _results(request, batch)
    if secrets:
        titles.append(gettext("API key"))
        rows = ((*row, secrets.get(row[0], "")) for row in rows)
    name = f"{batch.filename.rpartition('.')[0] or 'companies'}-result.{format}"
    return attachment(write(titles, rows, format), name, format)


def _results(request: HttpRequest, batch: CompanyImport) -> Iterator[tuple[Any, ...]]:
    made = batch.lines.exclude(company=None).values("company")
    states = {
        (row.organization_id, row.identifier): row.get_state_display()
        for row in scope(Participant, request).filter(organization__in=made)
    }
    for line in batch.lines.order_by("number"):
        yield (
            line.number,
            name_of(batch, line.cells),
            line.get_state_display(),
            " ".join([*line.told_problems, *line.told_warnings]),
            line.company_id,
            line.identifier,
            states.get((line.company_id, line.identifier), ""),
        )


def listed(batch: CompanyImport, what: str, format: str) -> HttpResponse:
    """Lines of a file in their own columns, with what is said of them: those that are to be
    corrected and uploaded again, or those with a warning."""
    title, said, which = LISTS[what]
    rows = ((*line.cells, " ".join(getattr(line, said))) for line in which(batch.lines))
    name = f"{batch.filename.rpartition('.')[0] or 'companies'}-{what}.{format}"
    return attachment(write([*batch.columns, gettext(title)], rows, format), name, format)


def attachment(content: bytes, name: str, format: str) -> HttpResponse:
    """A file to be saved, that no cache keeps."""
    headers = {
        "Content-Disposition": content_disposition_header(True, name) or "attachment",
        "Cache-Control": "no-store",
    }
    return HttpResponse(content, content_type=FORMATS[format], headers=headers)


def name_of(batch: CompanyImport, cells: list[str]) -> str:
    """By what a person knows a line: its name, else its number."""
    for field in ("name", "other_name", "legal_name", "company_number", "vat_number"):
        place = batch.mapping.get(field)
        if place is not None and place < len(cells) and cells[place]:
            return cells[place]
    return next((cell for cell in cells if cell), "")
