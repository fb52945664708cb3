"""The steps of an import before anything comes of it: how a file is read, and its columns."""

from peppol import spreadsheets
from peppol.services.imports import worker
from tenants.models import Organization
from tests.conftest import make_company
from tests.portal.conftest import at, operation_at, texts
from tests.portal.test_imports import get, hand_in, operate, upload


def test_the_columns_are_asked_for_first(browser):
    page, batch = hand_in(browser, "Naam;BTW;Kleur\nPeeters;0403170701;blauw\n")
    assert page.url == operation_at("peppol_companyimport", "columns", batch)
    asked = texts(browser.get(page.url))
    assert "BTW · 0403170701" in asked and "Left out: “Kleur”." in asked
    assert "This file has no numbers" not in asked
    assert "See in which column" in texts(browser.get(at("peppol_companyimport", "change", batch)))
    operate(browser, "columns", batch, name="0", vat_number="1")
    batch.refresh_from_db()
    assert (batch.state, batch.mapping) == ("checked", {"name": 0, "vat_number": 1})
    assert "“Kleur”" in texts(browser.get(at("peppol_companyimport", "change", batch)))


def test_a_file_without_a_number_goes_no_further_until_somebody_says_so(browser, acme):
    page, batch = hand_in(browser, "Number;Name\n1000000001;Peeters\n")
    asked = texts(browser.get(page.url))
    assert "No column is known to have the numbers" in asked
    assert "“Number” (1000000001) may be these" in asked
    refused = operate(browser, "columns", batch, name="1", register="on")
    assert "Say in which column the company or VAT numbers stand" in texts(refused)
    batch.refresh_from_db()
    assert (batch.state, batch.mapping) == ("uploaded", {"name": 1})
    assert "Say in which column the name stands" in texts(
        operate(browser, "columns", batch, city="1", without_numbers="on")
    )
    operate(browser, "columns", batch, name="1", without_numbers="on")
    batch.refresh_from_db()
    assert batch.state == "checked"


def test_a_file_is_read_otherwise_where_somebody_says_how(browser):
    _, batch = hand_in(browser, "Naam;KBO\nTitel|Nummer\nPeeters|0403170701\n")
    page = operate(browser, "reread", batch, separator="|", titles="2")
    assert page.url == operation_at("peppol_companyimport", "columns", batch)
    batch.refresh_from_db()
    assert batch.columns == ["Titel", "Nummer"] and batch.lines.get().number == 3
    refused = operate(browser, "reread", batch, separator="|", titles="3")
    assert "has a line of titles and no rows" in texts(refused)
    assert batch.lines.count() == 1


def test_lines_with_a_warning_are_seen_and_downloaded_before_the_import(browser):
    content = "Name;Country;VAT\nA;BE;0403170701\nB;BE;vrijgesteld\nC;NL;DE136695976\n"
    _, batch = upload(browser, content)
    page = texts(browser.get(at("peppol_companyimport", "change", batch)))
    assert "With a warning" in page and "“vrijgesteld” is no number." in page
    for format in ("csv", "xlsx"):
        sheet = spreadsheets.read(get(browser, batch, "with-warnings", format).content)
        assert [row[0] for row in sheet.rows] == ["B", "C"] and sheet.columns[3] == "Warning"
    operate(browser, "start", batch)
    worker.advance()
    assert "With a warning" not in texts(browser.get(at("peppol_companyimport", "change", batch)))


def test_a_corrected_file_keeps_its_columns_and_brings_nobody_in_twice(browser, acme):
    """What had been mapped by hand was forgotten, and who was refused came in as somebody new."""
    make_company(acme, "Ours", vat_number="BE0123456749")
    content = "Wie;Waar\nPeeters;0403.170.701\nOnze;0123.456.749\nNieuw;0999\n"
    _, batch = hand_in(browser, content)
    operate(browser, "columns", batch, name="0", company_number="1")
    operate(browser, "start", batch)
    worker.advance()
    again = get(browser, batch, "to-correct", "csv").content.decode()
    _, batch = hand_in(browser, again.replace("0999", "0400.378.485"))
    assert batch.mapping == {"name": 0, "company_number": 1}
    operate(browser, "columns", batch, name="0", company_number="1")
    operate(browser, "start", batch)
    worker.advance()
    names = Organization.objects.under(acme).order_by("id").values_list("name", flat=True)
    assert list(names) == ["Ours", "Peeters", "Nieuw"]
