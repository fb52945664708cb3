"""What failed after its month was billed, and is taken off a later bill.

A document may fail when its statement has long been issued. The next statement takes off what its
overage cost: what the former statement says, less what it would say today, less what was taken
off before. Sums go by month and over statements that stand, so a month that is credited and billed
again, with today's counters, takes back what others took off for it.
"""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from billing import charges
from billing.charges import Charge, cents
from billing.models import Statement, StatementLine
from tenants.models import Organization

# Documents that are undelivered for longer were given up long before.
_MONTHS = 6


def due(payer: Organization, month: date, net: Decimal) -> Iterator[Charge]:
    """What is to be taken off the statement of `month`, which comes to `net` so far.

    Never more than that: what is left waits for the next.
    """
    for statement in _former(payer, month):
        overage = _overage_today(statement)
        owed = cents(statement.overage_price * overage)
        charged = cents(statement.overage_price * statement.overage)
        amount = max(owed - charged - _taken_off(payer, statement.month), -net)
        if amount:
            net += amount
            yield Charge(
                description=_said(statement.month),
                overage=statement.overage - overage,
                overage_amount=amount,
                corrects_month=statement.month,
            )


def given_back(payer: Organization, month: date) -> Iterator[Charge]:
    """What later statements took off for `month`, which is billed again from today's counters."""
    amount = -_taken_off(payer, month)
    if amount:
        yield Charge(description=_said(month), overage_amount=amount, corrects_month=month)


def _former(payer: Organization, month: date) -> list[Statement]:
    earlier = Statement.objects.of(payer).standing().filter(month__lt=month)
    return list(earlier.order_by("-month")[:_MONTHS])


def _overage_today(statement: Statement) -> int:
    """The overage that the statement would have if it were made today; never more than it has."""
    if not statement.overage:
        return 0
    account = charges.of(statement.organization, statement.month)
    documents = min(account.documents, statement.documents) if account else statement.documents
    return max(0, documents - statement.included)


def _taken_off(payer: Organization, month: date) -> Decimal:
    lines = StatementLine.objects.filter(
        corrects_month=month,
        statement__in=Statement.objects.of(payer).standing(),
    )
    # SQLite would add them up as floating numbers.
    return sum(lines.values_list("overage_amount", flat=True), Decimal(0))


def _said(month: date) -> str:
    return _("Failed documents of %(month)s") % {"month": date_format(month, "F Y")}
