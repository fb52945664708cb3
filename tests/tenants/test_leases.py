"""Leases: a row is one worker's for a while, and whoever comes back late leaves no effect."""

from datetime import timedelta

import pytest
from django.utils import timezone

from tenants import leases
from tenants.models import CustomDomain, Event, Logo, Mail
from tenants.services import domains, logos, mails
from tests.conftest import SYSTEM
from tests.tenants.test_pictures import PNG

pytestmark = pytest.mark.django_db
LETTER = mails.declare("letter_of_leases", lambda mail: {})
# Each lease of these services is over by then.
LATER = timedelta(minutes=10)


@pytest.fixture
def mail(acme):
    return mails.post(acme, LETTER, to="ann@example.org", context={})


def test_of_two_who_read_a_row_one_takes_it(mail):
    mine, theirs = Mail.objects.get(), Mail.objects.get()
    assert leases.take(mine, "next_attempt_at", timedelta(minutes=1), attempt_count=1)
    assert not leases.take(theirs, "next_attempt_at", timedelta(minutes=1), attempt_count=7)
    assert Mail.objects.get().attempt_count == mine.attempt_count == 1


def test_a_row_is_held_until_another_one_takes_it(mail, time_machine):
    mine = Mail.objects.get()
    leases.take(mine, "next_attempt_at", timedelta(minutes=1))
    time_machine.move_to(timezone.now() + LATER)
    assert leases.held(mine, "next_attempt_at").exists(), "late, but nobody else came"
    assert leases.take(Mail.objects.get(), "next_attempt_at", timedelta(minutes=1))
    assert not leases.held(mine, "next_attempt_at").exists()


def test_a_sender_who_comes_late_does_not_send_a_mail_back_into_the_queue(mail, time_machine):
    slow = Mail.objects.get()
    assert leases.take(slow, "next_attempt_at", timedelta(minutes=2), attempt_count=1)
    time_machine.move_to(timezone.now() + LATER)
    quick = Mail.objects.get()
    assert leases.take(quick, "next_attempt_at", timedelta(minutes=2), attempt_count=2)
    mails._settle(quick, Mail.State.SENT)
    mails._put_off(slow, "The mail server was silent for ten minutes.")
    row = Mail.objects.get()
    assert (row.state, row.last_error) == ("sent", "")


def test_a_logo_that_was_fetched_too_late_is_not_kept(acme, time_machine, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    Logo.objects.create(
        organization=acme, url="https://acme.example/l.png", next_fetch_at=timezone.now()
    )
    (slow,) = logos.claims()
    time_machine.move_to(timezone.now() + LATER)
    (quick,) = logos.claims()
    logos.keep(slow, PNG)
    assert Logo.objects.get().name == ""
    logos.keep(quick, PNG)
    kept = Logo.objects.get().name
    logos.fail(slow, "It did not answer.")
    assert (Logo.objects.get().name, Logo.objects.get().error) == (kept, "") and kept
    assert Event.objects.filter(type__startswith="branding.logo_").count() == 1


def test_what_dns_said_long_ago_does_not_stand_against_what_it_says_now(acme, monkeypatch):
    acme.white_label = True
    acme.save()
    domain = domains.claim(acme, "portal.acme.example", by=SYSTEM)

    def look(host):
        """While this one waits for DNS, another worker asks it and is told everything."""
        monkeypatch.setattr(domains.hosts, "look", lambda host: proof)
        domains.check(CustomDomain.objects.get())
        return domains.hosts.Seen(texts=[], leads=[], leads_here=False)

    proof = domains.hosts.Seen(texts=[domain.challenge], leads=[], leads_here=True)
    monkeypatch.setattr(domains.hosts, "look", look)
    CustomDomain.objects.update(state="active", proven_at=timezone.now())
    assert domains.check(CustomDomain.objects.get()).state == "active"
    row = CustomDomain.objects.get()
    assert (row.state, row.last_error, row.failing_since) == ("active", "", None)
    assert not Event.objects.filter(type="domain.failing").exists()
