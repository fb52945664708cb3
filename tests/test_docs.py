"""What the contributors' pages name is there."""

import re

import pytest
from django.conf import settings

PAGES = sorted((settings.BASE_DIR / "docs" / "contributing").glob("*.md"))
# Backticked paths of files; what stands for something yet to be made has a `<` or is the example's.
NAMED = re.compile(r"`((?:[a-z_]+/)+[a-z_]+\.(?:py|html|md))(?::\w+)?`")
LINKED = re.compile(r"\]\(([^)#:]+)\)")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_a_page_names_only_files_that_are_there(page):
    text = page.read_text()
    missing = {
        *(name for name in NAMED.findall(text) if not (settings.BASE_DIR / name).is_file()),
        *(link for link in LINKED.findall(text) if not (page.parent / link).exists()),
    }
    assert {name for name in missing if "acme" not in name} == set()
