"""What arrives is stored as a stream: a hundred megabytes take no hundred megabytes of memory."""

import base64
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.peppol.test_inbound import PLAIN, envelope

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]
ROOT = Path(__file__).resolve().parents[2]
MEGABYTE = 2**20
# What reading it costs beside what a process takes that has everything loaded.
READ = """
import resource, sys
from django.conf import settings
import django
django.setup()
from peppol import sbdh
from peppol.invoices import received
def most():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
def read(path):
    with open(path, "rb") as file:
        found = sbdh.unwrap(file)
    head = received.head(found.content.pieces()) if "xml" in found.media_type else None
    return found.content.size, found.media_type, head[0].number if head else ""
read(sys.argv[1])
before = most()
size, media_type, number = read(sys.argv[2])
print(size // 2**20, media_type, number, most() - before)
"""


def binary(size):
    content = base64.b64encode(b"{}" * (size // 2)).decode()
    return (
        '<BinaryContent xmlns="http://peppol.eu/xsd/ticc/envelope/1.0" mimeType="application/json"'
        f' encoding="Base64Binary">{content}</BinaryContent>'
    )


def attached(size):
    attachment = f"<cac:AdditionalDocumentReference><cbc:X>{'A' * size}</cbc:X>"
    attachment += "</cac:AdditionalDocumentReference><cbc:Note>"
    return PLAIN.replace("<cbc:Note>", attachment)


def lines(size):
    line = "<cac:InvoiceLine><cbc:ID>1</cbc:ID><cbc:Note>a line of it</cbc:Note></cac:InvoiceLine>"
    return PLAIN.replace("<cbc:Note>", f"{line * (size // len(line))}<cbc:Note>")


@pytest.mark.parametrize(
    ("make", "encoding", "media_type"),
    [
        (attached, "UTF-8", "application/xml"),
        (lines, "UTF-8", "application/xml"),
        (attached, "UTF-16", "application/xml"),
        (binary, "UTF-8", "application/json"),
    ],
    ids=["attachment", "lines", "utf-16", "binary"],
)
def test_a_hundred_megabytes_are_read_in_a_few(make, encoding, media_type, tmp_path):
    """It used to take five times its size."""
    for name, size in (("small", 1000), ("large", 100 * MEGABYTE)):
        (tmp_path / name).write_bytes(envelope(make(size), encoding=encoding))
    done = subprocess.run(
        [sys.executable, "-c", READ, str(tmp_path / "small"), str(tmp_path / "large")],
        cwd=ROOT,
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "config.settings"},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    size, kind, *number, grown = done.stdout.split()
    assert int(size) >= 99 and kind == media_type and number == (["T-1"] if "xml" in kind else [])
    assert int(grown) < 25
