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
    assert states(batch) == ["bad", "ready"] and problem in " ".join(line.problems)


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
    assert problem in batch.lines.get(number=3).problems[0]


def test_a_doubtful_identifier_is_a_warning_here_and_a_problem_in_production(acme, settings):
    doubtful = ["A", "BE", "0123456789", "", "", ""]
    line = checked(acme, doubtful).lines.get()
    assert line.state == "ready" and "check digits" in line.warnings[0]
    settings.PEPPOL_NETWORK = "production"
    line = checked(acme, doubtful).lines.get()
    assert line.state == "bad" and "check digits" in line.problems[0]


def test_an_identifier_that_somebody_has_is_a_warning(acme, rivals_company):
    taken = {"scheme": "0208", "value": "0403170701", "state": "active"}
    Participant.objects.create(organization=rivals_company, **taken)
    line = checked(acme, GOOD).lines.get()
    assert line.state == "ready" and "already registered on the network" in line.warnings[0]


def test_checking_leaves_no_trace(acme):
    before = Organization.objects.count()
    batch = checked(acme, GOOD)
    assert Organization.objects.count() == before and not Participant.objects.exists()
    assert imports.check(batch, {"name": 0}, register=False, with_keys=False, by=SYSTEM)


@pytest.mark.parametrize("mapping", [{}, {"email": 4}, {"name": 9}, {"secret": 0}, {"name": -1}])
def test_a_mapping_that_cannot_be_is_refused(acme, mapping):
    with pytest.raises(Invalid):
        imports.check(uploaded(acme, GOOD), mapping, register=True, with_keys=False, by=SYSTEM)
