"""What people ask of participants: noted, put on the network, renamed, taken off, tried again."""

from datetime import timedelta

import pytest
from django.utils import timezone

from peppol.models import Participant, RegisteredCompany
from peppol.services.registration import cards, participants, reserved
from tenants.errors import Conflict, DomainError, Invalid, WrongState
from tenants.ids import uuid7
from tenants.models import Event
from tenants.services import organizations
from tests.conftest import make_company

pytestmark = pytest.mark.django_db
State = Participant.State
NUMBER = "0208:0403170701"
HELD = [State.PENDING, State.PUBLISHING, State.WAITING, State.ACTIVE]
OVER = [State.DRAFT, State.FAILED, State.ELSEWHERE, State.UNREGISTERED]


def having(organization, state, identifier=NUMBER, **columns) -> Participant:
    """A participant of `organization` that has come as far as `state`."""
    scheme, value = identifier.split(":")
    if state not in (State.DRAFT, State.PENDING, State.UNREGISTERED):
        columns.setdefault("put_up_at", timezone.now())
    return Participant.objects.create(
        organization=organization, scheme=scheme, value=value, state=state, **columns
    )


def events_of(organization) -> list[str]:
    history = Event.objects.filter(organization=organization).order_by("id")
    return list(history.values_list("type", flat=True))


def test_registering_returns_at_once_and_leaves_the_work_to_be_found(bakery, by):
    participant = participants.register(bakery, NUMBER, by=by, card_name="Bakkerij")
    assert participant.state == State.PENDING
    assert list(Participant.objects.due()) == [participant]
    assert participant.card_name == "Bakkerij"
    assert not participant.is_registered
    assert events_of(bakery) == ["company.created", "company.smp_requested"]


def test_without_a_name_the_card_carries_the_companys_own(acme, by):
    plain = make_company(acme, "plain")
    full = make_company(acme, "full", legal_name="Full Name BV")
    assert participants.register(plain, "0208:0000000001", by=by).card_name == "plain"
    assert participants.register(full, "0208:0000000002", by=by).card_name == "Full Name BV"


@pytest.mark.parametrize("identifier", [NUMBER, "9925:BE0403170701"])
def test_without_a_name_the_card_carries_what_the_national_register_has(bakery, by, identifier):
    """EIN-31: Belgian companies register with the identifier alone."""
    names = {"nl": "Bakkerij Peeters", "fr": "Boulangerie Peeters"}
    RegisteredCompany.objects.create(number="0403170701", status="AC", names=names, extract=1)
    participant = participants.register(bakery, identifier, by=by)
    assert (participant.card_name, participant.card_names) == ("Bakkerij Peeters", names)
    assert cards.rename(participant, card_name="Ours", by=by).card_names == {}


@pytest.mark.parametrize("state", HELD)
def test_registering_again_changes_nothing_while_it_is_under_way_or_done(bakery, by, state):
    """EIN-47: name and identifier are stable across repeated calls."""
    first = having(bakery, state, card_name="First", next_attempt_at=timezone.now())
    again = participants.register(bakery, NUMBER, by=by, card_name="Second")
    assert again == first
    assert (again.state, again.card_name) == (state, "First")
    assert events_of(bakery) == ["company.created"]


@pytest.mark.parametrize("state", [*OVER, State.UNREGISTERING])
def test_registering_starts_anew_from_everything_else(bakery, by, state):
    """EIN-34: a company can be registered again after it was taken off."""
    old = having(bakery, state, attempt_count=9, last_error="something", card_name="Old")
    participant = participants.register(bakery, NUMBER, by=by)
    assert participant == old
    assert (participant.state, participant.attempt_count) == (State.PENDING, 0)
    assert (participant.last_error, participant.card_name) == ("", "Old")


def test_an_identifier_is_the_same_in_upper_and_lower_case(bakery, rivals_company, by):
    participants.register(bakery, "9957:FR86797978996", by=by)
    again = participants.register(bakery, "9957:fr86797978996", by=by)
    assert again.identifier == "9957:FR86797978996"
    with pytest.raises(Conflict):
        participants.register(rivals_company, "9957:fr86797978996", by=by)


def test_a_company_may_have_several_identifiers(bakery, by):
    participants.register(bakery, NUMBER, by=by)
    participants.register(bakery, "9925:BE0403170701", by=by)
    assert Participant.objects.of(bakery).holding().count() == 2


def test_a_doubtful_number_is_registered_with_a_warning(bakery, by):
    """EIN-42: the documents' own sample has wrong check digits."""
    participant = participants.register(bakery, "0208:0123456789", by=by)
    assert "check digits" in participant.warnings[0]


def test_a_doubtful_number_stays_off_the_production_network(bakery, by, settings):
    settings.PEPPOL_NETWORK = "production"
    with pytest.raises(Invalid) as refusal:
        participants.register(bakery, "0208:0123456789", by=by)
    assert refusal.value.code == "identifier_refused"
    assert not Participant.objects.exists()


@pytest.mark.parametrize("identifier", ["", "0403170701", "0208:", "0208:abc", "08:1", "0208::1"])
def test_a_malformed_identifier_is_refused(bakery, by, identifier):
    """EIN-12."""
    for operation in (participants.register, reserved.propose):
        with pytest.raises(Invalid) as refusal:
            operation(bakery, identifier, by=by)
        assert refusal.value.code == "malformed_identifier"
    assert not Participant.objects.exists()


def close(company, by):
    organizations.close(company, reason="over", by=by)


def delete(company, by):
    organizations.delete(company, by=by)


def suspend(company, by):
    organizations.suspend(company, reason="unpaid", by=by)


def suspend_the_platform(company, by):
    organizations.suspend(company.parent, reason="unpaid", by=by)


def set_test_mode(company, by):
    organizations.set_test_mode(company, True, by=by)


@pytest.mark.parametrize(
    "change, code",
    [
        (close, "not_active"),
        (delete, "deleted"),
        (suspend, "not_active"),
        (suspend_the_platform, "not_active"),
        (set_test_mode, "test_mode"),  # EIN-35
    ],
)
def test_some_companies_have_no_business_on_the_network(bakery, by, change, code):
    change(bakery, by)
    with pytest.raises(WrongState) as refusal:
        participants.register(bakery, NUMBER, by=by)
    assert refusal.value.code == code
    assert not Participant.objects.exists()


def test_a_company_of_the_test_environment_stays_off_the_production_network(acme, by, settings):
    company = make_company(acme, "trial", environment="test")
    assert participants.register(company, NUMBER, by=by).environment == "test"
    settings.PEPPOL_NETWORK = "production"
    with pytest.raises(WrongState) as refusal:
        participants.register(company, "0208:0000000097", by=by)
    assert refusal.value.code == "test_environment"


@pytest.mark.parametrize("state", HELD)
def test_what_another_company_holds_is_refused_without_naming_it(bakery, rivals_company, by, state):
    having(rivals_company, state)
    with pytest.raises(Conflict) as refusal:
        participants.register(bakery, NUMBER, by=by)
    assert refusal.value.code == "identifier_registered_taken"
    assert refusal.value.message == "This Peppol identifier is already registered on the network."
    assert refusal.value.details == {}
    assert events_of(bakery) == ["company.created"]


@pytest.mark.parametrize("state", [*OVER, State.UNREGISTERING])
def test_what_another_company_no_longer_holds_is_free(bakery, rivals_company, by, state):
    having(rivals_company, state)
    assert participants.register(bakery, NUMBER, by=by).state == State.PENDING


@pytest.mark.parametrize("operation", [participants.unregister, participants.retry])
def test_a_row_that_a_worker_is_at_is_due_when_the_worker_lets_go(bakery, by, operation):
    lease = timezone.now() + timedelta(seconds=20)
    state = State.PUBLISHING if operation is participants.unregister else State.UNREGISTERING
    participant = having(bakery, state, claim=uuid7(), next_attempt_at=lease)
    participant = operation(participant, by=by)
    assert participant.next_attempt_at == lease
    assert participant.is_claimed


def test_a_card_is_renamed_on_the_network(bakery, by):
    """EIN-32."""
    active = having(bakery, State.ACTIVE, card_name="Old", card_state="published")
    participant = cards.rename(active, card_name="New", by=by)
    assert (participant.card_name, participant.card_state) == ("New", "pending")
    assert participant.is_registered, "the registration itself is not touched"
    assert list(Participant.objects.due()) == [participant]


def test_a_card_is_renamed_before_it_is_out(bakery, by):
    pending = participants.register(bakery, NUMBER, by=by, card_name="Old")
    participant = cards.rename(pending, card_name="New", by=by)
    assert (participant.state, participant.card_name) == (State.PENDING, "New")


def test_the_same_name_again_is_no_change(bakery, by):
    active = having(bakery, State.ACTIVE, card_name="Same", card_state="published")
    cards.rename(active, card_name="Same", by=by)
    assert events_of(bakery) == ["company.created"]


@pytest.mark.parametrize("state", [*OVER, State.UNREGISTERING])
def test_what_is_not_registered_has_no_card_to_rename(bakery, by, state):
    with pytest.raises(WrongState):
        cards.rename(having(bakery, state), card_name="New", by=by)


@pytest.mark.parametrize("state", [State.FAILED, State.ELSEWHERE, State.WAITING])
def test_what_went_wrong_is_tried_again_as_if_for_the_first_time(bakery, by, state):
    """EIN-50: staff can retry."""
    later = timezone.now() + timedelta(hours=1)
    stuck = having(bakery, state, attempt_count=7, last_error="no", next_attempt_at=later)
    participant = participants.retry(stuck, by=by)
    assert (participant.state, participant.attempt_count) == (State.PENDING, 0)
    assert list(Participant.objects.due()) == [participant]


def test_a_card_or_directory_entry_that_failed_is_tried_again(bakery, by):
    stuck = having(bakery, State.ACTIVE, card_state="published", directory_state="failed")
    participant = participants.retry(stuck, by=by)
    assert (participant.state, participant.directory_state) == (State.ACTIVE, "pending")
    assert list(Participant.objects.due()) == [participant]


@pytest.mark.parametrize("state", [State.DRAFT, State.ACTIVE, State.PENDING, State.UNREGISTERED])
def test_where_nothing_is_held_up_there_is_nothing_to_retry(bakery, by, state):
    with pytest.raises(WrongState) as refusal:
        participants.retry(having(bakery, state), by=by)
    assert refusal.value.code == "nothing_to_retry"


def test_a_retry_does_not_get_past_what_a_registration_does_not(bakery, rivals_company, by):
    failed = having(bakery, State.FAILED)
    having(rivals_company, State.ACTIVE)
    with pytest.raises(Conflict):
        participants.retry(failed, by=by)
    organizations.set_test_mode(bakery, True, by=by)
    with pytest.raises(WrongState, match="test mode"):
        participants.retry(failed, by=by)


def test_a_refusal_leaves_nothing_half_written(bakery, rivals_company, by):
    having(rivals_company, State.ACTIVE)
    before = events_of(bakery)
    with pytest.raises(DomainError):
        participants.register(bakery, NUMBER, by=by, card_name="x" * 300)
    assert events_of(bakery) == before
    assert not Participant.objects.of(bakery).exists()
