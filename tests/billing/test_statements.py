"""The monthly bill: whole, to the cent, once, unchangeable, and a valid invoice itself."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import lxml.etree
import pypdf
import pytest
from django.db import IntegrityError, transaction
from django.db.models import Sum
from django.utils import timezone

from billing import charges, company_table
from billing.models import Plan, QuotaNotice, Statement, StatementLine, StatementRun, Subscription
from billing.services import quotas, statement_runs, statements, subscriptions
from peppol.invoices import reading, rules
from peppol.models import MonthlyUsage
from tenants.errors import Invalid, LimitReached, WrongState
from tenants.models import Event, Organization
from tenants.services import entitlements, organizations, settings
from tests.conftest import SYSTEM, make_company, make_platform

pytestmark = pytest.mark.django_db
MONTH = date(2026, 10, 1)


def at(day, month=10):
    return datetime(2026, month, day, 12, tzinfo=UTC)


@pytest.fixture
def plan(db):
    return Plan.objects.create(
        code="growth",
        name="Growth",
        monthly_fee="310.00",
        included_documents=100,
        overage_price="0.0333",
        company_fee="3.10",
        company_limit=500,
    )


@pytest.fixture
def billed(acme, plan):
    """acme, on the plan since long ago, with two companies that used it."""
    organizations.update(
        acme,
        {
            "address_line1": "Rue Neuve 1",
            "city": "Brussel",
            "postal_code": "1000",
            "vat_number": "BE0403170701",
            "email": "ap@acme.example",
        },
        by=SYSTEM,
    )
    subscribe(acme, plan, since=at(1, 1))
    for name, sent, received, failed in (("One", 60, 20, 0), ("Two", 30, 5, 5)):
        use(old(make_company(acme, name)), sent, received, failed)
    old(acme)
    return acme


def old(organization):
    Organization.objects.filter(pk=organization.pk).update(created_at=at(1, 1))
    return organization


def subscribe(organization, plan, *, since, until=None):
    return Subscription.objects.create(
        organization=organization, plan=plan, started_at=since, ended_at=until
    )


def use(company, sent=0, received=0, failed=0, month=MONTH):
    MonthlyUsage.objects.create(
        organization=company,
        environment="live",
        on=month,
        sent=sent,
        received=received,
        failed=failed,
    )


def run():
    statement_runs.start(MONTH)
    statement_runs.advance()
    return Statement.objects.filter(kind="invoice").order_by("number")


def test_the_lines_add_up_to_the_bill(billed):
    (statement,) = run()
    lines = list(statement.lines.order_by("id"))
    # 310.00 for the plan, 2 × 3.10 for companies, 110 documents of which 10 are extra.
    assert (statement.documents, statement.included) == (110, 100)
    assert statement.net == Decimal("316.53") == sum(line.amount for line in lines)
    assert (statement.vat, statement.total) == (Decimal("66.47"), Decimal("383.00"))
    assert sum(line.overage for line in lines) == 10
    assert [line.documents for line in lines[1:]] == [80, 30]
    assert [line.description for line in lines] == ["Growth", "One", "Two"]


def test_the_bill_is_an_invoice_that_the_rules_accept(billed):
    (statement,) = run()
    content = statement.ubl.read()
    assert rules.breaches(content) == []
    facts = reading.header(reading.parse(content))
    assert (facts.number, facts.payable) == (statement.number, statement.total)
    assert statement.pdf.read().startswith(b"%PDF-")


@pytest.mark.parametrize(
    ("language", "printed", "invoiced"),
    [
        (
            "",
            ["Statement", "October 2026", "Net 316.53 EUR", "VAT 21 %"],
            ["Growth", "Fees of companies", "Documents beyond the plan"],
        ),
        (
            "de",
            ["Rechnung", "Oktober 2026", "Netto 316,53 EUR", "USt. 21 %"],
            ["Growth", "Gebühren der Firmen", "Dokumente über den Tarif hinaus"],
        ),
        (
            "fr",
            ["Facture", "octobre 2026", "Net 316,53 EUR", "TVA 21 %"],
            ["Growth", "Frais des sociétés", "Documents au-delà de la formule"],
        ),
        (
            "nl",
            ["Factuur", "oktober 2026", "Netto 316,53 EUR", "Btw 21 %"],
            ["Growth", "Kosten van bedrijven", "Documenten boven de formule"],
        ),
    ],
    ids=["chose-none", "german", "french", "dutch"],
)
def test_a_bill_is_written_in_the_language_of_the_one_who_pays(language, printed, invoiced, billed):
    settings.change(billed, defaults={"language": language}, by=SYSTEM)
    (statement,) = run()
    content = statement.ubl.read()
    assert rules.breaches(content) == []
    items = lxml.etree.fromstring(content).findall(".//{*}Item/{*}Name")
    assert [item.text for item in items] == invoiced
    (page,) = pypdf.PdfReader(statement.pdf.open()).pages
    on_paper = " ".join(page.extract_text().split())
    assert [words for words in printed if words not in on_paper] == []
    note = statements.credit(statement, reason="Wrong month", by=SYSTEM)
    (line,) = note.lines.all()
    assert line.description == f"{printed[0]} {statement.number}"


@pytest.mark.parametrize(
    ("country", "vat", "category", "rate"),
    [
        ("NL", "NL004495445B01", "AE", 0),
        ("NL", "", "S", 21),
        ("SA", "", "G", 0),
        ("BE", "", "S", 21),
    ],
    ids=["reverse-charge", "eu-consumer", "export", "home"],
)
def test_vat_depends_on_where_the_buyer_is(country, vat, category, rate, billed):
    organizations.update(billed, {"country": country, "vat_number": vat}, by=SYSTEM)
    (statement,) = run()
    assert (statement.vat_category, statement.vat_rate) == (category, rate)
    # Without an electronic address (R010) nobody can be sent an e-invoice; the PDF is for them.
    broken = {breach.rule for breach in rules.breaches(statement.ubl.read())}
    assert broken <= {"PEPPOL-EN16931-R010"}


def test_running_a_month_again_changes_nothing(billed):
    (first,) = run()
    StatementRun.objects.update(state="running", reached=None, done=0)
    (again,) = run()
    assert first.pk == again.pk and Event.objects.filter(type="statement.issued").count() == 1
    assert StatementLine.objects.count() == 3


def test_a_run_that_died_goes_on_and_bills_nobody_twice(billed, plan):
    for name in ("B", "C", "D"):
        subscribe(old(make_platform(name)), plan, since=at(1, 1))
    statement_runs.start(MONTH)
    statement_runs.advance(limit=2)
    # A worker took the run and died with it.
    row = StatementRun.objects.get()
    assert (row.done, row.total, row.state) == (2, 4, "running")
    statement_runs._claim(row)
    statement_runs.advance()
    assert Statement.objects.count() == 2
    StatementRun.objects.update(claimed_until=timezone.now() - timedelta(seconds=1))
    statement_runs.advance()
    row.refresh_from_db()
    assert (row.state, row.percentage, Statement.objects.count()) == ("finished", 100, 4)
    numbers = list(Statement.objects.order_by("number").values_list("number", flat=True))
    assert numbers == [f"{timezone.now().year}-{n:06d}" for n in (1, 2, 3, 4)]


def test_one_that_cannot_be_billed_does_not_keep_the_others_waiting(billed, plan, settings):
    settings.BILLING_SELLER = {**settings.BILLING_SELLER, "vat_number": ""}
    assert not run()
    row = StatementRun.objects.get()
    assert row.state == "finished" and "BR-S-02" in row.last_error


@pytest.mark.parametrize("model", [Statement, StatementLine])
def test_what_was_issued_cannot_be_changed(model, billed):
    run()
    row = model.objects.first()
    field = "net" if model is Statement else "amount"
    with pytest.raises(IntegrityError), transaction.atomic():
        model.objects.filter(pk=row.pk).update(**{field: 0})


def test_a_mistake_is_put_right_by_a_credit_note_once(billed):
    (statement,) = run()
    note = statements.credit(statement, reason="Billed in error", by=SYSTEM)
    assert (note.total, note.number) == (-statement.total, f"C{timezone.now().year}-000001")
    facts = reading.header(reading.parse(content := note.ubl.read()))
    assert facts.kind == "credit_note" and rules.breaches(content) == []
    assert facts.payable == statement.total
    with pytest.raises(WrongState):
        statements.credit(statement, reason="Again", by=SYSTEM)
    with pytest.raises(Invalid):
        statements.credit(statement, reason=" ", by=SYSTEM)


def test_a_month_that_is_not_over_is_not_billed(billed):
    with pytest.raises(Invalid, match="over"):
        statement_runs.start(timezone.now().date())


def test_the_month_before_is_billed_by_itself(billed, plan):
    last_month = (timezone.now().date().replace(day=1) - timedelta(days=1)).replace(day=1)
    statement_runs.start_due()
    assert StatementRun.objects.get().month == last_month
    assert statement_runs.start_due() is None


# --- Who pays, and for how long ------------------------------------------------------------------
def test_a_change_of_plan_divides_the_month_by_days(billed, plan):
    other = Plan.objects.create(
        code="scale",
        name="Scale",
        monthly_fee="620.00",
        included_documents=310,
        overage_price="0.01",
    )
    Subscription.objects.filter(organization=billed).update(ended_at=at(11))
    subscribe(billed, other, since=at(11))
    account = charges.of(billed, MONTH)
    # Ten days of the one, 21 of the other; 31 days in October.
    assert [charge.fee for charge in account.plan_charges] == [Decimal("100.00"), Decimal("420.00")]
    assert account.included == (100 * 10 + 310 * 21) // 31
    assert account.plan == other


def test_a_suspension_pauses_what_is_charged_by_the_day(billed):
    """INV-44."""
    company = Organization.objects.get(name="Two")
    for organization in (billed, company):
        organization.suspensions.create(started_at=at(10), ended_at=at(21))
    account = charges.of(billed, MONTH)
    # The tenth and the twenty-first were begun or ended in service; ten days between were not.
    assert account.plan_charges[0].fee == Decimal("210.00")
    fees = {charge.description: charge.fee for charge in account.charges()}
    assert (fees["One"], fees["Two"]) == (Decimal("3.10"), Decimal("2.10"))


def test_suspending_and_reactivating_are_remembered_as_times(billed):
    company = Organization.objects.get(name="One")
    organizations.suspend(company, reason="unpaid", by=SYSTEM)
    assert company.suspensions.filter(ended_at=None).count() == 1
    organizations.reactivate(company, by=SYSTEM)
    assert company.suspensions.exclude(ended_at=None).count() == 1


def test_usage_goes_to_whoever_pays(billed, plan):
    """INV-44, FLO-64: companies' usage is their platform's bill, unless somebody else is named."""
    payer = old(make_platform("Payer"))
    subscribe(payer, plan, since=at(1, 1))
    one, two = Organization.objects.get(name="One"), Organization.objects.get(name="Two")
    Organization.objects.filter(pk=one.pk).update(bill_to=payer)
    Organization.objects.filter(pk=two.pk).update(withhold_billing=True)
    assert charges.of(payer, MONTH).documents == 80
    assert charges.of(billed, MONTH).documents == 0
    assert [c.description for c in charges.of(billed, MONTH).charges()] == ["Growth"]


def test_a_thousand_companies_are_billed_in_few_queries(acme, plan, django_assert_max_num_queries):
    subscribe(old(acme), plan, since=at(1, 1))
    companies = Organization.objects.bulk_create(
        Organization(kind="managed", parent=acme, name=f"C {n}", country="BE") for n in range(1000)
    )
    Organization.objects.update(created_at=at(1, 1))
    MonthlyUsage.objects.bulk_create(
        MonthlyUsage(organization=one, environment="live", on=MONTH, sent=n % 7)
        for n, one in enumerate(companies)
    )
    statement_runs.start(MONTH)
    with django_assert_max_num_queries(80):
        statement_runs.advance()
    statement = Statement.objects.get()
    sums = statement.lines.aggregate(Sum("amount"), Sum("documents"), Sum("overage"))
    assert sums["amount__sum"] == statement.net
    assert sums["documents__sum"] == statement.documents == sum(n % 7 for n in range(1000))


def test_the_chargeback_is_a_table_of_every_line(billed):
    Organization.objects.filter(name="One").update(name="=cmd()", metadata={"tenantId": "t-1"})
    (statement,) = run()
    lines = list(company_table.csv_lines(statement))
    assert lines[0].startswith("company,tenant_id") and len(lines) == 4
    assert lines[2].startswith("'=cmd(),t-1,")
    assert company_table.xlsx(statement).startswith(b"PK")


# --- Plans and quotas ----------------------------------------------------------------------------
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
