"""Large files of companies: kept at once, read by the worker while their page is open."""

import pytest
from django.urls import reverse

from peppol import spreadsheets
from peppol.models import CompanyImport, ImportFile
from peppol.services.imports import uploads, worker
from tenants.models import Event
from tests.portal.conftest import at, operation_at, texts
from tests.portal.test_imports import hand_in, operate

LARGE = "Name;Company number\n" + f"Bakkerij Peeters;0403.170.701;{'x' * 1900}\n" * 300


def progress(browser, batch) -> str:
    return texts(browser.get(reverse("portal:peppol_companyimport_progress", args=[batch.pk])))


def test_a_large_file_is_read_by_the_worker_while_its_page_is_open(browser, acme):
    """Reading it held a thread of the web server for as long as it took."""
    page, batch = hand_in(browser, LARGE)
    assert page.url == at("peppol_companyimport", "change", batch)
    assert batch.state == "reading" and not batch.lines.exists()
    assert "The file is being read." in texts(browser.get(page.url))
    assert "data-over" not in progress(browser, batch)
    worker.advance()
    batch.refresh_from_db()
    assert (batch.state, batch.total) == ("uploaded", 300)
    over = progress(browser, batch)
    assert f'data-reload="{operation_at("peppol_companyimport", "columns", batch)}"' in over
    assert "300 lines were read" in texts(browser.get(page.url))


def test_a_workbook_is_never_read_while_somebody_waits(browser):
    template = reverse("portal:peppol_companyimport_template", args=["xlsx"])
    page, batch = hand_in(browser, browser.get(template).content)
    assert (page.status_code, batch.state) == (302, "reading")


def test_a_large_file_that_is_no_list_says_so_on_its_page(browser, olga):
    page, batch = hand_in(browser, b"PK\x03\x04 no workbook")
    worker.advance()
    batch.refresh_from_db()
    assert batch.state == "refused" and "cannot be read" in batch.problem
    assert batch.problem in texts(browser.get(page.url))
    event = Event.objects.get(type="import.refused")
    assert event.actor_label == olga.email and event.data["import"]["reason"] == batch.problem
    operate(browser, "discard", batch)
    assert not CompanyImport.objects.exists()


def test_a_large_file_is_read_otherwise_by_the_worker_and_kept_until_the_import(browser):
    page, batch = hand_in(browser, f"Klanten\n{LARGE}")
    worker.advance()
    batch.refresh_from_db()
    assert batch.columns == ["Name", "Company number"]
    page = operate(browser, "reread", batch, separator=";", titles="3")
    assert page.url == at("peppol_companyimport", "change", batch)
    batch.refresh_from_db()
    assert (batch.state, batch.lines.count()) == ("reading", 0)
    worker.advance()
    batch.refresh_from_db()
    assert batch.columns[:2] == ["Bakkerij Peeters", "0403.170.701"] and batch.total == 299
    operate(browser, "columns", batch, name="0", company_number="1")
    operate(browser, "start", batch)
    assert not ImportFile.objects.exists()
    late = operate(browser, "reread", batch, separator=";", titles="1")
    assert "This import is running." in texts(late)


def test_a_file_that_workers_die_of_is_refused(browser, monkeypatch):
    class Killed(BaseException):
        pass

    def die(*_, **__):
        raise Killed

    _, batch = hand_in(browser, LARGE)
    with monkeypatch.context() as dying:
        dying.setattr(spreadsheets, "read", die)
        for _ in range(3):
            with pytest.raises(Killed):
                worker.advance()
            assert uploads.read_waiting() == 0, "The claim has not lapsed."
            ImportFile.objects.update(claimed_until=None)
        assert uploads.read_waiting() == 1
    batch.refresh_from_db()
    assert batch.state == "refused" and not ImportFile.objects.exists()


def test_who_lost_a_claim_keeps_no_lines(browser, monkeypatch):
    _, batch = hand_in(browser, LARGE)
    file = uploads._claim()
    ImportFile.objects.update(claimed_until=None)
    uploads.read_waiting()
    uploads._settle(file, spreadsheets.read(LARGE.encode()))
    assert batch.lines.count() == 300


def test_a_file_that_was_deleted_meanwhile_leaves_nothing(browser):
    _, batch = hand_in(browser, LARGE)
    file = uploads._claim()
    operate(browser, "discard", batch)
    uploads._settle(file, spreadsheets.read(LARGE.encode()))
    assert not CompanyImport.objects.exists()


def test_files_wait_up_to_so_many_bytes_of_them(browser, acme, monkeypatch):
    monkeypatch.setattr(uploads, "MOST_BYTES_WAITING", 2**20)
    _, batch = hand_in(browser, LARGE)
    page, _ = hand_in(browser, LARGE)
    assert "More than 1 MB wait to be imported" in texts(page)
    assert CompanyImport.objects.get() == batch and batch.size == len(LARGE)
    operate(browser, "discard", batch)
    page, _ = hand_in(browser, LARGE)
    assert page.status_code == 302
