"""The reseller's first page: how things are, what needs attention, what to do next."""

from datetime import timedelta

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from apikeys.columns import OLD
from apikeys.models import ApiKey
from billing import checklist
from billing.models import Plan, QuotaNotice
from billing.services import quotas, subscriptions
from peppol.models import DailyUsage, Identification, MonthlyUsage, Participant
from peppol.services.documents import usage
from tenants.models import Company, Organization, Role
from tenants.services import applications, organizations
from tests.conftest import SYSTEM, make_company
from tests.portal.conftest import at, make_member, make_rows, signed_in, texts
from tests.portal.factories import add_up, make_document, make_usage
from webhooks.models import Delivery, Endpoint
from webhooks.services import endpoints

INDEX = "/portal/"
APPLICATION = {
    "motivation": "Shops",
    "expected_companies": 9,
    "expected_documents": 9,
    "technical_contact": "t@shops.example",
}


def overview(client):
    return client.get(INDEX).context


def attention(client):
    return {str(item.text): item for item in overview(client)["attention"]}


def hook(organization, name="hook", **facts):
    row, _secret = endpoints.create(
        organization, url=f"https://{name}.example/", event_types=["*"], by=SYSTEM
    )
    Endpoint.objects.filter(pk=row.pk).update(**facts)
    return row


# --- How things are -------------------------------------------------------------------------------


def test_companies_are_counted_by_state_and_lead_to_their_list(browser, acme):
    for n in range(3):
        make_company(acme, f"Company {n}")
    organizations.suspend(make_company(acme, "Late"), reason="unpaid", by=SYSTEM)
    found = {one.state: one for one in overview(browser)["states"]}
    assert {state: one.number for state, one in found.items()} == {"active": 3, "suspended": 1}
    assert found["active"].percent == 75
    assert len(browser.get(found["suspended"].link).context["cl"].result_list) == 1


def test_documents_of_thirty_days_are_summed_by_day_and_nothing_older(browser, acme, bakery):
    today = timezone.now().date()
    for days, sent in ((0, 10), (29, 5), (30, 99)):
        DailyUsage.objects.create(
            organization=bakery,
            on=today - timedelta(days=days),
            environment="live",
            sent=sent,
            received=2,
            failed=1,
        )
    add_up()
    page = overview(browser)
    assert [(bar.lower, bar.upper) for bar in page["chart"].bars if bar.lower] == [(5, 2), (10, 2)]
    assert [figure.number for figure in page["figures"]][2:] == [15, 4]


def test_each_day_says_in_words_how_much_arrived(browser, bakery):
    make_usage(bakery, sent=4, failed=1)
    tracker = overview(browser)["trackers"][0]
    assert tracker.said == "75.0 %" and len(tracker.marks) == 30
    assert tracker.marks[-1].text.endswith(": 3 of 4 delivered")
    assert tracker.marks[0].text.endswith(": nothing sent")
    assert tracker.marks[-1].text in texts(browser.get(INDEX))


def test_webhooks_in_trouble_have_the_first_marks(browser, acme, bakery):
    hook(acme, "fine", last_success_at=timezone.now())
    hook(bakery, "failing", consecutive_failures=3)
    hook(bakery, "off", status="disabled")
    tracker = overview(browser)["trackers"][1]
    assert [mark.text for mark in tracker.marks] == [
        "https://off.example/: disabled",
        "https://failing.example/: failing",
        "https://fine.example/: fine",
    ]
    assert tracker.said == "1 of 3 fine"
    for text, link in tracker.parts:
        assert len(browser.get(link).context["cl"].result_list) == 1, text


def test_what_companies_exchange_is_in_the_sum_at_once(browser, acme, bakery):
    yesterday = timezone.now() - timedelta(days=1)
    for company, at_ in ((bakery, timezone.now()), (bakery, yesterday), (acme, yesterday)):
        usage.count(company, "live", "sent", at_)
    assert overview(browser)["figures"][2].number == 3


# --- What needs attention -------------------------------------------------------------------------


def test_what_needs_attention_says_how_much_since_when_and_leads_there(browser, acme, bakery):
    past = timezone.now() - timedelta(days=3)
    rows = make_rows(acme, bakery, "word")
    Participant.objects.update(updated_at=past)
    Endpoint.objects.update(consecutive_failures=2, first_failure_at=past)
    Delivery.objects.update(created_at=past)
    old = timezone.now() - timedelta(days=100)
    ApiKey.objects.update(created_at=old)
    for number, facts in (("1", {"state": "failed"}), ("2", {"response": "rejected"})):
        make_document(bakery, number=number, **facts)
    Organization.objects.filter(pk=bakery.pk).update(document_quota=4)
    assert rows
    found = attention(browser)
    assert {text: item.since for text, item in found.items() if "document" not in text} == {
        "1 registration needs a decision": past,
        "1 webhook fails or is disabled": past,
        "1 delivery was given up": past,
        "1 key is older than 90 days": old + OLD,
        "1 identification waits for your decision": Identification.objects.get().submitted_at,
    }
    assert {text for text in found if "document" in text} == {
        "1 document could not be delivered",
        "1 document was rejected by its receiver",
        "1 company has used 80 % of its documents of this month",
    }
    for text, item in found.items():
        assert len(browser.get(item.link).context["cl"].result_list) == 1, text
    assert ">Since " in texts(browser.get(INDEX))


def test_what_is_long_past_is_history(browser, bakery):
    old = make_document(bakery, state="failed", created_at=timezone.now() - timedelta(days=40))
    type(old).objects.filter(pk=old.pk).update(created_at=timezone.now() - timedelta(days=40))
    assert not attention(browser)


def test_a_company_below_four_fifths_of_its_quota_is_nothing_to_act_on(browser, bakery):
    make_usage(bakery, sent=79, received=0)
    Organization.objects.filter(pk=bakery.pk).update(document_quota=100)
    assert not attention(browser)
    MonthlyUsage.objects.update(sent=80)
    assert attention(browser)


def test_a_plan_that_is_nearly_used_up_is_said_from_the_notice_on(browser, acme, bakery):
    plan = Plan.objects.create(
        code="p", name="P", monthly_fee="1", included_documents=10, overage_price="1"
    )
    subscriptions.select(acme, plan, by=SYSTEM)
    acme.subscriptions.update(started_at=timezone.now() - timedelta(days=62))
    make_usage(bakery, sent=8, received=0)
    quotas.watch()
    found = attention(browser)["80 % of the documents that your plan includes this month are used"]
    assert found.since == QuotaNotice.objects.get().sent_at
    MonthlyUsage.objects.update(sent=10)
    DailyUsage.objects.update(sent=10)
    quotas.watch()
    assert "All documents that your plan includes this month are used" in attention(browser)


@pytest.mark.parametrize(
    "decision, text",
    [
        ("request-info", "The reviewer of your application has a question"),
        ("reject", "Your application to become a platform was declined"),
        ("approve", "Your application is approved: you can create companies"),
    ],
)
def test_an_answer_to_the_application_waits_on_the_overview(db, decision, text):
    shop = organizations.create("business", {"name": "Shop", "country": "BE"}, by=SYSTEM)
    client = signed_in(make_member(shop, Role.OWNER))
    application = applications.submit(shop, APPLICATION, terms_accepted=True, by=SYSTEM)
    assert not attention(client)
    decide = {
        "request-info": applications.request_info,
        "reject": applications.reject,
        "approve": applications.approve,
    }[decision]
    decide(application, message="How many?", by=SYSTEM)
    application.refresh_from_db()
    assert attention(client)[text].since == application.decided_at
    assert client.get(attention(client)[text].link).status_code == 200


def test_one_sees_only_what_one_may_look_at(acme, bakery):
    make_rows(acme, bakery, "word")
    accountant = signed_in(make_member(acme, Role.BILLING))
    page = overview(accountant)
    assert page["attention"] == [] and [t.title for t in page["trackers"]] == [
        "Documents delivered"
    ]


# --- What to do next ------------------------------------------------------------------------------


def test_what_is_done_and_what_is_to_be_done_is_on_the_overview(browser, acme, bakery):
    """FLO-67."""
    page = texts(browser.get(INDEX))
    assert "Going live" in page
    for step in ("Create a company", "Issue an API key", "Add a webhook", "Protect your sign-in"):
        assert step in page, step


def test_the_way_begins_with_the_steps_that_the_surface_answers(browser, acme):
    """INV-13: one definition of what an onboarding is."""
    onboarding = checklist.of(acme, checklist.plan_of(acme)).steps
    way = overview(browser)["way"]
    assert [(task.done, task.optional) for task in way.tasks[: len(onboarding)]] == [
        (step.done, step.optional) for step in onboarding
    ]
    needed = [task.done for task in way.tasks if not task.optional]
    assert way.ratio == sum(needed) / len(needed)


def test_a_new_account_is_told_what_to_do_first(browser, acme):
    page = browser.get(INDEX)
    assert page.context["is_new"] and "Begin with “Choose a plan”" in texts(page)
    for task in page.context["way"].tasks:
        assert browser.get(task.link, follow=True).status_code == 200, task.title
    make_company(acme, "First")
    assert not overview(browser)["is_new"]


def test_who_may_change_nothing_is_asked_for_nothing(acme):
    page = signed_in(make_member(acme, Role.VIEWER)).get(INDEX)
    tasks = page.context["way"].tasks
    assert {task.title for task in tasks if task.link and not task.done} == {"Protect your sign-in"}


def test_the_overview_takes_as_many_queries_for_a_thousand_companies(browser, acme):
    def queries():
        cache.clear()
        with CaptureQueriesContext(connection) as captured:
            assert browser.get(reverse("portal:index")).status_code == 200
        return len(captured)

    def add(numbers):
        today = timezone.now().date()
        companies = Company.objects.bulk_create(
            Company(
                kind="managed",
                parent=acme,
                name=f"Company {n}",
                country="BE",
                status="active",
                document_quota=4,
            )
            for n in numbers
        )
        facts = [{"organization": company} for company in companies]
        Participant.objects.bulk_create(
            Participant(scheme="9915", value=f"{n}", state="failed", **f)
            for n, f in zip(numbers, facts, strict=True)
        )
        counted = {"environment": "live", "sent": 4}
        DailyUsage.objects.bulk_create(DailyUsage(on=today, **counted, **f) for f in facts)
        MonthlyUsage.objects.bulk_create(
            MonthlyUsage(on=today.replace(day=1), **counted, **f) for f in facts
        )
        Endpoint.objects.bulk_create(
            Endpoint(
                url="https://h.example/",
                environment="live",
                secret="x",
                signing_key="x",
                consecutive_failures=1,
                first_failure_at=timezone.now(),
                **f,
            )
            for f in facts
        )

    make_rows(acme, make_company(acme, "First"), "word")
    add(range(10))
    few = queries()
    add(range(10, 1000))
    assert queries() <= few <= 27
    assert at("tenants_company") in texts(browser.get(INDEX))
