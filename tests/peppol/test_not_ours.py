"""What is at the SMP and was not put there from here is touched only when a person says so."""

import json
from io import StringIO

import pytest
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone

from peppol.identifiers import parse
from peppol.models import BulkOperation, Finding, Participant
from peppol.sandbox.models import Group, Service, SmlEntry
from peppol.services.registration import (
    adoption,
    bulk,
    participants,
    reconciliation,
    reserved,
    strangers,
    worker,
)
from peppol.smp.client import Unavailable
from peppol.smp.phoss import PhossSmp
from tenants.errors import WrongState
from tenants.models import Event
from tests.peppol.test_participants import NUMBER, having

pytestmark = pytest.mark.django_db(transaction=True)
State = Participant.State
STRANGER = "0208:0000000099"


def drain() -> None:
    worker.drain(limit=20, seconds=20)


def reread(participant: Participant) -> Participant:
    return Participant.objects.get(pk=participant.pk)


@pytest.fixture
def there(gate, bakery, by) -> Participant:
    """A registration of an identifier that is at the SMP already, under our login."""
    Group.objects.create(uri=parse(NUMBER).uri)
    row = participants.register(bakery, NUMBER, by=by, card_name="Bakkerij Peeters")
    drain()
    return reread(row)


def writes(gate) -> list[str]:
    return [line for line in gate.seen if not line.startswith("GET")]


def test_a_participant_that_was_not_put_there_from_here_is_adopted_by_staff(
    there, gate, admin_client
):
    """It was taken over without a word, whoever had put it there."""
    assert (there.state, there.error_code, writes(gate)) == ("failed", "smp_not_ours", [])
    told = Event.objects.get(type="company.smp_failed")
    assert told.data["participant"]["code"] == "smp_not_ours"
    admin_client.post(reverse("admin:peppol_participant_adopt", args=[there.pk]))
    drain()
    assert reread(there).is_registered
    assert Group.objects.get().properties == {"private/organization": str(there.organization_id)}


def test_or_it_is_left_as_it_is(there, gate, by):
    reserved.dismiss(there, by=by)
    drain()
    assert reread(there).state == State.UNREGISTERED and writes(gate) == []
    with pytest.raises(WrongState):
        adoption.adopt(there, by=by)


def test_what_carries_our_note_is_ours(gate, bakery, by):
    """A database that was restored knows of no registration that the SMP has since."""
    Group.objects.create(uri=parse(NUMBER).uri, properties={"private/organization": str(bakery.pk)})
    row = participants.register(bakery, NUMBER, by=by, card_name="Bakkerij")
    drain()
    assert reread(row).is_registered


def test_the_note_is_written_too_when_a_worker_died_before_it(gate, bakery, by, monkeypatch):
    """Group and note are two calls: who died in between left a group that nobody had noted."""
    real = PhossSmp.put_property

    def die(*_):
        raise Unavailable("The worker died here.", silent=False)

    monkeypatch.setattr(PhossSmp, "put_property", die)
    row = participants.register(bakery, NUMBER, by=by, card_name="Bakkerij")
    drain()
    assert Group.objects.get().properties == {}
    monkeypatch.setattr(PhossSmp, "put_property", real)
    Participant.objects.update(next_attempt_at=timezone.now())
    drain()
    assert reread(row).is_registered
    assert Group.objects.get().properties == {"private/organization": str(bakery.pk)}


def test_a_registration_that_never_put_anything_up_is_given_up_at_once(gate, bakery, by):
    """It waited for the SMP, which then deleted what somebody else had there."""
    Group.objects.create(uri=parse(NUMBER).uri)
    row = participants.register(bakery, NUMBER, by=by, card_name="Bakkerij")
    participants.unregister(row, by=by)
    assert reread(row).state == State.UNREGISTERED
    drain()
    assert gate.seen == [] and Group.objects.exists()
    assert Event.objects.filter(type="company.smp_unregistered").count() == 1


def test_what_is_another_logins_by_now_ends_where_a_person_closes_it(gate, bakery, by):
    """It was tried again for ever, and nobody could end that."""
    Group.objects.create(uri=parse(NUMBER).uri, owner="somebody")
    row = having(bakery, State.ACTIVE)
    participants.unregister(row, by=by)
    drain()
    row = reread(row)
    assert (row.state, row.error_code, row.next_attempt_at) == ("failed", "smp_not_owner", None)
    reserved.dismiss(row, by=by)
    assert reread(row).state == State.UNREGISTERED and Group.objects.exists()


@pytest.fixture
def found(gate, by) -> dict[str, Finding]:
    """What a comparison finds of three that nobody here has, one of them another login's."""
    noted = {"properties": {"private/organization": "gone"}}
    for number, facts in ((99, {}), (88, noted), (77, {"owner": "somebody"})):
        uri = parse(f"0208:00000000{number}").uri
        Group.objects.create(uri=uri, **facts)
        SmlEntry.objects.create(uri=uri, label=str(number))
    bulk.start(BulkOperation.Kind.RECONCILE, by=by)
    reconciliation.advance()
    return {one.identifier: one for one in Finding.objects.all()}


def test_only_what_belongs_to_our_login_is_unknown_here(found):
    """On a shared SMP everybody's participants were offered for deletion."""
    assert set(found) == {STRANGER, "0208:0000000088"}


def test_a_stranger_is_deleted_by_whoever_is_sure(found, settings):
    noted, stranger = found["0208:0000000088"], found[STRANGER]
    assert strangers.look(noted).reference == "gone"
    strangers.take_down(noted)
    with pytest.raises(WrongState) as refused:
        strangers.take_down(stranger)
    assert refused.value.code == "not_from_here"
    stranger.identifier = "0208:0000000077"
    with pytest.raises(WrongState) as refused:
        strangers.take_down(stranger, sure=True)
    assert refused.value.code == "not_ours"
    settings.SMP_USERNAME, stranger.identifier = "", STRANGER
    with pytest.raises(WrongState) as refused:
        strangers.take_down(stranger, sure=True)
    assert refused.value.code == "not_ours"
    assert Group.objects.count() == 2


@pytest.mark.parametrize(
    "arguments, answer, left", [(("--yes",), "", 2), ((), "y", 1), ((), "n", 3)]
)
def test_the_command_shows_what_it_deletes_and_asks(found, monkeypatch, arguments, answer, left):
    monkeypatch.setattr("builtins.input", lambda question: answer)
    out, operation = StringIO(), str(BulkOperation.objects.get().pk)
    call_command("bulk", "repair", operation, "--take-down-unknown", *arguments, stdout=out)
    shown = [json.loads(line) for line in out.getvalue().splitlines()]
    assert {"identifier": STRANGER, "ours": True, "reference": "", "document_types": 0} in shown
    assert Group.objects.count() == left
    assert not Service.objects.exists()
