"""Loops over rows of many: what one of them raises keeps none of the others waiting."""

from datetime import timedelta

import pytest
from billiard.exceptions import SoftTimeLimitExceeded
from django.core import mail as outbox
from django.utils import timezone

from tenants import loops
from tenants.models import CustomDomain, Mail, Trouble
from tenants.services import domains, mails
from webhooks.services import letters

pytestmark = pytest.mark.django_db


def refuse_first(refused):
    """A step that one row is too much for."""
    done = []

    def step(row):
        if row == refused:
            raise ValueError("It is of lead.")
        done.append(row)

    return step, done


def test_what_one_row_raises_is_written_down_and_the_others_are_worked_on(acme, bakery, caplog):
    step, done = refuse_first(acme)
    assert loops.each("carry", [acme, bakery], step) == 1 and done == [bakery]
    trouble = Trouble.objects.present().get()
    assert (trouble.work, trouble.row, trouble.key) == ("carry", str(acme), str(acme.pk))
    assert trouble.said == "ValueError: It is of lead." and "It is of lead." in caplog.text


def test_a_trouble_is_counted_and_forgotten_when_the_row_is_done(acme, bakery):
    step, _ = refuse_first(acme)
    for _ in range(3):
        loops.each("carry", [acme], step)
    assert Trouble.objects.get().count == 3
    loops.each("something else", [acme], refuse_first(None)[0])
    assert Trouble.objects.exists(), "that was other work"
    loops.each("carry", [acme], refuse_first(None)[0])
    assert not Trouble.objects.exists()


def test_what_is_not_met_any_more_is_not_shown_and_then_forgotten(acme, time_machine):
    loops.note("carry", acme, ValueError("\x00control"))
    time_machine.move_to(timezone.now() + timedelta(days=2))
    assert not Trouble.objects.present().exists() and loops.tidy() == 0
    time_machine.move_to(timezone.now() + timedelta(days=6))
    assert loops.tidy() == 1


def test_that_the_workers_time_is_over_is_no_rows_fault(acme):
    def step(row):
        raise SoftTimeLimitExceeded

    with pytest.raises(SoftTimeLimitExceeded):
        loops.each("carry", [acme], step)
    assert not Trouble.objects.exists()


def test_every_step_of_a_task_is_taken(db):
    taken = []
    loops.steps(break_first=lambda: 1 / 0, go_on_then=lambda: taken.append(1))
    assert taken == [1] and Trouble.objects.get().work == "break first"


def test_a_mail_that_cannot_be_written_keeps_no_other_waiting(acme):
    Mail.objects.create(organization=acme, template="no such letter", to="ann@example.org")
    context = {"url": "https://a.example", "percent": 50}
    mails.post(acme, letters.MAIL, to="bob@example.org", context=context)
    mails.drain()
    assert [one.to for one in outbox.outbox] == [["bob@example.org"]]
    assert "KeyError" in Mail.objects.get(to="ann@example.org").last_error


def test_a_domain_that_cannot_be_looked_up_keeps_no_other_waiting(acme, rival, monkeypatch):
    for platform, host in ((acme, "a.example"), (rival, "b.example")):
        CustomDomain.objects.create(
            organization=platform, host=host, challenge="c", next_check_at=timezone.now()
        )

    def look(host):
        if host == "a.example":
            raise UnicodeError("label too long")
        return domains.hosts.Seen(texts=[], leads=[], leads_here=False)

    monkeypatch.setattr(domains.hosts, "look", look)
    assert domains.drain() == 1
    assert "TXT record" in CustomDomain.objects.get(host="b.example").last_error
    assert Trouble.objects.get().row == "a.example"
