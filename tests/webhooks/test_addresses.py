"""Whom the guarded sender never dials, by address and by URL."""

import socket

import pytest

from tenants.errors import Invalid
from webhooks import guard, sender

pytestmark = pytest.mark.once

HOSTILE = [
    "0.0.0.0",
    "0.0.0.1",
    "10.0.0.1",
    "10.255.255.255",
    "100.64.0.1",
    "100.127.255.255",
    "127.0.0.1",
    "127.255.255.254",
    "169.254.0.1",
    "169.254.169.254",
    "172.16.0.1",
    "172.31.255.255",
    "192.0.0.1",
    "192.0.0.192",
    "192.0.2.1",
    "192.88.99.1",
    "192.168.0.1",
    "192.168.255.255",
    "198.18.0.1",
    "198.19.255.255",
    "198.51.100.1",
    "203.0.113.1",
    "224.0.0.1",
    "239.255.255.255",
    "240.0.0.1",
    "255.255.255.255",
    "168.63.129.16",
    "::",
    "::1",
    "::127.0.0.1",
    "::ffff:127.0.0.1",
    "::ffff:10.0.0.1",
    "::ffff:0:7f00:1",
    "64:ff9b::7f00:1",
    "64:ff9b:1::1",
    "100::1",
    "2001:db8::1",
    "2001::1",
    "2002:7f00:1::",
    "3fff::1",
    "fe80::1",
    "fec0::1",
    "fc00::1",
    "fd00:ec2::254",
    "ff02::1",
    "4000::1",
    "5f00::1",
    "fe80::1%lo",
]
PUBLIC = [
    "8.8.8.8",
    "1.1.1.1",
    "93.184.216.34",
    "2606:4700::1111",
    "2a00:1450::1",
    "::ffff:8.8.8.8",
]


def test_the_table_of_addresses_is_not_short():
    assert len(HOSTILE) >= 42


@pytest.mark.parametrize("address", HOSTILE)
def test_an_address_that_is_not_public_is_never_dialled(nothing_listed, address):
    assert not guard.permits(address)
    with pytest.raises(OSError, match="not public"):
        sender._dial((socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, 80)))


@pytest.mark.parametrize("address", PUBLIC)
def test_a_public_address_may_be_dialled(nothing_listed, address):
    assert guard.permits(address)


def test_what_an_operator_lists_may_be_dialled_and_nothing_beside_it(settings):
    settings.WEBHOOK_ALLOWED_CIDRS = ["10.1.0.0/16"]
    assert guard.permits("10.1.2.3") and not guard.permits("10.2.2.3")


@pytest.mark.parametrize(
    "url",
    [
        "",
        "acme.com",
        "//acme.com",
        "ftp://acme.com",
        "file:///etc/passwd",
        "http://acme.com",
        "https://",
        "https://user:pw@acme.com",
        "https://127.0.0.1",
        "https://[::1]/",
        "https://169.254.169.254/latest",
        "https://[::ffff:127.0.0.1]",
        "https://acme.com:22",
        "https://acme.com:99999",
        "https://acme .com",
        " https://acme.com",
        "https://acme.com\n",
        "https://acme.com/\x00",
        "gopher://acme.com",
        "javascript:alert(1)",
        "https://[fe80::1%25lo]",
    ],
)
def test_a_url_that_we_would_not_call_is_refused(nothing_listed, url):
    """FLO-56."""
    with pytest.raises(Invalid):
        guard.check_url(url)


def test_plain_http_is_for_listed_hosts(settings):
    settings.WEBHOOK_ALLOWED_CIDRS = ["127.0.0.0/8"]
    assert guard.check_url("http://127.0.0.1:9999/hook")
    assert guard.check_url("http://localhost:9999/hook")
    with pytest.raises(Invalid):
        guard.check_url("http://10.0.0.1/hook")
