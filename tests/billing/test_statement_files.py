"""The files of a statement: PDF, an invoice that the rules accept, and a table of companies."""

import lxml.etree
import pypdf
import pytest
from django.core.files.storage import FileSystemStorage
from django.utils.formats import date_format

from billing import company_table, pdf, ubl
from billing.models import Plan, Statement
from billing.services import statement_runs, statements
from peppol.invoices import reading
from peppol.rules import judging
from tenants.models import FilePiece, Organization
from tenants.services import settings as organization_settings
from tests.billing.factories import MONTH, run
from tests.conftest import SYSTEM

pytestmark = pytest.mark.django_db


def on_paper(statement: Statement) -> str:
    """The text of the PDF that was stored."""
    (page,) = pypdf.PdfReader(statement.pdf.open()).pages
    return " ".join(page.extract_text().split())


def test_a_statement_is_an_invoice_that_the_rules_accept(billed):
    (statement,) = run()
    content = statement.ubl.read()
    assert judging.breaches(content) == []
    facts = reading.header(reading.parse(content))
    assert (facts.number, facts.payable) == (statement.number, statement.total)
    assert statement.pdf.read().startswith(b"%PDF-")


@pytest.mark.parametrize(
    ("language", "printed", "invoiced"),
    [
        (
            "",
            ["Invoice", "October 2026", "Overage", "Net 316.53 EUR", "VAT 21 %"],
            ["Growth", "Fees of companies", "Overage"],
        ),
        (
            "de",
            ["Rechnung", "Oktober 2026", "Mehrverbrauch", "Netto 316,53 EUR", "USt. 21 %"],
            ["Growth", "Gebühren der Firmen", "Mehrverbrauch"],
        ),
        (
            "fr",
            ["Facture", "octobre 2026", "Dépassement", "Net 316,53 EUR", "TVA 21 %"],
            ["Growth", "Frais des sociétés", "Dépassement"],
        ),
        (
            "nl",
            ["Factuur", "oktober 2026", "Meerverbruik", "Netto 316,53 EUR", "Btw 21 %"],
            ["Growth", "Kosten van bedrijven", "Meerverbruik"],
        ),
    ],
    ids=["chose-none", "german", "french", "dutch"],
)
def test_a_statement_is_written_in_the_language_of_the_one_who_pays(
    language, printed, invoiced, billed
):
    organization_settings.change(billed, defaults={"language": language}, by=SYSTEM)
    (statement,) = run()
    content = statement.ubl.read()
    assert judging.breaches(content) == []
    items = lxml.etree.fromstring(content).findall(".//{*}Item/{*}Name")
    assert [item.text for item in items] == invoiced
    assert [words for words in printed if words not in on_paper(statement)] == []
    note = statements.credit(statement, reason="Wrong month", by=SYSTEM)
    (line,) = note.lines.all()
    assert line.description == f"{printed[0]} {statement.number}"


def test_the_chargeback_is_a_table_of_every_line(billed):
    Organization.objects.filter(name="One").update(name="=cmd()", metadata={"tenantId": "t-1"})
    (statement,) = run()
    lines = list(company_table.csv_lines(statement))
    assert lines[0].startswith("company,tenant_id") and len(lines) == 4
    assert ",overage,fee,overage_amount,amount," in lines[0]
    assert lines[2].startswith("'=cmd(),t-1,")
    assert company_table.xlsx(statement).startswith(b"PK")


def test_a_copy_is_made_from_the_rows_whatever_has_changed_since(billed, settings):
    """A customer who lost the files is given the same ones, not what today's prices would be."""
    Organization.objects.filter(name="One").update(metadata={"tenantId": "t-1"})
    (statement,) = run()
    note = statements.credit(statement, reason="Wrong month", by=SYSTEM)
    tables = [list(company_table.csv_lines(one)) for one in (statement, note)]
    Plan.objects.update(name="Shrink", monthly_fee=1, overage_price=9, included_documents=1)
    Organization.objects.update(
        name="Renamed", legal_name="Renamed", metadata={}, defaults={"language": "de"}
    )
    Organization.objects.update(address_line1="Elsewhere 1", country="SA", vat_number="")
    settings.BILLING_SELLER = {"name": "Somebody else", "country": "NL"}
    settings.BILLING_VAT_RATE = 6
    for one, table in zip((statement, note), tables, strict=True):
        row = Statement.objects.get(pk=one.pk)
        assert pdf.write(row) == row.pdf.read()
        assert ubl.write(row) == row.ubl.read()
        assert list(company_table.csv_lines(row)) == table
    assert "t-1" in tables[0][2] and "Growth" in on_paper(statement)


def test_a_credit_note_on_paper_is_never_due_and_counts_no_documents(billed):
    (statement,) = run()
    due = f"due {date_format(statement.due_on)}"
    assert due in on_paper(statement) and "Received" in on_paper(statement)
    note = on_paper(statements.credit(statement, reason="Wrong month", by=SYSTEM))
    assert "Credit note" in note and f"Corrects {statement.number}. Wrong month" in note
    for words in ("due", "Sent", "Received", "Included", "Overage"):
        assert words not in note.split()


def test_a_bill_has_both_its_files_or_none_and_no_storage_is_waited_for(billed, monkeypatch):
    monkeypatch.setattr(statements.pdf, "write", lambda row: 1 / 0)
    row = statement_runs.start(MONTH)
    statement_runs.advance()
    assert not Statement.objects.exists() and not FilePiece.objects.exists()
    monkeypatch.undo()
    monkeypatch.setattr(FileSystemStorage, "_save", lambda *_: pytest.fail("It waits for a disk."))
    statement_runs.retry(row)
    statement_runs.advance()
    assert Statement.objects.get().pdf.read().startswith(b"%PDF")
    assert FilePiece.objects.count() == 2
