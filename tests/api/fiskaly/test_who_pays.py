"""Nobody frees themselves of the operator's bill: neither of their own, nor of their companies'."""

import pytest

from billing.models import Plan
from billing.services import subscriptions
from config.api.fiskaly.ids import spell
from tenants.models import Organization
from tenants.services import entitlements
from tests.api.fiskaly.conftest import ALL, NEW, make_key, make_user, one, opened, opened_by
from tests.conftest import SYSTEM, make_company

WITHHELD = {"billing_options": {"withhold_billing": True}}
OLD_WORDS = {"managed_configuration": {"withhold_billing": True}}


@pytest.fixture
def live(acme):
    return opened(*make_key(acme, environment="live"))


@pytest.mark.parametrize("body", [WITHHELD, OLD_WORDS])
def test_a_platform_withholds_billing_where_the_operator_lets_it(live, acme, bakery, body):
    for target in (acme, bakery):
        assert live.patch(one(target), body).status_code == 403
    for more in ({}, {"managed_by_organization_id": spell(acme.pk)}):
        assert live.post(ALL, {**NEW, **more, **body}).status_code == 403
    assert not Organization.objects.filter(withhold_billing=True).exists()
    entitlements.give(acme, {"may_withhold_billing": True}, by=SYSTEM)
    assert live.patch(one(bakery), body).status_code == 200
    assert live.post(ALL, {**NEW, "managed_by_organization_id": spell(acme.pk), **body})
    assert Organization.objects.filter(withhold_billing=True).count() == 2


def test_withholding_that_staff_have_set_stays_and_can_be_ended(live, bakery):
    Organization.objects.filter(pk=bakery.pk).update(withhold_billing=True)
    assert live.patch(one(bakery), {"town": "Gent", **WITHHELD}).status_code == 200
    ended = live.patch(one(bakery), {"billing_options": {"withhold_billing": False}})
    assert ended.json()["billing_options"]["withhold_billing"] is False


def test_whoever_is_to_pay_has_a_plan(live, acme, bakery, db):
    other = make_company(acme, "Other")
    to_other = {"billing_options": {"bill_to_organization": spell(other.pk)}}
    for target in (acme, bakery):
        assert live.patch(one(target), to_other).status_code == 403
    to_itself = {"billing_options": {"bill_to_organization": spell(bakery.pk)}}
    assert live.patch(one(bakery), to_itself).status_code == 403
    plan = Plan.objects.create(code="plan", name="Plan", monthly_fee="1.00", overage_price="1.00")
    subscriptions.select(other, plan, by=SYSTEM)
    assert live.patch(one(bakery), to_other).status_code == 200
    to_platform = {"billing_options": {"bill_to_organization": spell(acme.pk)}}
    assert live.patch(one(bakery), to_platform).status_code == 200


def test_whoever_has_made_an_organization_does_not_stop_paying_for_it(live, acme):
    made = live.post(
        ALL, {**NEW, "billing_options": {"bill_to_organization": spell(acme.pk)}}
    ).json()
    nobody = {"billing_options": {"bill_to_organization": None}}
    assert live.patch(one(made), nobody).status_code == 403
    assert live.patch(one(made), {"billing_options": {"gln": "9012345000004"}}).status_code == 200


def test_a_company_is_not_made_at_the_cost_of_whom_its_maker_does_not_govern(acme):
    """Neither by a developer nor by a key that carries a developer's role."""
    entitlements.give(acme, {"may_withhold_billing": True}, by=SYSTEM)
    body = {**NEW, "managed_by_organization_id": spell(acme.pk), **WITHHELD}
    for role, status in (("developer", 403), ("admin", 200)):
        person = opened_by(make_user(f"{role}@acme.example", acme, role=role))
        assert person.post(ALL, body).status_code == status
