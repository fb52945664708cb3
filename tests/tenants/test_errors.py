"""A refusal is a sentence in English for programs, and in their own language for people."""

import pytest
from django.utils import translation
from django.utils.translation import trans_real

from tenants.errors import Invalid, WrongState
from tenants.models import Organization
from tenants.sentences import Sentence, say, within
from tenants.ui import display

Status = Organization.Status
SENTENCE = "It is %(state)s, not %(wanted)s."


@pytest.fixture
def french(monkeypatch):
    """A page in French, whose catalogue has the sentence."""
    known = trans_real.translation("fr")._catalog._catalogs[0]
    monkeypatch.setitem(known, SENTENCE, "Elle est %(state)s, pas %(wanted)s.")
    with translation.override("fr"):
        yield


def refusal() -> WrongState:
    values = {"state": within(Status.SUSPENDED.label), "wanted": within(Status.ACTIVE.label)}
    return WrongState(SENTENCE, values=values)


def test_programs_read_english_whatever_the_language_of_the_request(french):
    assert refusal().message == str(refusal()) == "It is suspended, not active."


def test_people_read_sentence_and_states_in_their_language(french):
    states = [str(label).lower() for label in (Status.SUSPENDED.label, Status.ACTIVE.label)]
    assert states != ["suspended", "active"]
    assert display.refusal(refusal()) == f"Elle est {states[0]}, pas {states[1]}."


def test_what_is_said_at_a_field_is_translated_too(french):
    values = {"state": "x", "wanted": "y"}
    fields = {"name": [SENTENCE % values, "Anything else."]}
    error = Invalid(SENTENCE, values=values, fields=fields)
    assert error.fields["name"][0] == "It is x, not y."
    assert display.refused_fields(error) == {"name": ["Elle est x, pas y.", "Anything else."]}


def test_a_percent_sign_in_a_plain_sentence_stays_one():
    assert Invalid("Not 100 % sure.").message == "Not 100 % sure."
    assert display.refusal(Invalid("Not 100 % sure.")) == "Not 100 % sure."


def test_a_sentence_within_a_sentence_is_said_in_the_same_language(french):
    inner = Sentence(SENTENCE, state="x", wanted="y")
    whole = Sentence("%(field)s: %(why)s", field="Name", why=inner)
    assert whole == "Name: It is x, not y." and say(whole) == "Name: Elle est x, pas y."
    assert say("Anything else.") == "Anything else."
