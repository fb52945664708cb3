"""Companies that receive with another provider, and send from here."""

import pytest

from peppol.models import Document, Participant
from peppol.services.companies.onboarding import onboard
from peppol.services.documents import documents
from peppol.services.imports import imports
from peppol.services.imports import worker as import_worker
from peppol.services.registration import participants, reserved, sending
from peppol.services.registration import worker as registration_worker
from tenants.errors import Conflict, WrongState
from tests.conftest import SYSTEM
from tests.peppol.identifying import identified
from tests.peppol.importing import GOOD, TITLES, checked
from tests.peppol.test_inbound import envelope, forward
from tests.peppol.test_participants import HELD, NUMBER, events_of, having
from tests.peppol.test_senders import prepared

pytestmark = pytest.mark.django_db
State = Participant.State


def test_it_sends_once_it_is_identified_and_nothing_is_put_up(bakery, by, settings):
    settings.PEPPOL_NETWORK, settings.IDENTIFICATION_POLICY = "production", "before_sending"
    row = sending.send_only(bakery, NUMBER, by=by)
    assert (row.state, events_of(bakery)[-1]) == ("sends_only", "company.sends_only")
    assert registration_worker.drain() == 0
    with pytest.raises(WrongState) as refused:
        documents.send(bakery, prepared(bakery, NUMBER), by=by)
    assert refused.value.code == "identification_required"
    bakery.company_number = "0403170701"
    bakery.save()
    identified(bakery)
    documents.send(bakery, prepared(bakery, NUMBER), by=by)
    assert Document.objects.get().sender == NUMBER


def test_what_comes_in_for_it_is_refused(client, settings, bakery, by):
    sending.send_only(bakery, "0208:0403170701", by=by)
    answer = forward(client, settings, envelope(receiver="0208:0403170701"))
    assert answer.json()["retry"] == "none"
    assert "Nobody here receives" in answer.json()["errorMessage"]
    assert not Document.objects.exists()


def test_it_is_nobody_elses_meanwhile(bakery, rivals_company, by):
    sending.send_only(bakery, NUMBER, by=by)
    for act in (participants.register, sending.send_only):
        with pytest.raises(Conflict) as refused:
            act(rivals_company, NUMBER, by=by)
        assert refused.value.code == "identifier_registered_taken"


@pytest.mark.parametrize("state", [State.DRAFT, State.ELSEWHERE, State.FAILED, State.UNREGISTERED])
def test_it_is_registered_later_and_can_be_ended(bakery, by, state):
    having(bakery, state, put_up_at=None)
    row = sending.send_only(bakery, NUMBER, by=by)
    assert sending.send_only(bakery, NUMBER, by=by) == row
    assert participants.register(bakery, NUMBER, by=by).state == "pending"
    Participant.objects.update(state="sends_only")
    assert reserved.dismiss(row, by=by).state == "unregistered"


@pytest.mark.parametrize("state", HELD)
def test_what_is_on_the_network_here_is_taken_off_first(bakery, by, state):
    having(bakery, state)
    with pytest.raises(WrongState):
        sending.send_only(bakery, NUMBER, by=by)


def test_a_company_is_onboarded_to_send_alone(acme, by):
    made = onboard(acme, {"name": "Peeters"}, by=by, identifier=NUMBER, send_only=True)
    assert made.participant.state == "sends_only"
    assert "company.smp_requested" not in events_of(made.company)


@pytest.mark.parametrize("said, state", [("Ja", "sends_only"), ("no", "pending"), ("", "pending")])
def test_a_file_says_who_only_sends(acme, said, state):
    titles = [*TITLES, "Nur senden"]
    batch = checked(acme, [*GOOD, said], titles=titles)
    assert batch.mapping["send_only"] == len(TITLES)
    imports.start(batch, by=SYSTEM)
    import_worker.advance()
    assert Participant.objects.get().state == state


def test_a_cell_that_says_neither_is_shown(acme):
    batch = checked(acme, [*GOOD, "perhaps"], titles=[*TITLES, "Sends only"])
    line = batch.lines.get()
    assert line.state == "bad"
    assert "neither yes nor no" in str(line.problems[0])
