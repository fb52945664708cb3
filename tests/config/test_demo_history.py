"""The past that the sandbox world begins with: it adds up, and its papers are real."""

from datetime import date

import pytest
import time_machine
from django.db.models import Sum

from billing.models import Plan, Statement, StatementRun
from billing.services import subscriptions
from config.sandbox import demo_history
from peppol.models import DailyUsage, Document, MonthlyUsage, Participant
from peppol.rules import judging
from tenants.models import Event
from tenants.services import organizations
from tests.conftest import SYSTEM


@pytest.fixture
def past(acme, bakery):
    profile = {"legal_name": "Bakkerij Peeters BV", "vat_number": "BE0403170701"}
    organizations.update(bakery, profile, by=SYSTEM)
    Participant.objects.create(organization=bakery, scheme="0208", value="0403170701")
    plan = Plan.objects.create(
        code="p", name="Plan", monthly_fee="49", overage_price="0.1", included_documents=500
    )
    subscriptions.select(acme, plan, by=SYSTEM)
    with time_machine.travel("2026-11-21 10:00:00Z", tick=True):
        demo_history.create(acme)
    return acme


def test_the_past_adds_up_and_every_document_is_valid(past):
    assert not [
        breach
        for row in Document.objects.all()[::7]
        for breach in judging.breaches(row.content())
        if breach.fatal
    ]
    for model in (DailyUsage, MonthlyUsage):
        sums = model.objects.aggregate(sent=Sum("sent"), received=Sum("received"))
        assert sums["sent"] == Document.objects.outbound().count() > 50
        assert sums["received"] == Document.objects.inbound().count() > 20
    days = {row.created_at.date() for row in Document.objects.all()}
    assert min(days) >= date(2026, 10, 1) and max(days) < date(2026, 11, 21)
    assert not Document.objects.due().exists() and not Event.objects.filter(
        type__startswith="document.", distributed_at=None
    )


def test_the_bill_of_last_month_was_issued(past):
    statement, run = Statement.objects.get(), StatementRun.objects.get()
    assert (statement.month, run.state, run.last_error) == (date(2026, 10, 1), "finished", "")
    assert statement.documents == sum(
        row.sent + row.received - row.failed
        for row in MonthlyUsage.objects.filter(on=statement.month)
    )
