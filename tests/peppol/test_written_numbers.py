"""Numbers as people write them: kept in one form, and stopped where a spreadsheet broke them."""

import pytest

from peppol import written_numbers

pytestmark = pytest.mark.once

# Country, as it is written, as it is kept.
VAT = [
    ("BE", "0462.222.222", "BE0462222222"),
    ("BE", "BTW BE 0464.444.413", "BE0464444413"),
    ("BE", "be0466666604", "BE0466666604"),
    ("BE", "465555557", "BE0465555557"),
    ("BE", "BE 465.555.557", "BE0465555557"),
    ("BE", "TVA n° BE0403170701", "BE0403170701"),
    ("BE", "vrijgesteld", ""),
    ("BE", "n/a", ""),
    ("BE", "0", ""),
    ("BE", "DE 111 111 125", "DE111111125"),
    ("DE", "111111125", "DE111111125"),
    ("DE", "USt-IdNr. DE111111125", "DE111111125"),
    ("NL", "002345678B02", "NL002345678B02"),
    ("AT", "U12345678", "ATU12345678"),
    ("GR", "GR094259216", "EL094259216"),
    ("GR", "094259216", "EL094259216"),
    ("GB", "XI123456789", "XI123456789"),
    ("FR", "40 303 265 045", "FR40303265045"),
    ("ES", "B64717838", "ESB64717838"),
    ("CH", "CHE-123.456.788 MWST", "CHE123456788MWST"),
    ("US", "12-3456789", "123456789"),
]
COMPANY = [
    ("BE", "0403.170.701", "0403170701"),
    ("BE", "BE 403 170 701", "0403170701"),
    ("BE", "300", "300"),
    ("NL", "8765 4321", "87654321"),
    ("SE", "556677-8899", "5566778899"),
    ("DE", "HRB  12345", "HRB 12345"),
    ("FI", "1234567-8", "1234567-8"),
    ("FR", "732 829 320 00074", "73282932000074"),
    ("BE", "geen", ""),
    ("NL", "-", ""),
]


@pytest.mark.parametrize(("country", "written", "kept"), VAT)
def test_a_vat_number_is_kept_in_one_form(country, written, kept):
    assert written_numbers.vat_number(country, written) == kept
    assert written_numbers.vat_number(country, kept) == kept


@pytest.mark.parametrize(("country", "written", "kept"), COMPANY)
def test_a_company_number_is_kept_in_one_form(country, written, kept):
    assert written_numbers.company_number(country, written) == kept
    assert written_numbers.company_number(country, kept) == kept


@pytest.mark.parametrize(
    ("vat", "country"),
    [
        ("DE111111125", "DE"),
        ("el 094259216", "GR"),
        ("XI123456789", "GB"),
        ("CHE-123.456.788", "CH"),
        ("0403170701", ""),
        ("XX123", ""),
        ("Belgium", ""),
    ],
)
def test_a_vat_number_says_whose_it_is(vat, country):
    assert written_numbers.prefix_country(vat) == country


@pytest.mark.parametrize(
    ("number", "said"),
    [
        ("4,03171E+08", "cut “4,03171E+08” short"),
        ("4.03e8", "cut “4.03e8” short"),
        ("#N/A", "shows for an error"),
        ("#####", "shows for an error"),
        ("#REF!", "shows for an error"),
        ("#WERT!", "shows for an error"),
        ("0403170701", None),
        ("IE6433435E", None),
    ],
)
def test_what_a_spreadsheet_broke_is_said(number, said):
    found = written_numbers.damage(number)
    assert said in found if said else found is None


@pytest.mark.parametrize(
    ("country", "number", "said"),
    [
        ("BE", "0403170701", None),
        ("BE", "300", "has ten digits"),
        ("BE", "9403170701", "has ten digits"),
        ("NL", "1234567", "dropped zeros in front"),
        ("FR", "5520811", "dropped zeros in front"),
        ("NL", "87654321", None),
        ("DE", "12", None),
    ],
)
def test_a_number_that_can_be_none_is_doubted(country, number, said):
    found = written_numbers.doubt(country, number)
    assert said in found if said else found is None


@pytest.mark.parametrize(
    "country, given, form",
    [
        ("BE", ("BE 0403.170.701", "BE 403.170.701"), ("0403170701", "BE0403170701")),
        ("BE", ("0403.170.701", "0403170701"), ("0403170701", "BE0403170701")),
        ("FR", ("303 265 045", "fr 40 303 265 045"), ("303265045", "FR40303265045")),
        # What is none of its country's stays as it was given.
        ("BE", ("4711 / a", "exempt"), ("4711 / a", "exempt")),
        ("SA", ("1010-2020", "3000 0000"), ("1010-2020", "3000 0000")),
        ("", ("0403.170.701", "x"), ("0403.170.701", "x")),
    ],
)
def test_whatever_a_number_comes_by_it_is_kept_in_one_form(country, given, form):
    profile = dict(zip(("company_number", "vat_number"), given, strict=True))
    assert tuple({**profile, **written_numbers.kept(country, profile)}.values()) == form
