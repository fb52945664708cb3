"""One payer's trouble is noted and the run goes on; bills wait, are corrected, and made again."""

from decimal import Decimal

import pytest
from django.utils import timezone

from billing.models import BillingAddress, Statement, StatementRefusal, StatementRun, VatAnswer
from billing.services import addresses, statement_runs, statements, vat_numbers
from peppol.models import MonthlyUsage
from peppol.registers import vat
from peppol.registers.vat import Validity
from tenants.errors import Invalid
from tenants.models import Organization
from tenants.services import organizations
from tests.billing.factories import MONTH, at, old, run, subscribe
from tests.conftest import SYSTEM, make_company, make_platform

pytestmark = pytest.mark.django_db
DUTCH = {"country": "NL", "address_country": "NL", "vat_number": "NL004495445B01"}


@pytest.fixture
def register(monkeypatch):
    """A register that says of every number what the test wants."""
    answers = {"valid": None}
    monkeypatch.setattr(vat, "check", lambda number: Validity(number, answers["valid"]))
    return answers


def test_a_number_that_the_register_calls_invalid_gets_no_reverse_charge(billed, register):
    organizations.update(billed, DUTCH, by=SYSTEM)
    register["valid"] = False
    (statement,) = run()
    assert (statement.vat_category, statement.vat_rate) == ("S", 21)


def test_a_bill_waits_while_the_register_is_silent_and_says_so(billed, register):
    organizations.update(billed, DUTCH, by=SYSTEM)
    assert not run()
    row = StatementRun.objects.get()
    assert "not said yet whether NL004495445B01 is valid" in row.refused[billed.pk]
    register["valid"] = True
    assert statement_runs.look_again() == 0
    StatementRefusal.objects.update(tried_at=at(1))
    assert statement_runs.look_again() == 1
    assert Statement.objects.get().vat_category == "AE" and not row.refused


def test_what_the_register_said_is_kept_with_its_day(billed, register):
    vat_numbers.note("NL 0044.95445 B01", True)
    vat_numbers.note("NL004495445B01", False)
    assert vat_numbers.is_confirmed("nl004495445b01") is False
    assert VatAnswer.objects.count() == 2
    assert vat_numbers.is_confirmed("NL000000000B00") is None


def test_any_trouble_of_one_payer_is_noted_and_the_others_are_billed(billed, plan):
    others = [old(make_platform(name)) for name in ("B", "C")]
    for one in others:
        subscribe(one, plan, since=at(1, 1))
    Organization.objects.filter(pk=others[0].pk).update(name="Bell\x07", legal_name="")
    assert run().count() == 2
    row = StatementRun.objects.get()
    assert row.state == "finished" and list(row.refused) == [others[0].pk]
    Organization.objects.filter(pk=others[0].pk).update(name="Bell")
    statement_runs.retry(row)
    statement_runs.advance()
    assert Statement.objects.count() == 3 and not row.refused


def test_who_was_refused_is_known_though_the_worker_dies(billed, plan, settings):
    subscribe(old(make_platform("B")), plan, since=at(1, 1))
    settings.BILLING_SELLER = {**settings.BILLING_SELLER, "vat_number": ""}
    row = statement_runs.start(MONTH)
    token = statement_runs._claim(row)
    # It takes one payer and dies before it closes its turn.
    assert statement_runs._take(row, token, billed.pk)
    assert list(StatementRun.objects.get().refused) == [billed.pk]


def test_a_run_that_ended_while_somebody_looked_it_up_is_not_begun_again(billed, plan):
    subscribe(old(make_platform("B")), plan, since=at(1, 1))
    row = statement_runs.start(MONTH)
    statement_runs.advance()
    assert statement_runs._claim(row) is None, "what was looked up said that it was running"
    after = StatementRun.objects.get()
    assert (after.state, after.done, after.claim) == ("finished", 2, None)


def test_who_takes_over_a_run_goes_on_where_it_is_and_not_where_it_was(billed, plan, monkeypatch):
    subscribe(old(make_platform("B")), plan, since=at(1, 1))
    statement_runs.start(MONTH)
    real = statement_runs._claim

    def claim(run):
        """Between the look at the run and the claim another worker does its turn."""
        monkeypatch.setattr(statement_runs, "_claim", real)
        statement_runs.advance(limit=1)
        return real(run)

    monkeypatch.setattr(statement_runs, "_claim", claim)
    statement_runs.advance()
    after = StatementRun.objects.get()
    assert (after.state, after.done, Statement.objects.count()) == ("finished", 2, 2)


@pytest.mark.parametrize("text", ["Acme\x00", "Ac\x1bme", "\x07", "Acme\x7f"])
def test_control_characters_are_refused_with_a_word(acme, text):
    with pytest.raises(Invalid, match="Control characters"):
        make_company(acme, text)
    with pytest.raises(Invalid, match="Control characters"):
        organizations.update(acme, {"metadata": {"deep": [{"er": text}]}}, by=SYSTEM)


def test_lines_and_tabs_are_no_control_characters(acme):
    organizations.update(acme, {"description": "One\r\n\ttwo"}, by=SYSTEM)


def test_a_month_that_was_credited_is_billed_again_with_the_corrected_rows(billed):
    (first,) = run()
    statements.credit(first, reason="Two sent twenty less", by=SYSTEM)
    MonthlyUsage.objects.filter(organization__name="Two").update(sent=10)
    again = statement_runs.bill_again(first)
    # 310.00 + 6.20, and of 90 documents none beyond the 100.
    assert (again.revision, again.net, again.documents) == (1, Decimal("316.20"), 90)
    assert again.number != first.number
    assert statement_runs.bill_again(first) == again
    assert Statement.objects.filter(kind="invoice").count() == 2


def test_a_month_that_was_credited_for_good_is_never_billed_again(billed):
    (first,) = run()
    statements.credit(first, reason="A gift", by=SYSTEM, is_final=True)
    assert statement_runs.bill_again(first) is None
    statement_runs.retry(StatementRun.objects.get())
    statement_runs.advance()
    assert Statement.objects.filter(kind="invoice").count() == 1


def next_month():
    """The statement of November, made in October's way."""
    november = MONTH.replace(month=11)
    made = StatementRun.objects.create(month=november)
    payer = Organization.objects.get(pk=Statement.objects.first().organization_id)
    return statements.issue(payer, made)


def test_what_failed_after_the_month_is_taken_off_the_next_bill_once(billed):
    (first,) = run()
    MonthlyUsage.objects.filter(organization__name="One").update(failed=4)
    second = next_month()
    line = second.lines.get(corrects_month=MONTH)
    # Ten documents of overage at 0.0333 were 0.33; six are 0.20.
    assert (first.overage, line.overage, line.amount) == (10, 4, Decimal("-0.13"))
    assert second.net == Decimal("316.07")
    statements.credit(second, reason="x", by=SYSTEM)
    assert statement_runs.bill_again(second).net == Decimal("316.07")


def test_a_correction_that_was_taken_off_is_not_taken_off_again(billed):
    run()
    MonthlyUsage.objects.filter(organization__name="One").update(failed=4)
    next_month()
    payer = Organization.objects.get(pk=billed.pk)
    december = StatementRun.objects.create(month=MONTH.replace(month=12))
    assert statements.issue(payer, december).net == Decimal("316.20")


def test_billing_a_month_again_takes_back_what_later_bills_took_off(billed):
    (first,) = run()
    MonthlyUsage.objects.filter(organization__name="One").update(failed=4)
    next_month()
    statements.credit(first, reason="x", by=SYSTEM)
    again = statement_runs.bill_again(first)
    assert not first.run.refused
    # 316.20 + 0.20 for six documents, and the 0.13 that November took off.
    assert again.net == Decimal("316.53")


def test_an_address_that_is_checked_leaves_a_dated_answer(acme, register):
    register["valid"] = True
    row = BillingAddress.objects.create(
        organization=acme,
        recipient="A",
        address_line1="B",
        postal_code="1",
        city="C",
        country="NL",
        vat_id=DUTCH["vat_number"],
        vat_check_at=timezone.now(),
    )
    addresses.check(row)
    assert vat_numbers.is_confirmed(DUTCH["vat_number"]) is True
