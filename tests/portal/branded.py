"""A platform with looks and a domain of its own."""

import pytest

from config import hosts as served_hosts
from tenants.models import CustomDomain, Logo, Organization
from tenants.services import branding, logos
from tests.conftest import SYSTEM


@pytest.fixture
def branded(platform) -> Organization:
    """Acme with looks and a proven domain."""
    fields = {
        "display_name": "AcmeBooks",
        "primary_color": "#ffcc00",
        "logo_url": "https://acme.example/logo.svg",
        "support_email": "help@acme.example",
    }
    branding.change(platform, fields, by=SYSTEM)
    logos.keep(Logo.objects.get(), b"\xff\xd8\xff")
    CustomDomain.objects.create(
        organization=platform, host="books.acme.example", challenge="c", state="active"
    )
    served_hosts._known.clear()
    return platform
