"""What people are told of: as they chose, of all companies or of one, in the bell and by mail."""

import json

import pytest
from django.core import mail
from django.urls import reverse

from tenants import events
from tenants.models import Alert, AlertCause, Mail, Role
from tenants.services import alerts, mails, people
from tests.conftest import SYSTEM, make_company
from tests.portal.conftest import at, make_member, signed_in, texts
from webhooks import dialects

pytestmark = pytest.mark.django_db
FAILED = {"document": {"id": "0193aaaa-0000-7000-8000-000000000001", "number": "INV-7"}}


def fail(company):
    event = events.record(company, "document.failed", by=SYSTEM, data=FAILED)
    alerts.tell()
    return event


def mails_out():
    mails.drain()
    return [(one.to, one.subject) for one in mail.outbox]


def test_everybody_who_may_know_has_it_in_the_bell_and_nobody_elsewhere(
    acme, bakery, rival, olga, browser
):
    make_member(rival, Role.OWNER, "rita@rival.example")
    billing = make_member(acme, Role.BILLING, "bill@acme.example")
    fail(bakery)
    assert {one.user.email for one in Alert.objects.all()} == {"olga@acme.example"}
    assert not AlertCause.objects.exists() and mails_out() == []
    page = texts(browser.get(reverse("portal:index")))
    assert 'gh-bell-count">1<' in page
    assert "INV-7" in texts(browser.get(at("tenants_alert")))
    assert "gh-bell-count" not in texts(signed_in(billing).get(reverse("portal:index")))
    # To look at it leads to what it is about, and takes it out of the bell.
    opened = browser.get(at("tenants_alert", "change", Alert.objects.get()))
    assert opened["Location"].endswith("/0193aaaa-0000-7000-8000-000000000001/change/")
    assert "gh-bell-count" not in texts(browser.get(reverse("portal:index")))


def test_one_chooses_for_all_and_otherwise_for_one_company(acme, bakery, olga, browser):
    quiet = make_company(acme, "Quiet")
    browser.post(at("tenants_alert", "choose"), {"document": "at_once", "quota": "not"})
    one = reverse("portal:tenants_company_alert_me", args=[quiet.pk])
    browser.post(one, {"document": "not"})
    fail(bakery)
    fail(quiet)
    events.record(bakery, "quota.reached", by=SYSTEM, data={})
    alerts.tell()
    assert [row.event.organization_id for row in Alert.objects.all()] == [bakery.pk]
    [(to, subject)] = mails_out()
    assert to == ["olga@acme.example"] and bakery.title in subject
    browser.post(one, {"document": ""})
    fail(quiet)
    assert Alert.objects.count() == 2


def test_once_a_day_everything_that_waits_is_one_mail(acme, bakery, olga):
    alerts.choose(acme, olga, {"document": "daily"})
    fail(bakery)
    fail(bakery)
    assert mails_out() == []
    alerts.send_daily()
    alerts.send_daily()
    assert len(mails_out()) == 1 and Mail.objects.count() == 1
    assert mail.outbox[0].body.count("INV-7") == 2


def test_nobody_sees_anothers_alerts(acme, bakery, olga):
    fail(bakery)
    other = signed_in(make_member(acme, Role.ADMIN, "adam@acme.example"))
    assert "INV-7" not in texts(other.get(at("tenants_alert")))
    assert other.get(at("tenants_alert", "change", Alert.objects.get())).status_code == 404
    other.post(at("tenants_alert", "see_all"))
    assert Alert.objects.unseen().count() == 1


def test_who_left_or_has_another_role_hears_no_more_of_what_was_before(acme, bakery, olga):
    """Neither by the mail of the day, nor by one that is on its way, nor in the bell."""
    gone, moved = (make_member(acme, Role.ADMIN, f"{who}@acme.example") for who in "gm")
    for member, how in ((gone, "daily"), (moved, "at_once")):
        alerts.choose(acme, member, {"document": how})
    fail(bakery)
    people.remove(gone.memberships.get(), by=SYSTEM)
    people.change_role(moved.memberships.get(), role=Role.BILLING, by=SYSTEM)
    alerts.send_daily()
    assert mails_out() == []
    page = texts(signed_in(moved).get(at("tenants_alert")))
    assert "INV-7" not in page and "gh-bell-count" not in page


def test_a_chat_is_told_in_a_sentence(bakery):
    event = fail(bakery)
    said = json.loads(dialects.get("chat").body(event))
    assert set(said) == {"text"} and bakery.title in said["text"] and "INV-7" in said["text"]


def test_a_chat_takes_nothing_that_others_wrote_for_more_than_text(acme):
    """Whoever sends an invoice chooses its number: it calls nobody, and leads nowhere."""
    number = "<!channel>\n*@all* <https://evil.example|Pay> [here](https://evil.example) a&b"
    named = {"document": {"number": number}, "company": {"name": "A & B <x@y.example>"}}
    event = events.record(acme, "document.failed", by=SYSTEM, data=named)
    said = json.loads(dialects.get("chat").body(event))["text"]
    assert "<" not in said and "@all" not in said and "](" not in said
    name, _what, subject = said.split("\n")
    assert name == "*A &amp; B &lt;x@y.example&gt;*" and "a&amp;b" in subject


def test_thirty_alerts_take_no_more_queries_than_three(acme, bakery, olga, browser, costs):
    for _ in range(3):
        fail(bakery)
    few = costs(browser, at("tenants_alert"))
    for _ in range(27):
        fail(bakery)
    assert costs(browser, at("tenants_alert")) == few
