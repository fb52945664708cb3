"""Checking a document without sending it: the sandbox says what production says."""

import pytest

from peppol.models import Document, Participant
from tests.api.flowie.test_documents import INVOICE, playbook

pytestmark = pytest.mark.django_db


def test_a_document_can_be_checked_without_sending_it(acting, company):
    good = acting.post("/documents/validate", playbook(company))
    assert (good.status_code, good.json()["valid"], good.json()["amount"]) == (200, True, "120.00")
    assert good.json()["errors"] == [] and not Document.objects.exists()


@pytest.mark.parametrize("network", ["sandbox", "production"])
@pytest.mark.parametrize(
    ("document", "field", "code"),
    [
        ({"any": "thing"}, "document", "unknown_shape"),
        ({"content": "aGVsbG8="}, "document.content", "unknown_shape"),
        ({**INVOICE, "buyerReference": ""}, "document.buyerReference", "PEPPOL-EN16931-R003"),
        ({**INVOICE, "lines": [{}]}, "document.lines.0.name", "invalid_invoice"),
        ({"ubl": "<Invoice"}, "document", "not_xml"),
    ],
    ids=lambda value: str(value)[:30],
)
def test_what_cannot_be_sent_is_not_valid_on_any_network(
    acting, company, settings, network, document, field, code
):
    """The sandbox says of a document what production says."""
    Participant.objects.update(state="active")
    settings.PEPPOL_NETWORK = network
    answer = acting.post("/documents/validate", playbook(company, document=document))
    found = {(entry["field"], entry["code"]) for entry in answer.json()["errors"]}
    assert answer.status_code == 200 and answer.json()["valid"] is False
    assert (field, code) in found, found


def test_a_company_that_may_not_send_yet_is_told_so(acting, company, settings):
    said = acting.post("/documents/validate", playbook(company)).json()
    assert [one["rule"] for one in said["warnings"]] == ["not_registered"]
    settings.PEPPOL_NETWORK = "production"
    said = acting.post("/documents/validate", playbook(company)).json()
    assert (said["valid"], said["errors"][0]["code"]) == (False, "not_registered")


def test_a_warning_names_the_field_and_nothing_is_no_amount(acting, company):
    line = {**INVOICE["lines"][0], "quantity": 0, "colour": "red"}
    call = playbook(company, document={**INVOICE, "lines": [line], "dueDat": "2026-12-20"})
    said = acting.post("/documents/validate", call).json()
    named = {one.get("field"): one["rule"] for one in said["warnings"]}
    assert named["document.dueDat"] == named["document.lines.0.colour"] == "unknown_field"
    assert said["amount"] == "0.00"


def test_a_broken_rule_names_the_rules_that_say_so(acting, company):
    call = playbook(company, document={**INVOICE, "buyerReference": ""})
    (found,) = acting.post("/documents/validate", call).json()["errors"]
    assert "BIS Billing 3.0.21" in found["ruleSet"]


@pytest.mark.parametrize(
    "call", [{}, {"document": "plain"}, {"document": INVOICE, "to": "x"}, {"from": "comp_0"}]
)
def test_a_call_that_names_no_document_is_no_verdict(acting, call):
    assert acting.post("/documents/validate", call).status_code == 422
