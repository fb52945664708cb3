"""A page is called the same in the sidebar, as a tab, in its heading and in the browser's tab."""

import re

import pytest

from config.navigation import OPERATOR, PORTAL
from tenants.models import User
from tests.portal.conftest import signed_in, texts

# One leads to its only row, the other is there only where mails are kept.
_NO_LIST = {"Settings", "Outbox"}
_HEADING = re.compile(r'<span class="tracking-tight truncate">(.*?)</span>', re.DOTALL)


def pages(groups, site: str) -> list[tuple[str, str]]:
    entries = [entry for group in groups for entry in group.entries]
    return [
        (str(page.title), page.link(site))
        for entry in entries
        for page in (entry, *entry.tabs)
        if page.title not in _NO_LIST
    ]


@pytest.mark.parametrize("groups, site", [(PORTAL, "portal"), (OPERATOR, "admin")])
def test_a_page_is_called_as_its_entry(groups, site, browser, db):
    staff = User.objects.create_superuser("sam@operator.example", "x")
    client = browser if site == "portal" else signed_in(staff)
    for title, link in pages(groups, site):
        page = texts(client.get(link, follow=True))
        assert f"<title>{title} |" in re.sub(r"\s+", " ", page).replace("<title> ", "<title>"), link
        assert title in [heading.strip() for heading in _HEADING.findall(page)], link


@pytest.mark.parametrize("groups, site", [(PORTAL, "portal"), (OPERATOR, "admin")])
def test_no_two_pages_of_a_site_are_called_the_same(groups, site, db):
    titles = [title for title, _ in pages(groups, site)]
    assert len(titles) == len(set(titles))
