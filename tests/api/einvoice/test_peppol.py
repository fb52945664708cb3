"""Registration through the Admin API, against an SMP over HTTP."""

import pytest

from peppol.identifiers import parse
from peppol.models import Participant, RegisteredCompany
from peppol.sandbox import faults
from peppol.services.registration import worker
from peppol.smp.dialects import configured_smp
from tenants.models import Organization
from tests.api.einvoice.conftest import TENANTS

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def work(live_server, settings):
    """Does what the worker does, against the sandbox SMP."""
    settings.SMP_URL = f"{live_server.url}/sandbox/smp"
    return worker.drain


def test_before_registration_nothing_is_registered(call, at, work):
    """EIN-29."""
    assert call.get(at("/peppol/status")).json() == {
        "registered": False,
        "peppol_id": "0208:0123456789",
        "status": "unregistered",
        "registered_at": None,
        "warnings": ["The check digits of “0123456789” are wrong for BE:EN: is it a typing error?"],
    }


@pytest.mark.parametrize(
    "body",
    [
        {"peppol_id": "0208:0123456789", "company_name": "Customer BVBA"},
        {"peppol_id": "0208:0123456789"},
        {},
        None,
    ],
)
def test_a_registration_answers_at_once_and_becomes_active(call, at, work, body):
    """EIN-30, EIN-31, EIN-42, C-07, C-09."""
    answer = call.post(at("/peppol/register"), body)
    assert (answer.status_code, answer.json()["status"]) == (202, "pending")
    work()
    status = call.get(at("/peppol/status")).json()
    assert (status["registered"], status["peppol_id"], status["status"]) == (
        True,
        "0208:0123456789",
        "active",
    )
    assert status["registered_at"].endswith("Z")
    for shown in (call.get(at()).json(), call.get(TENANTS).json()["tenants"][0]):
        assert shown["smp_registration"] is True
        assert shown["smp_registration_date"] == status["registered_at"]


def test_the_name_given_stands_on_the_business_card(call, at, work):
    call.post(at("/peppol/register"), {"company_name": "Customer Company BVBA"})
    work()
    assert Participant.objects.get().card_name == "Customer Company BVBA"
    answer = call.post(at("/peppol/business-card"), {"company_name": "Updated BVBA"})
    assert answer.status_code == 202
    work()
    participant = Participant.objects.get()
    assert (participant.card_name, participant.card_state) == ("Updated BVBA", "published")


def test_without_a_name_the_register_gives_it_in_its_languages(call, at, work):
    """EIN-31."""
    names = {"nl": "Bakkerij Peeters", "fr": "Boulangerie Peeters"}
    RegisteredCompany.objects.create(number="0403170701", status="AC", names=names, extract=1)
    call.post(at("/peppol/register"), {"peppol_id": "0208:0403170701"})
    work()
    assert Participant.objects.get(value="0403170701").card_names == names
    (entity,) = configured_smp().business_card(parse("0208:0403170701")).entities
    assert entity.names == names


def test_registering_again_breaks_nothing(call, at, work):
    """EIN-47."""
    call.post(at("/peppol/register"), {"peppol_id": "0208:0123456789"})
    assert call.post(at("/peppol/register"), {"peppol_id": "0208:0123456789"}).status_code == 202
    work()
    again = call.post(at("/peppol/register"), {"peppol_id": "0208:0123456789"})
    assert (again.status_code, again.json()["registered"]) == (202, True)
    assert Participant.objects.count() == 1


def test_a_tenant_can_be_unregistered_and_registered_again(call, at, work):
    """EIN-33, EIN-34; unregister has neither body nor content type."""
    call.post(at("/peppol/register"))
    work()
    answer = call.post(at("/peppol/unregister"), raw=b"", content_type="")
    assert (answer.status_code, answer.json()["registered"]) == (202, False)
    work()
    assert call.get(at("/peppol/status")).json()["status"] == "unregistered"
    call.post(at("/peppol/register"))
    work()
    assert call.get(at("/peppol/status")).json()["registered"] is True


def test_unregister_is_taken_while_the_registration_is_pending_and_when_there_is_none(
    call, at, work
):
    assert call.post(at("/peppol/unregister")).status_code == 202
    call.post(at("/peppol/register"))
    assert call.post(at("/peppol/unregister")).json()["registered"] is False
    work()
    work()
    assert call.get(at("/peppol/status")).json()["registered"] is False


def test_a_tenant_in_test_mode_stays_off_the_network(call, at, work):
    """EIN-35."""
    Organization.objects.filter(kind="managed").update(test_mode=True)
    assert call.get(at()).json()["test_mode"] is True
    answer = call.post(at("/peppol/register"), {"peppol_id": "0208:0123456789"})
    assert answer.status_code == 400
    assert answer.json() == {
        "detail": "Peppol registration is not available for tenants in test mode"
    }
    assert call.get(at("/peppol/status")).json()["registered"] is False


@pytest.mark.parametrize(
    "id", ["0123456789", "208:1", "0208:", "0208:BE01", "0208 0123456789", 5, None]
)
def test_a_malformed_identifier_is_refused(call, at, work, id):
    """EIN-12."""
    answer = call.post(at("/peppol/register"), {"peppol_id": id})
    assert answer.status_code == 422
    assert answer.json()["detail"][0]["loc"] == ["body", "peppol_id"]


def test_without_any_identifier_there_is_nothing_to_register(call, work):
    id = call.post(TENANTS, {"name": "bare"}).json()["id"]
    answer = call.post(f"{TENANTS}/{id}/peppol/register", {"company_name": "Bare"})
    assert answer.status_code == 422
    assert answer.json()["detail"][0]["loc"] == ["body", "peppol_id"]


def test_the_tenant_goes_by_the_identifier_it_was_registered_under(call, at, work):
    call.post(at("/peppol/register"), {"peppol_id": "0208:0403170701"})
    assert call.get(at()).json()["peppol_ids"] == ["0208:0403170701"]
    work()
    answer = call.post(at("/peppol/register"), {"peppol_id": "0208:0123456789"})
    assert answer.status_code == 400 and "unregister" in answer.json()["detail"]


def test_an_identifier_that_another_tenant_has_is_a_conflict(call, rival_call, at, work):
    call.post(at("/peppol/register"))
    other = rival_call.post(TENANTS, {"name": "other"}).json()["id"]
    answer = rival_call.post(f"{TENANTS}/{other}/peppol/register", {"peppol_id": "0208:0123456789"})
    assert answer.status_code == 409
    assert answer.json() == {
        "detail": "This Peppol identifier is already registered on the network."
    }


@pytest.mark.parametrize("body", [{"company_name": "X", "website": "y"}, {"address": "z"}, {}])
def test_of_a_business_card_only_the_name_can_be_changed(call, at, work, body):
    """EIN-32, C-13."""
    call.post(at("/peppol/register"))
    answer = call.post(at("/peppol/business-card"), body)
    assert answer.status_code == 422
    named = {entry["loc"][1] for entry in answer.json()["detail"]}
    assert named == (set(body) - {"company_name"} or {"company_name"})


def test_a_tenant_that_is_not_registered_has_no_card(call, at, work):
    assert call.post(at("/peppol/business-card"), {"company_name": "X"}).status_code == 400


def test_while_the_smp_is_down_the_registration_waits_and_says_so(call, at, work):
    faults.switch_on("down")
    call.post(at("/peppol/register"))
    work()
    status = call.get(at("/peppol/status")).json()
    assert (status["registered"], status["status"]) == (False, "waiting")
    assert status["error"] and status["next_attempt_at"]


def test_deleting_a_tenant_takes_it_off_the_network(call, at, work):
    call.post(at("/peppol/register"))
    work()
    call.delete(at())
    work()
    assert Participant.objects.get().state == "unregistered"
