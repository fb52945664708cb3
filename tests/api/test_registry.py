"""One line names a vendor, and everything that has to know it does."""

import re
from pathlib import Path

import pytest
from django.conf import settings

from config.api import registry
from tests.api.routes import routes
from webhooks import dialects

VENDORS = [pytest.param(vendor, id=vendor.name) for vendor in registry.VENDORS]
# Opened in a browser with a signed link: no program of the vendor's makes up this path.
LINKS = {"links/ubl", "links/file"}
# What a vendor's pages ask for beside its prefixes.
BESIDE = {"einvoice": LINKS, "goroute": {"peppol-api/peppol/version"}}


def test_every_package_of_paths_is_registered():
    packages = Path(registry.__file__).parent.glob("*/urls.py")
    assert {path.parent.name for path in packages} == {v.name for v in registry.VENDORS}


@pytest.mark.parametrize("vendor", VENDORS)
def test_a_vendor_answers_below_its_prefixes(vendor):
    below = tuple(f"{prefix}/" for prefix in vendor.prefixes)
    beside = {route for route in routes(vendor.name) if not route.startswith(below)}
    assert beside == BESIDE.get(vendor.name, set())


@pytest.mark.parametrize("vendor", VENDORS)
def test_no_call_of_a_vendor_is_redirected_to_tls(vendor):
    """A key that travelled in clear is refused; a redirect would let it travel on."""
    for route in set(routes(vendor.name)) - LINKS:
        assert any(re.search(exempt, route) for exempt in settings.SECURE_REDIRECT_EXEMPT), route


@pytest.mark.parametrize("vendor", VENDORS)
def test_a_vendor_is_described(client, db, vendor):
    info = client.get(f"/api/docs/{vendor.name}.json").json()["info"]
    assert (info["title"], info["description"]) == (
        vendor.surface.title,
        vendor.surface.description,
    )
    assert vendor.surface.name == vendor.name and info["title"] in (
        client.get("/api/docs/").content.decode()
    )


def test_deliveries_speak_the_dialects_of_vendors_that_have_one():
    spoken = [vendor.name for vendor in registry.VENDORS if vendor.has_dialect]
    assert dialects.names() == ["standard", "chat", *spoken]
    packages = Path(registry.__file__).parent.glob("*/dialect.py")
    assert {path.parent.name for path in packages} == set(spoken)
