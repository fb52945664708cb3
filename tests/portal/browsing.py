"""A real browser, and how the portal's tests use it."""

import os
import re
from pathlib import Path

import pytest
from django.contrib.staticfiles.handlers import StaticFilesHandler
from django.http import HttpRequest, HttpResponseBase

CHROMIUM = Path(os.environ.get("CHROMIUM", "/usr/bin/chromium"))
MARKS = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(not CHROMIUM.exists(), reason=f"No Chromium at {CHROMIUM}"),
]
PASSWORD = "correct horse battery"
_COUNT = """
addEventListener("pointerdown", () => window.clicked(), true);
addEventListener("keydown", () => window.pressed(), true);
"""


def _serve(self: StaticFilesHandler, request: HttpRequest) -> HttpResponseBase:
    """Have the browser keep scripts and styles from page to page, as in production."""
    answer = _found(self, request)
    answer["Cache-Control"] = "max-age=3600"
    return answer


_found = StaticFilesHandler.serve
StaticFilesHandler.serve = _serve


class Tab:
    """A browser's tab that remembers what went wrong in it, and counts clicks and keys."""

    def __init__(self, browser, base: str, **look) -> None:
        self.base = base
        self.clicks = self.keys = 0
        # The tools of the tests bring styles and scripts; the policy has tests of its own.
        self.context = browser.new_context(base_url=base, **{"bypass_csp": True, **look})
        self.context.expose_function("clicked", self.count)
        self.context.expose_function("pressed", self.press)
        self.context.add_init_script(_COUNT)
        self.page = self.context.new_page()
        self.page.set_default_timeout(45_000)
        self.troubles: list[str] = []
        self.page.on("pageerror", lambda error: self.troubles.append(str(error)))
        self.page.on("console", self.heed)
        self.page.on("request", self.watch)

    def count(self) -> None:
        self.clicks += 1

    def press(self) -> None:
        self.keys += 1

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

    def fill(self, label: str, text: str) -> None:
        """Type into a field, and click it first only where the keyboard is elsewhere."""
        fields = self.page.locator("input, textarea")
        field = self.page.get_by_label(label).and_(fields).first
        field.wait_for()
        # A form takes the keyboard a moment after it is there.
        self.page.wait_for_timeout(150)
        if not field.evaluate("field => field === document.activeElement"):
            field.click()
        self.page.keyboard.type(text)

    def become(self, client) -> None:
        """Be whoever is signed in with this test client, and share their session."""
        cookies = [
            {"name": c.key, "value": c.value, "url": self.base} for c in client.cookies.values()
        ]
        self.context.add_cookies(cookies)

    def sign_in(self, email: str) -> None:
        self.page.goto("/accounts/login/")
        self.page.get_by_label("Email").fill(email)
        self.page.get_by_label("Password").fill(PASSWORD)
        self.page.get_by_role("button", name="Sign In").click()
        self.page.wait_for_url(re.compile("/(portal|admin)/$"))
        self.clicks = self.keys = 0
