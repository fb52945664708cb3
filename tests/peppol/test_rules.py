"""Documents are judged by the rules in force for their kind, and findings say which these are."""

from datetime import date

import pytest

from peppol.rules import judging, kinds, releases, sets
from peppol.rules.releases import Release
from tenants.errors import WrongState
from tests.peppol.judged import at, billing, drop, put, self_billing, within

pytestmark = pytest.mark.django_db
SUPPLIER = "AccountingSupplierParty/Party"
CUSTOMER = "AccountingCustomerParty/Party"
SWEDEN = {"schemeID": "0007"}


def found(root):
    return {breach.rule for breach in judging.judge(root).fatal}


# What changed up to BIS Billing 3.0.21: a document, and the rules that it breaks today.
CHANGED = {
    "an address under 0225 of the French reform": (
        lambda r: put(r, f"{CUSTOMER}/EndpointID", "732829320", schemeID="0225"),
        set(),
    ),
    "an address under 0245 of Slovakia": (
        lambda r: put(r, f"{CUSTOMER}/EndpointID", "2022749619", schemeID="0245"),
        set(),
    ),
    "an address under a removed scheme": (
        lambda r: put(r, f"{CUSTOMER}/EndpointID", "1234", schemeID="9901"),
        {"BR-CL-25", "PEPPOL-EN16931-CL008"},
    ),
    "an address that was a scheme until July 2026": (
        lambda r: put(r, f"{CUSTOMER}/EndpointID", "1234", schemeID="0193"),
        {"PEPPOL-EN16931-CL008"},
    ),
    "the process of invoices with a response": (
        lambda r: put(r, "ProfileID", "urn:peppol:bis:billing_with_response"),
        set(),
    ),
    "a process that nobody knows": (
        lambda r: put(r, "ProfileID", "urn:example:process"),
        {"PEPPOL-EN16931-R007"},
    ),
    "a Swedish number with a wrong check digit": (
        lambda r: put(r, f"{CUSTOMER}/EndpointID", "5565835841", **SWEDEN),
        {"PEPPOL-COMMON-R049"},
    ),
    "a Swedish number with a right check digit": (
        lambda r: put(r, f"{CUSTOMER}/EndpointID", "5565835849", **SWEDEN),
        set(),
    ),
    "a Danish SE number without its DK": (
        lambda r: put(r, f"{CUSTOMER}/EndpointID", "13585628", schemeID="0198"),
        {"PEPPOL-COMMON-R053"},
    ),
    "a Danish CVR number of eight digits": (
        lambda r: put(r, f"{CUSTOMER}/EndpointID", "13585628", schemeID="0184"),
        set(),
    ),
    "a corrected invoice between Belgians": (
        lambda r: put(r, "InvoiceTypeCode", "384"),
        {"PEPPOL-EN16931-P0112"},
    ),
    "the Bulgarian lev after the euro came": (
        lambda r: currency(r, "BGN"),
        {"BR-CL-03", "BR-CL-04", "PEPPOL-EN16931-CL007"},
    ),
    "the Caribbean guilder": (lambda r: currency(r, "XCG"), set()),
    "two Germans, and neither contact nor payment": (
        lambda r: within(r, "DE"),
        {"DE-R-001", "DE-R-002"},
    ),
}


def currency(root, code):
    put(root, "DocumentCurrencyCode", code)
    for element in root.iter():
        if element.get("currencyID"):
            element.set("currencyID", code)
    return root


@pytest.mark.parametrize(("change", "broken"), CHANGED.values(), ids=CHANGED)
def test_documents_are_judged_by_the_release_of_may_2026(change, broken):
    assert found(change(billing())) == broken


def test_a_removed_scheme_names_its_successor():
    root = put(billing(), f"{CUSTOMER}/EndpointID", "13585628", schemeID="9902")
    said = {breach.rule: breach.advice for breach in judging.judge(root).breaches}
    assert said["PEPPOL-EN16931-CL008"] == "9902 left the list on 2023-11-30; use 0184 (DK:DIGST)."


def test_self_billing_is_judged_by_rules_of_its_own():
    assert found(self_billing()) == set()
    assert found(put(self_billing(), "InvoiceTypeCode", "380")) == {"PEPPOL-EN16931-P0100"}
    assert found(put(billing(), "InvoiceTypeCode", "389")) == {"PEPPOL-EN16931-P0100"}


def test_an_unknown_specification_is_the_only_finding():
    root = drop(put(billing(), "CustomizationID", "urn:example:invoice"), "BuyerReference")
    judged = judging.judge(root)
    assert [breach.rule for breach in judged.breaches] == ["PEPPOL-EN16931-R004"]
    assert "urn:example:invoice" in judged.breaches[0].message


def test_a_kind_that_is_published_and_not_installed_is_not_judged():
    xrechnung = "urn:cen.eu:en16931:2017#compliant#urn:xeinkauf.de:kosit:xrechnung_3.0"
    judged = judging.judge(put(billing(), "CustomizationID", xrechnung))
    assert [breach.rule for breach in judged.breaches] == ["not_judged"]
    assert (judged.fatal, judged.rule_set) == ([], "")


def test_each_finding_names_its_rules_and_its_place():
    breach = judging.judge(put(billing(), "InvoiceTypeCode", "384")).breaches[0]
    assert breach.shown()["ruleSet"] == "BIS Billing 3.0.21, release 2026.5, built in"
    assert breach.location == "/Invoice[1]/InvoiceTypeCode[1]" and breach.line > 1


def test_what_the_base_rules_find_is_placed_alike():
    put(root := billing(), "TaxTotal/TaxAmount", "0.99")
    places = {breach.location for breach in judging.judge(root).breaches}
    assert places and all(place.startswith("/Invoice[1]") and "{" not in place for place in places)


def test_the_set_follows_from_the_day(monkeypatch):
    coming = sets.RuleSet("Coming", "2027.1", date(2027, 2, 22), True, sets.built_in().kinds)
    monkeypatch.setattr(sets, "known", lambda: [coming, sets.built_in()])
    now, then = sets.in_force(kinds.BILLING), sets.in_force(kinds.BILLING, date(2027, 2, 22))
    assert now[0] == sets.built_in() and then[0] == coming
    assert sets.upcoming(kinds.BILLING)[0] == coming
    assert sets.upcoming(kinds.BILLING, date(2027, 2, 22)) is None
    assert judging.judge(billing(), next_set=True).rule_set == "Coming, release 2027.1"
    assert judging.judge(billing()).rule_set.startswith("BIS Billing 3.0.21")


def test_where_no_later_rules_are_there_they_cannot_be_asked():
    with pytest.raises(WrongState, match="No later release"):
        judging.judge(billing(), next_set=True)


@pytest.mark.parametrize(
    ("newest", "on", "late"),
    [
        (date(2026, 8, 17), date(2026, 11, 30), False),
        (date(2026, 2, 23), date(2026, 8, 16), False),
        (date(2026, 2, 23), date(2026, 8, 17), True),
        (date(2026, 8, 17), releases.NEXT_EXPECTED, True),
    ],
)
def test_rules_are_outdated_once_their_successor_is_mandatory(newest, on, late):
    assert bool(releases.outdated(newest, on)) == late


def test_the_built_in_rules_are_not_outdated():
    # Fails when OpenPEPPOL's next release is due: take it up, or say that it is later.
    assert releases.outdated(sets.built_in().mandatory_from, sets.today()) == ""


def test_announced_releases_follow_each_other():
    days = [release.mandatory_from for release in releases.ANNOUNCED]
    assert days == sorted(days) and days[-1] < releases.NEXT_EXPECTED
    assert releases.in_force(date(2026, 8, 16)) == Release(
        "2025.11", "BIS Billing 3.0.20", date(2026, 2, 23)
    )


def test_places_are_found_again():
    assert at(billing(), f"{SUPPLIER}/EndpointID").get("schemeID") == "0208"
