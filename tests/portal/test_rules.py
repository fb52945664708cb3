"""Rules that every page of both sites keeps, whoever writes the next one."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib import admin
from django.contrib.staticfiles import finders

from tenants.ui.pages import Page
from tenants.ui.scoped import ScopedAdmin
from tenants.ui.sites import portal
from tenants.ui.staff import StaffPage

ROOT = Path(settings.BASE_DIR)
PORTAL_FILES = [
    *ROOT.glob("*/portal.py"),
    *(path for path in ROOT.glob("*/portal/*.py") if path.parts[-3] != "tests"),
    *ROOT.glob("*/*columns.py"),
    *ROOT.glob("config/dashboards/reseller/*.py"),
    ROOT / "config" / "dashboards" / "traffic.py",
]
# What starts at one organization is not all rows.
ALL_ROWS = re.compile(
    r"\.(?:_default_manager|_base_manager|objects)\b(?!\.filter\(organization=).*"
)
SECRET = re.compile(r"digest|secret|password|signing_key|token|challenge")


def test_no_page_of_the_portal_asks_a_model_for_all_of_its_rows():
    assert len(PORTAL_FILES) >= 20
    for path in PORTAL_FILES:
        found = ALL_ROWS.findall(path.read_text())
        assert not found, f"{path.relative_to(ROOT)}: {found}"


@pytest.mark.parametrize("site, base", [(portal, ScopedAdmin), (admin.site, StaffPage)])
def test_every_page_is_one_of_ours_and_names_what_it_shows(site, base):
    for model, page in site._registry.items():
        assert isinstance(page, base), model
        named = page.fields or [f for _, facts in page.fieldsets or () for f in facts["fields"]]
        flat = {name for entry in named for name in ([entry] if isinstance(entry, str) else entry)}
        shown = flat | set(page.list_display) | set(page.readonly_fields)
        assert not [name for name in shown if SECRET.search(name)], model
        assert not [name for name in page.search_fields if SECRET.search(name)], model
        assert not page.raw_id_fields and page.view_on_site is False
        assert all(hasattr(entry, "parameters") for entry in page.list_filter), model


def test_every_list_says_what_would_be_there_while_it_is_empty():
    never_empty = {"Organization", "Membership", "Plan"}
    silent = {model.__name__ for model, page in portal._registry.items() if not page.when_empty}
    assert silent == never_empty


@pytest.mark.parametrize("site", [portal, admin.site])
def test_every_action_is_an_operation_that_asks_before_it_does(site):
    for page in site._registry.values():
        assert isinstance(page, Page)
        for name in page._extract_action_names((*page.actions_detail, *page.actions_list)):
            assert hasattr(getattr(page, name), "operation"), name
        assert not page.actions_row and not page.actions_submit_line


def test_pages_load_nothing_from_elsewhere(browser, ours):
    for url in ("/portal/", "/accounts/login/"):
        page = browser.get(url, follow=True).content.decode()
        assert not re.findall(r'(?:src|href)="(?:https?:)?//(?!testserver)[^"]*"', page)


def test_every_class_in_our_templates_has_a_style():
    """Unfold's stylesheet holds only the classes that Unfold uses; another fails in silence."""
    unfold = Path(finders.find("unfold/css/styles.css")).read_text()
    places = finders.find("gatehouse", find_all=True)
    ours = sorted(path for place in places for path in Path(place).glob("*.css"))
    styles = unfold.replace("\\", "") + "".join(path.read_text() for path in ours)
    missing = set()
    for path in (ROOT / "templates").rglob("*.html"):
        if "mails" in path.parts or "email" in path.parts:
            continue  # they bring their styles along
        text = re.sub(r"{%.*?%}|{{.*?}}|{#.*?#}", " ", path.read_text(), flags=re.DOTALL)
        for names in re.findall(r'\sclass="([^"]*)"', text):
            missing |= {(path.name, n) for n in names.split() if f".{n}" not in styles}
    # By the second one the scripts of a list find its table.
    known = {"material-symbols-outlined", "result-list"}
    assert not {name for _path, name in missing} - known, missing
