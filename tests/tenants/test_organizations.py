"""Organizations: what may be created, what is unique, which way a status moves."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from tenants.actors import Actor
from tenants.errors import Conflict, Forbidden, Invalid, LimitReached, WrongState
from tenants.models import Event, Organization
from tenants.row_security import everything
from tenants.services import organizations
from tests.conftest import SYSTEM, make_company, make_platform


def test_a_company_belongs_to_its_platform(acme, bakery):
    assert list(Organization.objects.under(acme)) == [bakery]
    assert bakery.platform_id == acme.pk


def test_only_a_platform_manages_companies(bakery):
    with pytest.raises(Forbidden):
        make_company(bakery, "Under a company")


@pytest.mark.parametrize(
    "profile, field",
    [
        ({"name": ""}, "name"),
        ({"name": "x" * 256}, "name"),
        ({"country": "XX"}, "country"),
        ({"country": "be"}, "country"),
        ({"country": "BEL"}, "country"),
        ({"email": "nobody"}, "email"),
        ({"metadata": {str(n): "" for n in range(21)}}, "metadata"),
        ({"metadata": {"k" * 41: ""}}, "metadata"),
        ({"metadata": {"k": "v" * 501}}, "metadata"),
        ({"metadata": {"k": {"deep": 1}}}, "metadata"),
        ({"metadata": ["k"]}, "metadata"),
    ],
)
def test_a_profile_that_cannot_be_is_refused_by_field(acme, profile, field):
    with pytest.raises(Invalid) as refusal:
        make_company(acme, **{"name": "Bakery", **profile})
    assert field in refusal.value.fields
    assert not Organization.objects.under(acme).exists()


def test_metadata_at_the_published_limits_is_kept(acme):
    metadata = {f"{n:040d}": "v" * 500 for n in range(20)}
    assert make_company(acme, "Bakery", metadata=metadata).metadata == metadata


@pytest.mark.parametrize("claim", ["handle", "vat_key", "name_key"])
def test_a_claim_is_unique_per_platform_among_live_rows(acme, rival, claim):
    first = make_company(acme, "First", **{claim: "taken"})
    make_company(rival, "Elsewhere", **{claim: "taken"})
    with pytest.raises(Conflict):
        make_company(acme, "Second", **{claim: "taken"})
    organizations.delete(first, by=SYSTEM)
    make_company(acme, "Third", **{claim: "taken"})


def test_what_claims_nothing_may_repeat(acme):
    make_company(acme, "Same")
    make_company(acme, "Same")
    assert Organization.objects.under(acme).count() == 2


def test_the_plan_limits_the_companies(acme, bakery):
    Organization.objects.filter(pk=acme.pk).update(company_limit=1)
    with pytest.raises(LimitReached):
        make_company(acme, "One too many")
    organizations.delete(bakery, by=SYSTEM)
    make_company(acme, "In its place")


@pytest.mark.django_db(transaction=True)
def test_the_last_free_place_has_one_winner():
    acme = make_platform("Acme")
    Organization.objects.filter(pk=acme.pk).update(company_limit=1)

    @everything()
    def create(n: int) -> bool:
        try:
            make_company(acme, f"Company {n}")
        except LimitReached:
            return False
        finally:
            connection.close()
        return True

    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(create, range(8))) == 1


def test_a_suspended_company_comes_back_and_a_closed_one_does_not(bakery):
    organizations.suspend(bakery, reason="unpaid", by=SYSTEM)
    assert (bakery.status, bakery.status_reason) == ("suspended", "unpaid")
    organizations.reactivate(bakery, by=SYSTEM)
    assert (bakery.status, bakery.status_reason) == ("active", "")
    organizations.close(bakery, reason="gone", by=SYSTEM)
    for way_back in (organizations.reactivate, organizations.activate):
        with pytest.raises(WrongState):
            way_back(bakery, by=SYSTEM)
    assert bakery.closed_at


def test_a_company_is_only_open_while_its_platform_is(acme, bakery):
    organizations.suspend(acme, reason="unpaid", by=SYSTEM)
    bakery = Organization.objects.select_related("parent").get(pk=bakery.pk)
    assert not bakery.is_open


def test_every_write_records_one_event_with_its_reason(bakery):
    before = Event.objects.count()
    organizations.suspend(bakery, reason="unpaid", by=SYSTEM)
    event = Event.objects.latest("id")
    assert Event.objects.count() == before + 1
    assert (event.type, event.reason, event.changes) == (
        "company.suspended",
        "unpaid",
        {"status": ["active", "suspended"]},
    )


def test_an_update_keeps_what_was_not_given_and_says_what_changed(bakery):
    organizations.update(bakery, {"city": "Gent"}, by=SYSTEM)
    after = Organization.objects.get(pk=bakery.pk)
    assert (after.city, after.metadata) == ("Gent", {"tenantId": "t-1"})
    assert Event.objects.latest("id").changes == {"city": ["", "Gent"]}


def test_an_update_that_changes_nothing_is_no_event(bakery):
    before = Event.objects.count()
    organizations.update(bakery, {"name": bakery.name}, by=SYSTEM)
    assert Event.objects.count() == before


def test_who_pays_is_part_of_the_profile_and_stands_in_the_audit_trail(acme, bakery, by):
    """FIS-28: other apps read these columns when they make statements."""
    organizations.update(bakery, {"bill_to_id": acme.pk, "withhold_billing": True}, by=by)
    bakery.refresh_from_db()
    assert (bakery.bill_to, bakery.withhold_billing) == (acme, True)
    changes = Event.objects.filter(type="company.updated").get().changes
    assert changes == {"bill_to_id": [None, str(acme.pk)], "withhold_billing": [False, True]}


def test_an_organization_knows_who_made_it(acme, by, django_user_model):
    """C-47a, FIS-61."""
    robin = django_user_model.objects.create_user("robin@acme.example")
    made = organizations.create("business", {"name": "Made"}, by=Actor.user(robin), maker=acme)
    assert (made.created_by_organization, made.created_by_user) == (acme, robin)
    assert organizations.create("business", {"name": "Other"}, by=by).created_by_user is None
