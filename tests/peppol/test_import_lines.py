"""Lines of an import: recognised, completed, and judged without a trace."""

import pytest

from peppol.models import Participant, RegisteredCompany
from peppol.services.imports import imports, worker
from peppol.services.imports import lines as import_lines
from peppol.services.imports.columns import guess
from tenants.errors import Invalid
from tenants.models import Organization
from tests.conftest import SYSTEM, make_company
from tests.peppol.importing import GOOD, checked, started, states, uploaded


@pytest.mark.parametrize(
    "titles, expected",
    [
        (["Name", "Country"], {"name": 0, "country": 1}),
        (
            ["Naam", "Ondernemingsnummer", "BTW-nummer"],
            {"name": 0, "company_number": 1, "vat_number": 2},
        ),
        (
            ["Raison sociale", "Numéro d'entreprise", "Code postal", "Localité"],
            {"name": 0, "company_number": 1, "postal_code": 2, "city": 3},
        ),
        (
            ["Straße und Hausnummer", "PLZ", "Ort"],
            {"address_line1": 0, "postal_code": 1, "city": 2},
        ),
        (["name", "vat_number", "peppol_id"], {"name": 0, "vat_number": 1, "identifier": 2}),
        (["Something", "", "else"], {}),
        (["Name", "Name"], {"name": 0}),
    ],
)
def test_columns_are_recognised_by_their_titles(titles, expected):
    assert guess(titles) == expected


@pytest.mark.parametrize(
    "written, country",
    [
        ("BE", "BE"),
        ("be", "BE"),
        ("BEL", "BE"),
        ("Belgium", "BE"),
        ("België", "BE"),
        ("Belgique", "BE"),
        ("Belgien", "BE"),
        ("Deutschland", "DE"),
        ("Pays-Bas", "NL"),
        ("The Moon", None),
    ],
)
def test_countries_are_read_by_code_and_name(acme, written, country):
    found = import_lines.read(acme, {"name": "A", "country": written})
    assert found.profile["country"] == (country or "")
    assert bool(found.problems) == (country is None)


@pytest.mark.parametrize(
    "cells, problem",
    [
        (["", "BE", "", "", "", ""], "Name: This field cannot be blank."),
        (["A", "The Moon", "", "", "", ""], "is no country"),
        (["A", "BE", "", "", "nobody", ""], "E-mail address: Enter a valid email address."),
        (["A", "BE", "", "", "", "0208"], "Peppol identifier: “0208” is not"),
        (["A" * 300, "BE", "", "", "", ""], "Name: Ensure this value has at most 255"),
    ],
)
def test_what_is_wrong_with_a_line_is_said_at_its_field(acme, cells, problem):
    batch = checked(acme, cells, GOOD)
    line = batch.lines.get(number=2)
    assert states(batch) == ["bad", "ready"] and problem in " ".join(line.told_problems)


def test_what_the_register_knows_need_not_stand_in_the_file(acme):
    RegisteredCompany.objects.create(
        number="0403170701",
        status="AC",
        names={"nl": "Bakkerij Peeters"},
        street="Korenmarkt 5",
        postal_code="9000",
        city="Gent",
        extract=1,
    )
    batch = started(acme, ["403170701"], titles=["KBO"])
    worker.advance()
    company = Organization.objects.under(acme).get()
    assert (company.name, company.city) == ("Bakkerij Peeters", "Gent")
    assert company.company_number == "0403170701" and states(batch) == ["done"]


@pytest.mark.parametrize(
    "cells, problem",
    [
        (["Old", "BE", "0403170701", "", "", ""], "You have a company with this number: The old"),
        (["Old", "BE", "", "BE 403.170.701", "", ""], "You have a company with this number"),
        (["New", "BE", "0123.456.749", "", "", ""], "Line 2 has the same number."),
    ],
)
def test_no_company_comes_twice(acme, rival, cells, problem):
    make_company(acme, "The old one", company_number="0403170701")
    make_company(rival, "A stranger", company_number="0987654321")
    first = ["First", "BE", "0123456749", "", "", ""]
    stranger = ["Stranger", "BE", "0987654321", "", "", ""]
    batch = checked(acme, first, cells, stranger)
    assert states(batch) == ["ready", "bad", "ready"]
    assert problem in batch.lines.get(number=3).told_problems[0]


@pytest.mark.parametrize(
    "cells, state, said",
    [
        (["Totaal", "", "300", "", "", ""], "bad", "looks like the end of the list"),
        (["Total général :", "", "", "", "", ""], "bad", "looks like the end of the list"),
        (["Summe 12", "", "", "", "", ""], "bad", "looks like the end of the list"),
        (["Pagina 1 van 3", "", "", "", "", ""], "bad", "looks like the end of the list"),
        (["Total", "BE", "0403170701", "", "", ""], "ready", ""),
        (["A", "BE", "4,03171E+08", "", "", ""], "bad", "Company number: A spreadsheet cut"),
        (["A", "BE", "", "#N/A", "", ""], "bad", "VAT number: “#N/A” is what a spreadsheet"),
        (["A", "BE", "300", "", "", ""], "bad", "has ten digits"),
        (["A", "NL", "1234567", "", "", ""], "bad", "dropped zeros in front"),
        (["A", "BE", "", "vrijgesteld", "", ""], "ready", "“vrijgesteld” is no number."),
        (["A", "BE", "", "DE136695976", "", ""], "ready", "It is of DE, and the company is in BE."),
    ],
)
def test_what_a_spreadsheet_broke_is_stopped_in_words(acme, cells, state, said):
    line = checked(acme, cells, ["B", "BE", "0123.456.749", "", "", ""]).lines.get(number=2)
    assert line.state == state and said in " ".join(line.told_problems + line.told_warnings)


def test_words_are_not_the_same_number(acme):
    words = [["A", "BE", "", word, "", ""] for word in ("n/a", "n/a", "-", "-")]
    assert states(checked(acme, *words)) == ["ready"] * 4


@pytest.mark.parametrize(
    "held, written",
    [
        ({"vat_number": "BE0403170701"}, ["", "403.170.701", "", ""]),
        ({"company_number": "0403.170.701"}, ["", "", "be 0403170701", ""]),
        ({"country": "FR", "company_number": "303 265 045"}, ["FR", "", "FR40303265045", ""]),
        ({"country": "SE", "vat_number": "SE556677889901"}, ["SE", "556677-8899", "", ""]),
        ({"identifier": "0208:0403170701"}, ["", "0403170701", "", ""]),
        ({"identifier": "9925:BE0403170701"}, ["", "", "", "0208:0403170701"]),
        ({"identifier": "0088:5412345000013"}, ["", "", "", "0088:5412345000013"]),
    ],
)
def test_ones_own_companies_are_found_by_any_number_in_any_spelling(acme, held, written):
    profile = dict(held)
    identifier = profile.pop("identifier", "")
    company = make_company(acme, "The old one", **profile)
    if identifier:
        scheme, value = identifier.split(":")
        Participant.objects.create(organization=company, scheme=scheme, value=value)
    country, number, vat, pid = written
    line = checked(acme, ["New", country, number, vat, "", pid]).lines.get()
    assert line.told_problems == ["You have a company with this number: The old one."]


def test_a_file_without_a_number_is_asked_about_before_anything_comes_of_it(acme):
    batch = uploaded(acme, ["1000000001", "A"], titles=["Number", "Name"])
    options = {"register": True, "with_keys": False, "by": SYSTEM}
    with pytest.raises(Invalid, match="Say in which column the company or VAT numbers stand"):
        imports.check(batch, batch.mapping, **options)
    assert states(batch) == ["new"] and batch.mapping == {"name": 1}
    assert imports.check(batch, batch.mapping, without_numbers=True, **options).state == "checked"


def test_columns_that_were_settled_once_are_remembered(acme, rival):
    titles, settled = ["A", "B", "C", "B"], {"name": 1, "vat_number": 3}
    options = {"register": True, "with_keys": False, "by": SYSTEM}
    imports.check(uploaded(acme, ["1", "Een", "", ""], titles=titles), settled, **options)
    for again, mapping in (
        (titles, settled),
        ([*titles, "Problem"], settled),
        (["C", "b", "E-mail", "a.", "B"], {"name": 1, "vat_number": 4, "email": 2}),
        (["A", "C", "B"], {}),
    ):
        assert uploaded(acme, ["x"] * len(again), titles=again).mapping == mapping
    assert uploaded(rival, ["x"] * 4, titles=titles).mapping == {}


def test_a_doubtful_identifier_is_a_warning_here_and_a_problem_in_production(acme, settings):
    doubtful = ["A", "BE", "0123456789", "", "", ""]
    line = checked(acme, doubtful).lines.get()
    assert line.state == "ready" and "check digits" in line.told_warnings[0]
    settings.PEPPOL_NETWORK = "production"
    line = checked(acme, doubtful).lines.get()
    assert line.state == "bad" and "check digits" in line.told_problems[0]


def test_an_identifier_that_somebody_has_is_a_warning(acme, rivals_company):
    taken = {"scheme": "0208", "value": "0403170701", "state": "active"}
    Participant.objects.create(organization=rivals_company, **taken)
    line = checked(acme, GOOD).lines.get()
    assert line.state == "ready" and "already registered on the network" in line.told_warnings[0]


def test_checking_leaves_no_trace(acme):
    before = Organization.objects.count()
    batch = checked(acme, GOOD)
    assert Organization.objects.count() == before and not Participant.objects.exists()
    assert imports.check(
        batch, {"name": 0, "vat_number": 3}, register=False, with_keys=False, by=SYSTEM
    )


@pytest.mark.parametrize(
    "mapping", [{}, {"email": 4}, {"name": 9}, {"secret": 0}, {"name": -1}, {"name": 0}]
)
def test_a_mapping_that_cannot_be_is_refused(acme, mapping):
    with pytest.raises(Invalid):
        imports.check(uploaded(acme, GOOD), mapping, register=True, with_keys=False, by=SYSTEM)


def test_a_line_may_say_what_the_network_is_to_know(acme):
    titles = ["Name", "Company number", "Website", "In the Peppol Directory", "Receives"]
    good = ["A", "0403.170.701", "peeters.example", "Nee", "Invoices; Credit notes, Response"]
    bad = ["B", "0202.239.951", "no website", "perhaps", "Telegrams"]
    batch = checked(acme, good, bad, titles=titles)
    assert states(batch) == ["ready", "bad"]
    told = batch.lines.get(number=3)
    assert "neither yes nor no" in " ".join(told.told_problems)
    assert "Telegrams" in str(told.told_problems)
    assert "is no website" in str(told.told_warnings)
    imports.start(checked(acme, good, titles=titles), by=SYSTEM)
    worker.advance()
    card = Organization.objects.get(name="A").company_card
    assert (card.is_listed, card.websites) == (False, ["https://peeters.example"])
    row = Participant.objects.get()
    assert len(row.document_types) == 3, "more than the usual set"
