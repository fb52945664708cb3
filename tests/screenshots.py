"""Takes the pictures of the documentation: `python -m tests.screenshots [--all FOLDER]`.

Builds a small world in a throw-away database, serves it, and photographs its pages with Debian's
Chromium. `--all` photographs every page in light, dark and on a phone, for looking at by eye.
"""

import argparse
import os
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

IMAGES = Path(__file__).parent.parent / "docs" / "images"
PASSWORD = "pictures-only-4711"
SIZES = {"light": (1440, 900), "dark": (1440, 900), "phone": (390, 844)}
PORTAL_PAGES = {
    "overview": "/portal/", "companies": "/portal/tenants/company/",
    "company": "/portal/tenants/company/{company}/change/",
    "history": "/portal/tenants/company/{company}/history/",
    "suspend": "/portal/tenants/company/{company}/suspend/",
    "new-company": "/portal/tenants/company/add/",
    "registrations": "/portal/peppol/participant/", "transfers": "/portal/peppol/transfer/",
    "keys": "/portal/apikeys/apikey/",
    "key": "/portal/apikeys/apikey/{key}/change/", "new-key": "/portal/apikeys/apikey/add/",
    "webhooks": "/portal/webhooks/endpoint/",
    "webhook": "/portal/webhooks/endpoint/{endpoint}/change/",
    "deliveries": "/portal/webhooks/delivery/",
    "delivery": "/portal/webhooks/delivery/{delivery}/change/",
    "team": "/portal/tenants/membership/", "invitations": "/portal/tenants/invitation/",
    "audit-trail": "/portal/tenants/event/", "settings": "/portal/tenants/organization/",
    "second-factor": "/accounts/2fa/", "password": "/accounts/password/change/",
}  # fmt: skip
ADMIN_PAGES = {
    "admin": "/admin/", "admin-organizations": "/admin/tenants/organization/",
    "admin-organization": "/admin/tenants/organization/{platform}/change/",
    "admin-applications": "/admin/tenants/platformapplication/",
    "admin-application": "/admin/tenants/platformapplication/{application}/change/",
    "admin-users": "/admin/tenants/user/", "admin-keys": "/admin/apikeys/apikey/",
    "admin-registrations": "/admin/peppol/participant/", "admin-plans": "/admin/billing/plan/",
    "admin-bulk": "/admin/peppol/bulkoperation/",
    "admin-new-bulk": "/admin/peppol/bulkoperation/add/",
    "admin-events": "/admin/tenants/event/", "admin-mails": "/admin/tenants/mail/",
    "admin-deliveries": "/admin/webhooks/delivery/",
}  # fmt: skip
PAGES_OF = {"olga@acme.example": PORTAL_PAGES, "sam@op.example": ADMIN_PAGES}
NAMES = (
    "Bakery Peeters", "Café Central", "Garage Dubois", "Florist De Roos", "Van Damme Construction",
    "Studio Lumière", "Brasserie Nord", "Hoekstra Logistics", "Müller Maschinenbau",
    "Dental Practice Janssens", "Boulangerie Martin", "Pool & Spa Vandenberghe",
)  # fmt: skip
# What became of the registrations of the first companies.
FATES = (
    ("active", ""), ("active", ""), ("active", ""), ("active", ""),
    ("waiting", "The SMP did not answer within 10 seconds."), ("active", ""),
    ("failed", "The SMP refused the service group: 400 Bad Request."),
    ("elsewhere", "Another provider holds this identifier."), ("active", ""), ("pending", ""),
)  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--all", type=Path, metavar="FOLDER", help="photograph every page")
    folder = parser.parse_args().all
    with tempfile.TemporaryDirectory() as data:
        os.environ["GATEHOUSE_DATA_DIR"] = data
        os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"
        os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
        os.environ["LOG_LEVEL"] = "ERROR"
        ids = build()
        with served() as base:
            photograph(base, ids, folder)


def build() -> dict[str, Any]:
    """Make the world; the ids that addresses of pages name."""
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    from tests.sample import world

    return world(NAMES, FATES, PASSWORD)


@contextmanager
def served() -> Iterator[str]:
    """Serve the project on a free port of this machine, and yield where."""
    from django.core.servers.basehttp import ThreadedWSGIServer, WSGIRequestHandler

    from config.wsgi import application

    class Quiet(WSGIRequestHandler):
        def log_message(self, *args: Any) -> None:
            """Say nothing."""

    server = ThreadedWSGIServer(("127.0.0.1", 0), Quiet)
    server.set_app(application)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()


def photograph(base: str, ids: dict[str, Any], folder: Path | None) -> None:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path="/usr/bin/chromium",
            args=["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"],
        )
        for look, (width, height) in SIZES.items():
            for who, pages in (
                ("olga@acme.example", PORTAL_PAGES),
                ("sam@op.example", ADMIN_PAGES),
            ):
                context = browser.new_context(
                    viewport={"width": width, "height": height},
                    color_scheme="dark" if look == "dark" else "light",
                )
                page = context.new_page()
                _sign_in(page, base, who)
                wanted = pages if folder else _of_the_readme(pages, look)
                for name, path in wanted.items():
                    page.goto(base + path.format(**ids), wait_until="networkidle")
                    target = (
                        folder or IMAGES
                    ) / f"{name}{'' if look == 'light' else '-' + look}.png"
                    target.parent.mkdir(parents=True, exist_ok=True)
                    page.screenshot(path=str(target), full_page=bool(folder))
                context.close()
        browser.close()


def _of_the_readme(pages: dict[str, str], look: str) -> dict[str, str]:
    """The few pictures that are shown: the portal in both themes, a company, the admin."""
    chosen = {
        "light": {"portal": "overview", "company": "company", "admin": "admin"},
        "dark": {"portal": "overview"},
        "phone": {"portal": "overview"},
    }[look]
    return {name: pages[page] for name, page in chosen.items() if page in pages}


def _sign_in(page: Any, base: str, who: str) -> None:
    page.goto(f"{base}/accounts/login/")
    page.fill("input[name=login]", who)
    page.fill("input[name=password]", PASSWORD)
    page.click("main button[type=submit]")
    page.wait_for_load_state("networkidle")


if __name__ == "__main__":
    main()
