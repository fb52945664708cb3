"""A real browser, and how the portal's tests use it."""

import os
from pathlib import Path

import pytest

CHROMIUM = Path(os.environ.get("CHROMIUM", "/usr/bin/chromium"))
MARKS = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(not CHROMIUM.exists(), reason=f"No Chromium at {CHROMIUM}"),
]
PASSWORD = "correct horse battery"
_COUNT = "addEventListener('pointerdown', () => window.clicked(), true)"


class Tab:
    """A browser's tab that remembers what went wrong in it, and counts clicks."""

    def __init__(self, browser, base: str, **look) -> None:
        self.base = base
        self.clicks = 0
        self.context = browser.new_context(base_url=base, **look)
        self.context.expose_function("clicked", self.count)
        self.context.add_init_script(_COUNT)
        self.page = self.context.new_page()
        self.page.set_default_timeout(15_000)
        self.troubles: list[str] = []
        self.page.on("pageerror", lambda error: self.troubles.append(str(error)))
        self.page.on("console", self.heed)
        self.page.on("request", self.watch)

    def count(self) -> None:
        self.clicks += 1

    def heed(self, message) -> None:
        if message.type == "error":
            self.troubles.append(f"{message.text} {message.location}")

    def watch(self, request) -> None:
        """Nothing is loaded from elsewhere."""
        if not request.url.startswith((self.base, "data:", "blob:")):
            self.troubles.append(request.url)

    def open(self, name: str) -> None:
        """Follow an entry of the sidebar."""
        self.page.locator("#nav-sidebar-inner a", has_text=name).click()

    def sign_in(self, email: str) -> None:
        self.page.goto("/accounts/login/")
        self.page.get_by_label("Email").fill(email)
        self.page.get_by_label("Password").fill(PASSWORD)
        self.page.get_by_role("button", name="Sign In").click()
        self.page.wait_for_url("**/portal/")
        self.clicks = 0
