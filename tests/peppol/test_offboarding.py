"""The end of a company: everything of it ends, or nothing."""

import pytest

from apikeys.authentication import Unauthenticated, authenticate
from apikeys.services import keys
from peppol.models import Participant
from peppol.services.companies import offboarding
from tenants.errors import WrongState
from tenants.models import Event
from tenants.services import organizations
from tests.conftest import SYSTEM
from webhooks.services import endpoints


@pytest.fixture
def busy(bakery):
    """A company with one of everything."""
    _, secret = keys.issue(bakery, name="Till", by=SYSTEM)
    endpoints.create(bakery, url="https://bakery.example/in", event_types=["*"], by=SYSTEM)
    number = {"scheme": "0208", "value": "0403170701"}
    Participant.objects.create(organization=bakery, state="active", **number)
    Participant.objects.create(organization=bakery, scheme="9925", value="BE1", state="draft")
    return bakery, secret


def test_keys_webhooks_identifiers_and_the_company_end_together(busy):
    company, secret = busy
    offboarding.offboard(company, reason="moved away", by=SYSTEM)
    company.refresh_from_db()
    assert (company.status, company.status_reason) == ("closed", "moved away")
    with pytest.raises(Unauthenticated):
        authenticate(secret)
    assert company.endpoints.get().status == "disabled"
    assert set(company.participants.values_list("state", flat=True)) == {"unregistering", "draft"}
    reasons = Event.objects.filter(reason="moved away").values_list("type", flat=True)
    assert {"key.revoked", "endpoint.disabled", "company.smp_unregistering", "company.closed"} <= {
        *reasons
    }
    assert offboarding.remains(company).is_asked_for


def test_what_came_up_since_can_be_ended_too(busy):
    company, _ = busy
    offboarding.offboard(company, reason="x", by=SYSTEM)
    _, secret = keys.issue(company, name="Late", by=SYSTEM)
    assert not offboarding.remains(company).is_asked_for
    offboarding.offboard(company, reason="x", by=SYSTEM)
    with pytest.raises(Unauthenticated):
        authenticate(secret)
    assert Event.objects.filter(type="company.closed").count() == 1


def test_nothing_ends_when_something_cannot(busy):
    company, _ = busy
    organizations.delete(company, by=SYSTEM)
    with pytest.raises(WrongState):
        offboarding.offboard(company, reason="x", by=SYSTEM)
    company.refresh_from_db()
    assert company.status == "active" and company.endpoints.get().status == "active"


def test_a_reason_may_be_longer_than_a_webhook_keeps(busy):
    company, _ = busy
    offboarding.offboard(company, reason="x" * 500, by=SYSTEM)
    assert company.endpoints.get().disabled_reason == "x" * 255
