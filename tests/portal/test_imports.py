"""Imports in the portal: what would come of a file is seen before anything comes of it."""

import io
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from openpyxl import load_workbook

from apikeys.authentication import authenticate
from peppol.models import CompanyImport, ImportLine
from peppol.services.imports import uploads, worker
from peppol.services.imports.columns import COLUMNS, guess
from tenants.models import Organization, Role
from tenants.services import organizations
from tests.conftest import SYSTEM
from tests.portal.conftest import at, make_member, operation_at, signed_in, texts

UPLOAD = "/portal/tenants/company/import/"
GOOD = "Name;Company number\nBakkerij Peeters;0403.170.701\nCafé Central;\n;\n;123\n"


def file(content: str | bytes = GOOD, name: str = "list.csv") -> dict:
    content = content.encode() if isinstance(content, str) else content
    return {"file": SimpleUploadedFile(name, content)}


def hand_in(browser, content: str | bytes = GOOD):
    """What follows when a file was chosen, and the import it became."""
    page = browser.post(UPLOAD, file(content))
    return page, CompanyImport.objects.order_by("id").last()


def upload(browser, content: str | bytes = GOOD, **options):
    """What follows when a file was chosen and its columns left as they are."""
    page, batch = hand_in(browser, content)
    if batch and batch.state == "reading":
        uploads.read_waiting()
        batch.refresh_from_db()
    if batch and batch.state == "uploaded":
        answers = {name: str(place) for name, place in batch.mapping.items()}
        page = operate(browser, "columns", batch, **answers, without_numbers="on", **options)
        batch.refresh_from_db()
    return page, batch


def get(browser, batch, what: str, format: str):
    arguments = [batch.pk, what, format]
    return browser.get(reverse("portal:peppol_companyimport_file", args=arguments))


def operate(browser, what: str, batch, **answers):
    return browser.post(operation_at("peppol_companyimport", what, batch), answers)


def test_a_file_is_checked_as_soon_as_it_is_there(browser, acme):
    page, batch = upload(browser, register="on")
    assert page.url == at("peppol_companyimport", "change", batch)
    text = texts(browser.get(page.url))
    assert "Import 2 companies" in text and "0208:0403170701" in text
    assert "Line 5" in text and "Name: This field cannot be blank." in text
    assert not Organization.objects.under(acme).exists()


@pytest.mark.parametrize(
    "content, sentence",
    [
        (b"", "This file is empty."),
        (b"\xff\xfe\x00", "cannot be read"),
        (b"Name\n" + b"a\n" * 5001, "may have 5,000 rows"),
        (b"a" * (10 * 1024 * 1024 + 1), "larger than 10 MB"),
    ],
)
def test_a_file_that_is_no_list_is_refused_in_the_form(browser, content, sentence):
    page, batch = hand_in(browser, content)
    assert page.status_code == 200 and sentence in texts(page) and batch is None


def test_what_is_far_too_large_is_not_even_stored(browser):
    page, batch = hand_in(browser, b"a" * (26 * 1024 * 1024))
    assert page.status_code == 400 and batch is None


def test_an_import_runs_and_its_result_says_what_became_of_each_line(browser, acme):
    _, batch = upload(browser, register="on")
    operate(browser, "start", batch)
    part = browser.get(reverse("portal:peppol_companyimport_progress", args=[batch.pk]))
    assert "0 of 2 lines" in texts(part) and "data-over" not in texts(part)
    worker.advance()
    part = browser.get(reverse("portal:peppol_companyimport_progress", args=[batch.pk]))
    assert "2 of 2 lines" in texts(part) and "data-over" in texts(part)
    result = get(browser, batch, "result", "csv")
    assert 'filename="list-result.csv"' in result.headers["Content-Disposition"]
    lines = result.content.decode("utf-8-sig").splitlines()
    company = Organization.objects.under(acme).get(name="Bakkerij Peeters")
    assert lines[1] == f"2,Bakkerij Peeters,Imported,,{company.pk},0208:0403170701,Pending"
    assert lines[3].startswith("5,123,Has to be corrected,Company number: A Belgian company number")


def test_the_lines_to_correct_can_be_uploaded_again_as_they_are(browser):
    _, batch = upload(browser, "Name,Country,Phone\nA,The Moon,+32 9\nB,BE,\n")
    for format in ("csv", "xlsx"):
        again = get(browser, batch, "to-correct", format)
        _, new = upload(browser, again.content)
        assert list(new.lines.values_list("number", flat=True)) == [2]
        assert new.lines.get().cells[:3] == ["A", "The Moon", "+32 9"]
    assert "is no country" in new.lines.get().cells[3]


@pytest.mark.parametrize("format", ["csv", "xlsx"])
def test_the_template_is_understood(browser, format):
    template = browser.get(reverse("portal:peppol_companyimport_template", args=[format]))
    if format == "xlsx":
        sheet = load_workbook(io.BytesIO(template.content)).worksheets[0]
        titles = [cell.value for cell in sheet[1]]
    else:
        titles = template.content.decode("utf-8-sig").strip().split(",")
    assert list(guess(titles)) == [name for name, column in COLUMNS.items() if column.offered]


def test_keys_are_downloaded_once(browser, acme):
    _, batch = upload(browser, with_keys="on")
    operate(browser, "start", batch)
    worker.advance()
    assert "gh_live_" not in texts(get(browser, batch, "result", "csv"))
    once = operate(browser, "keys", batch)
    secret = once.content.decode("utf-8-sig").splitlines()[1].rsplit(",", 1)[1]
    assert authenticate(secret).organization.parent_id == acme.pk
    assert "no-store" in once.headers["Cache-Control"]
    assert not ImportLine.objects.exclude(secret="").exists()
    assert "gh_live_" not in texts(operate(browser, "keys", batch))


def test_a_formula_in_a_file_is_none_in_ours(browser):
    _, batch = hand_in(browser, '"=HYPERLINK(""http://evil.example"")",Country\n=1+1,nowhere\n')
    operate(browser, "columns", batch, name="0", country="1", without_numbers="on")
    for what in ("result", "to-correct"):
        text = get(browser, batch, what, "csv").content.decode("utf-8-sig")
        assert ",=" not in text and not text.startswith("=") and "\n=" not in text


def test_the_page_escapes_what_a_file_says(browser):
    _, batch = upload(browser, "Name,Country\n<script>alert(1)</script>,<u>\n")
    page = texts(browser.get(at("peppol_companyimport", "change", batch)))
    assert "<script>alert" not in page and "“&lt;u&gt;” is no country" in page


def test_a_stopped_import_goes_on_with_one_click(browser, acme):
    _, batch = upload(browser)
    operate(browser, "start", batch)
    operate(browser, "stop", batch)
    assert "Import 2 companies" in texts(browser.get(at("peppol_companyimport", "change", batch)))
    operate(browser, "start", batch)
    worker.advance()
    assert Organization.objects.under(acme).count() == 2


def test_a_plan_that_is_too_small_is_said_before(browser, acme):
    Organization.objects.filter(pk=acme.pk).update(company_limit=1)
    _, batch = upload(browser)
    page = texts(browser.get(at("peppol_companyimport", "change", batch)))
    assert "Your plan has room for 1 more company" in page


# --- Who may, and whose it is ---------------------------------------------------------------------


@pytest.mark.parametrize(
    "role, may", [("owner", 1), ("admin", 1), ("developer", 1), ("billing", 0), ("viewer", 0)]
)
def test_a_role_imports_if_it_may_change_companies(acme, browser, role, may):
    _, batch = upload(browser, with_keys="on")
    client = signed_in(make_member(acme, role))
    page = client.get(at("peppol_companyimport", "change", batch))
    assert ("Import 2 companies" in texts(page)) == bool(may)
    assert operate(client, "start", batch).status_code == (302 if may else 403)
    assert hand_in(client)[0].status_code == (302 if may else 403)
    assert get(client, batch, "result", "csv").status_code == 200


def test_strangers_find_no_import_and_no_file_of_it(browser, rival):
    _, batch = upload(browser)
    stranger = signed_in(make_member(rival, Role.OWNER))
    for pk in (batch.pk, uuid4(), "x"):
        for what in ("result", "to-correct", "with-warnings"):
            url = reverse("portal:peppol_companyimport_file", args=[pk, what, "csv"])
            assert stranger.get(url).status_code == 404
        url = reverse("portal:peppol_companyimport_progress", args=[pk])
        assert stranger.get(url).status_code == 404
    for odd in ("secrets", "keys"):
        url = reverse("portal:peppol_companyimport_file", args=[batch.pk, odd, "csv"])
        assert browser.get(url).status_code == 404


def test_a_companys_member_imports_nothing_and_sees_no_import(browser, bakery):
    _, batch = upload(browser)
    baker = signed_in(make_member(bakery, Role.OWNER, "baker@bakery.example"))
    assert baker.get(at("peppol_companyimport", "change", batch)).status_code == 404
    assert baker.get(at("peppol_companyimport", "add")).status_code == 403


def test_a_suspended_platform_imports_nothing(browser, acme):
    _, batch = upload(browser)
    organizations.suspend(acme, reason="unpaid", by=SYSTEM)
    assert operate(browser, "start", batch).status_code == 403
    assert hand_in(browser)[0].status_code == 403


def test_a_larger_file_costs_its_page_no_more_queries(browser):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    counts = []
    for size in (3, 300):
        _, batch = upload(browser, "Name,Country\n" + "A,nowhere\nB,BE\n" * size)
        batch = CompanyImport.objects.latest("id")
        with CaptureQueriesContext(connection) as queries:
            page = browser.get(at("peppol_companyimport", "change", batch))
        counts.append(len(queries))
    assert counts[0] == counts[1] and len(page.content) < 200_000


def test_files_wait_up_to_a_number_of_them(browser, acme, monkeypatch):
    monkeypatch.setattr(uploads, "MOST_WAITING", 1)
    _, batch = upload(browser)
    page, _ = hand_in(browser)
    assert "1 files wait to be imported: start or delete some first." in texts(page)
    assert CompanyImport.objects.get() == batch
    operate(browser, "discard", batch)
    upload(browser)
    assert CompanyImport.objects.count() == 1
