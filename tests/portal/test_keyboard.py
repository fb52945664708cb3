"""The keyboard alone suffices: one sees where one is, gets everywhere, and out again."""

import pytest

from peppol.models import RegisteredCompany
from tests.conftest import make_company
from tests.portal.browsing import MARKS

pytestmark = MARKS
# Where the keyboard is, in the words of whoever hears it, and whether it is seen there.
_HERE = """() => {
    const one = document.activeElement;
    if (one === document.body) return null;
    const seen = (element) => {
        const style = getComputedStyle(element);
        return style.outlineStyle !== "none" || style.boxShadow !== "none";
    };
    const words = one.ariaLabel || one.labels?.[0]?.innerText || one.innerText || one.name || "";
    const inside = one.getBoundingClientRect();
    return {
        words: words.trim(),
        seen: one.checkVisibility() && inside.width > 0 && (seen(one) || seen(one.parentElement)),
        what: one.outerHTML.slice(0, 200),
    };
}"""


class Keys:
    """Somebody at a tab who has no mouse."""

    def __init__(self, page) -> None:
        self.page = page

    def step(self) -> dict | None:
        """Go to the next stop, which is seen; None beyond the last one."""
        self.page.keyboard.press("Tab")
        here = self.page.evaluate(_HERE)
        assert here is None or here["seen"], f"Nobody sees that the keyboard is at {here['what']}"
        return here

    def go(self, words: str) -> None:
        """Step on until what the keyboard stands on is called `words`."""
        for _ in range(80):
            here = self.page.evaluate(_HERE)
            if here and words in here["words"]:
                return
            self.step()
        raise AssertionError(f"The keyboard does not get to {words}")

    def press(self, words: str) -> None:
        self.go(words)
        self.page.keyboard.press("Enter")

    def leave(self) -> int:
        """Step on until the page ends, and say after how many stops: a trap has no end."""
        for stops in range(200):
            if self.step() is None:
                return stops
        raise AssertionError(f"The keyboard does not get out of {self.page.evaluate(_HERE)}")

    def around(self) -> int:
        """How many stops there are once around the page."""
        self.leave()
        return self.leave()


@pytest.fixture
def keys(tab):
    yield Keys(tab.page)
    assert tab.clicks == 0


def test_a_company_is_onboarded_without_a_mouse(tab, keys, acme):
    RegisteredCompany.objects.create(
        number="0403170701",
        status="AC",
        names={"nl": "Bakkerij Peeters"},
        street="Korenmarkt 5",
        postal_code="9000",
        city="Gent",
        extract=1,
    )
    make_company(acme, "Another")
    page = tab.page
    page.goto("/portal/")
    assert keys.step()["words"] == "Skip to the content"
    page.keyboard.press("Enter")
    assert keys.around() > 20
    keys.press("New company")
    page.wait_for_function("document.activeElement?.name === 'number'")
    page.keyboard.type("BE0403170701")
    page.keyboard.press("Enter")
    page.get_by_text("0208:0403170701").wait_for()
    assert keys.around() > 20
    keys.press("Create the company")
    page.get_by_text("Being registered").wait_for()
    assert keys.around() > 20


def test_a_dialog_keeps_the_keyboard_and_gives_it_back(tab, keys, bakery):
    page = tab.page
    page.goto(f"/portal/tenants/company/{bakery.pk}/change/")
    keys.press("Suspend")
    page.wait_for_function("document.activeElement?.name === 'reason'")
    stops = [keys.step() for _ in range(6)]
    names = {stop["words"] for stop in stops if stop}
    assert names <= {"Reason*", "Cancel", "Suspend", "Close"} and len(names) == 4
    page.keyboard.press("Escape")
    page.wait_for_function("document.activeElement?.innerText.includes('Suspend')")
    assert bakery.status == "active"


def test_menus_open_by_keyboard_and_close_again(tab, keys, bakery):
    page = tab.page
    page.goto(f"/portal/tenants/company/{bakery.pk}/change/")
    keys.press("More")
    page.wait_for_function("document.activeElement?.closest('nav')")
    assert keys.page.evaluate(_HERE)["seen"]
    page.keyboard.press("Escape")
    page.wait_for_function("document.activeElement?.innerText.includes('More')")
