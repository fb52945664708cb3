"""A tenant on the network, and UBL that it sends."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from e_invoice_api import EInvoice

from apikeys.services import keys
from peppol.invoices import shape, writing
from tests.api.conftest import Caller
from tests.conftest import SYSTEM
from tests.peppol.test_invoices import INVOICE

UBL = writing.write(shape.read(INVOICE))
BROKEN = UBL.replace(b"<cbc:BuyerReference>PO-77</cbc:BuyerReference>", b"")
CREDIT = writing.write(
    shape.read(
        {
            **INVOICE,
            "type": "credit_note",
            "number": "C-1",
            "precedingInvoices": [{"number": "2026-0041"}],
        }
    )
)


@pytest.fixture
def key(sender):
    return keys.issue(sender, name="own", by=SYSTEM)[1]


@pytest.fixture
def own(key):
    return Caller(key)


@pytest.fixture
def client(live_server, key, settings):
    """The published Python client, which checks our answers against its own types."""
    settings.BASE_URL = live_server.url
    return EInvoice(
        api_key=key, base_url=live_server.url, max_retries=0, _strict_response_validation=True
    )


def post(own, path, content=UBL, **extra):
    file = SimpleUploadedFile("invoice.xml", content, "application/xml")
    return own.client.post(path, {"file": file}, headers=own.headers, **extra)


def draft(own, content=UBL):
    return post(own, "/api/documents/ubl", content).json()
