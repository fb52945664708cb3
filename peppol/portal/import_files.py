"""The files that an import hands out: the template, the result, the lines to be corrected."""

from collections.abc import Iterator, Mapping
from typing import Any

import tablib
from django.http import HttpRequest, HttpResponse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext

from peppol.models import CompanyImport, Participant
from peppol.services.imports.columns import COLUMNS
from peppol.spreadsheets import write
from tenants.ui.scoped import scope

FORMATS = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


def template(format: str) -> HttpResponse:
    """An empty list with the titles that are understood; the workbook explains them."""
    titles = [column.title for column in COLUMNS.values()]
    if format == "csv":
        return attachment(write(titles, [], "csv"), "companies.csv", "csv")
    companies = tablib.Dataset(headers=titles, title=gettext("Companies"))
    examples = tablib.Dataset(headers=(gettext("Column"), gettext("Example")))
    examples.title = gettext("Columns")
    for column in COLUMNS.values():
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
            " ".join([*line.problems, *line.warnings]),
            line.company_id,
            line.identifier,
            states.get((line.company_id, line.identifier), ""),
        )


def corrections(batch: CompanyImport, format: str) -> HttpResponse:
    """The lines that were not imported, in their own columns, with what is wrong: to be corrected
    and uploaded again."""
    lines = batch.lines.filter(state__in=("bad", "failed")).order_by("number")
    rows = ((*line.cells, " ".join(line.problems)) for line in lines)
    name = f"{batch.filename.rpartition('.')[0] or 'companies'}-to-correct.{format}"
    return attachment(write([*batch.columns, gettext("Problem")], rows, format), name, format)


def attachment(content: bytes, name: str, format: str) -> HttpResponse:
    """A file to be saved, that no cache keeps."""
    headers = {
        "Content-Disposition": content_disposition_header(True, name) or "attachment",
        "Cache-Control": "no-store",
    }
    return HttpResponse(content, content_type=FORMATS[format], headers=headers)


def name_of(batch: CompanyImport, cells: list[str]) -> str:
    """By what a person knows a line: its name, else its number."""
    for field in ("name", "legal_name", "company_number", "vat_number"):
        place = batch.mapping.get(field)
        if place is not None and place < len(cells) and cells[place]:
            return cells[place]
    return next((cell for cell in cells if cell), "")
