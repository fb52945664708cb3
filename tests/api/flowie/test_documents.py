"""Documents: send, batch, list, read (FLO-19 to FLO-22, FLO-42 to FLO-44, FLO-50, FLO-59)."""

import base64

import pytest

from config.api.flowie.openapi import examples
from peppol.models import Document, MonthlyUsage
from tenants.models import Event
from tests.api.flowie.conftest import Flowie, platform_key
from tests.api.flowie.test_onboarding import in_parallel

pytestmark = pytest.mark.django_db
SEND, BATCH = "/documents/send", "/documents/send/batch"
INVOICE = examples.OUTGOING["document"]


def playbook(company, **changes):
    """What the playbook's `send_invoice` posts."""
    body = {"type": "invoice", "from": company, "to": "0208:0403170701", "document": INVOICE}
    return {**body, **changes}


def sent():
    return MonthlyUsage.objects.filter(environment="live").totals()["sent"]


def test_a_platform_key_sends_for_the_tenant_in_the_header(acting, company):
    """FLO-19, FLO-40, FLO-59."""
    answer = acting.post(SEND, playbook(company), headers={"Idempotency-Key": "t_acme-2026-0042"})
    shown = answer.json()
    assert answer.status_code == 202, answer.content
    assert shown["id"].startswith("doc_") and shown["status"] == "accepted"
    assert (shown["companyId"], shown["from"], shown["to"]) == (
        company,
        company,
        "0208:0403170701",
    )
    assert (shown["type"], shown["number"], shown["amount"]) == ("invoice", "2026-0042", "120.00")
    assert (shown["sender"], shown["format"]) == ("9957:FR86797978996", "ubl")
    rows = acting.get("/platform/usage?groupBy=company").json()["byCompany"]
    assert [(row["tenantId"], row["sent"]) for row in rows] == [("t_acme", 1)]


@pytest.mark.parametrize(
    ("method", "path"),
    [("POST", SEND), ("POST", BATCH), ("POST", "/documents/validate"), ("GET", "/documents")],
)
def test_without_the_header_a_platform_key_is_asked_whom_it_acts_for(api, company, method, path):
    """FLO-20, C-30."""
    answer = api(method, path, playbook(company))
    assert (answer.status_code, answer.json()["code"]) == (403, "COMPANY_REQUIRED")
    assert not Document.objects.exists()


def test_a_company_that_is_not_yours_is_as_good_as_none(rival_api, made, company):
    """FLO-21."""
    answers = [
        rival_api.acting(named).post(SEND, playbook(company))
        for named in (company, "comp_00000000000000000000000000", "rubbish", "\\")
    ]
    assert {answer.status_code for answer in answers} == {404}
    assert len({answer.content for answer in answers}) == 1
    assert not Document.objects.exists()


def test_a_tenant_key_sends_for_its_own_company_without_a_header(tenant, company):
    """FLO-15."""
    answer = tenant.post(SEND, playbook(company))
    assert answer.status_code == 202 and answer.json()["companyId"] == company


def test_a_retry_gets_the_same_answer_and_counts_once(acting, company):
    """FLO-22."""
    first, again = (
        acting.post(SEND, playbook(company), headers={"Idempotency-Key": "k"}) for _ in range(2)
    )
    assert first.content == again.content and (Document.objects.count(), sent()) == (1, 1)


def test_one_idempotency_key_of_two_tenants_is_two_calls(api, company, onboard):
    """C-24."""
    sister = onboard(vatNumber="FR11111111111", name="Sister")["company"]["id"]
    for one in (company, sister):
        answer = api.acting(one).post(
            SEND, {"document": {"any": "thing"}}, headers={"Idempotency-Key": "inv-001"}
        )
        assert answer.status_code == 202 and answer.json()["companyId"] == one


@pytest.mark.django_db(transaction=True)
def test_concurrent_retries_send_once(acme, company, api):
    key = platform_key(acme)

    def send(_):
        header = {"Idempotency-Key": "once"}
        return Flowie(key, company).post(SEND, playbook(company), headers=header).status_code

    assert set(in_parallel(5, send)) <= {202, 409}
    assert (Document.objects.count(), sent()) == (1, 1)


@pytest.mark.parametrize("content", [{"any": "thing"}, {"lines": "none", "nested": {"a": [1]}}])
def test_what_no_network_would_take_the_sandbox_carries_and_says_so(acting, content):
    call = {"to": "0208:0403170701", "document": content}
    answer = acting.post(SEND, call)
    assert answer.status_code == 202 and answer.json()["format"] == "json"
    (warning,) = answer.json()["warnings"]
    assert (warning["rule"], warning["fatal"]) == ("unknown_shape", True)
    payload = acting.get(f"/documents/{answer.json()['id']}/payload")
    assert payload["Content-Type"] == "application/json" and payload.json() == content
    (listed,) = acting.get("/documents").json()["documents"]
    assert listed["warnings"] == [warning] and listed["type"] == "other"


def test_a_document_may_be_given_as_ubl(acting, company):
    made = acting.post(SEND, playbook(company)).json()
    ubl = acting.get(f"/documents/{made['id']}/payload").content
    packed = base64.b64encode(ubl).decode()
    for call in (
        {"document": ubl.decode()},
        {"document": {"ubl": ubl.decode()}},
        {"document": packed},
        {"document": {"content": packed}},
        {"content": packed},
        {"content": f"{packed[:76]}\n{packed[76:]}"},
        {"content": base64.b64encode(ubl.decode().encode("utf-8-sig")).decode()},
    ):
        answer = acting.post(SEND, {"to": "0208:0403170701", **call})
        assert answer.status_code == 202 and answer.json()["number"] == "2026-0042", call
        assert acting.post("/documents/validate", call).json()["valid"] is True
    shown = acting.get("/documents?limit=1").json()["documents"][0]
    assert shown["documentType"].endswith("billing:3.0::2.1") and shown["format"] == "ubl"


@pytest.mark.parametrize(
    ("change", "field", "code"),
    [
        ({"document": None}, "document", "null"),
        ({"document": []}, "document", "not_a_document"),
        ({"document": {}}, "document", "not_a_document"),
        ({"document": "plain"}, "document", "not_a_document"),
        ({"document": "aGVsbG8="}, "document", "not_a_document"),
        ({"content": "aGVsbG8="}, "content", "not_a_document"),
        ({"content": {"a": 1}}, "content", "not_a_document"),
        ({"to": "nonsense"}, "to", "malformed_identifier"),
        ({"to": 5}, "to", "not_a_string"),
        ({"type": "poem"}, "type", "invalid_choice"),
        ({"type": ["invoice"]}, "type", "invalid_choice"),
        ({"from": "comp_00000000000000000000000000"}, "from", "company_mismatch"),
        ({"from": 5}, "from", "not_a_string"),
        ({"document": {**INVOICE, "lines": [{}]}}, "document.lines.0.name", "invalid_invoice"),
        (
            {"document": {**INVOICE, "buyerReference": ""}},
            "document.buyerReference",
            "PEPPOL-EN16931-R003",
        ),
        ({"to": "0208:0202239951"}, "to", "receiver_differs"),
    ],
    ids=lambda value: str(value)[:40] if isinstance(value, dict) else None,
)
def test_what_cannot_be_sent_is_named_and_nothing_is_written(acting, company, change, field, code):
    events = Event.objects.count()
    answer = acting.post(SEND, playbook(company, **change))
    assert answer.status_code == 422, answer.content
    found = {(entry["field"], entry["code"]) for entry in answer.json()["errors"]}
    assert (field, code) in found
    assert (Document.objects.count(), Event.objects.count()) == (0, events)


@pytest.mark.parametrize("raw", [b"", b"{", b"[]", b"null", b'{"document":{"a":"\\ud800"}}'])
def test_a_body_that_says_nothing_is_refused(acting, raw):
    assert acting.post(SEND, raw=raw).status_code in (400, 422)


def test_a_batch_of_a_hundred_is_accepted_in_one_call(acting):
    """FLO-42."""
    items = [{"document": {"number": str(n)}} for n in range(100)]
    answer = acting.post(BATCH, {"documents": items}, headers={"Idempotency-Key": "nightly"})
    assert answer.status_code == 207
    assert (answer.json()["accepted"], answer.json()["rejected"]) == (100, 0)
    assert [result["document"]["number"] for result in answer.json()["results"]] == [
        str(n) for n in range(100)
    ]
    assert (Document.objects.count(), sent()) == (100, 100)
    acting.post(BATCH, {"documents": items}, headers={"Idempotency-Key": "nightly"})
    assert sent() == 100


@pytest.mark.parametrize(
    "documents",
    [[{"document": {"a": 1}}] * 101, [], None, {}, "x"],
    ids=["101", "none", "null", "object", "text"],
)
def test_a_batch_of_too_many_or_none_is_refused(acting, documents):
    """FLO-43."""
    answer = acting.post(BATCH, {"documents": documents})
    assert answer.status_code == 422 and answer.json()["errors"][0]["field"] == "documents"
    assert not Document.objects.exists()


@pytest.mark.parametrize(
    "broken",
    [
        None,
        5,
        [],
        {},
        {"document": {}},
        {"document": {"a": 1}, "to": "x"},
        {"document": INVOICE},
        {"document": {**INVOICE, "buyerReference": ""}},
    ],
    ids=str,
)
@pytest.mark.parametrize("keyed", [True, False])
def test_a_broken_item_does_not_stop_the_good_ones(acting, company, broken, keyed):
    """FLO-44."""
    if broken == {"document": INVOICE}:
        broken = {**broken, "from": "comp_00000000000000000000000000"}
    items = [playbook(company), broken, {"document": {"number": "last"}}]
    headers = {"Idempotency-Key": "b"} if keyed else {}
    answer = acting.post(BATCH, {"documents": items}, headers=headers)
    assert answer.status_code == 207
    results = answer.json()["results"]
    assert [result["status"] for result in results] == ["accepted", "rejected", "accepted"]
    assert [result["index"] for result in results] == [0, 1, 2]
    assert results[1]["statusCode"] == 422 and results[1]["error"]["code"]
    assert "document" not in results[1] and Document.objects.count() == 2


def test_documents_of_a_test_key_are_for_trying_out(test_api, onboard, settings):
    """FLO-60."""
    made = onboard(test_api)
    acting = test_api.acting(made["company"]["id"])
    shown = acting.post(SEND, {"document": {"a": 1}}).json()
    assert shown["environment"] == "test" and sent() == 0
    settings.PEPPOL_NETWORK = "production"
    answer = acting.post(SEND, playbook(made["company"]["id"]))
    assert answer.status_code == 409 and Document.objects.count() == 1


def test_an_item_that_nobody_foresaw_is_a_fault_of_its_own(acting, monkeypatch):
    """FLO-44: here the disk refuses the second payload."""
    real, stored = Document.payload.field.storage.save, []

    def save(name, content, **options):
        stored.append(name)
        if len(stored) == 2:
            raise OSError("No space left on device")
        return real(name, content, **options)

    monkeypatch.setattr(Document.payload.field.storage, "save", save)
    items = [{"document": {"n": n}} for n in range(3)]
    results = acting.post(BATCH, {"documents": items}).json()["results"]
    assert [result["statusCode"] for result in results] == [202, 500, 202]
    said = {"code": "INTERNAL_ERROR", "message": "Internal Server Error"}
    assert results[1]["error"] == {**said, "error": {"type": "api_error", **said}}
    assert (Document.objects.count(), sent()) == (2, 2)
