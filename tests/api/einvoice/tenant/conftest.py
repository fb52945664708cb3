"""A tenant that calls with its own key, by hand and by the published client."""

import pytest
from e_invoice_api import EInvoice

from tests.api.conftest import Caller


@pytest.fixture
def own(bakery_key):
    """The bakery, calling with its own key."""
    return Caller(bakery_key)


@pytest.fixture
def client(live_server, bakery_key):
    """The published Python client, which checks our answers against its own types."""
    return EInvoice(
        api_key=bakery_key,
        base_url=live_server.url,
        max_retries=0,
        _strict_response_validation=True,
    )
