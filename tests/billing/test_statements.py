"""The monthly statement: to the cent, once, unchangeable, and credited once."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from billing.models import Statement, StatementLine, StatementRun
from billing.services import statement_runs, statements
from peppol.invoices import reading
from peppol.rules import judging
from tenants.errors import Invalid, WrongState
from tenants.models import Event
from tenants.services import organizations
from tests.billing.factories import MONTH, at, old, run, subscribe
from tests.conftest import SYSTEM, make_platform

pytestmark = pytest.mark.django_db


def test_the_lines_add_up_to_the_statement(billed):
    (statement,) = run()
    lines = list(statement.lines.order_by("id"))
    # 310.00 for the plan, 2 × 3.10 for companies, 110 documents of which 10 are overage.
    assert (statement.documents, statement.included) == (110, 100)
    assert statement.net == Decimal("316.53") == sum(line.amount for line in lines)
    assert (statement.vat, statement.total) == (Decimal("66.47"), Decimal("383.00"))
    assert sum(line.overage for line in lines) == 10
    assert [line.documents for line in lines[1:]] == [80, 30]
    assert [line.description for line in lines] == ["Growth", "One", "Two"]


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
    broken = {breach.rule for breach in judging.breaches(statement.ubl.read())}
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
    assert facts.kind == "credit_note" and judging.breaches(content) == []
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
