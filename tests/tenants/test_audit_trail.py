"""The audit trail is sealed day by day, and whatever is done to it afterwards is found."""

import json
from datetime import UTC, datetime, time, timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from tenants.errors import WrongState
from tenants.ids import made_at
from tenants.models import Event, Seal
from tenants.services import audit_trail, reckoning
from tenants.services.audit_trail import seal_days, seal_today, verify
from tenants.services.seal_log import Kept
from tenants.tasks import seal
from tests.tenants.sealing import days, happened, today


def test_days_that_are_over_are_sealed_and_chained(sealed):
    seals = list(Seal.objects.order_by("day"))
    assert [(s.day, s.count, s.whole) for s in seals] == [
        (days()[0], 3, True),
        (days()[1], 3, True),
        (days()[2], 0, True),
        (days()[3], 3, True),
    ]
    assert [s.previous for s in seals] == ["", *(s.digest for s in seals[:-1])]
    assert verify() == audit_trail.Verdict(days=4, events=9)


def test_sealing_again_changes_nothing(sealed):
    unchanged = [f.name for f in Seal._meta.fields if f.name != "compared_at"]
    before = list(Seal.objects.filter(whole=True).values(*unchanged))
    assert seal_days() == []
    seal()
    assert list(Seal.objects.filter(whole=True).values(*unchanged)) == before


def test_a_day_waits_until_its_last_transactions_are_through(past, monkeypatch):
    monkeypatch.setattr(audit_trail, "LATE", timedelta(days=1))
    assert [s.day for s in seal_days()] == days()[:3]


def test_a_long_past_is_sealed_bit_by_bit(past, monkeypatch):
    monkeypatch.setattr(audit_trail, "LATE", timedelta(0))
    assert len(seal_days(most=3)) == 3 and len(seal_days(most=3)) == 1


def test_nothing_is_sealed_where_nothing_ever_happened(db):
    assert seal_days() == [] and seal_today() is None and verify().holds


def _change(column: str, value):
    return lambda event: Event.objects.filter(pk=event.pk).update(**{column: value})


ATTACKS = {
    "reason": _change("reason", "another"),
    "actor": _change("actor_label", "somebody else"),
    "data": _change("data", {"fields": ["name"], "n": 1}),
    "changes": _change("changes", {"city": ["Gent", "Brugge"]}),
    "time": _change("occurred_at", timezone.now()),
    "deleted": lambda event: event.delete(),
    "added": lambda event: happened(event.organization, event.occurred_at.date(), 30),
}


@pytest.mark.parametrize("attack", ATTACKS)
def test_the_first_day_that_differs_is_named(sealed, attack):
    for day in (days()[1], days()[3]):
        ATTACKS[attack](sealed[day][1])
    verdict = verify()
    assert (verdict.day, verdict.days) == (days()[1], 1) and verdict.wrong
    assert Seal.objects.doubted().get().day == days()[1]


def test_events_of_another_organization_cannot_stand_in(sealed, rival):
    Event.objects.filter(pk=sealed[days()[1]][0].pk).update(organization=rival)
    assert verify().day == days()[1]


def test_fanning_out_changes_no_seal(sealed):
    Event.objects.update(distributed_at=None)
    assert verify().holds


@pytest.mark.parametrize("day, named", [(0, 0), (1, 1), (2, 2)])
def test_a_seal_that_was_taken_away_is_missed(sealed, day, named):
    Seal.objects.filter(day=days()[day]).delete()
    # Without the first, the second follows from nothing.
    assert verify().day == days()[named or 1]


def test_a_seal_that_was_made_anew_does_not_fit_the_next(sealed):
    Event.objects.filter(pk=sealed[days()[1]][0].pk).update(reason="another")
    was = Seal.objects.get(day=days()[1])
    found = reckoning.reckon(audit_trail._kept(was), keyed=True)
    Seal.objects.filter(day=was.day).update(digest=found.digest)
    verdict = verify()
    assert verdict.day == days()[2] and "does not follow" in verdict.wrong


def test_an_event_from_before_the_first_seal_is_found(sealed, acme):
    happened(acme, days()[0] - timedelta(days=3))
    assert "before the first seal" in verify().wrong


def test_comparing_can_begin_later_and_stop_early(sealed):
    Event.objects.filter(pk=sealed[days()[0]][0].pk).update(reason="another")
    assert verify(days()[1]) == audit_trail.Verdict(days=3, events=6)
    assert verify(days()[1], most_events=3) == audit_trail.Verdict(
        days=1, events=3, next_day=days()[2]
    )


def test_doubt_is_taken_back_when_the_day_is_right_again(sealed):
    event = sealed[days()[1]][0]
    Event.objects.filter(pk=event.pk).update(reason="another")
    verify()
    Event.objects.filter(pk=event.pk).update(reason=event.reason)
    assert verify().holds and not Seal.objects.doubted().exists()


def test_today_is_sealed_on_demand_and_grows(sealed, acme, monkeypatch):
    noon = datetime.combine(today(), time(12, 10), tzinfo=UTC)
    monkeypatch.setattr(audit_trail.timezone, "now", lambda: noon)
    first = happened(acme, today(), 0)
    seal_today()
    assert Seal.objects.get(day=today()).count == 1 and verify().holds
    happened(acme, today(), 5)
    grown = seal_today()
    assert (grown.count, grown.whole) == (2, False)
    monkeypatch.setattr(audit_trail.timezone, "now", lambda: noon + timedelta(days=1))
    seal_days()
    assert Seal.objects.get(day=today()).whole and verify().days == 5
    assert made_at(first.pk).date() == today()


def test_what_was_sealed_today_cannot_be_changed_by_sealing_again(sealed, acme, monkeypatch):
    noon = datetime.combine(today(), time(12, 10), tzinfo=UTC)
    monkeypatch.setattr(audit_trail.timezone, "now", lambda: noon)
    event = happened(acme, today())
    seal_today()
    Event.objects.filter(pk=event.pk).update(reason="another")
    with pytest.raises(WrongState):
        seal_today()
    assert verify().day == today()


def test_reading_takes_rows_in_batches(past, monkeypatch, django_assert_num_queries):
    monkeypatch.setattr(reckoning, "_BATCH", 2)
    day = Kept(days()[0], 0, None, "", "", True, timezone.now())
    with django_assert_num_queries(3):
        assert reckoning.reckon(day, keyed=True).count == 3


def test_an_event_has_one_spelling():
    row = {"data": {"b": 1, "a": "é"}, "occurred_at": datetime(2026, 1, 1, tzinfo=UTC)}
    again = {"occurred_at": datetime(2026, 1, 1, tzinfo=UTC), "data": {"a": "é", "b": 1}}
    assert (
        reckoning.canonical(row)
        == reckoning.canonical(again)
        == ('{"data":{"a":"é","b":1},"occurred_at":"2026-01-01T00:00:00+00:00"}'.encode())
    )


# --- The command ----------------------------------------------------------------------------------


def operate(*words: str) -> dict:
    out = StringIO()
    call_command("operate", *words, stdout=out)
    return json.loads(out.getvalue())


def test_the_command_compares_and_names_the_day(sealed):
    assert operate("verify-trail") == {"holds": True, "days": 4, "events": 9}
    Event.objects.filter(pk=sealed[days()[3]][2].pk).delete()
    with pytest.raises(CommandError) as refused:
        operate("verify-trail", "--since", str(days()[2]))
    assert json.loads(str(refused.value))["error"] == "trail_differs"
    assert str(days()[3]) in str(refused.value)


def test_the_command_seals_today(sealed):
    answer = operate("seal-trail")
    assert answer["day"] == str(today()) and len(answer["digest"]) == 64
