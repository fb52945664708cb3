"""Files of companies in a real browser: read as soon as chosen, and readable on a phone."""

import os

import pytest

from peppol.models import CompanyImport
from peppol.services.imports import uploads, worker
from tests.conftest import make_platform
from tests.portal.browsing import MARKS, Tab
from tests.portal.conftest import make_member, signed_in

pytestmark = MARKS

DESK, PHONE = {"width": 1440, "height": 900}, {"width": 390, "height": 844}
LONG = "W" * 260
FILE = (
    f"{LONG};Naam;Btw-nummer;Straat;Nr;Kleur\n"
    f"1;Bakkerij Peeters;0403170701;Korenmarkt;5;K1\n"
    f"2;{LONG[:250]};vrijgesteld;Kade;1;K2\n"
    f"3;{LONG};BE0400378485;Kade;2;K3\n"
    f"4;Totaal;;;;300\n"
)


def widest(page) -> int:
    """By how much the page is wider than the screen."""
    return page.evaluate("document.documentElement.scrollWidth - innerWidth")


def picture(page, name: str) -> None:
    folder = os.environ.get("PICTURES")
    if folder:
        page.wait_for_timeout(300)
        page.screenshot(path=f"{folder}/{name}.png", full_page=True)


@pytest.mark.parametrize("look", ["light", "dark"])
@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
def test_no_step_of_an_import_is_wider_than_the_screen(chromium, live_server, size, look):
    acme = make_platform("Acme Accounting")
    tab = Tab(chromium, live_server.url, viewport=size, color_scheme=look)
    tab.become(signed_in(make_member(acme, "owner")))
    page, kind = tab.page, f"{size['width']}-{look}"
    page.goto("/portal/tenants/company/import/")
    picture(page, f"1-file-{kind}")
    content = {"name": f"{LONG[:200]}.csv", "mimeType": "text/csv", "buffer": FILE.encode()}
    page.locator("[name=file]").set_input_files(content)
    page.get_by_role("heading", name="Columns and options").first.wait_for()
    widths = {"columns": widest(page)}
    picture(page, f"2-columns-{kind}")
    page.get_by_role("link", name="Read it otherwise").click()
    page.get_by_label("Line of titles").wait_for()
    widths["reading"] = widest(page)
    picture(page, f"3-reading-{kind}")
    page.get_by_role("button", name="Read the file").click()
    page.get_by_role("heading", name="Columns and options").first.wait_for()
    page.get_by_role("button", name="Check the file").click()
    page.get_by_role("heading", name="With a warning").wait_for()
    widths["check"] = widest(page)
    picture(page, f"4-check-{kind}")
    page.get_by_role("button", name="Import 2 companies").click()
    page.get_by_text("0 of 2 lines").wait_for()
    widths["running"] = widest(page)
    picture(page, f"5-running-{kind}")
    worker.advance()
    page.get_by_role("link", name="Result as CSV").wait_for()
    widths["result"] = widest(page)
    picture(page, f"6-result-{kind}")
    tab.context.close()
    assert {step: by for step, by in widths.items() if by > 0} == {}
    assert tab.troubles == []


def test_a_file_without_numbers_asks_and_goes_no_further(tab):
    page = tab.page
    page.goto("/portal/tenants/company/import/")
    content = {"name": "a.csv", "mimeType": "text/csv", "buffer": b"Number,Name\n20000002,A\n"}
    page.locator("[name=file]").set_input_files(content)
    page.get_by_text("“Number” (20000002) may be these").wait_for()
    picture(page, "7-question")
    page.get_by_role("button", name="Check the file").click()
    page.get_by_text("Say in which column the company or VAT numbers stand").wait_for()
    picture(page, "8-blocked")
    page.get_by_label("This file has no numbers of companies").check()
    page.get_by_role("button", name="Check the file").click()
    page.get_by_role("button", name="Import 1 company").wait_for()
    assert CompanyImport.objects.get().mapping == {"name": 1}


def test_a_large_file_leads_to_its_columns_once_it_is_read(tab, monkeypatch):
    monkeypatch.setattr(uploads, "_QUICK", 1)
    page = tab.page
    page.goto("/portal/tenants/company/import/")
    content = {"name": "a.csv", "mimeType": "text/csv", "buffer": b"Naam,KBO\nA,0403170701\n"}
    page.locator("[name=file]").set_input_files(content)
    page.get_by_text("The file is being read.").wait_for()
    worker.advance()
    page.get_by_role("heading", name="Columns and options").first.wait_for()
