"""Companies that staff verify before they may act: what waits, what is decided, what follows."""

from datetime import timedelta

import pytest
from django.core import mail as outbox
from django.utils import timezone

from apikeys.authentication import authenticate
from peppol.models import Participant
from peppol.services.companies.onboarding import KeyRequest, onboard
from peppol.services.registration import follow_up, participants
from tenants.errors import Forbidden, WrongState
from tenants.models import Organization, User
from tenants.services import entitlements, mails, organizations, verification_mails
from tests.conftest import make_company
from tests.peppol.test_participants import NUMBER, events_of, having

pytestmark = pytest.mark.django_db
State = Participant.State


@pytest.fixture
def strict(acme, by) -> Organization:
    """Acme, whose companies are verified first."""
    return entitlements.give(acme, {"verify_companies": True}, reason="new here", by=by)


@pytest.fixture
def waiting(strict) -> Organization:
    return make_company(strict, "Newcomer")


def test_a_company_waits_where_its_platforms_companies_are_verified(acme, strict, by):
    """GOR-03, C-02: created, awaiting verification; what is for trying out does not wait."""
    assert make_company(strict, "Newcomer").status == "pending"
    assert make_company(strict, "Trial", environment="test").status == "active"
    made = organizations.create("business", {"name": "Kept"}, by=by, maker=strict)
    assert made.status == "pending"


def test_a_platform_that_nobody_verifies_for_makes_active_companies(rival):
    assert make_company(rival, "Newcomer").status == "active"


def test_a_trial_company_that_goes_live_waits_from_then_on(strict, by):
    trial = make_company(strict, "Trial", environment="test")
    assert organizations.enable_live(trial, by=by).status == "pending"


def test_the_key_of_a_company_that_waits_opens_nothing_until_it_is_verified(strict, by):
    made = onboard(strict, {"name": "Newcomer", "country": "BE"}, by=by, key=KeyRequest("first"))
    with pytest.raises(Forbidden) as refusal:
        authenticate(made.key_secret)
    assert refusal.value.details["status"] == "pending"
    organizations.activate(made.company, by=by)
    assert authenticate(made.key_secret).organization == made.company


def test_an_identifier_is_registered_once_its_company_is_verified(strict, by):
    profile = {"name": "Newcomer", "country": "BE"}
    noted = onboard(strict, profile, by=by, identifier=NUMBER).participant
    assert noted.state == State.DRAFT and noted.is_awaited
    assert follow_up.register_awaited() == 0
    organizations.activate(noted.organization, by=by)
    assert follow_up.register_awaited() == 1
    assert Participant.objects.get().state == State.PENDING
    assert follow_up.register_awaited() == 0


def test_an_identifier_that_nobody_asked_for_stays_a_draft(strict, by):
    profile = {"name": "Newcomer", "country": "BE"}
    noted = onboard(strict, profile, by=by, identifier=NUMBER, register=False).participant
    organizations.activate(noted.organization, by=by)
    assert follow_up.register_awaited() == 0


def test_an_identifier_that_was_taken_meanwhile_says_so(waiting, rivals_company, by):
    participants.register(waiting, NUMBER, by=by)
    having(rivals_company, State.ACTIVE)
    organizations.activate(waiting, by=by)
    follow_up.register_awaited()
    row = Participant.objects.get(organization=waiting)
    assert row.state == State.FAILED and row.last_error
    assert events_of(waiting)[-1] == "company.smp_failed"


def test_a_suspended_company_does_not_wait_for_registration(bakery, by):
    organizations.suspend(bakery, reason="unpaid", by=by)
    with pytest.raises(WrongState):
        participants.register(bakery, NUMBER, by=by)


def test_a_suspension_that_is_undone_leads_back_to_waiting(waiting, by):
    organizations.suspend(waiting, reason="odd", by=by)
    assert organizations.reactivate(waiting, by=by).status == "pending"
    organizations.activate(waiting, by=by)
    organizations.suspend(waiting, reason="unpaid", by=by)
    assert organizations.reactivate(waiting, by=by).status == "active"


def test_the_time_of_waiting_costs_nothing(waiting, by):
    """A time for which nobody pays begins with the wait and ends with the decision."""
    spell = waiting.suspensions.get()
    assert spell.ended_at is None
    organizations.activate(waiting, by=by)
    spell.refresh_from_db()
    assert spell.ended_at is not None


def test_test_mode_takes_a_company_off_the_network(bakery, by):
    row = having(bakery, State.ACTIVE)
    organizations.set_test_mode(bakery, True, by=by)
    assert follow_up.unregister_abandoned() == 1
    row.refresh_from_db()
    assert row.state == State.UNREGISTERING


def test_staff_are_written_to_once_about_all_that_wait(strict):
    User.objects.create_superuser("staff@operator.example", "x")
    for n in range(12):
        make_company(strict, f"Newcomer {n}")
    assert verification_mails.remind() == 1
    assert verification_mails.remind() == 0
    mails.drain()
    (letter,) = outbox.outbox
    assert letter.subject == "12 organizations wait to be verified"
    assert "Newcomer 0 (Acme Accounting)" in letter.body and "and 2 more" in letter.body
    assert "/admin/tenants/organization/?status=pending" in letter.body
    Organization.objects.filter(name="Newcomer 0").get().suspensions.update(
        started_at=timezone.now() + timedelta(minutes=1)
    )
    assert verification_mails.remind() == 1, "somebody else waits since"


def test_nobody_is_written_to_when_all_are_decided_about(waiting, by):
    User.objects.create_superuser("staff@operator.example", "x")
    verification_mails.remind()
    organizations.activate(waiting, by=by)
    mails.drain()
    assert outbox.outbox == []
