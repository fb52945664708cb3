"""Billing addresses: whose they are, and what the register says of their VAT ids."""

from uuid import UUID

import pytest
from django.core.cache import cache
from django.utils import timezone

from billing.models import BillingAddress
from billing.services import addresses
from config.api.fiskaly.ids import spell
from tenants import leases
from tenants.ids import uuid7
from tenants.models import Event, Organization
from tests.api.fiskaly.conftest import ADDRESS, make_user, opened_by
from tests.conftest import make_company

ALL = "/billing-addresses"
FIELDS = {
    "vat_id_valid",
    "vat_id",
    "recipient",
    "recipient_additions",
    "billing_contact_id",
    "address_line1",
    "address_line2",
    "zip",
    "town",
    "state",
    "country_code",
    "organization_id",
    "metadata",
    "_id",
    "_type",
    "_envs",
}
GOOD_VAT, BAD_VAT = "ATU13585627", "ATU12345678"


@pytest.fixture
def address(fis):
    answer = fis.post(ALL, ADDRESS)
    assert answer.status_code == 200, answer.content
    return answer.json()


def one(address):
    return f"{ALL}/{address['_id']}"


def test_an_address_is_made_for_the_caller(fis, acme):
    """FIS-53, FIS-55."""
    sent = {
        **ADDRESS,
        "vat_id": GOOD_VAT,
        "recipient_additions": "Filiale 1",
        "address_line2": "2.",
        "state": "Wien",
        "metadata": {"a": "b"},
    }
    answer = fis.post(ALL, sent)
    made = answer.json()
    assert answer.status_code == 200 and set(made) == FIELDS and UUID(made["_id"])
    assert {name: made[name] for name in sent} == sent
    assert (made["_type"], made["organization_id"]) == ("BILLING_ADDRESS", spell(acme.pk))
    assert made["vat_id_valid"] is False and made["_envs"] == ["TEST", "LIVE"]
    assert fis.get(one(made)).json() == made


@pytest.mark.parametrize("field", ["recipient", "address_line1", "zip", "town", "country_code"])
def test_what_is_required_is(fis, field):
    """FIS-54."""
    for body in (
        {n: v for n, v in ADDRESS.items() if n != field},
        {**ADDRESS, field: ""},
        {**ADDRESS, field: None},
        {**ADDRESS, field: 7},
    ):
        answer = fis.post(ALL, body)
        assert answer.status_code == 400 and field in answer.json()["message"]


@pytest.mark.parametrize(
    "change",
    [
        {"country_code": "DE"},
        {"recipient": "x" * 256},
        {"zip": "x" * 33},
        {"vat_id": "x" * 65},
        {"metadata": {str(n): "" for n in range(21)}},
        {"metadata": {"k" * 41: ""}},
        {"metadata": {"k": "v" * 501}},
        {"metadata": []},
        {"organization_id": "x"},
        {"billing_contact_id": "x"},
        {"vat_id": 5},
    ],
    ids=lambda change: str(change)[:30],
)
def test_bad_input_is_refused_and_changes_nothing(fis, address, change):
    """FIS-65, C-40."""
    assert fis.post(ALL, {**ADDRESS, **change}).status_code == 400
    for method in ("PATCH", "PUT"):
        assert fis(method, one(address), change).status_code == 400
    assert fis.get(one(address)).json() == address
    assert BillingAddress.objects.count() == 1


@pytest.mark.parametrize("method", ["PATCH", "PUT"])
def test_an_update_changes_what_is_given_only(fis, address, method):
    """FIS-56."""
    answer = fis(method, one(address), {"town": "Graz", "metadata": {"k" * 40: "v" * 500}})
    assert answer.json() == {**address, "town": "Graz", "metadata": {"k" * 40: "v" * 500}}
    assert fis.get(one(address)).json() == answer.json()


def test_fields_in_the_query_and_a_list_for_a_body_are_refused(fis, address):
    """PHP's client does that."""
    for path, method in ((f"{ALL}?recipient=x", "POST"), (f"{one(address)}?town=x", "PATCH")):
        assert fis(method, path, []).status_code == 400
    assert fis("GET", ALL, []).status_code == fis("GET", ALL, {"a": 1}).status_code == 200


def test_an_address_belongs_to_any_organization_the_caller_reaches(
    fis, bakery_fis, bakery, rival, rivals_company, acme
):
    """FIS-57, FIS-52."""
    made = fis.post(ALL, {**ADDRESS, "organization_id": spell(bakery.pk)}).json()
    assert made["organization_id"] == spell(bakery.pk)
    assert bakery_fis.get(one(made)).status_code == 200
    for id in (rival.pk, rivals_company.pk, uuid7()):
        answer = fis.post(ALL, {**ADDRESS, "organization_id": str(id)})
        assert answer.status_code == 404
        assert fis.patch(one(made), {"organization_id": str(id)}).status_code == 404
    assert bakery_fis.post(ALL, {**ADDRESS, "organization_id": spell(acme.pk)}).status_code == 404
    moved = fis.patch(one(made), {"organization_id": spell(acme.pk)})
    assert moved.json()["organization_id"] == spell(acme.pk)
    assert bakery_fis.get(one(made)).status_code == 404


def test_an_organization_chooses_an_address(fis, rival_fis, address, bakery, acme):
    """FIS-57."""
    path = f"/organizations/{bakery.pk}"
    chosen = fis.patch(path, {"billing_address_id": address["_id"]})
    assert chosen.json()["billing_address_id"] == address["_id"]
    strangers = rival_fis.post(ALL, ADDRESS).json()
    for id in (strangers["_id"], str(uuid7())):
        assert fis.patch(path, {"billing_address_id": id}).status_code == 400
    assert fis.delete(one(address)).json() == {"_success": True}
    assert fis.get(path).json()["billing_address_id"] is None


def test_the_contact_is_a_user_of_the_organization(fis, address, robin, rival, bakery_fis):
    stranger = make_user("ruth@rival.example", rival)
    good = fis.patch(one(address), {"billing_contact_id": spell(robin.pk)})
    assert good.json()["billing_contact_id"] == spell(robin.pk)
    for id in (stranger.pk, uuid7()):
        body = {"billing_contact_id": str(id)}
        assert fis.patch(one(address), body).status_code == 400
        assert bakery_fis.post(ALL, {**ADDRESS, **body}).status_code == 400


def test_the_list_has_the_addresses_of_all_reachable_organizations(
    fis, bakery_fis, rival_fis, bakery, address
):
    """FIS-52, FIS-59."""
    below = bakery_fis.post(ALL, ADDRESS).json()
    rival_fis.post(ALL, ADDRESS)
    body = fis.get(ALL).json()
    assert body == {"data": [address, below], "count": 2, "_type": "BILLING_ADDRESS_LIST"}
    assert bakery_fis.get(ALL).json()["data"] == [below]
    assert fis.get(f"{ALL}?limit=1&offset=1").json()["data"] == [below]


@pytest.mark.parametrize("rows", [1, 12])
def test_a_list_takes_as_many_queries_however_long(fis, acme, rows, costs):
    for n in range(rows):
        fis.post(ALL, {**ADDRESS, "organization_id": str(make_company(acme, f"C{n}").pk)})
    fis.get(ALL)
    with costs(4):  # the caller, ids, rows, count
        fis.get(ALL)


def test_a_deleted_address_is_gone(fis, address):
    fis.delete(one(address))
    assert fis.get(one(address)).status_code == fis.delete(one(address)).status_code == 404
    assert fis.get(ALL).json()["count"] == 0


@pytest.mark.parametrize(
    ("role", "read", "write"),
    [("owner", 200, 200), ("billing", 200, 200), ("developer", 404, 404), ("viewer", 404, 404)],
)
def test_a_person_may_what_their_role_may(acme, address, role, read, write):
    person = opened_by(make_user("p@acme.example", acme, role=role))
    assert person.get(one(address)).status_code == read
    assert person.patch(one(address), {"town": "Graz"}).status_code == write
    assert len(person.get(ALL).json()["data"]) == (1 if read == 200 else 0)


# --- The VAT id -----------------------------------------------------------------------------------
def shown(fis, address):
    return fis.get(one(address)).json()["vat_id_valid"]


@pytest.mark.parametrize(
    ("vat_id", "valid"), [(GOOD_VAT, True), (BAD_VAT, False), ("string", False)]
)
def test_the_register_says_whether_a_vat_id_is_valid(fis, vat_id, valid):
    """FIS-53: in the sandbox its check digits do."""
    made = fis.post(ALL, {**ADDRESS, "vat_id": vat_id}).json()
    assert addresses.drain() == 1
    assert shown(fis, made) is valid and addresses.drain() == 0
    said = Event.objects.filter(type="billing_address.vat_checked").get()
    assert said.changes == {"vat_id_valid": [None, valid]}


def test_another_vat_id_is_asked_about_again(fis):
    made = fis.post(ALL, {**ADDRESS, "vat_id": GOOD_VAT}).json()
    addresses.drain()
    changed = fis.patch(one(made), {"vat_id": BAD_VAT}).json()
    assert changed["vat_id_valid"] is False
    assert addresses.drain() == 1 and shown(fis, made) is False
    fis.patch(one(made), {"vat_id": GOOD_VAT})
    assert addresses.drain() == 1 and shown(fis, made) is True
    assert fis.patch(one(made), {"town": "Graz"}).json()["vat_id_valid"] is True
    assert fis.patch(one(made), {"vat_id": None}).json()["vat_id_valid"] is False
    assert addresses.drain() == 0


def test_an_answer_about_a_vat_id_that_is_no_more_is_not_taken(fis):
    made = fis.post(ALL, {**ADDRESS, "vat_id": GOOD_VAT}).json()
    before = BillingAddress.objects.get()
    fis.patch(one(made), {"vat_id": BAD_VAT})
    addresses.check(before)
    assert BillingAddress.objects.get().vat_id_valid is None


def test_a_register_that_does_not_answer_is_asked_again_later(fis, settings, time_machine):
    # A number of this test's own: what the register said is remembered beyond a test on Redis.
    number = "IT00743110157"
    cache.delete(f"vat:{number}")
    settings.VIES_URL = "http://127.0.0.1:1"
    made = fis.post(ALL, {**ADDRESS, "vat_id": number}).json()
    assert addresses.drain() == 1 and shown(fis, made) is False
    assert addresses.drain() == 0
    settings.VIES_URL = ""
    cache.delete(f"vat:{number}")
    time_machine.move_to(BillingAddress.objects.get().vat_check_at, tick=False)
    assert addresses.drain() == 1
    assert BillingAddress.objects.get().vat_id_valid is True


def test_one_address_is_checked_by_one_worker(fis):
    fis.post(ALL, {**ADDRESS, "vat_id": GOOD_VAT})
    address = BillingAddress.objects.get()
    again = BillingAddress.objects.get()
    assert leases.take(address, "vat_check_at", addresses.LEASE)
    assert not leases.take(again, "vat_check_at", addresses.LEASE)


def test_what_the_register_said_too_late_does_not_stand_against_its_last_word(fis, time_machine):
    fis.post(ALL, {**ADDRESS, "vat_id": GOOD_VAT})
    slow = BillingAddress.objects.get()
    leases.take(slow, "vat_check_at", addresses.LEASE)
    time_machine.move_to(timezone.now() + 2 * addresses.LEASE)
    addresses.drain()
    addresses._record(slow, False)
    assert BillingAddress.objects.get().vat_id_valid is True


def test_every_write_is_one_event(fis, address):
    before = Event.objects.count()
    fis.patch(one(address), {"town": "Graz", "vat_id": GOOD_VAT})
    fis.patch(one(address), {"town": "Graz"})
    fis.delete(one(address))
    written = [event.type for event in Event.objects.order_by("id")[before:]]
    assert written == ["billing_address.updated", "billing_address.deleted"]


def test_an_address_goes_with_the_organization_that_is_deleted(fis, bakery):
    made = fis.post(ALL, {**ADDRESS, "organization_id": spell(bakery.pk)}).json()
    assert fis.delete(f"/organizations/{bakery.pk}").status_code == 200
    assert fis.get(one(made)).status_code == 404
    assert Organization.objects.get(pk=bakery.pk).deleted_at
