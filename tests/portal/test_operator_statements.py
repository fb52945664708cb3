"""The operator's statements: runs with who was refused and why, credit notes, usage by platform."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from billing import months
from billing.models import Plan, QuotaNotice, Statement, StatementRun, Subscription
from billing.services import statement_runs
from peppol.models import MonthlyUsage
from tenants.models import Organization
from tests.conftest import make_company, make_platform
from tests.portal.conftest import texts
from tests.portal.factories import make_statement, make_usage


def at(page: str, what: str = "changelist", row=None) -> str:
    return reverse(f"admin:billing_{page}_{what}", args=[row.pk] if row is not None else [])


@pytest.fixture
def last_month():
    return months.offered()[1]


@pytest.fixture
def subscribed(acme, rival):
    """acme can be billed; a VAT number as rival has it stands on no valid statement."""
    plan = Plan.objects.create(
        code="p", name="Growth", monthly_fee=10, overage_price=0, included_documents=0
    )
    long_ago = timezone.now() - timedelta(days=400)
    for platform in (acme, rival):
        Subscription.objects.create(organization=platform, plan=plan, started_at=long_ago)
    address = {"address_line1": "Rue Neuve 1", "city": "Brussel", "postal_code": "1000"}
    Organization.objects.filter(pk=acme.pk).update(**address, created_at=long_ago)
    Organization.objects.filter(pk=rival.pk).update(vat_number="12", created_at=long_ago)
    return acme


def test_a_month_is_billed_and_the_refused_are_named(desk, subscribed, rival, last_month):
    desk.post(at("statementrun", "add"), {"month": last_month.isoformat()})
    run = StatementRun.objects.get()
    page = at("statementrun", "change", run)
    assert "Statements are being made." in texts(desk.get(page, {"part": "1"}))
    statement_runs.advance()
    run.refresh_from_db()
    shown = texts(desk.get(page))
    assert "1 organization has no statement" in shown and "Rival ERP" in shown
    assert "12.10 EUR" in shown and "data-over" in shown
    assert list(run.refused) == [rival.pk]
    found = desk.get(at("statement"), {"month": last_month.isoformat(), "kind": "invoice"})
    assert [row.organization for row in found.context["cl"].result_list] == [subscribed]


def test_the_refused_are_tried_again_and_the_others_keep_theirs(desk, subscribed, rival):
    run = statement_runs.start(months.offered()[1])
    statement_runs.advance()
    first = Statement.objects.get()
    Organization.objects.filter(pk=rival.pk).update(vat_number="BE0403170701")
    desk.post(at("statementrun", "retry", run))
    statement_runs.advance()
    run.refresh_from_db()
    assert run.state == "finished" and run.refused == {}
    assert {row.organization for row in Statement.objects.all()} == {subscribed, rival}
    assert Statement.objects.filter(pk=first.pk, number=first.number).exists()


def test_a_run_under_way_is_not_begun_anew(desk, subscribed, last_month):
    run = statement_runs.start(last_month)
    StatementRun.objects.update(done=1)
    assert "This run is under way." in texts(desk.post(at("statementrun", "retry", run)))
    run.refresh_from_db()
    assert run.done == 1


def test_a_month_that_is_not_over_is_not_billed(desk, subscribed):
    form = desk.post(at("statementrun", "add"), {"month": months.offered()[0].isoformat()})
    assert form.status_code == 200 and not StatementRun.objects.exists()


def test_a_statement_is_credited_by_its_number_typed_out(desk, subscribed):
    statement_runs.start(months.offered()[1])
    statement_runs.advance()
    statement = Statement.objects.get()
    answers = {"reason": "Wrong plan.", "number": "2026"}
    assert "This is not the number" in texts(
        desk.post(at("statement", "credit", statement), answers)
    )
    assert Statement.objects.count() == 1
    answer = desk.post(
        at("statement", "credit", statement), {**answers, "number": statement.number}
    )
    note = Statement.objects.get(kind="credit_note")
    assert answer.url == at("statement", "change", note) and note.total == -statement.total
    shown = texts(desk.get(at("statement", "change", statement)))
    assert "Wrong plan." in shown and "Issue the credit note" not in shown
    found = desk.get(at("statement"), {"credited": "yes"}).context["cl"].result_list
    assert list(found) == [statement]


def test_a_statement_is_read_line_by_line_with_its_files(desk, acme):
    statement = make_statement(acme, "2026-7")
    shown = texts(desk.get(at("statement", "change", statement)))
    assert "Line of 2026-7" in shown
    assert reverse("admin:tenants_organization_change", args=[acme.pk]) in shown
    pdf = desk.get(at("statement", "pdf", statement))
    assert pdf.status_code == 200 and "attachment" in pdf["Content-Disposition"]


def test_usage_is_told_by_who_pays_for_it(desk, acme, rival, bakery, rivals_company):
    make_usage(bakery, sent=80)
    make_usage(rivals_company, sent=7)
    Organization.objects.filter(pk=acme.pk).update(document_quota=100)
    usage = reverse("admin:peppol_monthlyusage_changelist")
    page = desk.get(usage)
    payers = page.context["usage"]["payers"]
    assert [(one["organization"], one["quota"].percent) for one in payers] == [
        (acme, 81),
        (rival, None),
    ]
    found = desk.get(payers[0]["link"])
    assert [row.organization for row in found.context["cl"].result_list] == [bakery]
    assert not found.context["usage"]["payers"]


def test_who_was_told_of_a_quota_is_listed(desk, acme):
    month = timezone.now().date().replace(day=1)
    QuotaNotice.objects.create(organization=acme, on=month, percentage=80)
    shown = texts(desk.get(at("quotanotice"), {"period": "month"}))
    assert "Acme Accounting" in shown and "80 %" in shown


@pytest.mark.parametrize(
    # The ten who pay for most are counted one by one where they have a quota, as their bills are.
    "page, begin, most, quota",
    [
        ("billing_statementrun", 2, 25, None),
        ("peppol_monthlyusage", 2, 25, None),
        ("peppol_monthlyusage", 10, 65, 100),
    ],
)
def test_much_usage_and_many_runs_take_no_more_queries(desk, page, begin, most, quota, costs):
    def grow(numbers: range) -> None:
        for n in numbers:
            platform = make_platform(f"Platform {n}")
            Organization.objects.filter(pk=platform.pk).update(document_quota=quota)
            make_usage(make_company(platform, f"Company {n}"))
            run = StatementRun.objects.create(month=months.offered()[n])
            run.refusals.create(organization=platform, reason="no")

    grow(range(begin))
    few = costs(desk, reverse(f"admin:{page}_changelist"))
    grow(range(begin, 20))
    assert MonthlyUsage.objects.count() == 20
    assert costs(desk, reverse(f"admin:{page}_changelist")) == few <= most
