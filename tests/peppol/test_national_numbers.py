"""Which identifiers follow from a company's numbers in each country, and which are doubted."""

import pytest

from peppol import check_digits, code_lists, identifiers, national_numbers

# Country, company number, VAT number: the identifiers, the usual one first.
PROPOSED = {
    "Greece: the bare TIN": ("GR", "", "EL094259216", ["9933:094259216"]),
    "Slovakia: the tax number first": (
        "SK",
        "",
        "SK2022749619",
        ["0245:2022749619", "9950:SK2022749619"],
    ),
    "Monaco: in France's system": ("MC", "", "FR 53 0000 04605", ["9940:FR53000004605"]),
    "France: the address of its reform": (
        "FR",
        "784301772",
        "FR93784301772",
        ["9957:FR93784301772", "0002:784301772", "0225:784301772"],
    ),
    "France: by its VAT number alone": (
        "FR",
        "",
        "FR93784301772",
        ["9957:FR93784301772", "0225:784301772"],
    ),
    "New Zealand: its number is a GLN": ("NZ", "9429041535110", "", ["0088:9429041535110"]),
    "Spain: one number for all": ("ES", "B64717838", "", ["9920:ESB64717838"]),
    "Romania: one number for all": ("RO", "18547290", "", ["9947:RO18547290"]),
    "Netherlands: a public body": (
        "NL",
        "00000001820029336000",
        "",
        ["0190:00000001820029336000"],
    ),
    "Germany: the number for businesses": (
        "DE",
        "DE123456788-00001",
        "DE136695976",
        ["9930:DE136695976", "0246:DE123456788-00001"],
    ),
    "Belgium: both, the register's first": (
        "BE",
        "0403.170.701",
        "BE 0403.170.701",
        ["0208:0403170701", "9925:BE0403170701"],
    ),
    "Luxembourg: the matricule first": (
        "LU",
        "19992204096",
        "LU15027442",
        ["0240:19992204096", "9938:LU15027442"],
    ),
}


@pytest.mark.parametrize(("country", "company", "vat", "proposed"), PROPOSED.values(), ids=PROPOSED)
def test_identifiers_follow_from_a_countrys_numbers(country, company, vat, proposed):
    found = identifiers.propose(country, company_number=company, vat_number=vat)
    assert [str(one) for one in found] == proposed
    assert all(not identifiers.warnings(one) for one in found)


# Right numbers, each of which becomes wrong by one digit.
RIGHT = [
    "0151:51824753556",
    "0188:5835678256246",
    "0191:12345678",
    "0196:4504013150",
    "0218:40003521600",
    "0245:2022749619",
    "9910:HU12892312",
    "9920:ESB64717838",
    "9926:BG175074752",
    "9929:CZ25123891",
    "9931:EE100931558",
    "9932:GB980780684",
    "9933:094259216",
    "9934:HR33392005961",
    "9935:IE6433435F",
    "9937:LT119511515",
    "9939:LV40003521600",
    "9940:FR53000004605",
    "9943:MT11679112",
    "9945:PL8567346215",
    "9946:PT501964843",
    "9947:RO18547290",
    "9948:RS101134702",
    "9949:SI50223054",
    "9950:SK2022749619",
    "9952:TR4540536920",
]


@pytest.mark.parametrize("identifier", RIGHT)
def test_a_mistyped_digit_is_doubted(identifier):
    pid = identifiers.parse(identifier)
    assert identifiers.warnings(pid) == []
    place = next(n for n in range(len(pid.value) - 1, -1, -1) if pid.value[n].isdigit())
    digit = str((int(pid.value[place]) + 1) % 10)
    mistyped = f"{pid.scheme}:{pid.value[:place]}{digit}{pid.value[place + 1 :]}"
    assert "check digits" in identifiers.warnings(identifiers.parse(mistyped))[0]


def test_every_checked_scheme_is_in_the_list():
    known = {*check_digits.CHECKS, *check_digits._NUMBERS}
    assert known <= set(code_lists.schemes())


@pytest.mark.parametrize(("gone", "instead"), code_lists.SUCCESSORS.items())
def test_a_removed_scheme_names_one_that_is_in_force(gone, instead):
    assert not code_lists.schemes()[instead].is_removed()
    said = identifiers.warnings(identifiers.ParticipantId(gone, "1234567890"))
    assert instead in " ".join(said)


@pytest.mark.parametrize("scheme", ["0106", "0184", "0192", "0007", "0208", "0196"])
def test_registers_are_of_schemes_that_are_in_force(scheme):
    assert any(scheme in schemes for schemes in national_numbers.REGISTERS.values())


@pytest.mark.parametrize(
    ("identifier", "country", "hinted"),
    [
        ("9930:DE136695976", "BE", True),
        ("0208:0403170701", "BE", False),
        ("0088:9012345000004", "BE", False),
        ("9932:GB980780684", "XI", False),
        ("0208:0403170701", "", False),
    ],
)
def test_a_number_of_another_country_is_hinted_at(identifier, country, hinted):
    assert bool(identifiers.abroad(identifiers.parse(identifier), country)) == hinted
