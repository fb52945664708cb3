"""Identifiers: which are well formed, which are doubtful and why, which a company has."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from peppol import code_lists, national_numbers
from peppol.check_digits import CHECKS
from peppol.identifiers import (
    DEFAULT_DOCUMENT_TYPES,
    ParticipantId,
    check_registrable,
    parse,
    propose,
    warnings,
)
from tenants.errors import Invalid


@pytest.mark.parametrize(
    "text",
    [
        "0208:0123456789",
        "9925:BE0403170701",
        "0183:CHE100155212",
        "0204:991-01234TEST-09",
        "0009:FR86797978996",
        "0088:9012345000004",
        "0225:a_b",
        "9915:test",
        "iso6523-actorid-upis::0208:0403170701",
    ],
)
def test_what_has_the_form_is_read_and_never_rewritten(text):
    assert str(parse(text)) == text.removeprefix("iso6523-actorid-upis::")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "0208",
        "0208:",
        "208:1",
        "02080:1",
        "0208 0123456789",
        "0208:BE0403170701",
        "0208:01 2",
        "abcd:1",
        "0088:é",
        "0088:-1",
        "٠٢٠٨:1",
        "0208:٠",
        "0088:" + "1" * 131,
        "0088:1\x00",
        "x::0208:1",
    ],
)
def test_what_has_not_the_form_is_refused_with_an_example(text):
    """EIN-12."""
    with pytest.raises(Invalid, match="such as") as refusal:
        parse(text)
    assert refusal.value.code == "malformed_identifier"


@given(st.text(max_size=40))
def test_reading_never_fails_otherwise(text):
    try:
        pid = parse(text)
    except Invalid:
        return
    assert parse(str(pid)) == pid and isinstance(warnings(pid), list)


@pytest.mark.parametrize("icd", CHECKS)
def test_the_example_of_every_checked_scheme_is_beyond_doubt(icd):
    assert warnings(parse(CHECKS[icd].example)) == []


@pytest.mark.parametrize(
    "text, said",
    [
        ("0208:0123456789", "check digits"),
        ("9944:NL123456789B01", "check digits"),
        ("9999:123456789", "0060"),
        ("9956:0403170701", "2023-12-31"),
        ("0184:NL1", "0106"),
        ("0009:FR86797978996", "9957"),
        ("0193:abcde", "2026-07-07"),
        ("0205:abcdef", "not meant for registration"),
        ("0088:123", "such as 0088:9012345000004"),
        ("1234:1", "not in the official code list"),
    ],
)
def test_a_doubtful_identifier_is_a_warning_that_says_what_would_be_right(text, said):
    """C-15, C-72: the documents' own samples are kept as they are."""
    doubts = warnings(parse(text))
    assert said in " ".join(doubts)
    assert check_registrable(parse(text), "sandbox") == doubts
    with pytest.raises(Invalid) as refusal:
        check_registrable(parse(text), "production")
    assert refusal.value.code == "identifier_refused"


def test_a_good_identifier_is_registrable_in_production():
    assert check_registrable(parse("0208:0403170701"), "production") == []


@pytest.mark.parametrize(
    "country, numbers, expected",
    [
        ("BE", {"company_number": "0403.170.701"}, ["0208:0403170701"]),
        ("BE", {"vat_number": "BE 0403.170.701"}, ["0208:0403170701", "9925:BE0403170701"]),
        ("FR", {"vat_number": "FR86797978996"}, ["9957:FR86797978996", "0225:797978996"]),
        (
            "NL",
            {"company_number": "12345678", "vat_number": "NL004495445B01"},
            ["0106:12345678", "9944:NL004495445B01"],
        ),
        ("DE", {"vat_number": "DE136695976"}, ["9930:DE136695976"]),
        ("FI", {"company_number": "2077474-0"}, ["0216:003720774740"]),
        ("GR", {"vat_number": "EL094259216"}, ["9933:094259216"]),
        ("PL", {"vat_number": "8567346215"}, ["9945:PL8567346215"]),
        ("SA", {"vat_number": "300000000000003"}, []),
        ("BE", {}, []),
        ("be", {"company_number": "0403170701"}, ["0208:0403170701"]),
        ("BE", {"company_number": "403.170.701"}, ["0208:0403170701"]),
        ("BE", {"company_number": "not a number"}, []),
        ("BE", {"company_number": "12", "vat_number": "BE12"}, []),
        ("AE", {"vat_number": "100123456700003"}, ["0235:1001234567"]),
        ("AT", {"vat_number": "13585627"}, ["9914:ATU13585627"]),
        ("AU", {"company_number": "51 824 753 556"}, ["0151:51824753556"]),
        ("CH", {"company_number": "CHE-100.155.212"}, ["0183:CHE100155212"]),
        ("CH", {"vat_number": "CHE-100.155.212 MWST"}, ["0183:CHE100155212"]),
        ("DK", {"vat_number": "DK13585628"}, ["0184:13585628", "0198:DK13585628"]),
        ("EE", {"company_number": "10137025"}, ["0191:10137025"]),
        ("FI", {"vat_number": "FI20774740"}, ["0216:003720774740"]),
        (
            "FR",
            {"company_number": "784 301 772 00025"},
            ["0002:784301772", "0009:78430177200025", "0225:784301772"],
        ),
        ("HU", {"vat_number": "12345676-2-42"}, ["9910:HU12345676"]),
        ("IS", {"company_number": "450401-3150"}, ["0196:4504013150"]),
        ("IT", {"company_number": "00743110157"}, ["0211:IT00743110157"]),
        ("IT", {"company_number": "MI-1234567"}, []),
        (
            "JP",
            {"company_number": "7000012050002", "vat_number": "T7000012050002"},
            ["0188:7000012050002", "0221:T7000012050002"],
        ),
        ("LU", {"company_number": "B 123456", "vat_number": "LU15027442"}, ["9938:LU15027442"]),
        ("MY", {"vat_number": "C2584563200"}, ["0230:C2584563200"]),
        ("NG", {"vat_number": "1234567890123"}, ["0244:1234567890123"]),
        ("NO", {"vat_number": "NO 988 077 917 MVA"}, ["0192:988077917"]),
        ("OM", {"vat_number": "OM1234567890"}, ["0248:OM1234567890"]),
        ("SE", {"vat_number": "SE123456789701"}, ["0007:1234567897"]),
        (
            "SE",
            {"company_number": "123456-7897", "vat_number": "SE123456789701"},
            ["0007:1234567897"],
        ),
        ("SG", {"company_number": "T08GA0028A"}, ["0195:SGUENT08GA0028A"]),
        ("US", {"company_number": "12-3456789"}, ["9959:123456789"]),
        ("", {"company_number": "1"}, []),
    ],
)
def test_a_companys_identifiers_follow_from_its_numbers(country, numbers, expected):
    assert [str(pid) for pid in propose(country, **numbers)] == expected


@given(st.text(max_size=3), st.text(max_size=20), st.text(max_size=20))
def test_proposing_never_fails_and_every_proposal_can_be_read(country, company, vat):
    for pid in propose(country, company_number=company, vat_number=vat):
        assert parse(str(pid)) == pid


@given(
    st.sampled_from(sorted(national_numbers._RULES)),
    st.from_regex(r"[A-Z0-9 .-]{1,24}", fullmatch=True),
)
def test_what_a_country_proposes_is_in_force(country, number):
    for pid in propose(country, company_number=number, vat_number=number):
        assert parse(str(pid)) == pid
        scheme = code_lists.schemes()[pid.scheme]
        assert scheme.registrable and not scheme.deprecated and not scheme.is_removed()


@pytest.mark.parametrize(
    "text, label",
    [
        ("9915:test", "eh5boavaktmbgzyh2a63dz4qov33fvp5nsdvqklucfraayoodw6a"),
        ("0088:123abc", "y7dzfxaf3d4cjz4kcgrxtec6twvcga4ky7zwa5boif6mswd4tdrq"),
        ("0088:123ABC", "y7dzfxaf3d4cjz4kcgrxtec6twvcga4ky7zwa5boif6mswd4tdrq"),
    ],
)
def test_the_name_in_the_sml_is_the_published_one(text, label):
    assert parse(text).sml_name("zone.example") == f"{label}.iso6523-actorid-upis.zone.example"


def test_case_does_not_make_two_identifiers():
    assert ParticipantId("9925", "BE1").canonical() == ParticipantId("9925", "be1").canonical()


def test_the_list_is_whole_and_its_states_follow_from_dates():
    schemes = code_lists.schemes().values()
    assert len(schemes) == 105
    ublbe = code_lists.schemes()["0193"]
    assert not ublbe.is_removed(date(2026, 7, 6)) and ublbe.is_removed(date(2026, 7, 7))
    assert sum(not s.is_removed(date(2026, 11, 1)) and not s.deprecated for s in schemes) == 84


def test_a_company_is_registered_for_invoice_and_credit_note_of_bis_billing_3():
    assert [t.value.split("::")[1].split("##")[0] for t in DEFAULT_DOCUMENT_TYPES] == [
        "Invoice",
        "CreditNote",
    ]
    for document_type in DEFAULT_DOCUMENT_TYPES:
        assert "urn:fdc:peppol.eu:2017:poacc:billing:01:1.0" in {
            process.value for process in document_type.processes
        }
