"""A rule that fails on JSON names the field and what to do; what is left out is completed."""

import pytest
from lxml import etree

from peppol.invoices.reading import CAC, CBC
from peppol.services.documents import documents, intake, sellers
from tenants.errors import Invalid
from tenants.services import organizations
from tests.peppol.test_invoices import BUYER, INVOICE
from tests.peppol.trading import SHAPE

pytestmark = pytest.mark.django_db
LINE = INVOICE["lines"][0]


def exempt(**vat):
    return {**LINE, "vat": {"category": "E", "rate": 0, **vat}}


CAUSES = {
    "PEPPOL-EN16931-R003": ({"buyerReference": ""}, "buyerReference", "orderReference"),
    "BR-E-10": ({"lines": [LINE, exempt()]}, "lines.1.vat.exemptionReason", "Say why"),
    "BR-S-05": (
        {"lines": [{**LINE, "vat": {"category": "S", "rate": 0}}]},
        "lines.0.vat.rate",
        "Above 0",
    ),
    "BR-CL-23": ({"lines": [{**LINE, "unit": "999"}]}, "lines.0.unit", "UN/ECE"),
    "BR-33": (
        {"allowances": [{"amount": "1", "vat": {"rate": 6}}]},
        "allowances.0.reason",
        "reasonCode",
    ),
    "PEPPOL-EN16931-R041": (
        {"charges": [{"amount": "1", "percentage": "4", "reason": "x", "vat": {"rate": 6}}]},
        "charges.0.baseAmount",
        "percentage",
    ),
    "BR-CL-25": (
        {"buyer": {**BUYER, "peppolId": "9956:0403170701"}},
        "buyer.peppolId",
        "9956 left the list on 2023-12-31; use 0208",
    ),
    "BR-CO-09": ({"buyer": {**BUYER, "vatNumber": "86797978996"}}, "buyer.vatNumber", "letters"),
    "BR-61": ({"payment": {"meansCode": "30"}}, "payment.iban", "account"),
    "PEPPOL-EN16931-P0112": ({"typeCode": "384"}, "typeCode", "380"),
}


@pytest.mark.parametrize(("rule", "case"), CAUSES.items(), ids=CAUSES)
def test_a_rule_names_the_field_and_what_to_do(rule, case, sender):
    changes, field, advice = case
    with pytest.raises(intake.BrokenRules) as refusal:
        intake.from_json(sender, {**SHAPE, **changes})
    found = {one["rule"]: one for one in refusal.value.details["errors"]}
    assert found[rule]["field"] == field and advice in found[rule]["advice"]
    assert "BIS Billing 3.0.21" in found[rule]["ruleSet"]
    assert field in refusal.value.fields


def test_unknown_fields_are_warnings_beside_what_is_sent(sender):
    draft = intake.from_json(sender, {**SHAPE, "dueDat": "2026-12-20"})
    assert [(one["rule"], one["field"]) for one in draft.warnings] == [("unknown_field", "dueDat")]


def test_part_of_a_seller_is_completed_from_the_profile(sender):
    given = {"contact": {"name": "An"}, "address": {"street": "Korenmarkt 6"}}
    root = etree.fromstring(intake.from_json(sender, {**SHAPE, "seller": given}).content)
    party = root.find(f"{CAC}AccountingSupplierParty/{CAC}Party")
    said = {element.text for element in party.iter() if element.text}
    assert {"An", "Korenmarkt 6", "Gent", "BE", "Bakkerij Peeters BV", "0403170701"} <= said


def test_a_buyers_address_needs_a_country_only(sender):
    buyer = {**BUYER, "address": {"country": "FR"}}
    assert intake.from_json(sender, {**SHAPE, "buyer": buyer}).number == "2026-0042"


# How profiles are written, and what the UBL says.
PROFILES = {
    "BE": ("BE", "0403.170.701", "be 0403.170.701", ("0403170701", "0208"), "BE0403170701"),
    "bare VAT": ("BE", "0403170701", "0403.170.701", ("0403170701", "0208"), "BE0403170701"),
    "words": ("BE", "0403170701", "vrijgesteld", ("0403170701", "0208"), None),
    "DK": ("DK", "13 58 56 28", "DK13585628", ("13585628", "0184"), "DK13585628"),
    "NL": ("NL", "27375186", "NL 8563.41.421 B01", ("27375186", "0106"), "NL856341421B01"),
    "SE": ("SE", "556583-5849", "SE556583584901", ("5565835849", "0007"), "SE556583584901"),
    "IS": ("IS", "530575-0209", "", ("5305750209", "0196"), None),
    "DE": ("DE", "HRB 1234", "DE136695976", ("HRB 1234", None), "DE136695976"),
}


@pytest.mark.parametrize("profile", PROFILES.values(), ids=PROFILES)
def test_numbers_of_the_profile_are_written_as_their_country_writes_them(
    profile,
    sender,
):
    country, company_number, vat_number, number, vat = profile
    sender.country, sender.company_number = country, company_number
    sender.vat_number = vat_number
    said = sellers.profile_of(sender, "0208:0403170701")
    assert (said["companyNumber"], said.get("companyNumberScheme")) == number
    assert said.get("vatNumber") == vat


def test_a_danish_company_sends_with_its_cvr_number(sender):
    changes = {"country": "DK", "company_number": "13585628", "vat_number": "DK13585628"}
    organizations.update(sender, changes, by=documents.SYSTEM)
    danish = {"street": "S 1", "city": "Odense", "postalCode": "5000", "country": "DK"}
    buyer = {**BUYER, "address": danish, "vatNumber": "DK27110990", "companyNumber": "27110990"}
    # The registration number of the bank (DK-R-006) stands in the IBAN.
    means = {"meansCode": "31", "iban": "DK5000400440116243"}
    draft = intake.from_json(sender, {**SHAPE, "buyer": buyer, "payment": means})
    assert not any(one["fatal"] for one in draft.warnings)


@pytest.mark.parametrize("declared", ["ISO-8859-1", "utf-16", "nonsense"])
def test_xml_within_json_is_unicode_whatever_it_declares(declared, sender):
    ubl = intake.from_json(sender, {**SHAPE, "note": "Café Zoë"}).content.decode()
    text = ubl.replace("UTF-8", declared, 1).replace("'", '"', 4)
    sent = intake.from_json(sender, {"ubl": text}).content
    assert etree.fromstring(sent).findtext(f"{CBC}Note") == "Café Zoë"
    assert b"UTF-8" in sent[:60]


def test_an_invoice_without_lines_is_refused(sender):
    without = {name: value for name, value in SHAPE.items() if name != "lines"}
    with pytest.raises(Invalid) as refusal:
        intake.from_json(sender, without)
    assert list(refusal.value.fields) == ["lines"]
