"""Registrations lost to another SMP: seen twice, told, taken back; and what is no loss."""

from datetime import timedelta

import pytest
from django.utils import timezone

from peppol.identifiers import parse
from peppol.models import BulkOperation, Finding, Loss, Participant, Transfer, WatchRound
from peppol.sandbox import losing
from peppol.sandbox.models import Group, Service, SmlEntry
from peppol.services.registration import cards, participants, transfers, watch, worker
from tenants.errors import Conflict
from tenants.models import Event
from tests.conftest import make_company
from tests.peppol.test_participants import NUMBER, having

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def watched(sml_server, settings):
    settings.REGISTRATION_WATCH_PER_SECOND = 1000.0
    settings.REGISTRATION_WATCH_HOUR = (timezone.now().hour + 12) % 24


@pytest.fixture
def registered(watched, bakery, by) -> Participant:
    row = participants.register(bakery, NUMBER, by=by)
    drain()
    row.refresh_from_db()
    assert row.state == "active"
    return row


def drain() -> None:
    Participant.objects.exclude(next_attempt_at=None).update(next_attempt_at=timezone.now())
    worker.drain(seconds=20)


def look() -> WatchRound:
    """A whole round, without a second look."""
    made = watch.begin(anew=True)
    watch.advance()
    made.refresh_from_db()
    return made


def look_twice() -> None:
    look()
    Loss.objects.doubted().update(next_look_at=timezone.now())
    watch.look_again()


def told(kind: str = "company.smp_lost") -> list[Event]:
    return list(Event.objects.filter(type=kind))


def test_what_is_where_it_should_be_is_no_loss(registered):
    seen = look()
    assert (seen.state, seen.looked_at, seen.doubted, seen.different) == ("done", 1, 0, 0)
    assert not Loss.objects.exists()


def test_what_another_smp_has_is_lost_once_it_was_seen_twice(registered):
    losing.lose(NUMBER)
    look()
    registered.refresh_from_db()
    assert registered.state == "active"
    assert not told()
    Loss.objects.update(next_look_at=timezone.now())
    watch.advance()
    watch.advance()
    registered.refresh_from_db()
    assert (registered.state, registered.error_code) == ("elsewhere", "registration_moved")
    [event] = told()
    assert event.data["participant"]["smp"] == "smp.elsewhere.example"
    assert event.data["participant"]["state"] == "elsewhere"
    assert Loss.objects.get().smp == losing.ELSEWHERE
    assert cards.shown(registered.organization)["directory"] == "none"


def test_what_nobody_has_any_more_is_registered_again(registered, by):
    SmlEntry.objects.all().delete()
    look_twice()
    registered.refresh_from_db()
    assert (registered.state, registered.error_code) == ("failed", "registration_lost")
    assert told()[0].data["participant"]["smp"] == ""
    participants.retry(registered, by=by)
    drain()
    registered.refresh_from_db()
    assert registered.state == "active"
    # What our SMP still had of it would have kept it out of the SML.
    assert losing.holder(parse(NUMBER)) is not None
    assert Loss.objects.get().outcome == "taken_back"


def test_it_is_taken_back_as_soon_as_the_other_provider_lets_go(registered, by):
    losing.lose(NUMBER)
    look_twice()
    registered.refresh_from_db()
    transfers.await_release(registered, by=by)
    drain()
    registered.refresh_from_db()
    assert registered.state == "waiting"
    losing.release(NUMBER)
    drain()
    registered.refresh_from_db()
    assert registered.state == "active"
    assert Transfer.objects.get().state == "completed"
    assert Loss.objects.get().outcome == "taken_back"
    assert look().doubted == 0


def test_whoever_waits_no_longer_is_where_it_was(registered, by):
    losing.lose(NUMBER)
    look_twice()
    registered.refresh_from_db()
    transfer = transfers.await_release(registered, by=by)
    drain()
    transfers.cancel(transfer, by=by)
    drain()
    registered.refresh_from_db()
    assert registered.state == "elsewhere"


def test_what_moved_away_is_let_go_without_the_sml(registered, by):
    losing.lose(NUMBER)
    look_twice()
    participants.unregister(Participant.objects.get(), by=by)
    drain()
    registered.refresh_from_db()
    assert registered.state == "unregistered"
    assert not Group.objects.exists()
    assert SmlEntry.objects.get().smp == losing.ELSEWHERE
    assert Loss.objects.get().outcome == "let_go"


def test_silence_is_no_loss_and_is_waited_for(registered, settings, monkeypatch):
    monkeypatch.setattr("peppol.smp.sml._LOOKUP_SECONDS", 0.1)
    losing.lose(NUMBER)
    look()
    port, settings.DNS_PORT = settings.DNS_PORT, 1
    Loss.objects.update(next_look_at=timezone.now())
    watch.look_again()
    assert Loss.objects.doubted().get().next_look_at > timezone.now()
    for n in range(9):
        having(registered.organization, "active", f"0208:000000000{n}")
    silent = watch.begin(anew=True)
    watch.advance()
    silent.refresh_from_db()
    assert (silent.state, silent.cursor, silent.looked_at) == ("running", None, 0)
    assert "does not answer" in silent.last_error
    settings.DNS_PORT = port
    losing.release(NUMBER)
    watch.look_again()
    assert not told()


def test_a_doubt_that_is_none_is_forgotten(registered):
    SmlEntry.objects.update(smp=losing.ELSEWHERE)
    look()
    SmlEntry.objects.update(smp="")
    Loss.objects.update(next_look_at=timezone.now())
    watch.look_again()
    assert not Loss.objects.exists()


def test_far_too_many_at_once_are_not_believed(watched, acme):
    for n in range(6):
        having(make_company(acme, f"c{n}"), "active", f"0208:000000000{n}")
    stopped = look()
    assert (stopped.state, stopped.doubted) == ("stopped", 5)
    Loss.objects.update(next_look_at=timezone.now())
    assert watch.look_again() == 0
    watch.believe(stopped)
    watch.advance()
    Loss.objects.update(next_look_at=timezone.now())
    watch.look_again()
    assert len(told()) == 6


def test_a_night_looks_at_so_many_and_the_next_one_goes_on(registered, bakery, settings):
    settings.REGISTRATION_WATCH, settings.REGISTRATION_WATCH_HOUR = 1, timezone.now().hour
    other = having(bakery, "active", "0208:0000000001")
    watch.advance()
    first = WatchRound.objects.get()
    assert (first.state, first.looked_at, first.cursor) == ("done", 1, registered.pk)
    watch.advance()
    assert WatchRound.objects.count() == 1
    WatchRound.objects.update(created_at=timezone.now() - timedelta(hours=21))
    watch.advance()
    assert Loss.objects.get().participant == other


def test_who_comes_back_late_to_a_round_writes_nothing(registered, monkeypatch):
    made = watch.begin(anew=True)
    late = timezone.now() + timedelta(seconds=300)
    seen = watch._look_at

    def taken_over_meanwhile(turn, row):
        seen(turn, row)
        WatchRound.objects.update(next_attempt_at=late)

    monkeypatch.setattr(watch, "_look_at", taken_over_meanwhile)
    watch.advance()
    made.refresh_from_db()
    assert (made.state, made.looked_at, made.next_attempt_at) == ("running", 0, late)
    with pytest.raises(Conflict):
        watch.begin()


def test_what_our_own_smp_shows_differently_is_a_difference(registered):
    Service.objects.first().delete()
    assert look().different == 1
    finding = Finding.objects.get()
    assert (finding.participant, finding.kind) == (registered, "different")
    assert finding.operation.state == BulkOperation.State.DONE


def test_what_leaves_by_our_key_has_arrived(registered, by):
    transfers.hand_over(registered, by=by)
    drain()
    losing.lose(NUMBER)
    look_twice()
    drain()
    registered.refresh_from_db()
    assert registered.state == "unregistered"
    assert not told()
