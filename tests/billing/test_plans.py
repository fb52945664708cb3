"""Plans and their quotas."""

from datetime import timedelta

import pytest
from django.utils import timezone

from billing.models import Plan, QuotaNotice, Subscription
from billing.services import quotas, subscriptions
from peppol.models import MonthlyUsage
from tenants.errors import Invalid, LimitReached, WrongState
from tenants.models import Event
from tenants.services import entitlements
from tests.billing.factories import use
from tests.conftest import SYSTEM, make_company

pytestmark = pytest.mark.django_db


def test_a_plan_that_is_edited_holds_for_those_on_it(acme, plan):
    subscriptions.select(acme, plan, by=SYSTEM)
    plan.company_limit, plan.white_label = 7, True
    subscriptions.save_plan(plan)
    acme.refresh_from_db()
    assert (acme.company_limit, acme.white_label, acme.document_quota) == (7, True, 100)


def test_what_staff_gave_outlasts_an_edited_plan(acme, rival, plan):
    plan.company_limit = None
    subscriptions.save_plan(plan)
    for one in (acme, rival):
        subscriptions.select(one, plan, by=SYSTEM)
    entitlements.give(acme, {"company_limit": 3}, reason="on trial", by=SYSTEM)
    plan.company_limit, plan.white_label = 7, True
    subscriptions.save_plan(plan)
    acme.refresh_from_db()
    rival.refresh_from_db()
    assert (acme.company_limit, acme.white_label) == (3, True)
    assert (rival.company_limit, rival.white_label) == (7, True)


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({"company_limit": 1}, LimitReached),
        ({"platform": False}, WrongState),
        ({"currency": "USD"}, Invalid),
    ],
    ids=["too-small", "not-for-platforms", "other-currency"],
)
def test_a_plan_that_does_not_fit_is_refused(changes, refusal, acme, plan):
    subscriptions.select(acme, plan, by=SYSTEM)
    for name in ("One", "Two"):
        make_company(acme, name)
    other = Plan.objects.create(
        **{"code": "x", "name": "X", "monthly_fee": 1, "overage_price": 1, **changes}
    )
    with pytest.raises(refusal):
        subscriptions.select(acme, other, by=SYSTEM)
    assert Subscription.objects.get(organization=acme, ended_at=None).plan == plan


def test_a_quota_is_announced_once_at_each_threshold(acme, bakery, plan):
    subscriptions.select(acme, plan, by=SYSTEM)
    this_month = timezone.now().date().replace(day=1)
    Subscription.objects.update(started_at=timezone.now() - timedelta(days=31))
    use(bakery, sent=79, month=this_month)
    assert quotas.watch() == 0
    MonthlyUsage.objects.update(sent=80)
    assert (quotas.watch(), quotas.watch()) == (1, 0)
    MonthlyUsage.objects.update(sent=130)
    assert quotas.watch() == 1
    types = Event.objects.filter(organization=acme, type__startswith="quota")
    assert list(types.order_by("id").values_list("type", flat=True)) == [
        "quota.warning",
        "quota.reached",
    ]
    assert QuotaNotice.objects.count() == 2
