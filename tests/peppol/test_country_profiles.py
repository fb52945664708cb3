"""What is usual in a country on Peppol, and what companies of it are registered for."""

import pytest

from peppol import code_lists, country_profiles, national_numbers
from peppol.document_types import uri_of
from peppol.identifiers import DEFAULT_DOCUMENT_TYPES, parse
from peppol.services.registration import cards, desired, participants, worker
from peppol.smp.client import Metadata
from peppol.smp.dialects import configured_smp
from tests.peppol.test_participants import NUMBER

XRECHNUNG = country_profiles.national_types("DE")[0]


@pytest.mark.once
def test_the_table_says_what_is_in_the_code_list_and_in_force():
    for country in country_profiles._TYPES:
        assert all(one.processes for one in country_profiles.national_types(country)), country
    schemes = code_lists.schemes()
    for country, scheme in country_profiles._NOTES:
        rules = {rule.scheme for rule in national_numbers._RULES[country]}
        assert scheme in rules and not schemes[scheme].is_removed(), (country, scheme)
    assert {uri_of(one.value) for one in country_profiles.all_types()} == {
        one.uri for one in country_profiles.all_types()
    }


@pytest.mark.django_db
def test_the_address_of_the_french_reform_goes_by_french_processes(bakery):
    for scheme, expected in (("0225", True), ("9957", False)):
        row = participants.Participant(organization=bakery, scheme=scheme, value="303265045")
        invoice = desired.of(row).document_types[0]
        assert any(":france:" in one.value for one in invoice.processes) is expected
        assert "billing:01:1.0" in invoice.processes[0].value
    (french, *_rest) = country_profiles.national_types("FR")
    assert {one.value.rpartition(":")[2] for one in french.processes} == {
        "regulated",
        "non-regulated",
    }


@pytest.mark.django_db(transaction=True)
def test_a_countrys_own_type_is_registered_and_taken_back(gate, bakery, by):
    row = participants.register(bakery, NUMBER, by=by)
    for wanted in ([*DEFAULT_DOCUMENT_TYPES, XRECHNUNG], []):
        cards.describe(bakery, {"document_types": wanted}, by=by)
        worker.drain(seconds=20)
        there = configured_smp().service_metadata(parse(NUMBER), XRECHNUNG)
        assert isinstance(there, Metadata) is bool(wanted)
    row.refresh_from_db()
    assert (row.state, row.metadata_state) == ("active", "published")
