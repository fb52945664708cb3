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
from io import BytesIO
from pathlib import Path
from typing import Any

from PIL import Image

IMAGES = Path(__file__).parent.parent / "docs" / "images"
PASSWORD = "pictures-only-4711"
SIZES = {"light": (1360, 900), "dark": (1360, 900), "phone": (390, 844)}
PORTAL_PAGES = {
    "overview": "/portal/",
    "companies": "/portal/tenants/company/",
    "company": "/portal/tenants/company/{company}/change/",
    "history": "/portal/tenants/company/{company}/history/",
    "suspend": "/portal/tenants/company/{company}/suspend/",
    "new-company": "/portal/tenants/company/add/",
    "registrations": "/portal/peppol/participant/",
    "transfers": "/portal/peppol/transfer/",
    "keys": "/portal/apikeys/apikey/",
    "key": "/portal/apikeys/apikey/{key}/change/",
    "new-key": "/portal/apikeys/apikey/add/",
    "webhooks": "/portal/webhooks/endpoint/",
    "webhook": "/portal/webhooks/endpoint/{endpoint}/change/",
    "deliveries": "/portal/webhooks/delivery/",
    "delivery": "/portal/webhooks/delivery/{delivery}/change/",
    "team": "/portal/tenants/membership/",
    "invitations": "/portal/tenants/invitation/",
    "progress": "/portal/tenants/company/{new}/progress/",
    "import": "/portal/peppol/companyimport/{batch}/change/",
    "documents": "/portal/peppol/document/",
    "usage": "/portal/peppol/monthlyusage/",
    "plan": "/portal/billing/plan/",
    "statement": "/portal/billing/statement/{statement}/change/",
    "audit-trail": "/portal/tenants/event/",
    "settings": "/portal/tenants/organization/",
    "second-factor": "/accounts/2fa/",
    "password": "/accounts/password/change/",
}
ADMIN_PAGES = {
    "admin": "/admin/",
    "admin-organizations": "/admin/tenants/organization/",
    "admin-organization": "/admin/tenants/organization/{platform}/change/",
    "admin-applications": "/admin/tenants/platformapplication/",
    "admin-application": "/admin/tenants/platformapplication/{application}/change/",
    "admin-users": "/admin/tenants/user/",
    "admin-keys": "/admin/apikeys/apikey/",
    "admin-registrations": "/admin/peppol/participant/",
    "admin-plans": "/admin/billing/plan/",
    "admin-bulk": "/admin/peppol/bulkoperation/",
    "admin-new-bulk": "/admin/peppol/bulkoperation/add/",
    "admin-documents": "/admin/peppol/document/?wrong=failed",
    "admin-reports": "/admin/peppol/compliancereport/",
    "admin-usage": "/admin/peppol/monthlyusage/",
    "admin-runs": "/admin/billing/statementrun/",
    "admin-statements": "/admin/billing/statement/",
    "admin-sandbox": "/admin/sandbox/fault/",
    "admin-transmissions": "/admin/sandbox/transmission/",
    "admin-system-status": "/admin/system-status/",
    "admin-events": "/admin/tenants/event/",
    "admin-mails": "/admin/tenants/mail/",
    "admin-deliveries": "/admin/webhooks/delivery/",
}
PAGES_OF = {"olga@acme.example": PORTAL_PAGES, "sam@op.example": ADMIN_PAGES}
# The pictures of the documentation: page, look, and how much of it.
PICTURES = (
    ("overview", "light", 1180),
    ("overview", "dark", 1180),
    ("overview", "phone", 1500),
    ("company", "light", 860),
    ("progress", "light", 760),
    ("import", "light", 860),
    ("delivery", "light", 900),
    ("documents", "light", 860),
    ("usage", "light", 900),
    ("statement", "light", 860),
    ("admin", "light", 900),
    ("admin-application", "light", 900),
)
NAMES = (
    "Bakery Peeters",
    "Café Central",
    "Garage Dubois",
    "Florist De Roos",
    "Van Damme Construction",
    "Studio Lumière",
    "Brasserie Nord",
    "Hoekstra Logistics",
    "Müller Maschinenbau",
    "Dental Practice Janssens",
    "Boulangerie Martin",
    "Pool & Spa Vandenberghe",
)
# What became of the registrations of the first companies.
FATES = (
    ("active", ""),
    ("active", ""),
    ("active", ""),
    ("active", ""),
    ("waiting", "The SMP did not answer within 10 seconds."),
    ("active", ""),
    ("failed", "The SMP refused the service group: 400 Bad Request."),
    ("elsewhere", "Another provider holds this identifier."),
    ("active", ""),
    ("pending", ""),
)


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

    from tenants.row_security import show_everything

    show_everything()
    call_command("migrate", verbosity=0)
    from tests.demo_world import world

    ids = world(NAMES, FATES, PASSWORD)
    return {**ids, **_of_a_running_business(ids)}


def _of_a_running_business(ids: dict[str, Any]) -> dict[str, Any]:
    """Two months of documents and their statement, a registration and an import under way."""
    from billing.models import Statement
    from config.sandbox import demo_history
    from peppol.models import Participant
    from peppol.services.imports import imports, uploads
    from peppol.spreadsheets import Sheet
    from tenants.models import Organization
    from tests.demo_world import OPERATOR

    platform = Organization.objects.get(pk=ids["platform"])
    demo_history.create(platform)
    Participant.objects.filter(organization=ids["new"]).update(state="active", card_state="pending")
    cells = [
        [f"Franchise shop {n}", "BE", f"0{4_000_000 + n}{97 - (4_000_000 + n) % 97:02}"]
        for n in range(1, 1001)
    ]
    sheet = Sheet(["Name", "Country", "Company number"], cells, [n + 1 for n in range(1, 1001)])
    batch = uploads.receive(platform, "shops.csv", sheet, by=OPERATOR)
    imports.check(batch, batch.mapping, register=False, with_keys=False, by=OPERATOR)
    imports.start(batch, by=OPERATOR)
    batch.lines.filter(number__lte=641).update(state="done")
    why = "Another company has this company number already."
    batch.lines.filter(number__in=(77, 402)).update(state="failed", problems=[why])
    return {"batch": batch.pk, "statement": Statement.objects.get(organization=platform).pk}


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
    """Take the documentation's pictures, or one of every page in every look into `folder`."""
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
                wanted = dict.fromkeys(pages) if folder else _pictures(pages, look)
                context = browser.new_context(
                    viewport={"width": width, "height": height},
                    color_scheme="dark" if look == "dark" else "light",
                )
                page = context.new_page()
                if wanted:
                    _sign_in(page, base, who)
                _be_at_work()
                for name, tall in wanted.items():
                    page.set_viewport_size({"width": width, "height": tall or height})
                    page.goto(base + pages[name].format(**ids), wait_until="networkidle")
                    target = f"{name}{'' if look == 'light' else '-' + look}.png"
                    _take(page, (folder or IMAGES) / target, whole=bool(folder))
                context.close()
        browser.close()


def _be_at_work() -> None:
    """What workers would do: send what is due, and show that they are there."""
    from django.utils import timezone

    from tenants.models import Event, Heartbeat, Mail

    now = timezone.now()
    Event.objects.filter(distributed_at=None).update(distributed_at=now)
    Mail.objects.filter(state="pending").update(state="sent", next_attempt_at=None)
    Heartbeat.objects.update(beat_at=now)


def _pictures(pages: dict[str, str], look: str) -> dict[str, int]:
    return {name: tall for name, wanted, tall in PICTURES if wanted == look and name in pages}


def _take(page: Any, target: Path, *, whole: bool) -> None:
    """A picture in as many colours as a page has need of, so that it is small."""
    target.parent.mkdir(parents=True, exist_ok=True)
    taken = Image.open(BytesIO(page.screenshot(full_page=whole)))
    taken.quantize(128, dither=Image.Dither.NONE).save(target, optimize=True)


def _sign_in(page: Any, base: str, who: str) -> None:
    page.goto(f"{base}/accounts/login/")
    page.fill("input[name=login]", who)
    page.fill("input[name=password]", PASSWORD)
    page.click("main button[type=submit]")
    page.wait_for_load_state("networkidle")


if __name__ == "__main__":
    main()
