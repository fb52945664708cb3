"""A platform's logo is fetched once, safely, and shown from our copy."""

import threading
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from django.core.files.storage import default_storage
from django.utils import timezone

from tenants.models import Event, Logo, Organization
from tenants.services import branding
from tenants.services import logos as copies
from tests.conftest import SYSTEM
from tests.portal.conftest import make_member, signed_in
from tests.tenants.test_pictures import PNG, svg
from webhooks.services import logos

pytestmark = pytest.mark.django_db(transaction=True)


class Host(ThreadingHTTPServer):
    """Somebody's web server with one picture on it."""

    daemon_threads = True

    def __init__(self):
        self.content, self.status, self.asked = PNG, 200, 0
        super().__init__(("127.0.0.1", 0), _Picture)
        threading.Thread(target=self.serve_forever, daemon=True).start()
        self.url = f"http://127.0.0.1:{self.server_address[1]}/logo.png"


class _Picture(BaseHTTPRequestHandler):
    def do_GET(self):
        self.server.asked += 1
        self.send_response(self.server.status)
        self.send_header("Content-Type", "text/html")
        self.send_header("Content-Length", str(len(self.server.content)))
        self.end_headers()
        self.wfile.write(self.server.content)

    def log_message(self, *args):
        pass


@pytest.fixture
def host():
    server = Host()
    yield server
    server.shutdown()
    server.server_close()


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def acme(acme):
    Organization.objects.filter(pk=acme.pk).update(white_label=True)
    acme.refresh_from_db()
    return acme


@pytest.fixture
def brand(acme):
    """Gives acme a logo, and does what the worker does."""

    def brand(url):
        branding.change(acme, {"logo_url": url}, by=SYSTEM)
        return logos.drain()

    return brand


def test_a_logo_is_copied_and_the_portal_shows_the_copy(acme, host, brand, client):
    """FLO-38."""
    assert brand(host.url) == 1
    page = signed_in(make_member(acme, "owner")).get("/portal/").content.decode()
    shown = f"/logos/{acme.pk}/{Logo.objects.get().version}"
    assert shown in page and host.url not in page
    picture = client.get(shown)
    assert (picture.content, picture["Content-Type"]) == (PNG, "image/png")
    assert "sandbox" in picture["Content-Security-Policy"]
    assert picture["X-Content-Type-Options"] == "nosniff"
    assert logos.drain() == 0 and host.asked == 1


def test_another_logo_replaces_the_copy_and_none_removes_it(acme, host, brand, client):
    brand(host.url)
    first = Logo.objects.get()
    host.content = svg('<path d="M0 0"/>')
    brand(host.url + "?2")
    second = Logo.objects.get()
    assert second.media_type == "image/svg+xml" and not default_storage.exists(first.name)
    assert client.get(f"/logos/{acme.pk}/{first.version}").status_code == 404
    assert client.get(f"/logos/{acme.pk}/{second.version}").status_code == 200
    brand("")
    assert not Logo.objects.exists() and not default_storage.exists(second.name)


@pytest.mark.parametrize(
    "content",
    [b"<html>", svg("<script>1</script>"), PNG + b"\0" * 512 * 1024],
    ids=["page", "script", "large"],
)
def test_what_is_no_harmless_picture_is_not_copied(acme, host, brand, content):
    host.content = content
    brand(host.url)
    row = Logo.objects.get()
    assert row.error and not row.name and row.next_fetch_at is None
    assert Event.objects.filter(type="branding.logo_refused").count() == 1


@pytest.mark.parametrize("status", [301, 404, 500])
def test_a_logo_that_cannot_be_had_is_tried_again(acme, host, brand, status, time_machine):
    host.status = status
    brand(host.url)
    for _ in range(10):
        row = Logo.objects.get()
        if row.next_fetch_at is None:
            break
        time_machine.move_to(row.next_fetch_at, tick=False)
        logos.drain()
    assert host.asked == 5 and str(status) in row.error and not row.name


@pytest.mark.parametrize("url", ["https://10.0.0.1/x.png", "http://169.254.169.254/latest"])
def test_no_address_that_is_not_public_is_asked(acme, brand, url, settings):
    settings.WEBHOOK_ALLOWED_CIDRS = []
    brand(url)
    assert "address" in Logo.objects.get().error or "https" in Logo.objects.get().error


def test_a_worker_that_died_leaves_the_logo_to_the_next(acme, host, brand, time_machine):
    branding.change(acme, {"logo_url": host.url}, by=SYSTEM)
    (taken,) = copies.claims()
    assert logos.drain() == 0
    time_machine.move_to(timezone.now() + timedelta(minutes=3))
    assert logos.drain() == 1
    branding.change(acme, {"logo_url": ""}, by=SYSTEM)
    copies.keep(taken, PNG)
    assert not Logo.objects.exists()
