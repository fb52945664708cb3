import pytest

from tenants.services import organizations
from tests.conftest import SYSTEM
from webhooks.services import endpoints


@pytest.fixture
def endpoint_of(receiver):
    """Makes an endpoint of an organization at the receiver."""

    def make(organization, *event_types, path="/hook", **options):
        return endpoints.create(
            organization,
            url=receiver.url + path,
            event_types=event_types or ("*",),
            by=SYSTEM,
            **options,
        )

    return make


@pytest.fixture
def happen():
    """Makes a public event happen to a company."""

    def happen(company):
        organizations.suspend(company, reason="unpaid", by=SYSTEM)
        organizations.reactivate(company, by=SYSTEM)

    return happen


@pytest.fixture
def nothing_listed(settings):
    settings.WEBHOOK_ALLOWED_CIDRS = []
