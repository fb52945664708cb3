"""One limit on the size of a document, the same whichever way it is given."""

import base64

import pytest
from django.conf import settings

from peppol.invoices import reading
from peppol.rules import judging
from peppol.services.documents import intake
from tenants.errors import Invalid
from tests.peppol.judged import billing
from tests.peppol.trading import SHAPE

pytestmark = pytest.mark.django_db


def attached(size):
    """Our invoice with an attachment of so many bytes, which base64 makes a third longer."""
    content = base64.b64encode(b"a" * size).decode()
    return {**SHAPE, "attachments": [{"id": "scan", "filename": "scan.pdf", "content": content}]}


@pytest.mark.parametrize("size", [3_800_000, 7_700_000], ids=["3.8 MB", "7.7 MB"])
def test_attachments_may_fill_the_document(size, sender):
    draft = intake.from_json(sender, attached(size))
    assert len(draft.content) > size
    assert intake.from_json(sender, {"ubl": draft.content.decode()}).number == draft.number


def test_a_document_above_the_limit_is_too_large(sender):
    with pytest.raises(Invalid) as refusal:
        intake.from_json(sender, attached(8_000_000))
    assert (refusal.value.code, refusal.value.message) == (
        "too_large",
        "The document is larger than 10 MB.",
    )


def test_the_limit_is_the_operators_to_set(settings, sender):
    settings.MOST_DOCUMENT_BYTES = 2 * 2**20
    with pytest.raises(Invalid, match="larger than 2 MB"):
        intake.from_json(sender, attached(3_000_000))


def nested(depth, text=b""):
    inner = b"<x xmlns='urn:x'>" * depth + text + b"</x>" * depth
    return b"<a xmlns='urn:x'>" + inner + b"</a>"


@pytest.mark.parametrize(
    "document",
    [nested(300), nested(300, b"a" * 10_000_001), b"<a>" * 100_000],
    ids=["deep", "deep-and-long", "unclosed"],
)
def test_what_is_nested_without_end_is_no_document(document):
    with pytest.raises(Invalid, match="no well-formed XML"):
        reading.parse(document)


def test_an_extension_the_rules_cannot_read_is_a_finding():
    root = billing()
    extensions = reading.parse(
        b'<ext:UBLExtensions xmlns:ext="urn:oasis:names:specification:ubl:schema:xsd:'
        b'CommonExtensionComponents-2"><ext:UBLExtension><ext:ExtensionContent>'
        + nested(150)
        + b"</ext:ExtensionContent></ext:UBLExtension></ext:UBLExtensions>"
    )
    root.insert(0, extensions)
    assert [breach.rule for breach in judging.judge(root).fatal] == ["rules"]


def test_a_request_has_room_for_a_document_in_json():
    assert settings.MOST_BODY_BYTES >= 4 / 3 * settings.MOST_DOCUMENT_BYTES
    assert settings.DATA_UPLOAD_MAX_MEMORY_SIZE == settings.MOST_BODY_BYTES
