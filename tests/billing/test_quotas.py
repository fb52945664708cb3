"""Documents are counted alike for everybody, said at 80 and 100 %, and stopped where it is hard."""

from datetime import timedelta

import pytest
from django.utils import timezone

from billing import charges
from billing.models import QuotaNotice, Subscription
from billing.services import quotas, subscriptions
from peppol.models import DailyUsage, Document, MonthlyUsage
from peppol.services.documents import documents, intake, limits
from tenants.errors import DomainError
from tenants.models import Event, Organization
from tenants.services import entitlements, settings
from tests.billing.factories import use
from tests.conftest import SYSTEM, make_company
from tests.peppol.test_documents import forward
from tests.peppol.test_inbound import envelope
from tests.peppol.trading import registered

pytestmark = pytest.mark.django_db


def send(company, environment="live"):
    company = Organization.objects.select_related("parent").get(pk=company.pk)
    prepared = intake.from_json(company, {"number": "1"}, kind="invoice")
    return documents.send(company, prepared, by=SYSTEM, environment=environment)


def refusal(company):
    """The code by which one more document is refused; nothing of it is left."""
    before = Document.objects.count(), list(MonthlyUsage.objects.values_list("sent", flat=True))
    with pytest.raises(DomainError) as refused:
        send(company)
    after = Document.objects.count(), list(MonthlyUsage.objects.values_list("sent", flat=True))
    assert after == before
    return refused.value.code


@pytest.fixture
def hard(acme, bakery, plan):
    """acme on a plan that stops at 3 documents, since before this month."""
    plan.included_documents, plan.quota_is_hard = 3, True
    plan.save()
    subscriptions.select(acme, plan, by=SYSTEM)
    Subscription.objects.update(started_at=timezone.now() - timedelta(days=62))
    return acme


def today():
    return timezone.now().date()


# --- The month of whoever pays -------------------------------------------------------------------


def test_a_hard_plan_stops_at_its_documents_for_all_companies_together(hard, bakery):
    other = make_company(hard, "Other")
    for company in (bakery, other, hard):
        send(company)
    assert [refusal(one) for one in (bakery, other, hard)] == ["quota_reached"] * 3


def test_a_soft_plan_goes_on_and_charges_overage(hard, bakery):
    Organization.objects.update(quota_is_hard=False)
    for _ in range(4):
        send(bakery)
    assert charges.of(hard, today()).overage == 1


def test_what_failed_makes_room_again(hard, bakery):
    for _ in range(3):
        send(bakery)
    MonthlyUsage.objects.update(failed=1)
    DailyUsage.objects.update(failed=1)
    send(bakery)
    assert refusal(bakery) == "quota_reached"


def test_what_is_billed_to_another_stops_at_the_others_plan(hard, rival, bakery, plan):
    """rival's quota of 3 is used up by a company of acme's; acme's own is not."""
    subscriptions.select(rival, plan, by=SYSTEM)
    Subscription.objects.update(started_at=timezone.now() - timedelta(days=62))
    Organization.objects.filter(pk=bakery.pk).update(bill_to=rival)
    for _ in range(3):
        send(bakery)
    assert (quotas.of(rival, today()).used, quotas.of(hard, today()).used) == (3, 0)
    assert refusal(bakery) == "quota_reached"
    send(make_company(hard, "Other"))


def test_what_nobody_is_billed_for_counts_for_nobody(hard, bakery):
    Organization.objects.filter(pk=bakery.pk).update(withhold_billing=True)
    for _ in range(4):
        send(bakery)
    assert quotas.of(hard, today()).used == 0


def test_the_test_environment_is_not_limited(hard, bakery):
    for _ in range(4):
        send(bakery, environment="test")


def test_received_documents_count_and_are_never_stopped(client, settings, hard, bakery):
    registered(bakery, "9957:FR86797978996")
    for n in range(5):
        answer = forward(client, settings, envelope(instance=f"i-{n}"), f"i-{n}")
        assert answer.status_code == 200
    assert Document.objects.filter(direction="inbound", state="received").count() == 5
    assert quotas.of(hard, today()).used == 5 and refusal(bakery) == "quota_reached"


def test_a_plan_of_half_a_month_stops_at_half_its_documents(hard, bakery, plan):
    """A plan of 60 that began today includes 60 x its days / the month's, as the bill says."""
    plan.included_documents = 60
    subscriptions.cancel(hard, now=True, by=SYSTEM)
    Subscription.objects.all().delete()
    plan.save()
    subscriptions.select(hard, plan, by=SYSTEM)
    last = quotas.Month.of(today())
    share = 60 * ((last.last - today()).days + 1) // last.length
    hard.refresh_from_db()
    assert quotas.of(hard, today()).limit == charges.of(hard, today()).included == share


def test_what_staff_gave_is_the_quota_and_not_the_bills(hard):
    entitlements.give(hard, {"document_quota": 5}, by=SYSTEM)
    hard.refresh_from_db()
    assert quotas.of(hard, today()).limit == 5 and charges.of(hard, today()).included == 3


# --- After the plan's end ------------------------------------------------------------------------


def test_after_its_plans_end_nobody_sends_until_one_is_chosen(hard, bakery, plan):
    send(bakery)
    subscriptions.cancel(hard, now=True, by=SYSTEM)
    assert [refusal(one) for one in (bakery, hard)] == ["plan_ended"] * 2
    hard.refresh_from_db()
    subscriptions.select(hard, plan, by=SYSTEM)
    send(bakery)


def test_a_cancelled_plan_sends_until_the_month_is_over(hard, bakery):
    subscriptions.cancel(hard, by=SYSTEM)
    subscriptions.keep_up()
    send(bakery)
    Subscription.objects.update(ends_at=timezone.now())
    subscriptions.keep_up()
    assert refusal(bakery) == "plan_ended"


def test_whoever_never_had_a_plan_sends(bakery):
    send(bakery)


# --- A company's own limits, and days ------------------------------------------------------------


def test_a_company_has_the_limits_that_its_platform_gives_each(acme, bakery):
    given = {"documentLimits": {"perMonth": 2, "hard": True}}
    settings.change(acme, defaults=given, by=SYSTEM)
    for _ in range(2):
        send(bakery)
    assert refusal(bakery) == "quota_reached"
    send(make_company(acme, "Other"))
    entitlements.give(bakery, {"document_quota": 3, "quota_is_hard": True}, by=SYSTEM)
    send(bakery)
    assert refusal(bakery) == "quota_reached"


def test_a_companys_soft_limit_stops_nothing(acme, bakery):
    settings.change(acme, defaults={"documentLimits": {"perMonth": 1}}, by=SYSTEM)
    for _ in range(2):
        send(bakery)


@pytest.mark.parametrize("whose", ["company", "given", "platform"])
def test_a_days_documents_are_limited_and_tomorrow_is_another_day(whose, acme, bakery):
    if whose == "given":
        settings.change(acme, defaults={"documentLimits": {"perDay": 2}}, by=SYSTEM)
    else:
        limited = bakery if whose == "company" else acme
        entitlements.give(limited, {"documents_per_day": 2}, by=SYSTEM)
    send(bakery)
    send(bakery if whose != "platform" else make_company(acme, "Other"))
    assert refusal(bakery) == "daily_limit_reached"
    DailyUsage.objects.update(on=today() - timedelta(days=1))
    send(bakery)


def test_what_failed_or_came_in_makes_no_difference_to_the_day(acme, bakery):
    entitlements.give(bakery, {"documents_per_day": 1}, by=SYSTEM)
    DailyUsage.objects.create(organization=bakery, environment="live", on=today(), received=9)
    send(bakery)
    DailyUsage.objects.update(failed=1)
    assert refusal(bakery) == "daily_limit_reached"


def test_who_is_refused_for_the_day_is_told_when_it_ends(bakery):
    at = timezone.now().replace(hour=23, minute=59, second=0, microsecond=0)
    entitlements.give(bakery, {"documents_per_day": 0}, by=SYSTEM)
    bakery.refresh_from_db()
    with pytest.raises(DomainError) as refused:
        limits.check(bakery, "live", at)
    assert refused.value.details["retry_after"] == 61


def test_a_plan_brings_both_limits_and_another_takes_them_away(acme, plan):
    plan.quota_is_hard, plan.documents_per_day = True, 7
    plan.save()
    subscriptions.select(acme, plan, by=SYSTEM)
    acme.refresh_from_db()
    assert (acme.quota_is_hard, acme.documents_per_day) == (True, 7)
    plan.documents_per_day, plan.quota_is_hard = 9, False
    subscriptions.save_plan(plan)
    acme.refresh_from_db()
    assert (acme.quota_is_hard, acme.documents_per_day) == (True, 9)
    terms = Subscription.objects.get().terms
    terms.filter(is_pending=False).update(since=today() - timedelta(days=40))
    terms.filter(is_pending=True).update(since=today())
    subscriptions.keep_up()
    acme.refresh_from_db()
    assert acme.quota_is_hard is False


# --- Being told ----------------------------------------------------------------------------------


def told(organization):
    rows = Event.objects.filter(organization=organization, type__startswith="quota")
    return [(row.type, row.data["quota"]["period"]) for row in rows.order_by("id")]


def test_a_company_is_told_of_its_own_month_and_day(acme, bakery):
    given = {"documentLimits": {"perMonth": 10, "perDay": 5}}
    settings.change(acme, defaults=given, by=SYSTEM)
    for _ in range(4):
        send(bakery)
    assert (quotas.watch(), quotas.watch()) == (1, 0)
    MonthlyUsage.objects.update(sent=8)
    DailyUsage.objects.update(sent=5)
    assert (quotas.watch(), quotas.watch()) == (2, 0)
    assert told(bakery) == [
        ("quota.warning", "day"),
        ("quota.warning", "month"),
        ("quota.reached", "day"),
    ]
    assert QuotaNotice.objects.count() == 3


def test_a_platform_is_told_of_its_day_and_whether_its_month_is_hard(hard, bakery):
    entitlements.give(hard, {"documents_per_day": 3}, by=SYSTEM)
    for _ in range(3):
        send(bakery)
    quotas.watch()
    assert sorted(told(hard)) == [
        ("quota.reached", "day"),
        ("quota.reached", "month"),
        ("quota.warning", "day"),
        ("quota.warning", "month"),
    ]
    assert {row.data["quota"]["hard"] for row in Event.objects.filter(type="quota.reached")} == {
        True
    }


def test_a_plan_that_began_in_the_month_is_told_of_at_its_share(hard, bakery, plan):
    """Prorated to nearly nothing, it is used up by what is far from 80 % of the whole."""
    subscriptions.cancel(hard, now=True, by=SYSTEM)
    Subscription.objects.all().delete()
    plan.included_documents = 3000
    plan.save()
    subscriptions.select(hard, plan, by=SYSTEM)
    hard.refresh_from_db()
    share = quotas.of(hard, today()).limit
    use(bakery, sent=share, month=today().replace(day=1))
    DailyUsage.objects.create(organization=bakery, environment="live", on=today(), sent=share)
    quotas.watch()
    assert [kind for kind, _ in told(hard)] == ["quota.warning", "quota.reached"]
