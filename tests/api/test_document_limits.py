"""No more documents: said by each surface in its own words, and exact when many send at once."""

from collections import Counter
from datetime import timedelta

import pytest
from django.utils import timezone

from apikeys.services import keys
from billing.models import Plan, Subscription
from billing.services import subscriptions
from peppol.models import Document, MonthlyUsage
from tenants.ids import spell
from tenants.models import Organization
from tenants.services import entitlements
from tests.api.conftest import Caller
from tests.api.einvoice.tenant.documents.conftest import draft
from tests.api.flowie.conftest import Flowie, platform_key
from tests.api.flowie.test_documents import BATCH, SEND, playbook
from tests.api.flowie.test_onboarding import in_parallel
from tests.api.goroute.conftest import GoRouteCaller
from tests.conftest import SYSTEM, make_company

pytestmark = pytest.mark.django_db
USED_UP = "The documents that the plan includes this month are used up."
ENDED = "The plan has ended: choose one to send again."
TODAY = "All documents of today are sent."


@pytest.fixture
def plan(acme):
    """acme's, of one document, at which it stops."""
    plan = Plan.objects.create(
        code="one",
        name="One",
        monthly_fee=1,
        overage_price=1,
        included_documents=1,
        quota_is_hard=True,
    )
    subscriptions.select(acme, plan, by=SYSTEM)
    Subscription.objects.update(started_at=timezone.now() - timedelta(days=62))
    return plan


def secret_of(company):
    return keys.issue(company, name="own", by=SYSTEM)[1]


def by_goroute(company):
    return GoRouteCaller(secret_of(company)).post("/invoices", {"number": "1"})


def by_flowie(company):
    return Flowie(secret_of(company)).post(SEND, playbook(spell("comp", company.pk)))


def by_einvoice(company):
    own = Caller(secret_of(company))
    return own.post(f"/api/documents/{draft(own)['id']}/send")


def goroute(code, sentence):
    return {"error": code, "message": sentence}


def flowie(code, sentence):
    told = {"code": code.upper(), "message": sentence}
    kind = "rate_limit_error" if code == "daily_limit_reached" else "invalid_request_error"
    return {**told, "error": {"type": kind, **told}}


def einvoice(code, sentence):
    return {"detail": sentence}


SURFACES = [(by_goroute, goroute), (by_flowie, flowie), (by_einvoice, einvoice)]


@pytest.mark.parametrize("call, said", SURFACES)
def test_a_used_up_month_is_402_until_the_plan_is_another(call, said, plan, acme, sender):
    MonthlyUsage.objects.create(
        organization=sender, environment="live", on=timezone.now().date().replace(day=1), sent=1
    )
    answer = call(sender)
    assert (answer.status_code, answer.json()) == (402, said("quota_reached", USED_UP))
    subscriptions.cancel(acme, now=True, by=SYSTEM)
    answer = call(sender)
    assert (answer.status_code, answer.json()) == (402, said("plan_ended", ENDED))
    assert not Document.objects.exists()
    Plan.objects.update(quota_is_hard=False)
    subscriptions.select(acme, Plan.objects.get(), by=SYSTEM)
    assert call(sender).status_code in (200, 201, 202)


@pytest.mark.parametrize("call, said", SURFACES)
def test_a_used_up_day_is_429_with_the_time_to_wait(call, said, acme, sender):
    entitlements.give(acme, {"documents_per_day": 0}, by=SYSTEM)
    answer = call(sender)
    assert (answer.status_code, answer.json()) == (429, said("daily_limit_reached", TODAY))
    assert 0 < int(answer["Retry-After"]) <= 86_400
    assert call is not by_einvoice or answer["x-should-retry"] == "false"


def test_a_batch_is_accepted_up_to_the_limit_and_the_rest_refused(acme, sender):
    entitlements.give(sender, {"document_quota": 2, "quota_is_hard": True}, by=SYSTEM)
    company = spell("comp", sender.pk)
    items = [playbook(company) for _ in range(4)]
    answer = Flowie(secret_of(sender)).post(BATCH, {"documents": items})
    assert [one["statusCode"] for one in answer.json()["results"]] == [202, 202, 402, 402]
    assert answer.json()["results"][2]["error"]["code"] == "QUOTA_REACHED"


def test_a_refusal_that_passes_is_not_the_answer_to_the_same_call_later(acme, sender):
    entitlements.give(sender, {"documents_per_day": 0}, by=SYSTEM)
    caller, headers = GoRouteCaller(secret_of(sender)), {"Idempotency-Key": "k-1"}
    assert caller.post("/invoices", {"number": "1"}, headers=headers).status_code == 429
    entitlements.give(sender, {"documents_per_day": None}, by=SYSTEM)
    answer = caller.post("/invoices", {"number": "1"}, headers=headers)
    assert answer.status_code == 201 and "Idempotency-Replayed" not in answer


def test_a_platform_sets_limits_for_each_of_its_companies_by_api(acme, bakery):
    api = Flowie(platform_key(acme))
    path, wanted = "/platform/settings", {"perMonth": 500, "perDay": 20, "hard": True}
    shown = api.patch(path, {"defaults": {"documentLimits": wanted}}).json()
    assert shown["defaults"]["documentLimits"] == wanted
    api.patch(path, {"defaults": {"documentLimits": {"perDay": None}}})
    shown = api.get(path).json()["defaults"]["documentLimits"]
    assert shown == {**wanted, "perDay": None}
    for wrong in (0, -1, "many", 2**31, True):
        answer = api.patch(path, {"defaults": {"documentLimits": {"perDay": wrong}}})
        assert answer.status_code == 422, wrong
    quota = api.acting(spell("comp", bakery.pk)).get("/stats").json()["quota"]
    assert (quota["limit"], quota["hard"], quota["scope"]) == (500, True, "company")


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("limit", ["plan", "platform's day", "company's month", "company's day"])
def test_of_fifty_who_send_at_once_as_many_as_may_get_through(limit, acme, bakery):
    """7 of 50: from five companies where they share the limit, from one where it is its own."""
    shared = limit in ("plan", "platform's day")
    others = [make_company(acme, f"Company {n}") for n in range(4)] if shared else []
    match limit:
        case "plan":
            plan = Plan.objects.create(
                code="seven",
                name="Seven",
                monthly_fee=1,
                overage_price=1,
                included_documents=7,
                quota_is_hard=True,
            )
            subscriptions.select(acme, plan, by=SYSTEM)
            Subscription.objects.update(started_at=timezone.now() - timedelta(days=62))
        case "platform's day":
            entitlements.give(acme, {"documents_per_day": 7}, by=SYSTEM)
        case "company's month":
            wanted = {"document_quota": 7, "quota_is_hard": True}
            entitlements.give(bakery, wanted, by=SYSTEM)
        case "company's day":
            entitlements.give(bakery, {"documents_per_day": 7}, by=SYSTEM)
    callers = [GoRouteCaller(secret_of(company)) for company in (bakery, *others)]

    def send(n):
        return callers[n % len(callers)].post("/invoices", {"number": str(n)}).status_code

    Organization.objects.update(requests_per_minute=10_000)
    refused = 429 if "day" in limit else 402
    answers = Counter(in_parallel(50, send))
    # Whoever waits too long for its turn, on a busy machine, is asked to come again.
    assert answers[201] == 7 and set(answers) <= {201, refused, 503}
    assert Document.objects.count() == 7
    assert sum(MonthlyUsage.objects.values_list("sent", flat=True)) == 7
