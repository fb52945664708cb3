"""Who a company is: what is asked before it sends or is registered, who decides, what ends."""

import io
from datetime import timedelta

import pytest
from django.utils import timezone

from peppol import sbdh
from peppol.models import Document, Evidence, Identification, Participant
from peppol.services.documents import inbound
from peppol.services.identification import evidence, identification
from peppol.services.identification.evidence import HandedIn
from peppol.services.registration import follow_up, participants
from tenants.errors import Forbidden, Invalid, WrongState
from tenants.models import Event
from tenants.services import entitlements, organizations
from tests.conftest import make_company
from tests.peppol.identifying import PDF, identified, submitted
from tests.peppol.test_inbound import envelope
from tests.peppol.test_participants import events_of
from tests.peppol.test_senders import send
from tests.peppol.trading import registered

pytestmark = pytest.mark.django_db
OWN, OTHER = "0208:0403170701", "9957:FR86797978996"
DAY = timedelta(days=1)


@pytest.fixture
def asks(settings):
    """An installation on the production network, by its default."""
    settings.PEPPOL_NETWORK, settings.IDENTIFICATION_POLICY = "production", "before_sending"


@pytest.fixture
def asks_first(settings):
    settings.IDENTIFICATION_POLICY = "before_registering"


@pytest.fixture
def bakery(bakery, by):
    return organizations.update(bakery, {"company_number": "0403170701"}, by=by)


def arrives() -> Document:
    """A document for `OTHER`, as it is taken in."""
    return inbound.receive(sbdh.unwrap(io.BytesIO(envelope())), mode="sync")


def refusal(company, sender=OWN) -> str:
    """Why a company may not send; nothing where it may."""
    try:
        send(company, sender)
    except WrongState as refused:
        return refused.code
    return ""


def test_it_sends_once_somebody_has_verified_who_it_is(asks, bakery, by):
    registered(bakery, OWN)
    with pytest.raises(WrongState, match="hand in who it is, on its page under Identification"):
        send(bakery, OWN)
    assert submitted(bakery).state == "in_review"
    with pytest.raises(WrongState, match="what was handed in is being reviewed"):
        send(bakery, OWN)
    assert identification.verify(bakery, by=by).state == "verified"
    assert send(bakery, OWN).state == Document.State.ACCEPTED
    identification.refuse(bakery, message="The extract is forged.", by=by)
    with pytest.raises(WrongState, match="was refused"):
        send(bakery, OWN)
    said = [one for one in events_of(bakery) if one.startswith("company.verification")]
    assert said == [f"company.verification_{n}" for n in ("submitted", "verified", "refused")]
    told = Event.objects.get(type="company.verification_verified").data["verification"]
    assert told["state"] == "verified" and "representative" not in told


def test_where_nothing_is_asked_nothing_is_in_the_way(settings, acme, bakery, by):
    registered(bakery, OWN)
    assert refusal(bakery) == ""
    settings.IDENTIFICATION_POLICY = "before_sending"
    trial = make_company(acme, "Trial", environment="test")
    registered(trial, OTHER)
    assert refusal(trial, OTHER) == ""
    assert refusal(bakery) == "identification_required"
    entitlements.give(acme, {"identification_policy": "trusted"}, by=by)
    bakery.refresh_from_db()
    assert refusal(bakery) == ""


def test_it_receives_whatever_is_known_of_it(asks, bakery):
    registered(bakery, OTHER)
    taken = arrives()
    assert (taken.organization, taken.state) == (bakery, "received")


@pytest.mark.parametrize("who", ["itself", "its platform", "another platform"])
def test_nobody_verifies_who_is_not_trusted_with_it(who, acme, rival, bakery, by):
    reviewer = {"itself": bakery, "its platform": acme, "another platform": rival}[who]
    entitlements.give(rival, {"identifies_companies": True}, by=by)
    entitlements.give(bakery, {"identifies_companies": True}, by=by)
    submitted(bakery)
    for decide in (identification.ask, identification.verify, identification.refuse):
        asked = {"message": "No."} if decide is identification.refuse else {}
        with pytest.raises(Forbidden):
            decide(bakery, by=by, reviewer=reviewer, **asked)
    assert Identification.objects.get().state == "in_review"


def test_a_platform_verifies_where_the_operator_trusts_it(asks, acme, bakery, by):
    with pytest.raises(Invalid, match="has not trusted this platform"):
        submitted(bakery, method="platform")
    acme = entitlements.give(acme, {"identifies_companies": True}, by=by)
    bakery.parent = acme
    submitted(bakery, method="platform")
    assert identification.verify(bakery, by=by, reviewer=acme).is_in_force


def test_only_what_was_verified_with_it_sends(asks, bakery, by):
    """Its own numbers lead to the one; another was there when it was decided; the last came."""
    registered(bakery, OTHER)
    identified(bakery)
    registered(bakery, OWN)
    registered(bakery, "0208:0202239951")
    assert [refusal(bakery, one) for one in (OTHER, OWN)] == ["", ""]
    assert refusal(bakery, "0208:0202239951") == "identifier_not_verified"
    identified(bakery)
    assert refusal(bakery, "0208:0202239951") == ""


def test_what_is_decided_is_what_was_looked_at(bakery, by):
    """Nobody hands in something else, or gets another number, while it is being decided."""
    seen = identification.fingerprint(submitted(bakery))
    submitted(bakery, legal_name="Somebody Else")
    later = identification.fingerprint(Identification.objects.get())
    registered(bakery, OTHER)
    for fingerprint in (seen, later):
        with pytest.raises(WrongState, match="look at it again"):
            identification.verify(bakery, by=by, seen=fingerprint)


def test_it_expires_and_sends_no_more_but_receives(asks, bakery, by):
    registered(bakery, OTHER)
    identified(bakery, valid_until=timezone.localdate())
    assert identification.expire_outdated() == 0
    assert refusal(bakery, OTHER) == ""
    Identification.objects.update(valid_until=timezone.localdate() - DAY)
    assert refusal(bakery, OTHER) == "identification_required"
    assert identification.expire_outdated() == 1
    assert identification.expire_outdated() == 0
    assert Identification.objects.get().state == "expired"
    assert events_of(bakery)[-1] == "company.verification_expired"
    assert arrives().state == "received"
    assert Participant.objects.get().state == "active"


def test_what_is_handed_in_in_time_keeps_it_sending(asks, bakery):
    registered(bakery, OWN)
    identified(bakery)
    assert submitted(bakery).state == "in_review"
    assert refusal(bakery) == ""


@pytest.mark.parametrize("field", ["legal_name", "company_number", "country"])
def test_who_becomes_another_is_asked_anew(asks, bakery, by, field):
    registered(bakery, OWN)
    identified(bakery)
    organizations.update(bakery, {"vat_number": "BE0403170701"}, by=by)
    bakery.refresh_from_db()
    assert identification.ask_changed() == 1
    assert refusal(bakery) == "" and identification.ask_changed() == 0
    bakery = organizations.update(bakery, {field: "FR"}, by=by)
    assert refusal(bakery) == "identification_required"
    assert identification.ask_changed() == 1
    assert Identification.objects.get().state == "asked"
    assert events_of(bakery)[-1] == "company.verification_asked"
    assert identification.ask_changed() == 0


def test_it_is_registered_once_it_is_identified(asks_first, acme, bakery, by):
    noted = participants.register(bakery, OWN, by=by)
    assert noted.is_awaited and "hand in who it is" in noted.last_error
    assert noted.error_code == "identification_required"
    before = events_of(bakery)
    assert [follow_up.register_awaited(), follow_up.register_identified()] == [0, 0]
    submitted(bakery)
    noted = participants.register(bakery, OWN, by=by)
    assert "being reviewed" in noted.last_error
    assert events_of(bakery) == [*before, "company.verification_submitted"]
    identification.verify(bakery, by=by)
    assert follow_up.register_identified() == 1
    noted.refresh_from_db()
    assert (noted.state, noted.error_code) == ("pending", "")


def test_one_that_was_not_verified_with_it_waits_without_being_tried_again(asks_first, bakery, by):
    identified(bakery)
    noted = participants.register(bakery, OTHER, by=by)
    assert (noted.state, noted.error_code) == ("draft", "identifier_not_verified")
    assert follow_up.register_identified() == 0
    identified(bakery)
    assert follow_up.register_identified() == 1
    assert Participant.objects.get().state == "pending"


def test_it_is_registered_once_nothing_is_asked_any_more(asks_first, acme, bakery, by):
    participants.register(bakery, OWN, by=by)
    entitlements.give(acme, {"identification_policy": "before_sending"}, by=by)
    assert follow_up.register_identified() == 1
    assert Participant.objects.get().state == "pending"


@pytest.mark.parametrize(
    ("facts", "files", "field"),
    [
        ({"representative": ""}, [PDF], "representative"),
        ({"method": "register_extract"}, [], "evidence"),
        ({"method": "iban", "reference": "BE71096123456760"}, [], "reference"),
        ({"method": "eid"}, [], "reference"),
        ({}, [HandedIn("page.pdf", b"<html><script>")], "evidence"),
        ({}, [HandedIn("picture.svg", b"<svg onload='x()'/>")], "evidence"),
        ({}, [HandedIn("empty.pdf", b"")], "evidence"),
        ({}, [PDF] * 6, "evidence"),
    ],
)
def test_what_proves_nothing_is_not_taken(bakery, by, facts, files, field):
    known = {"legal_name": "B", "representative": "P", "authority": "owner", "method": "document"}
    with pytest.raises(Invalid) as refused:
        identification.submit(bakery, {**known, **facts}, files, by=by)
    assert list(refused.value.fields) == [field]
    assert not Identification.objects.exists() and not Evidence.objects.exists()


def test_evidence_is_kept_encrypted_for_its_time_and_then_forgotten(settings, bakery):
    settings.IDENTIFICATION_DAYS, settings.IDENTIFICATION_EVIDENCE_DAYS = 10, 5
    submitted(bakery, HandedIn("../../passport\x00.html", PDF.content))
    kept = Evidence.objects.get()
    assert b"%PDF" not in bytes(kept.content) and kept.opened() == PDF.content
    assert (kept.name, kept.media_type) == ("../../passport.pdf", "application/pdf")
    assert kept.retain_until == timezone.localdate() + 180 * DAY
    identified(bakery)
    kept.refresh_from_db()
    assert kept.retain_until == timezone.localdate() + 15 * DAY
    assert evidence.purge() == 0
    Evidence.objects.update(retain_until=timezone.localdate() - DAY)
    assert evidence.purge() == 2
    kept.refresh_from_db()
    assert kept.content == b"" and len(kept.digest) == 64
    with pytest.raises(OSError):
        kept.opened()
