"""Where a company stands: who has to act, found out of its own state and its registrations'."""

import pytest

from peppol import kept_stages, stages
from peppol.models import CompanyStage, Participant
from tenants.models import Organization
from tenants.services import organizations
from tests.conftest import SYSTEM
from tests.ordinary_role import ON_POSTGRESQL

# Its own state and number, the states of its registrations, and where it stands then.
CASES = (
    ({}, (), "needs_you"),
    ({"company_number": "", "vat_number": ""}, (), "needs_client"),
    ({}, ("draft",), "needs_you"),
    ({}, ("active",), "live"),
    ({}, ("sends_only",), "live"),
    ({}, ("active", "waiting"), "waiting"),
    ({}, ("active", "elsewhere"), "needs_client"),
    ({}, ("elsewhere", "failed"), "needs_you"),
    ({}, ("unregistering",), "waiting"),
    ({}, ("unregistered",), "needs_you"),
    ({"status": "pending"}, ("failed",), "waiting"),
    ({"test_mode": True}, ("active",), "trial"),
    ({"status": "suspended"}, ("active",), "suspended"),
)


@pytest.fixture
def company(acme):
    profile = {"name": "Bakkerij Peeters", "company_number": "0403170701"}
    return organizations.create_company(acme, profile, by=SYSTEM)


def stage_of(company):
    return stages.told(Organization.objects.filter(pk=company.pk)).get().stage


def test_a_company_stands_where_its_state_and_its_registrations_say(acme, company):
    for facts, states, expected in CASES:
        usual = {"company_number": "0403170701", "status": "active", "test_mode": False}
        Organization.objects.filter(pk=company.pk).update(**{**usual, **facts})
        Participant.objects.filter(organization=company).delete()
        for number, state in enumerate(states):
            row = Participant(organization=company, scheme="0208", value=f"04031707{number:02}")
            row.save()
            # As the services do it: a change of a row that is there.
            Participant.objects.filter(pk=row.pk).update(state=state)
        assert stage_of(company) == expected, (facts, states)
        assert stages.counts(acme)[expected] == 1, (facts, states)
        found = stages.within(Organization.objects.under(acme), expected)
        assert company in found, (facts, states)


def test_a_deleted_company_stands_nowhere(acme, company):
    organizations.delete(company, by=SYSTEM)
    assert not stages.counts(acme).total()


class TestKept:
    pytestmark = ON_POSTGRESQL

    def test_what_is_wrong_is_put_right(self, company):
        assert kept_stages.put_right() == 0
        CompanyStage.objects.update(stage="closed")
        assert kept_stages.put_right() == 1
        assert stage_of(company) == "needs_you"
