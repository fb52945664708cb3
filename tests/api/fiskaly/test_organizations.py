"""Main and managed organizations: made and changed."""

from uuid import UUID

import pytest

from config.api.fiskaly.ids import read, spell
from tenants.ids import uuid7
from tenants.models import Event, Organization
from tenants.services import entitlements
from tests.api.fiskaly.conftest import ALL, FIELDS, NEW, make_user, names, one
from tests.conftest import SYSTEM, make_company


@pytest.fixture
def decides(acme):
    """acme, which the operator lets decide what is not billed."""
    return entitlements.give(acme, {"may_withhold_billing": True}, by=SYSTEM)


# --- Create ---------------------------------------------------------------------------------------
def test_a_main_organization_is_made_and_the_maker_keeps_access(trying, acme, decides):
    """FIS-16, FIS-21, FIS-27, C-47a."""
    sent = {
        **NEW,
        "display_name": "Zentral",
        "vat_id": "ATU12345675",
        "address_line2": "2. Stock",
        "state": "Wien",
        "tax_number": "12-345/6789",
        "economy_id": "DE123456788-00001",
        "metadata": {"my_property_1": "1234"},
        "billing_options": {
            "gln": "9012345000004",
            "withhold_billing": True,
            "bill_to_organization": spell(acme.pk),
        },
    }
    answer = trying.post(ALL, sent)
    made = answer.json()
    assert answer.status_code == 200 and set(made) == FIELDS
    assert {name: made[name] for name in sent} == sent
    assert (made["_type"], made["_envs"]) == ("ORGANIZATION", ["TEST"])
    assert made["managed_by_organization_id"] is None and UUID(made["_id"])
    assert trying.get(one(made)).json() == made
    assert made["name"] in names(trying.get(ALL))
    assert made["name"] not in names(trying.get(f"{ALL}?managed_by_organization_id={acme.pk}"))


def test_a_managed_organization_is_made_below_its_parent(fis, acme, managed):
    """FIS-20, FIS-60."""
    assert managed["_type"] == "MANAGED_ORGANIZATION"
    assert managed["managed_by_organization_id"] == spell(acme.pk)
    assert fis.get(one(managed)).json() == managed
    assert names(fis.get(f"{ALL}?managed_by_organization_id={acme.pk}")) == [managed["name"]]


@pytest.mark.parametrize("field", ["name", "address_line1", "zip", "town", "country_code"])
def test_what_is_required_is(fis, field):
    """FIS-17: missing, null, empty."""
    for body in (
        {n: v for n, v in NEW.items() if n != field},
        {**NEW, field: None},
        {**NEW, field: ""},
    ):
        answer = fis.post(ALL, body)
        assert answer.status_code == 400 and field in answer.json()["message"]


@pytest.mark.parametrize(("name", "status"), [("ab", 400), ("abc", 200), ("é" * 255, 200)])
def test_a_name_has_three_characters(fis, name, status):
    """FIS-18."""
    assert fis.post(ALL, {**NEW, "name": name}).status_code == status


@pytest.mark.parametrize("code", ["DE", "XXX", "deu", "DEUX", "", "Deu", 276, None, ["DEU"], "DE "])
def test_what_is_no_alpha_3_code_is_refused(fis, code):
    """FIS-19."""
    assert fis.post(ALL, {**NEW, "country_code": code}).status_code == 400


@pytest.mark.parametrize("code", ["DEU", "AUT", "BEL", "ALA", "XXK", "GBR", "ZWE", "ESH"])
def test_alpha_3_codes_are_accepted(fis, code):
    """FIS-19: the 249 of ISO 3166-1."""
    answer = fis.post(ALL, {**NEW, "country_code": code})
    assert (answer.status_code, code) == (200 if code != "XXK" else 400, code)
    if code == "AUT":
        assert Organization.objects.get(pk=read(answer.json()["_id"])).country == "AT"


def test_names_need_not_be_unique(fis, acme):
    """FIS-26."""
    for body in (NEW, NEW, {**NEW, "managed_by_organization_id": spell(acme.pk)}) * 2:
        assert fis.post(ALL, body).status_code == 200


METADATA = [
    ({}, 200),
    (None, 200),
    ({str(n): "v" for n in range(20)}, 200),
    ({str(n): "v" for n in range(21)}, 400),
    ({"k" * 40: "v"}, 200),
    ({"k" * 41: "v"}, 400),
    ({"k": "v" * 500}, 200),
    ({"k": "v" * 501}, 400),
    ({"k": 1}, 400),
    ({"k": {}}, 400),
    ({"k": None}, 400),
    ([], 400),
    ("x", 400),
    ({"é😀": "ß"}, 200),
]


@pytest.mark.parametrize(("metadata", "status"), METADATA, ids=range(len(METADATA)))
def test_metadata_keeps_to_its_limits_and_comes_back_as_stored(fis, metadata, status):
    """FIS-24, FIS-25, FIS-65."""
    answer = fis.post(ALL, {**NEW, "metadata": metadata})
    assert answer.status_code == status
    if status == 200:
        made = answer.json()
        assert made["metadata"] == (metadata or {}) == fis.get(one(made)).json()["metadata"]
        changed = fis.patch(one(made), {"metadata": {"other": "one"}}).json()
        assert changed["metadata"] == {"other": "one"}


def test_numbers_that_another_surface_kept_are_shown_as_text(fis, acme):
    company = make_company(acme, "Other", metadata={"n": 7})
    assert fis.get(one(company)).json()["metadata"] == {"n": "7"}


def test_zeros_and_null_name_nobody(fis):
    """The document's own sample fills ids with zeros."""
    nobody = str(UUID(int=0))
    body = {
        **NEW,
        "contact_person_id": nobody,
        "billing_address_id": nobody,
        "managed_by_organization_id": None,
        "billing_options": {"bill_to_organization": nobody},
    }
    made = fis.post(ALL, body).json()
    assert made["contact_person_id"] is made["billing_address_id"] is None


# --- Who may be named -----------------------------------------------------------------------------
def test_a_strangers_organization_pays_for_nothing(fis, rival, rivals_company):
    for id in (rival.pk, rivals_company.pk, uuid7()):
        body = {**NEW, "billing_options": {"bill_to_organization": str(id)}}
        answer = fis.post(ALL, body)
        assert answer.status_code == 400 and "No such organization" in answer.json()["message"]


def test_a_contact_person_is_a_user_of_the_organization_or_the_callers(fis, robin, rival, managed):
    stranger = make_user("ruth@rival.example", rival)
    made = fis.post(ALL, {**NEW, "contact_person_id": spell(robin.pk)})
    assert made.json()["contact_person_id"] == spell(robin.pk)
    for id in (stranger.pk, uuid7()):
        answer = fis.patch(one(managed), {"contact_person_id": str(id)})
        assert answer.status_code == 400
    assert fis.patch(one(managed), {"contact_person_id": None}).status_code == 200


def test_nobody_makes_companies_for_others(fis, bakery_fis, rival, rivals_company, bakery, acme):
    for id in (rival.pk, rivals_company.pk, uuid7(), bakery.pk):
        body = {**NEW, "managed_by_organization_id": str(id)}
        assert fis.post(ALL, body).status_code == 403
    for parent in (None, spell(acme.pk), spell(bakery.pk)):
        body = {**NEW, "managed_by_organization_id": parent}
        assert bakery_fis.post(ALL, body).status_code == 403
    assert Organization.objects.filter(name=NEW["name"]).count() == 0


def test_the_plan_says_how_many_companies(fis, acme, managed):
    Organization.objects.filter(pk=acme.pk).update(company_limit=1)
    answer = fis.post(ALL, {**NEW, "managed_by_organization_id": spell(acme.pk)})
    assert answer.status_code == 403 and answer.json()["code"] == "E_COMPANY_LIMIT_REACHED"


def test_a_person_is_named_as_the_maker(robin_fis, robin, fis):
    """FIS-61."""
    assert robin_fis.post(ALL, NEW).json()["created_by_user"] == spell(robin.pk)
    assert fis.post(ALL, NEW).json()["created_by_user"] is None


# --- Change ---------------------------------------------------------------------------------------
@pytest.mark.parametrize("method", ["PATCH", "PUT"])
def test_an_update_changes_what_is_given_only(fis, managed, method):
    """FIS-22, FIS-23."""
    answer = fis(method, one(managed), {"town": "Graz", "country_code": "DEU"})
    assert answer.status_code == 200
    assert answer.json() == {**managed, "town": "Graz", "country_code": "DEU"}
    assert fis(method, one(managed), {}).json() == answer.json()


def test_null_empties_what_is_optional(fis, managed, decides):
    fis.patch(one(managed), {"display_name": "x", "billing_options": {"withhold_billing": True}})
    changed = fis.patch(one(managed), {"display_name": None, "billing_options": None}).json()
    assert changed["display_name"] is None
    assert changed["billing_options"]["withhold_billing"] is False


@pytest.mark.parametrize("method", ["PATCH", "PUT"])
@pytest.mark.parametrize(
    "body",
    [
        {"name": "ab"},
        {"name": None},
        {"zip": ""},
        {"town": None},
        {"country_code": "DE"},
        {"address_line1": ""},
        {"name": "x" * 256},
        {"vat_id": "x" * 65},
        {"zip": "x" * 33},
        [],
        "x",
        {"metadata": {str(n): "" for n in range(21)}},
        {"billing_options": []},
        {"name": 7},
        {"billing_options": {"withhold_billing": "yes"}},
        {"contact_person_id": "x"},
        {"billing_address_id": 1},
        {"billing_options": {"bill_to_organization": True}},
    ],
    ids=lambda body: str(body)[:40],
)
def test_a_bad_update_changes_nothing(fis, managed, method, body):
    events = Event.objects.count()
    assert fis(method, one(managed), body).status_code == 400
    assert fis.get(one(managed)).json() == managed and Event.objects.count() == events


def test_the_parent_may_be_named_but_not_changed(fis, managed, acme, rival):
    """FIS-30."""
    same = fis.patch(one(managed), {"managed_by_organization_id": spell(acme.pk)})
    assert same.status_code == 200 and same.json() == managed
    for id in (rival.pk, uuid7(), managed["_id"]):
        answer = fis.patch(one(managed), {"managed_by_organization_id": str(id)})
        assert answer.status_code == 400
    assert fis.patch(one(acme), {"managed_by_organization_id": None}).status_code == 200


def test_who_pays_round_trips_for_managed_organizations_too(fis, managed, acme, decides):
    """FIS-28, FIS-29, C-41."""
    options = {
        "gln": "9012345000004",
        "withhold_billing": True,
        "bill_to_organization": spell(acme.pk),
    }
    changed = fis.patch(one(managed), {"billing_options": options}).json()
    assert changed["billing_options"] == options
    assert changed["managed_configuration"] == {"withhold_billing": True}
    old = {"managed_configuration": {"withhold_billing": False}}
    assert fis.patch(one(managed), old).json()["billing_options"]["withhold_billing"] is False
    both = {**old, "billing_options": {"withhold_billing": True}}
    assert fis.patch(one(managed), both).json()["managed_configuration"]["withhold_billing"]
    row = Organization.objects.get(pk=read(managed["_id"]))
    assert (row.bill_to_id, row.withhold_billing) == (acme.pk, True)


def test_a_managed_organization_does_not_decide_who_pays_for_it(bakery_fis, bakery):
    for body in (
        {"billing_options": {"withhold_billing": True}},
        {"managed_configuration": {"withhold_billing": True}},
        {"billing_options": {"bill_to_organization": spell(bakery.pk)}},
    ):
        assert bakery_fis.patch(one(bakery), body).status_code == 403
    shown = bakery_fis.get(one(bakery)).json()
    body = {"town": "Gent", "billing_options": shown["billing_options"]}
    assert bakery_fis.patch(one(bakery), body).json()["town"] == "Gent"
