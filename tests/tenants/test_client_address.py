"""Behind proxies, the limits count whoever called the outermost one, and believe nobody else."""

from pathlib import Path

import pytest
from django.test import RequestFactory

from tenants.models import User
from tenants.web.client_address import client_address

PROXY, ANN, MALLORY = "10.0.0.7", "192.0.2.10", "198.51.100.66"


@pytest.mark.parametrize(
    "count, said, seen",
    [
        (None, ANN, PROXY),
        (0, ANN, PROXY),
        (1, "", PROXY),
        (1, ANN, ANN),
        (1, f"127.0.0.1, {MALLORY}", MALLORY),
        (2, f"{ANN}, 10.0.0.6", ANN),
        (2, f"127.0.0.1, {ANN}, 10.0.0.6", ANN),
        # Whoever came past one of the two proxies is nobody but who they are.
        (2, ANN, PROXY),
        (1, "not an address", PROXY),
        (1, "192.0.2.10:4711", ANN),
        (1, "[2001:db8::1]:4711", "2001:db8::1"),
    ],
)
def test_only_what_our_own_proxies_say_counts(settings, count, said, seen):
    settings.TRUSTED_PROXY_COUNT = count
    headers = {"X-Forwarded-For": said} if said else {}
    assert client_address(RequestFactory(REMOTE_ADDR=PROXY).get("/", headers=headers)) == seen


def test_a_server_on_a_socket_file_counts_all_as_one():
    assert client_address(RequestFactory(REMOTE_ADDR="").get("/")) == "0.0.0.0"


def test_who_guesses_passwords_locks_out_nobody_else_behind_the_proxy(client, db, settings):
    """Ten wrong passwords used to lock out everybody behind Caddy."""
    settings.TRUSTED_PROXY_COUNT = 1
    User.objects.create_user("ann@acme.example", "right-and-long")

    def sign_in(address, email, password):
        return client.post(
            "/accounts/login/",
            {"login": email, "password": password},
            REMOTE_ADDR=PROXY,
            headers={"X-Forwarded-For": f"127.0.0.1, {address}"},
        )

    tries = [sign_in(MALLORY, f"guess{n}@acme.example", "wrong") for n in range(11)]
    assert "Too many failed" in tries[-1].text
    assert sign_in(ANN, "ann@acme.example", "right-and-long").status_code == 302


def test_the_proxy_in_our_docs_drops_headers_that_pass_for_its_own():
    """The web server takes `X_Forwarded_For` for `X-Forwarded-For`, and the later one counts."""
    text = (Path(__file__).resolve().parents[2] / "docs/deploy/Caddyfile").read_text()
    proxies = text.split("reverse_proxy ")[1:]
    assert proxies and all("header_up -*_*" in one.partition("}")[0] for one in proxies)
