"""Documents in one ZIP: each byte for byte, and a manifest that says so."""

import hashlib
import json
import zipfile
from io import BytesIO

import pytest

from peppol import archive
from peppol.models import Document
from tenants.errors import Invalid
from tests.portal.factories import make_document

pytestmark = pytest.mark.django_db


def opened(content: bytes) -> tuple[zipfile.ZipFile, list]:
    packed = zipfile.ZipFile(BytesIO(content))
    assert packed.testzip() is None
    return packed, json.loads(packed.read(archive.MANIFEST))["documents"]


def test_every_document_is_there_byte_for_byte_with_its_digest(bakery):
    rows = [make_document(bakery, number=n, content=n.encode() * 9) for n in ("../a/1", "ü?", "")]
    packed, entries = opened(archive.pack(rows).bytes())
    assert len(set(packed.namelist())) == 4
    for row, entry in zip(rows, entries, strict=True):
        content = packed.read(entry["file"])
        assert content == row.content() and entry["id"] == str(row.pk)
        assert entry["sha256"] == hashlib.sha256(content).hexdigest()
        assert entry["file"].startswith("outbound/") and ".." not in entry["file"]


def test_one_whose_content_is_gone_is_named_and_left_out(bakery):
    row = make_document(bakery)
    row.payload.delete(save=False)
    row.payload.name = "gone.xml"
    _packed, (entry,) = opened(archive.pack([row]).bytes())
    assert (entry["file"], entry["sha256"]) == (None, None)


def test_there_is_an_end_to_what_one_file_takes(bakery):
    rows = [Document(payload_size=archive.MOST_BYTES), Document(payload_size=1)]
    for wanted, code in ((rows, "too_large"), ([Document()] * 501, "too_many")):
        with pytest.raises(Invalid) as refusal:
            archive.pack(wanted)
        assert refusal.value.code == code
