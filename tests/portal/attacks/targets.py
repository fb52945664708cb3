"""Which pages the attacks are made on, and how to tell whose rows a page shows."""

from tests.portal.conftest import (
    texts,
)

FORM_PAGES = ("tenants_company", "apikeys_apikey", "webhooks_endpoint", "billing_billingaddress")
MAKERS = ("apikeys_apikey", "peppol_participant", "webhooks_endpoint", "billing_billingaddress")


def words(client, url: str) -> tuple[bool, bool]:
    """Whether a page shows our row, and whether it shows theirs."""
    page = texts(client.get(url)).lower()
    return "oursword" in page, "theirsword" in page
