"""A platform that shows its own looks."""

import pytest

from tenants.models import Organization


@pytest.fixture
def platform(acme):
    Organization.objects.filter(pk=acme.pk).update(white_label=True)
    return acme
