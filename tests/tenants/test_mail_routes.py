"""Who hears by mail of what happens: each address once, until it wants no more of it."""

import re
from email import policy
from email.parser import BytesParser

import pytest
from django.core import mail as outbox
from django.test import Client

from peppol.models import Participant
from peppol.services.documents import events as document_events
from peppol.services.registration import losses
from tenants import events
from tenants.errors import Invalid
from tenants.models import Event, Mail, MailRouting, MailStop
from tenants.services import mail_routes, mails, people
from tenants.services.mail_routes import Routing
from tests.conftest import SYSTEM, make_company
from tests.peppol.test_participants import NUMBER, having
from tests.portal.factories import make_document
from webhooks.services.distribution import distribute

pytestmark = pytest.mark.django_db
BOOKS, OTHER = "books@acme.example", "second@acme.example"
UBL = b"<Invoice/>"


def choose(organization, language="", own=(), **addresses):
    mail_routes.choose(organization, Routing(addresses, own, language), by=SYSTEM)


def arrives(company, **facts):
    row = make_document(company, direction="inbound", state="received", content=UBL, **facts)
    document_events.announce(row, document_events.RECEIVED, by=SYSTEM)
    return row


def sent() -> list:
    """What has gone out once everything was fanned out and sent."""
    outbox.outbox.clear()
    distribute()
    mails.drain()
    return list(outbox.outbox)


def addressees() -> list[str]:
    return sorted(one.to[0] for one in sent())


def test_a_platforms_addresses_hear_of_all_its_companies(acme, bakery, rivals_company):
    choose(acme, received=[BOOKS, OTHER])
    arrives(bakery, number="R-1", sender_name="Mill BV")
    arrives(rivals_company)
    letters = sent()
    assert sorted(one.to[0] for one in letters) == [BOOKS, OTHER]
    letter = letters[0]
    assert letter.subject == f"Invoice R-1 from Mill BV for {bakery.title}"
    assert "Acme" in letter.from_email
    assert [(name, kind) for name, _, kind in letter.attachments][-1] == (
        "invoice-R-1.xml",
        "application/xml",
    )
    assert letter.attachments[-1][1] in (UBL, UBL.decode())


def test_a_companys_own_addresses_stand_in_their_place(acme, bakery, by):
    choose(acme, received=[BOOKS])
    choose(bakery, received=[OTHER])
    arrives(bakery)
    assert addressees() == [OTHER]
    mail_routes.choose(bakery, Routing(), by=by)
    arrives(bakery)
    assert addressees() == []
    mail_routes.choose(bakery, None, by=by)
    arrives(bakery)
    assert addressees() == [BOOKS]


def test_each_companys_own_address_can_be_chosen_for_all(acme, bakery):
    choose(acme, own=["received"], received=[BOOKS])
    arrives(bakery)
    assert addressees() == [BOOKS]
    bakery.email = "an@peeters.example"
    bakery.save()
    arrives(bakery)
    assert addressees() == ["an@peeters.example", BOOKS]


def test_nobody_is_told_of_an_event_twice(acme, bakery):
    choose(acme, received=[BOOKS])
    arrives(bakery)
    assert len(sent()) == 1
    Event.objects.update(distributed_at=None)
    assert sent() == []
    assert Mail.objects.count() == 1


def test_every_kind_says_what_it_is_about_in_the_chosen_language(acme, bakery):
    choose(acme, "nl", **{fact.kind: [BOOKS] for fact in mail_routes.facts()})
    failed = make_document(bakery, state="failed", number="F-1", receiver_name="Mill BV")
    document_events.announce(failed, document_events.FAILED, by=SYSTEM, reason="It is unknown.")
    row = having(bakery, "active", NUMBER)
    losses._lose(row, "https://smp.other.example")
    quota = {"percentage": 100, "documents": 50, "included": 50, "hard": True}
    events.record(bakery, "quota.reached", by=SYSTEM, data={"quota": quota})
    letters = sent()
    texts = " ".join(one.body for one in letters)
    assert len(letters) == 3
    for word in ("F-1", "It is unknown.", NUMBER, "smp.other.example", "50", f"{row.pk}"):
        assert word in texts
    for letter in letters:
        assert 'lang="nl"' in letter.alternatives[0][0]
        assert "portal/" in letter.body


def stop_link(letter) -> str:
    message = BytesParser(policy=policy.default).parsebytes(letter.message().as_bytes())
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    link = re.fullmatch("<(.+)>", message["List-Unsubscribe"].strip())[1]
    assert link in letter.body and link in letter.alternatives[0][0]
    return re.sub("https?://[^/]+", "", link)


def test_whoever_wants_no_more_stops_it_without_signing_in(acme, bakery, client):
    choose(acme, received=[BOOKS, OTHER], failed=[BOOKS])
    arrives(bakery)
    link = next(stop_link(one) for one in sent() if one.to == [BOOKS])
    strict = Client(enforce_csrf_checks=True)
    assert "Stop these mails?" in strict.get(link).content.decode()
    arrives(bakery)
    assert addressees() == [BOOKS, OTHER], "looking at it stops nothing"
    for _ in range(2):
        page = strict.post(link, {"List-Unsubscribe": "One-Click"})
        assert "No more of these mails" in page.content.decode()
    arrives(make_company(acme, "another"))
    assert addressees() == [OTHER]
    strict.post(link, {"again": "1"})
    arrives(bakery)
    assert addressees() == [BOOKS, OTHER]
    assert client.get("/mails/stop/nonsense/").status_code == 404
    assert client.post(link[:-2] + "x/").status_code == 404


def test_what_somebody_waits_for_comes_before_news(acme, bakery, by):
    choose(acme, received=[BOOKS])
    arrives(bakery)
    distribute()
    people.invite(acme, email="an@acme.example", role="viewer", by=by)
    assert [one.to for one in Mail.objects.due()] == ["an@acme.example", BOOKS]


def test_whoever_is_chosen_anew_hears_again(acme, bakery):
    choose(acme, received=[BOOKS])
    MailStop.objects.create(organization=acme, kind="received", address=BOOKS.upper())
    arrives(bakery)
    assert addressees() == []
    choose(acme, received=[])
    choose(acme, received=[BOOKS])
    arrives(bakery)
    assert addressees() == [BOOKS]


def test_a_day_has_only_so_many_and_the_last_says_so(acme, bakery, settings):
    settings.MAILS_A_DAY = 2
    choose(acme, received=[BOOKS])
    for _ in range(4):
        arrives(bakery)
    letters = sent()
    assert len(letters) == 2
    assert ["last of 2" in one.body for one in letters] == [False, True]


def test_what_no_mail_server_takes_is_left_in_the_portal(acme, bakery, settings):
    settings.MAIL_MOST_BYTES = 5
    choose(acme, received=[BOOKS])
    arrives(bakery)
    [letter] = sent()
    assert letter.attachments == [] and "too large" in letter.body


@pytest.mark.parametrize(
    "given", [["no address"], [f"a{n}@acme.example" for n in range(11)]], ids=["word", "many"]
)
def test_what_is_no_address_is_refused(acme, given):
    with pytest.raises(Invalid):
        choose(acme, received=given)
    assert not MailRouting.objects.exists()


def test_one_that_cannot_be_posted_keeps_no_webhook_waiting(acme, bakery, monkeypatch):
    choose(acme, received=[BOOKS])
    arrives(bakery)

    def breaks(*_):
        raise RuntimeError

    monkeypatch.setattr(mail_routes, "_recipients", breaks)
    assert distribute() > 0
    assert not Event.objects.undistributed().exists()
    assert not Participant.objects.exists()
