"""What is odd in an envelope is taken in or refused for good; nobody is asked to come again."""

import pytest

from peppol.models import Document
from tests.peppol.test_documents import forward
from tests.peppol.test_inbound import INVOICE, PLAIN, envelope

pytestmark = pytest.mark.django_db(transaction=True)
TAKEN = {"countryCodeC4": "BE"}


@pytest.mark.parametrize(
    "named", ["base64", "zlib", "hex", "rot13", "unicode_escape", "utf-7", "undefined", "nobody"]
)
def test_what_is_no_character_set_is_read_as_utf_8(named, client, settings, recipient):
    """Python knows these names, and XML does not."""
    payload = PLAIN.replace("Nuts", r"Nüts \u003c +ADw-")
    body = envelope(payload).replace(b"UTF-8", named.encode(), 1)
    assert forward(client, settings, body).json() == TAKEN
    assert Document.objects.get().content().decode() == payload


@pytest.mark.parametrize("named", ["ISO-8859-15", "windows-1252", "KOI8-R"])
def test_an_envelope_in_another_character_set_is_kept_in_utf_8(named, client, settings, recipient):
    payload = PLAIN.replace("Nuts", "Nuts Ж" if named == "KOI8-R" else "Nüts")
    assert forward(client, settings, envelope(payload, encoding=named)).json() == TAKEN
    assert Document.objects.get().content().decode() == payload


def test_a_control_character_that_xml_may_have_is_marked(client, settings, recipient):
    payload = INVOICE.format(number="T\x7f1", amount="1")
    body = envelope(payload, instance="i\x7f1")
    for _ in range(2):
        assert forward(client, settings, body, "i\x7f1").json() == TAKEN
    document = Document.objects.get()
    assert (document.number, document.content()) == ("T\ufffd1", payload.encode())
    assert document.transmission["aside"]["instance_id"] == "i\ufffd1"


@pytest.mark.parametrize(
    "body",
    [
        envelope().replace(b"0208:0202239951", b"", 1),
        envelope().replace(b"DOCUMENTID", b"DOCUMENT", 1),
    ],
    ids=["sender", "document type"],
)
def test_an_envelope_of_nobody_or_of_nothing_is_refused_for_good(body, client, settings, recipient):
    assert forward(client, settings, body).json()["retry"] == "none"
    assert not Document.objects.exists()
