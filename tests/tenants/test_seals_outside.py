"""Whoever has the database, and not the key and the seals kept outside it, changes no history."""

import hashlib
from dataclasses import replace
from datetime import timedelta

import pytest
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone

from tenants.actors import Actor
from tenants.errors import WrongState
from tenants.models import Event, Seal
from tenants.services import audit_trail, seal_log
from tenants.services.audit_trail import accept, seal_days, seal_today, verify, verify_some
from tenants.services.reckoning import reckon
from tenants.tasks import seal
from tests.tenants.sealing import days, happened, today

OLGA = Actor.system("olga")


@pytest.fixture(autouse=True)
def outside(settings, tmp_path):
    """The file in which this machine keeps its seals."""
    settings.SEAL_LOG = str(tmp_path / "seals.jsonl")
    return tmp_path / "seals.jsonl"


def forget(day):
    """Take away the events and seals from `day` on, as if nothing had happened since."""
    gone = [pk for pk, at in Event.objects.values_list("pk", "occurred_at") if at.date() >= day]
    Event.objects.filter(pk__in=gone).delete()
    Seal.objects.filter(day__gte=day).delete()


def test_the_newest_days_are_missed_with_their_seals(sealed):
    forget(days()[2])
    assert verify().day == days()[3] and "kept outside" in verify().wrong


def test_they_are_missed_too_when_what_is_left_is_sealed_again(sealed):
    Seal.objects.update(sealed_at=timezone.now() - timedelta(days=9))
    forget(days()[3])
    with pytest.raises(WrongState, match="no longer matches"):
        seal_days()
    assert not verify().holds and not verify_some(10).holds


def test_a_seal_made_without_the_key_does_not_fit(sealed):
    Event.objects.filter(pk=sealed[days()[3]][0].pk).update(reason="another")
    was = Seal.objects.get(day=days()[3])
    head = f"{was.previous}\n{was.day}\n".encode()
    rows = audit_trail.Event.objects.filter(pk__lte=was.through).order_by("pk")
    assert rows.exists()
    Seal.objects.filter(day=days()[3]).update(digest=hashlib.sha256(head).hexdigest(), keyed=False)
    assert verify().wrong == "It was sealed without the key."


def test_a_day_sealed_late_is_a_finding(sealed):
    Seal.objects.filter(day=days()[0]).update(sealed_at=timezone.now() - timedelta(days=3))
    assert "sealed late" in (verify(days()[1]).wrong or verify().wrong)


def test_todays_events_are_missed_once_they_were_sealed(sealed, acme, monkeypatch):
    happened(acme, today())
    monkeypatch.setattr(audit_trail, "LATE", timedelta(days=-1))
    assert seal_today().count == 1
    forget(today())
    assert verify().day == today()
    seal()
    assert not verify_some(10).holds


def test_the_task_goes_through_the_whole_trail_in_slices(sealed):
    Seal.objects.update(compared_at=None)
    for _ in range(4):
        assert verify_some(1).holds
    assert not Seal.objects.filter(compared_at=None).exists()
    Event.objects.filter(pk=sealed[days()[0]][0].pk).delete()
    assert days()[0] in [verify_some(1).day for _ in range(4)]


def test_a_known_difference_is_accepted_with_a_reason_and_no_other(sealed):
    sealed[days()[1]][0].delete()
    assert verify().day == days()[1]
    accept(days()[1], reason="Restored from the backup of the 3rd.", by=OLGA)
    assert verify().holds and verify_some(99).holds
    # The reason is a part of what was accepted,
    Seal.objects.filter(day=days()[1]).update(accepted_reason="Nothing to see here.")
    assert verify().day == days()[1]
    Seal.objects.filter(day=days()[1]).update(
        accepted_reason="Restored from the backup of the 3rd."
    )
    # and whatever differs later is another difference.
    sealed[days()[1]][1].delete()
    assert verify().day == days()[1]


def test_days_lost_with_their_seals_can_be_accepted(sealed):
    forget(days()[3])
    assert verify().day == days()[3]
    accept(days()[3], reason="The disk was lost.", by=OLGA)
    assert verify().holds


def test_the_operator_accepts_by_command_and_on_the_page(sealed, admin_client):
    for day in (days()[1], days()[3]):
        sealed[day][0].delete()
    call_command("operate", "accept-trail", "--day", str(days()[1]), "--reason", "Known.")
    form = {"day": str(days()[3]), "reason": "Known too."}
    page = admin_client.post(reverse("admin:tenants_seal_accept"), form)
    assert page.status_code == 302 and verify().holds
    shown = admin_client.get(reverse("admin:tenants_seal_change", args=[days()[3]]))
    assert "Known too." in shown.content.decode()


def test_what_was_compared_says_where_to_go_on(sealed, admin_client, monkeypatch):
    monkeypatch.setattr("tenants.admin.seals._MOST", 1)
    page = admin_client.post(
        reverse("admin:tenants_seal_verify"),
        {"since": str(days()[0])},
        follow=True,
    )
    assert "Go on from" in page.content.decode()


def test_a_day_that_is_as_it_was_has_nothing_to_accept(sealed):
    with pytest.raises(WrongState):
        accept(days()[1], reason="Just so.", by=OLGA)


def test_half_a_line_of_a_killed_process_is_passed_over(sealed, outside):
    outside.write_text(outside.read_text() + '{"day": "2026-')
    assert seal_log.newest().day == days()[3]
    assert outside.stat().st_mode & 0o777 == 0o600


def sealed_anew_without_the_key():
    """What whoever has the database alone can make of all seals."""
    previous = ""
    for one in Seal.objects.order_by("day"):
        kept = replace(audit_trail._kept(one), previous=previous)
        found = reckon(kept, keyed=False)
        Seal.objects.filter(day=one.day).update(
            digest=found.digest, previous=previous, keyed=False, count=found.count
        )
        previous = found.digest


@pytest.mark.parametrize("accepted", ["", "as it seems"])
def test_a_whole_chain_made_anew_without_the_key_is_found(sealed, accepted):
    """Though the events of the newest day, of which the outside knows, are as they were."""
    Event.objects.filter(pk=sealed[days()[0]][0].pk).update(reason="another")
    sealed_anew_without_the_key()
    Seal.objects.update(accepted=accepted)
    assert "kept outside" in verify().wrong
    assert not verify_some(1).holds


def test_what_is_said_to_be_accepted_is_compared_with_the_outside(sealed):
    Event.objects.filter(pk=sealed[days()[3]][0].pk).delete()
    sealed_anew_without_the_key()
    Seal.objects.update(accepted="as it seems", accepted_reason="Known.", accepted_by="olga")
    assert not verify().holds


def test_a_days_turn_cannot_be_put_off_for_good(sealed):
    Event.objects.filter(pk=sealed[days()[0]][0].pk).update(reason="another")
    Seal.objects.filter(day=days()[0]).update(compared_at=timezone.now() + timedelta(days=9999))
    assert verify_some(1).day == days()[0]
