"""What the Belgian register says of a company: where it is, and what speaks against it."""

import pytest

from peppol.registers import companies, company_lookup, kbo
from peppol.services.imports import lines
from tests.peppol.test_registers import extract

WALLOON, BANKRUPT, ABROAD = "0712.345.678", "0712.345.779", "0712.345.880"
FRENCH, BILINGUAL, CUT = "0712.345.981", "0712.346.080", "0712.346.181"


def company(number, situation="000", status="AC"):
    return [number, status, situation, "2", "610", "", "01-01-2001"]


def named(number, name, language="2"):
    return [number, language, "001", name]


def seat(number, zipcode, dutch, french, *, box="", country=("", ""), struck=""):
    """A seat at number 7; `dutch` and `french` are municipality and street."""
    places = [dutch[0], french[0], dutch[1], french[1]]
    return [number, "REGO", *country, zipcode, *places, "7", box, "", struck]


FACTS = {
    "meta": [["ExtractType", "full"], ["ExtractNumber", "9"]],
    "enterprise": [
        company(WALLOON),
        company(BANKRUPT, "050"),
        company(ABROAD),
        company(FRENCH),
        company(BILINGUAL, "012"),
        company(CUT, "777", "ST"),
    ],
    "denomination": [
        named(WALLOON, "Menuiserie du Parc", "1"),
        named(BANKRUPT, "  Weg   ermee "),
        named(ABROAD, "Over de grens BV"),
        named(FRENCH, "Atelier Dansaert", "1"),
        named(BILINGUAL, "Twee Talen"),
        named(BILINGUAL, "Deux Langues", "1"),
    ],
    "address": [
        seat(WALLOON, "5000", ("Namen", "Stationsstraat"), ("Namur", "Rue de la Gare"), box="3"),
        seat(BANKRUPT, "2000", ("Antwerpen", "Meir"), ("Anvers", "Meir"), struck="05-03-2025"),
        seat(
            ABROAD,
            "75001",
            ("Parijs", "Rue de Rivoli"),
            ("Paris", "Rue de Rivoli"),
            country=("Frankrijk", "France"),
        ),
        seat(FRENCH, "1000", ("Brussel", "Nieuwstraat"), ("Bruxelles", "Rue Neuve"), box="B"),
        seat(BILINGUAL, "1000", ("Brussel", "Nieuwstraat"), ("Bruxelles", "Rue Neuve"), box="2"),
        seat(CUT, "9000", ("Gent", "Veldstraat"), ("Gand", ""), country=("Utopia", "")),
    ],
}


@pytest.fixture
def register(db, tmp_path):
    return kbo.import_extract(extract(tmp_path / "facts.zip", FACTS))


@pytest.mark.parametrize(
    "number, street, city, abroad",
    [
        (WALLOON, "Rue de la Gare 7 bte 3", "Namur", ""),
        (BANKRUPT, "Meir 7", "Antwerpen", ""),
        (ABROAD, "Rue de Rivoli 7", "Parijs", "FR"),
        (FRENCH, "Rue Neuve 7 bte B", "Bruxelles", ""),
        (BILINGUAL, "Nieuwstraat 7 bus 2", "Brussel", ""),
        (CUT, "Veldstraat 7", "Gent", ""),
    ],
)
def test_an_address_is_in_the_language_and_country_of_its_place(
    register, number, street, city, abroad
):
    found = companies.look_up("BE", number)
    assert (found.street, found.city, found.address_country) == (street, city, abroad)
    assert company_lookup.find("BE", number).profile.get("address_country", "") == abroad


@pytest.mark.parametrize(
    "number, doubts",
    [
        (WALLOON, []),
        (ABROAD, []),
        (BANKRUPT, ["is or was bankrupt", "struck its address off on 2025-03-05"]),
        (BILINGUAL, ["was dissolved or ceased"]),
        (CUT, ["does not list it as active", "out of the ordinary: 777"]),
    ],
)
def test_what_speaks_against_a_company_is_said_wherever_it_is_looked_up(
    register, acme, number, doubts
):
    found = companies.look_up("BE", number).doubts
    assert len(found) == len(doubts) and all(map(str.__contains__, found, doubts))
    asked = company_lookup.find("BE", number)
    assert asked.doubt == " ".join(found)
    line = lines.read(acme, {"name": "A", "vat_number": f"BE {number}"})
    assert all(doubt in line.warnings for doubt in found)


def test_names_are_trimmed(register):
    assert companies.look_up("BE", BANKRUPT).name == "Weg ermee"


def test_a_line_that_says_a_number_alone_gets_the_address_abroad(register, acme):
    profile = lines.read(acme, {"company_number": ABROAD}).profile
    assert (profile["name"], profile["country"], profile["address_country"]) == (
        "Over de grens BV",
        "BE",
        "FR",
    )
