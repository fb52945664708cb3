"""Organizations deleted, made live, and what each role may."""

import pytest

from config.api.fiskaly.ids import read, spell
from tenants.models import Event, Organization
from tenants.services import entitlements, organizations
from tests.api.fiskaly.conftest import ALL, NEW, make_user, one, opened_by
from tests.conftest import SYSTEM, make_company


# --- Delete and go live ---------------------------------------------------------------------------
def test_a_deleted_organization_is_gone(fis, managed):
    """FIS-31."""
    main = fis.post(ALL, NEW).json()
    for made in (managed, main):
        answer = fis.delete(one(made))
        assert (answer.status_code, answer.json()) == (200, {"_success": True})
        assert fis.get(one(made)).status_code == fis.delete(one(made)).status_code == 404
    assert Organization.objects.get(pk=read(managed["_id"])).deleted_at is not None


def test_nobody_deletes_their_own(fis, bakery_fis, robin_fis, acme, bakery):
    assert fis.delete(one(acme)).status_code == robin_fis.delete(one(acme)).status_code == 403
    assert bakery_fis.delete(one(bakery)).status_code == 403


def test_who_manages_others_is_not_deleted(fis):
    made = fis.post(ALL, NEW).json()
    Organization.objects.filter(pk=read(made["_id"])).update(kind="platform")
    answer = fis.delete(one(made))
    assert (answer.status_code, answer.json()["code"]) == (403, "E_PLATFORM")


def test_live_is_enabled_for_good(fis, managed):
    """FIS-32, FIS-34."""
    for env, envs in (("TEST", ["TEST"]), ("LIVE", ["TEST", "LIVE"]), ("TEST", ["TEST", "LIVE"])):
        answer = fis.post(f"{one(managed)}/enable-env", {"env": env})
        assert (answer.status_code, answer.json()) == (200, {"_success": True})
        assert fis.get(one(managed)).json()["_envs"] == envs
    assert Event.objects.filter(type="company.live_enabled").count() == 1


@pytest.mark.parametrize(
    "body", [{"env": "PROD"}, {"env": "test"}, {}, {"env": None}, [], {"env": ["TEST"]}], ids=str
)
def test_another_environment_is_refused(fis, managed, body):
    """FIS-33."""
    assert fis.post(f"{one(managed)}/enable-env", body).status_code == 400


def test_a_managed_organization_does_not_go_live_by_itself(bakery_fis, bakery):
    assert bakery_fis.post(f"{one(bakery)}/enable-env", {"env": "LIVE"}).status_code == 403


def test_a_main_organization_is_born_live_when_somebody_live_pays(trying, live, acme, managed):
    """FIS-35."""
    entitlements.give(acme, {"may_withhold_billing": True}, by=SYSTEM)
    pays = {**NEW, "billing_options": {"bill_to_organization": spell(acme.pk)}}
    in_test = {**NEW, "billing_options": {"bill_to_organization": managed["_id"]}}
    assert live.post(ALL, pays).json()["_envs"] == ["TEST", "LIVE"]
    assert live.post(ALL, NEW).json()["_envs"] == ["TEST"]
    assert live.post(ALL, in_test).json()["_envs"] == ["TEST"]
    assert trying.post(ALL, pays).json()["_envs"] == ["TEST"]


# --- Roles ----------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("role", "create", "rename", "end"),
    [
        ("owner", 200, 200, 200),
        ("admin", 200, 200, 200),
        ("developer", 200, 200, 403),
        ("billing", 403, 403, 403),
        ("viewer", 403, 403, 403),
    ],
)
def test_a_person_may_what_their_role_may(acme, role, create, rename, end):
    make_user("boss@acme.example", acme)
    company = make_company(acme, "Company")
    person = opened_by(make_user("p@acme.example", acme, role=role))
    assert person.get(one(company)).status_code == 200
    below = {**NEW, "managed_by_organization_id": spell(acme.pk)}
    assert [person.post(ALL, below).status_code, person.post(ALL, NEW).status_code] == [create] * 2
    assert person.patch(one(company), {"name": "Renamed"}).status_code == rename
    assert person.post(f"{one(company)}/enable-env", {"env": "LIVE"}).status_code == end
    assert person.delete(one(company)).status_code == end


def test_a_suspended_company_is_still_its_platforms_to_see(fis, bakery):
    organizations.suspend(bakery, reason="unpaid", by=SYSTEM)
    assert fis.get(one(bakery)).status_code == 200
