"""Everybody can use every page of both sites: in both themes, on a phone, without a mouse.

`EVERY_PAGE=1` judges also pages that have nothing which the others did not have.
"""

import os

import pytest

from tests.portal import axe
from tests.portal.browsing import MARKS, Tab
from tests.portal.page_index import PageIndex

pytestmark = MARKS
DESK, PHONE = {"width": 1440, "height": 900}, {"width": 390, "height": 844}
# The same on every page of a site, so that the first one speaks for all.
SIDEBAR = ("#nav-sidebar",)
# What has to move when the screen gets narrower moves within a second.
WIDTH = """async () => {
    const page = document.documentElement;
    for (let look = 0; look < 20 && page.scrollWidth > innerWidth; look++) {
        await new Promise((done) => setTimeout(done, 50));
    }
    return page.scrollWidth;
}"""


def faults(page, address: str, *, first: bool) -> list[str]:
    """What keeps somebody from using the page that is open."""
    found = axe.violations(page, without=() if first else SIDEBAR)
    page.set_viewport_size(PHONE)
    width = page.evaluate(WIDTH)
    if width > PHONE["width"]:
        found.append(f"On a phone it is {width} pixels wide")
    if first:
        found += [f"phone: {sentence}" for sentence in axe.violations(page)]
    page.set_viewport_size(DESK)
    return [f"{address}: {sentence}" for sentence in found]


@pytest.mark.timeout(900)
@pytest.mark.parametrize(
    "who, site, least",
    [
        ("reseller", "portal/", 100),
        ("operator", "admin/", 80),
        ("reseller", "accounts/", 7),
        ("stranger", "accounts/", 4),
        ("stranger", "client/", 9),
    ],
)
def test_everybody_can_use_every_page(chromium, live_server, who, site, least):
    """A page is judged when it has a kind of element that the pages before it did not have."""
    atlas = PageIndex()
    tab = Tab(chromium, live_server.url, viewport=DESK)
    tab.become(atlas.people[who])
    found, pages, judged = [], 0, set()
    for address in atlas.pages(who, site):
        tab.page.goto(address)
        pages += 1
        kinds = axe.kinds(tab.page)
        if "EVERY_PAGE" in os.environ or not kinds <= judged:
            found += faults(tab.page, address, first=not judged)
            judged |= kinds
    tab.context.close()
    assert not found, "\n".join(found)
    # What is gone answers so, which the browser notes.
    assert [one for one in tab.troubles if "410 (Gone)" not in one] == []
    assert pages >= least, "Some pages were not found"
