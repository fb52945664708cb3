"""What each company cost, as a table to charge it on: CSV and XLSX."""

import csv
import io
from collections.abc import Iterator
from typing import Any

from openpyxl import Workbook

from billing.models import Statement, StatementLine
from tenants.formulas import harmless

HEADINGS = (
    "company",
    "tenant_id",
    "company_id",
    "sent",
    "received",
    "documents",
    "included",
    "overage",
    "fee",
    "overage_amount",
    "amount",
    "currency",
)


def rows(statement: Statement) -> Iterator[tuple[Any, ...]]:
    """A row per line of the statement, in its order."""
    lines = StatementLine.objects.filter(statement=statement).order_by("id")
    for line in lines.iterator(chunk_size=500):
        yield (
            harmless(line.description),
            harmless(line.tenant_id),
            str(line.company_id or ""),
            line.sent,
            line.received,
            line.documents,
            line.included,
            line.overage,
            line.fee,
            line.overage_amount,
            line.amount,
            statement.currency,
        )


def csv_lines(statement: Statement) -> Iterator[str]:
    """The table as CSV, line by line."""
    yield _csv(HEADINGS)
    for row in rows(statement):
        yield _csv(row)


def xlsx(statement: Statement) -> bytes:
    """The table as an Excel file."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet(statement.number)
    sheet.append(HEADINGS)
    for row in rows(statement):
        sheet.append(row)
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def _csv(row: tuple[Any, ...]) -> str:
    line = io.StringIO()
    csv.writer(line).writerow(row)
    return line.getvalue()
