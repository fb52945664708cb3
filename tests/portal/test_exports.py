"""Downloads of lists: what a spreadsheet makes of their cells."""

import csv
import io
import json

import pytest
from django.utils import timezone
from openpyxl import load_workbook

from billing import company_table
from tests.conftest import make_company
from tests.portal.conftest import at, texts
from tests.portal.factories import make_statement
from tests.portal.test_usage import PAGE, use

EVIL = [
    "=cmd|' /C calc'!A0",
    "+1+cmd",
    "-2+3+cmd",
    "@SUM(1)",
    "\tx",
    "\rx",
]


@pytest.fixture
def evil(acme):
    for name in EVIL:
        use(make_company(acme, f"{name}."), 7, on=timezone.now().date())


def test_no_cell_of_a_csv_download_is_a_formula(browser, evil):
    """One that begins with `+`, `-`, `@` or a tab went out as it was."""
    table = list(csv.reader(io.StringIO(texts(browser.get(at(PAGE, "export"), {"as": "csv"})))))
    assert len(table) == len(EVIL) + 1
    assert not [c for row in table for c in row if c.strip(" ")[:1] in tuple("=+-@\t\r")]


def test_nor_is_one_of_a_workbook_where_numbers_are_numbers(browser, evil):
    book = load_workbook(io.BytesIO(browser.get(at(PAGE, "export"), {"as": "xlsx"}).content))
    cells = [cell for row in book.active.iter_rows(min_row=2) for cell in row]
    assert {cell.data_type for cell in cells} <= {"s", "n", "d"}
    assert 7 in [cell.value for cell in cells]
    assert not [c for c in cells if str(c.value)[:1] in tuple("=+-@\t\r")]


def test_programs_get_names_as_they_are(browser, evil):
    """JSON is opened by no spreadsheet."""
    rows = json.loads(browser.get(at(PAGE, "export"), {"as": "json"}).content)
    assert "@SUM(1)." in [row["company"] for row in rows]


def test_a_statements_table_has_no_formula_either(acme, bakery):
    statement = make_statement(acme, "2026-1")
    for name in EVIL:
        statement.lines.create(
            description=name, company_id=bakery.pk, tenant_id="@x", amount="-1.50"
        )
    book = load_workbook(io.BytesIO(company_table.xlsx(statement)))
    cells = [cell for row in book.active.iter_rows(min_row=2) for cell in row]
    assert "f" not in {cell.data_type for cell in cells}
    table = list(csv.reader(io.StringIO("".join(company_table.csv_lines(statement)))))
    assert not [c for row in table for c in row[:3] if c[:1] in tuple("=+-@\t\r")]


def test_an_export_asks_nothing_is_read_by_a_spreadsheet_and_remembers(browser, bakery):
    export = at("tenants_company", "export")
    first = browser.get(export)
    day = timezone.localdate().isoformat()
    assert f"companies-{day}.csv" in first["Content-Disposition"]
    assert first.content.startswith(b"\xef\xbb\xbf") and b"," in first.content.splitlines()[0]
    browser.cookies["django_language"] = "de"
    assert b";" in browser.get(export).content.splitlines()[0]
    assert ".xlsx" in browser.get(export, {"as": "xlsx"})["Content-Disposition"]
    assert ".xlsx" in browser.get(export)["Content-Disposition"]
