"""Identifiers of organizations, and what is received under them (GOR-15)."""

import pytest

from peppol.models import Participant
from peppol.sandbox.models import Service
from peppol.services.registration import worker
from tenants.models import Event

pytestmark = pytest.mark.django_db(transaction=True)
SELF_BILLED = "urn:cen.eu:en16931:2017#compliant#urn:fdc:peppol.eu:2017:poacc:selfbilling:3.0"
BILLING = "urn:fdc:peppol.eu:2017:poacc:billing:01:1.0"


@pytest.fixture
def network(live_server, settings):
    settings.SMP_URL = f"{live_server.url}/sandbox/smp"


def at_the_smp():
    worker.drain()
    types = Service.objects.values_list("document_type", flat=True)
    return sorted(one.partition("xsd:")[2].partition("::")[0] for one in types)


def test_an_organization_goes_by_the_identifier_it_was_made_with(network, call):
    body = {"name": "Acme", "country": "NL", "peppol_id": "0106:12345678"}
    made = call.post("/organizations", body).json()
    assert (made["peppol_id"], made["id"]) == ("0106:12345678", made["org_id"])
    (listed,) = call.get(f"/organizations/{made['org_id']}/participants").json()["participants"]
    assert (listed["peppol_id"], listed["smp_status"]) == ("0106:12345678", "pending")
    assert at_the_smp() == ["CreditNote-2", "Invoice-2"]
    assert call.get(f"/organizations/{made['org_id']}").json()["peppol_id"] == "0106:12345678"
    (one, _) = call.get("/organizations").json()["organizations"]
    assert one["peppol_id"] == "0106:12345678"
    without = call.post("/organizations", {"name": "None", "country": "NL"}).json()
    assert without["peppol_id"] is None
    path = f"/organizations/{without['org_id']}"
    assert call.patch(path, {"peppol_id": "0106:87654321"}).json()["peppol_id"] == "0106:87654321"
    assert call.patch(path, {"name": "Some"}).json()["peppol_id"] == "0106:87654321"
    refused = call.post("/organizations", {**body, "peppol_id": "rubbish"})
    assert refused.status_code == 422 and refused.json()["fields"][0]["field"] == "peppol_id"


@pytest.mark.parametrize(
    ("asked", "published"),
    [
        ({}, ["CreditNote-2", "Invoice-2"]),
        ({"document_types": ["Invoice"]}, ["Invoice-2"]),
        ({"document_types": ["invoice", "credit_note"]}, ["CreditNote-2", "Invoice-2"]),
        (
            {"document_types": ["Invoice", "InvoiceResponse"]},
            ["ApplicationResponse-2", "Invoice-2"],
        ),
        (
            {"capabilities": [{"document_type": "CreditNote", "process_id": BILLING}]},
            ["CreditNote-2"],
        ),
    ],
    ids=str,
)
def test_what_is_published_is_what_was_asked_for(network, for_org, first, asked, published):
    caller = for_org(first)
    made = caller.post("/participants", {"peppol_id": "0106:12345678", **asked}).json()
    assert at_the_smp() == published
    read = caller.get(f"/participants/{made['id']}").json()
    assert (read["smp_status"], read["country"]) == ("registered", "NL")
    assert len(read["document_types"]) == len(read["capabilities"]) == len(published)
    assert made["document_types"] == read["document_types"]
    assert all(one["process_id"] for one in read["capabilities"])


def test_asking_again_for_others_changes_what_is_published(network, for_org, first):
    caller, body = for_org(first), {"peppol_id": "0106:12345678"}
    made = caller.post("/participants", {**body, "document_types": ["Invoice"]}).json()
    assert at_the_smp() == ["Invoice-2"]
    uri = next(iter(made["document_types"])).replace(
        "compliant#urn:fdc:peppol.eu:2017:poacc:billing:3.0",
        "compliant#urn:fdc:peppol.eu:2017:poacc:selfbilling:3.0",
    )
    again = caller.post("/participants", {**body, "document_types": ["CreditNote", uri]})
    assert (again.status_code, again.json()["id"]) == (201, made["id"])
    assert at_the_smp() == ["CreditNote-2", "Invoice-2"]
    assert any(SELF_BILLED in one for one in again.json()["document_types"])
    events = Event.objects.count()
    assert (
        caller.post("/participants", body).json()["document_types"]
        == (again.json()["document_types"])
    )
    caller.post("/participants", {**body, "document_types": [uri, "CreditNote"]})
    assert Event.objects.count() == events


@pytest.mark.parametrize("types", [["Poem"], [], "Invoice", [5], [None]], ids=str)
def test_what_nobody_can_receive_is_refused(for_org, first, types):
    answer = for_org(first).post(
        "/participants", {"peppol_id": "0106:12345678", "document_types": types}
    )
    assert answer.status_code == 422
    assert answer.json()["fields"][0]["field"].startswith("document_types")
    assert not Participant.objects.exists()


@pytest.mark.parametrize("count", [1, 12])
def test_the_list_costs_the_same_however_long_it_is(for_org, first, count, costs):
    caller = for_org(first)
    for n in range(count):
        caller.post("/participants", {"peppol_id": f"0106:{n:08}"})
    caller.get("/participants")
    with costs(3):
        assert len(caller.get("/participants").json()["participants"]) == count
