"""What the network knows of a company: its card in full, the Directory, what it receives."""

from datetime import date

import pytest

from peppol import code_lists
from peppol.identifiers import DEFAULT_DOCUMENT_TYPES, parse
from peppol.models import CompanyCard, Participant
from peppol.sandbox import directory
from peppol.services.registration import bulk, cards, participants, reconciliation, worker
from peppol.smp.client import BusinessCard, Contact, Entity
from peppol.smp.dialects import configured_smp
from tenants.errors import Invalid
from tenants.models import Event

pytestmark = pytest.mark.django_db(transaction=True)
NUMBER = "0208:0403170701"
SAID = {
    "names": {"nl": "Bakkerij Peeters", "fr": "Boulangerie Peeters"},
    "location": "Korenmarkt 5, Gent",
    "identifiers": [["DUNS", "123456789"]],
    "websites": ["https://peeters.example"],
    "contacts": [["sales", "An Peeters", "+32 9 000 00 00", "an@peeters.example"]],
    "additional": "Open on Sundays",
    "registered_on": date(2026, 1, 31),
}
RESPONSE = next(t for t in code_lists.document_types() if "Response" in t.name)


@pytest.fixture
def registered(gate, bakery, by) -> Participant:
    row = participants.register(bakery, NUMBER, by=by)
    worker.drain(seconds=20)
    return row


def published(row: Participant):
    worker.drain(seconds=20)
    row.refresh_from_db()
    return configured_smp().business_card(parse(row.identifier))


def listed() -> list[dict]:
    return directory.search({"participant": parse(NUMBER).uri}, 0, 10)["matches"]


def differences(by) -> str:
    """What a comparison with the SMP finds."""
    operation = bulk.start("reconcile", by=by)
    reconciliation.advance()
    return " ".join(operation.findings.values_list("detail", flat=True))


def test_a_card_is_published_in_full_and_found_in_the_directory(registered, bakery, by):
    cards.describe(bakery, SAID, by=by)
    (entity,) = published(registered).entities
    assert entity.names == SAID["names"] and entity.websites == SAID["websites"]
    assert entity.identifiers == [("DUNS", "123456789")]
    assert entity.contacts == [Contact(*SAID["contacts"][0])]
    assert (entity.location, entity.additional) == (SAID["location"], SAID["additional"])
    assert entity.registered_on == "2026-01-31"
    assert (registered.card_state, registered.directory_state) == ("published", "published")
    assert "An Peeters" in str(listed())
    said = Event.objects.get(type="company.described")
    assert said.changes["registered_on"] == [None, "2026-01-31"]
    cards.describe(bakery, SAID, by=by)
    assert Event.objects.filter(type="company.described").count() == 1, "no change, no event"


def test_a_company_that_is_not_to_be_listed_has_no_card(registered, bakery, by):
    assert listed() and cards.shown(bakery)["directory"] == "published"
    cards.describe(bakery, {"is_listed": False}, by=by)
    assert published(registered) is None and not listed()
    assert (registered.state, registered.card_state) == ("active", "none")
    assert cards.shown(bakery)["directory"] == "none"
    assert not differences(by)
    configured_smp().put_business_card(parse(NUMBER), BusinessCard([Entity({"": "A"}, "BE")]))
    assert "business card: there at the SMP, nothing here" in differences(by)
    cards.describe(bakery, {"is_listed": True}, by=by)
    assert published(registered) and listed()


def test_what_was_said_holds_for_identifiers_to_come(gate, bakery, by):
    types = [*DEFAULT_DOCUMENT_TYPES, RESPONSE]
    cards.describe(bakery, {**SAID, "document_types": types, "is_listed": False}, by=by)
    row = participants.register(bakery, NUMBER, by=by)
    assert published(row) is None
    assert row.card_names == SAID["names"] and row.card_name == "Bakkerij Peeters"
    assert configured_smp().service_metadata(parse(NUMBER), RESPONSE)
    cards.describe(bakery, {"document_types": []}, by=by)
    assert published(row) is None
    assert configured_smp().service_metadata(parse(NUMBER), RESPONSE) is None


def test_a_card_that_is_changed_while_it_is_on_its_way_is_published_again(bakery, gate, by):
    row = participants.register(bakery, NUMBER, by=by)

    def change_midway(line: str) -> None:
        if line.startswith("PUT") and "businesscard" in line:
            gate.on_request = lambda line: None
            cards.describe(bakery, {"location": "Gent"}, by=by)

    gate.on_request = change_midway
    assert published(row).entities[0].location == "Gent"


def test_a_name_that_a_program_gives_takes_the_place_of_those_by_language(registered, bakery, by):
    cards.describe(bakery, {"names": SAID["names"]}, by=by)
    cards.rename(registered, card_name="Peeters", by=by)
    assert published(registered).entities[0].names == {"": "Peeters"}
    assert CompanyCard.objects.get().names == {}


@pytest.mark.parametrize(
    "said, sentence",
    [
        ({"names": {"xx": "A"}}, "two letters"),
        ({"websites": ["peeters"]}, "http"),
        ({"websites": ["javascript:alert(1)"]}, "http"),
        ({"contacts": [["", "", "", "nobody"]]}, "e-mail"),
        ({"identifiers": [["", "1"]]}, "scheme"),
        ({"registered_on": "31.1.2026"}, "2026-11-20"),
        ({"document_types": ["nonsense"]}, "no document type"),
        ({"location": "a" * 501}, "too long"),
        ({"websites": ["https://a.example"] * 21}, "more than 20"),
    ],
)
def test_what_no_card_can_hold_is_refused_at_its_field(bakery, by, said, sentence):
    with pytest.raises(Invalid, match=sentence) as refusal:
        cards.describe(bakery, said, by=by)
    assert list(refusal.value.fields) == list(said)
    assert not CompanyCard.objects.exists()
