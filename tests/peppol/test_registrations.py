"""The worker against the sandbox SMP over HTTP: every road a registration can take."""

import pytest
from django.utils import timezone

from peppol.identifiers import parse
from peppol.models import Participant
from peppol.sandbox.models import Card, Group
from peppol.services.registration import cards, follow_up, participants, worker
from peppol.smp.dialects import configured_smp
from tenants.models import Event
from tenants.services import organizations
from tests.conftest import make_company
from tests.peppol.test_participants import NUMBER, events_of, having

pytestmark = pytest.mark.django_db(transaction=True)
State = Participant.State


@pytest.fixture
def pending(gate, bakery, by) -> Participant:
    return participants.register(bakery, NUMBER, by=by, card_name="Bakkerij Peeters")


def drain(rows: int = 20) -> int:
    return worker.drain(limit=rows, seconds=20)


def reread(participant: Participant) -> Participant:
    return Participant.objects.select_related("organization").get(pk=participant.pk)


def test_a_registration_becomes_active_when_it_was_read_back(pending, gate):
    """EIN-30: `active`, with the time, and everything is really there."""
    drain()
    row = reread(pending)
    assert (row.state, row.last_error, row.attempt_count) == ("active", "", 0)
    assert (row.card_state, row.directory_state) == ("published", "published")
    assert row.registered_at is not None
    assert row.next_attempt_at is row.claim is None
    assert [line.split()[0] for line in gate.seen] == [
        "GET",
        "PUT",
        "PUT",  # the group, which was not there, and whose it is
        "PUT",
        "PUT",  # invoice and credit note
        "PUT",
        "GET",  # the card, and its read-back
        "GET",
        "GET",
        "GET",  # the read-back of group and signed metadata
        "POST",  # the Directory
    ]
    assert Card.objects.get().indexed_at is not None
    assert Group.objects.get().properties == {"private/organization": str(row.organization_id)}


def test_every_step_is_in_the_history_once(pending, bakery):
    drain()
    assert events_of(bakery) == [
        "company.created",
        "company.smp_requested",
        "company.smp_registered",
        "company.directory_published",
    ]


def test_the_event_tells_subscribers_what_was_registered(pending, bakery):
    """FLO-10: `company.smp_registered`, with the company and its metadata."""
    drain()
    event = Event.objects.get(type="company.smp_registered")
    assert event.data["company"]["metadata"] == {"tenantId": "t-1"}
    assert event.data["participant"]["identifier"] == NUMBER
    assert event.data["participant"]["state"] == "active"
    assert event.data["participant"]["registered_at"].endswith("Z")
    assert event.distributed_at is None, "it waits for the webhooks"
    assert event.actor_label == "registration"


def test_an_existing_group_is_not_reset(pending, gate):
    """A PUT of an existing group would take it over and drop its properties."""
    smp = configured_smp()
    smp.create_service_group(parse(NUMBER))
    smp.put_property(parse(NUMBER), "organization", str(pending.organization_id))
    gate.seen.clear()
    drain()
    assert reread(pending).is_registered
    assert not [
        line
        for line in gate.seen
        if line.startswith("PUT") and line.endswith("0403170701") and "businesscard" not in line
    ]


def test_the_card_says_who_it_is(gate, acme, by):
    company = make_company(acme, "plain", legal_name="Full  Name BV", vat_number="BE0403170701")
    participants.register(company, NUMBER, by=by)
    drain()
    entity = configured_smp().business_card(parse(NUMBER)).entities[0]
    assert (entity.names, entity.country) == ({"": "Full Name BV"}, "BE")
    assert entity.identifiers == [("VAT", "BE0403170701")]


def test_the_country_of_the_register_stands_in_for_the_companys(gate, acme, by):
    company = make_company(acme, "plain", country="")
    participants.register(company, NUMBER, by=by)
    drain()
    assert configured_smp().business_card(parse(NUMBER)).entities[0].country == "BE"


def test_a_card_without_a_country_is_no_card_and_no_obstacle(gate, acme, by):
    company = make_company(acme, "plain", country="")
    participant = participants.register(company, "0088:9012345000004", by=by)
    drain()
    row = reread(participant)
    assert (row.state, row.card_state) == ("active", "failed")
    assert "country" in row.publication_error


def test_a_renamed_card_reaches_smp_and_directory(pending, by):
    """EIN-32."""
    drain()
    cards.rename(pending, card_name="Renamed", by=by)
    drain()
    card = configured_smp().business_card(parse(NUMBER))
    assert card.entities[0].names == {"": "Renamed"}
    assert (reread(pending).card_state, reread(pending).directory_state) == ("published",) * 2


def test_unregistering_takes_everything_down(pending, bakery, by):
    """EIN-33."""
    drain()
    participants.unregister(pending, by=by)
    drain()
    row = reread(pending)
    assert (row.state, row.registered_at, row.next_attempt_at) == ("unregistered", None, None)
    assert row.unregistered_at is not None
    assert not Group.objects.exists()
    assert not Card.objects.exists()
    assert events_of(bakery)[-1] == "company.smp_unregistered"


def test_registering_again_after_unregistering_works(pending, bakery, by):
    """EIN-34."""
    for _ in range(2):
        participants.register(bakery, NUMBER, by=by)
        drain()
        assert reread(pending).is_registered
        participants.unregister(pending, by=by)
        drain()
        assert reread(pending).state == State.UNREGISTERED


def test_unregistering_before_the_worker_came_is_done_all_the_same(pending, bakery, by):
    participants.unregister(pending, by=by)
    drain()
    assert reread(pending).state == State.UNREGISTERED
    assert "company.smp_registered" not in events_of(bakery)


@pytest.mark.parametrize("call", range(9))
def test_unregistering_at_any_moment_of_a_registration_leaves_nothing_behind(
    pending, gate, by, call
):
    def change_of_mind(line: str) -> None:
        if len(gate.seen) == call + 1:
            participants.unregister(pending, by=by)

    gate.on_request = change_of_mind
    drain()
    assert reread(pending).state == State.UNREGISTERED
    assert not Group.objects.exists()
    assert not Event.objects.filter(type="company.smp_registered").exists()


@pytest.mark.parametrize("call", range(3))
def test_registering_again_at_any_moment_of_an_unregistration_ends_registered(
    pending, gate, bakery, by, call
):
    drain()
    participants.unregister(pending, by=by)
    gate.seen.clear()

    def change_of_mind(line: str) -> None:
        if len(gate.seen) == call + 1:
            participants.register(bakery, NUMBER, by=by)

    gate.on_request = change_of_mind
    drain()
    assert reread(pending).is_registered
    assert Group.objects.count() == 1


def test_an_identifier_passes_from_one_company_to_the_next(pending, rivals_company, by):
    drain()
    participants.unregister(pending, by=by)
    successor = participants.register(rivals_company, NUMBER, by=by)
    # Whichever of the two is taken on first, the other may have to be looked at once more.
    for _ in range(3):
        drain()
        Participant.objects.exclude(next_attempt_at=None).update(next_attempt_at=timezone.now())
    assert reread(pending).state == State.UNREGISTERED
    assert reread(successor).is_registered
    assert Group.objects.count() == 1


def test_a_late_clean_up_does_not_take_down_the_successor(gate, bakery, rivals_company, by):
    failed = having(bakery, State.FAILED)
    successor = participants.register(rivals_company, NUMBER, by=by)
    drain()
    participants.unregister(failed, by=by)
    drain()
    assert reread(failed).state == State.UNREGISTERED
    assert reread(successor).is_registered
    assert Group.objects.count() == 1


def test_a_company_that_was_suspended_meanwhile_waits_and_says_so(pending, gate, bakery, by):
    organizations.suspend(bakery, reason="unpaid", by=by)
    drain()
    row = reread(pending)
    assert row.state == State.WAITING
    assert "active company" in row.last_error
    assert gate.seen == []
    organizations.reactivate(bakery, by=by)
    participants.retry(row, by=by)
    drain()
    assert reread(pending).is_registered


def test_what_a_deleted_company_leaves_is_taken_off_the_network(pending, bakery, by):
    drain()
    organizations.delete(bakery, by=by)
    follow_up.unregister_abandoned()
    drain()
    assert reread(pending).state == State.UNREGISTERED
    assert not Group.objects.exists()


def test_a_turn_is_short_so_that_other_work_gets_its_own(gate, acme, by):
    for number in range(4):
        company = make_company(acme, f"c{number}")
        participants.register(company, f"0208:000000000{number}", by=by)
    assert worker.drain(limit=3) == 3
    assert worker.drain(seconds=0) == 0


def test_only_so_many_registrations_are_worked_on_at_once(gate, acme, by, settings):
    for number in range(6):
        company = make_company(acme, f"c{number}")
        participants.register(company, f"0208:000000000{number}", by=by)
    at_once = []
    gate.on_request = lambda line: at_once.append(Participant.objects.claimed().count())
    settings.REGISTRATION_CONCURRENCY = 3
    worker.claims.take()
    drain()
    assert Participant.objects.registered().count() == 5
    assert max(at_once) == 3, "the one that another worker has, and two here"
    settings.REGISTRATION_CONCURRENCY = 1
    assert drain() == 0


def test_an_idle_turn_asks_the_database_three_times(gate, django_assert_num_queries):
    with django_assert_num_queries(3):
        assert drain() == 0
    assert gate.seen == []
