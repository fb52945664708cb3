"""Bodies are read however they are sent: with a length, or in chunks, by a server of ours."""

import json
import os
import socket
import subprocess
import sys
import time

import pytest
from django.conf import settings

from apikeys.models import ApiKey
from apikeys.services import keys
from peppol.models import Document
from tenants.models import Organization
from tests.api.fiskaly.conftest import make_key
from tests.api.flowie.conftest import ONBOARDING, platform_key
from tests.api.invora.conftest import PROFILE, REGISTRATION, newcomer
from tests.conftest import SYSTEM
from tests.fork_server import _database_url
from tests.peppol.test_documents import message
from tests.peppol.trading import registered

pytestmark = pytest.mark.django_db(transaction=True)
# The server's process has no secrets of a test's, unless it is told.
SECRETS = ("SECRET_KEY", "API_KEY_PEPPER", "INBOUND_TOKEN")
END = b"0\r\n\r\n"


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Server:
    """The product behind granian, as `quickstart` runs it, on the test's database."""

    def __init__(self, **environment):
        self.port = free_port()
        self.process = subprocess.Popen(
            [
                *[sys.executable, "-m", "granian", "--interface", "wsgi", "--workers", "1"],
                *["--host", "127.0.0.1", "--port", str(self.port), "--log-level", "error"],
                "config.wsgi:application",
            ],
            env={
                **os.environ,
                **{name: getattr(settings, name) for name in SECRETS},
                "USER_TOKEN_KEY": settings.HEADLESS_JWT_PRIVATE_KEY,
                "DATABASE_URL": _database_url(),
                "REDIS_URL": "",
                **environment,
            },
            stdout=subprocess.DEVNULL,
        )
        deadline = time.monotonic() + 90
        while time.monotonic() < deadline:
            try:
                socket.create_connection(("127.0.0.1", self.port), 1).close()
                return
            except OSError:
                time.sleep(0.05)
        raise AssertionError("The server did not start.")

    def send(self, path, headers, *parts, stay=True, method="POST"):
        """The status and body that a raw request is answered with."""
        lines = [f"{method} {path} HTTP/1.1", "Host: 127.0.0.1", *headers]
        with socket.create_connection(("127.0.0.1", self.port), 60) as link:
            link.sendall("\r\n".join([*lines, "", ""]).encode())
            for part in parts:
                link.sendall(part)
            if not stay:
                link.shutdown(socket.SHUT_WR)
            with link.makefile("rb") as answer:
                status = int(answer.readline().split()[1])
                length = 0
                while (line := answer.readline().strip()) != b"":
                    name, _, value = line.partition(b":")
                    length = int(value) if name.lower() == b"content-length" else length
                return status, answer.read(length)


def chunks(body, size=7):
    pieces = [body[at : at + size] for at in range(0, len(body), size)]
    return [b"%x\r\n%s\r\n" % (len(piece), piece) for piece in pieces]


@pytest.fixture(scope="module")
def server(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock():
        running = Server(BODY_PATIENCE="1", MOST_BODY_BYTES="300000")
    yield running
    running.process.terminate()
    running.process.wait(30)


def calls(platform):
    """(path, headers, body) of a first call on each surface, with what it is answered."""
    secret = keys.issue(platform, name="k", kind=ApiKey.Kind.PLATFORM, by=SYSTEM)[1]
    key, fiskaly_secret = make_key(platform)
    person, _ = newcomer()
    bearer = f"Authorization: Bearer {secret}"
    signed_in = f"Authorization: {person.headers['Authorization']}"
    flowie = f"Authorization: Bearer {platform_key(platform)}"
    credentials = {"api_key": key.public_id, "api_secret": fiskaly_secret}
    first = {"name": "In chunks", "country": "NL"}
    onboarding = {k: v for k, v in ONBOARDING.items() if k != "webhook"}
    return {
        "einvoice": ("/api/admin/tenants", bearer, {"name": "in-chunks"}, 201),
        "goroute": ("/api/v1/organizations", f"X-API-Key: {secret}", first, 201),
        "flowie": ("/exchange/v1/platform/companies", flowie, onboarding, 201),
        "fiskaly": ("/api/v0/auth", "X-Any: y", credentials, 200),
        "invora": (f"{REGISTRATION}/complete-profile", signed_in, PROFILE, 200),
    }


@pytest.mark.parametrize("vendor", ["einvoice", "goroute", "flowie", "fiskaly", "invora"])
def test_a_body_in_chunks_is_read_on_every_surface(vendor, server, acme):
    path, header, body, status = calls(acme)[vendor]
    headers = [header, "Content-Type: application/json", "Transfer-Encoding: chunked"]
    answer = server.send(path, headers, *chunks(json.dumps(body).encode()), END)
    assert answer[0] == status, answer


def test_what_an_access_point_forwards_in_chunks_is_received(server, bakery):
    registered(bakery, "9957:FR86797978996")
    headers = [
        f"X-Gatehouse-Token: {settings.INBOUND_TOKEN}",
        "X-SBDH-Instance-ID: i-1",
        "Content-Type: application/xml",
        "Transfer-Encoding: chunked",
    ]
    sent = chunks(message(), size=900)
    status, said = server.send("/internal/peppol/inbound", headers, *sent, END)
    assert (status, json.loads(said)) == (200, {"countryCodeC4": "BE"})
    assert Document.objects.inbound().get().organization == bakery


BODY = json.dumps({"name": "never-made"}).encode()
CHUNKED, JSON = "Transfer-Encoding: chunked", "Content-Type: application/json"


@pytest.mark.parametrize(
    ("header", "parts", "stay", "status"),
    [
        (CHUNKED, [b"zz\r\n" + BODY + b"\r\n", END], False, 422),
        (CHUNKED, [*chunks(BODY)[:2], b"5\r\nab"], False, 400),
        (CHUNKED, [*chunks(BODY)[:2]], True, 408),
        (CHUNKED, [*chunks(b" " * 400_000, 50_000), END], True, 413),
        (f"Content-Length: {len(BODY) + 5}", [BODY], False, 400),
        (f"Content-Length: {len(BODY) + 5}", [BODY], True, 408),
        ("Content-Length: 90000000", [BODY], True, 413),
    ],
    ids=["bad size", "cut off", "slow", "too much", "short", "slow with a length", "too long"],
)
def test_a_body_that_does_not_arrive_whole_makes_nothing(
    header, parts, stay, status, server, acme, acme_key
):
    headers = [f"Authorization: Bearer {acme_key}", JSON, header]
    answer = server.send("/api/admin/tenants", headers, *parts, stay=stay)
    assert answer[0] == status, answer
    assert "detail" in json.loads(answer[1])
    assert not Organization.objects.filter(name="never-made").exists()


def test_what_follows_the_last_chunk_is_no_part_of_the_body(server, acme, acme_key):
    headers = [f"Authorization: Bearer {acme_key}", JSON, CHUNKED]
    body = json.dumps({"name": "made-once"}).encode()
    status, _ = server.send("/api/admin/tenants", headers, *chunks(body), END, b"GARBAGE")
    assert status == 201 and Organization.objects.filter(name="made-once").count() == 1
