"""Writes to statements: one is issued, and one is taken back by a credit note."""

import itertools
import logging
from collections.abc import Iterable
from datetime import date, timedelta
from decimal import Decimal

from django.conf import settings
from django.core.files.base import ContentFile
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from billing import parties
from billing import ubl as billing_ubl
from billing.charges import Account, Charge, cents
from billing.models import NumberSeries, Statement, StatementLine, StatementRun
from tenants import events, persistence
from tenants.actors import Actor
from tenants.errors import Invalid, WrongState
from tenants.ids import uuid7
from tenants.services.mails import language_of

logger = logging.getLogger(__name__)
Kind = Statement.Kind
ISSUED = events.declare(
    "statement.issued",
    "The bill of a month was issued.",
    public=True,
    example={
        "statement": {
            "number": "2026-000042",
            "month": "2026-10",
            "total": "241.40",
            "currency": "EUR",
        }
    },
)
CREDITED = events.declare("statement.credited", "A bill was taken back by a credit note.")
BY = Actor.system("billing")
_DUE = timedelta(days=30)
_LEASE = timedelta(minutes=5)
_CHUNK = 500


@transaction.atomic
def issue(run: StatementRun, account: Account) -> Statement:
    """Issue the statement of `account`, in the current language. Raises InvalidStatement."""
    today = timezone.now().date()
    seller, buyer = parties.seller(), parties.buyer(account.payer)
    seller["iban"] = settings.BILLING_SELLER.get("iban", "")
    category, rate = parties.treatment(seller, buyer)
    rate = Decimal(str(settings.BILLING_VAT_RATE)) if rate is None else rate
    charges = list(account.charges())
    fees = sum((charge.fee for charge in charges), Decimal(0))
    net = fees + account.overage_amount
    vat = cents(net * rate / 100)
    statement = Statement(
        id=uuid7(),
        organization=account.payer,
        run=run,
        month=account.start,
        plan=account.plan.name,
        currency=account.plan.currency,
        documents=account.documents,
        included=account.included,
        net=net,
        vat=vat,
        total=net + vat,
        vat_category=category,
        vat_rate=rate,
        issued_on=today,
        due_on=today + _DUE,
        seller=seller,
        buyer=buyer,
        number=_next_number("", today),
    )
    plan_fees = sum((charge.fee for charge in account.plan_charges), Decimal(0))
    lines = [(charge.description, charge.fee) for charge in account.plan_charges]
    if fees > plan_fees:
        lines.append((_("Fees of companies"), fees - plan_fees))
    ubl = billing_ubl.write(statement, lines, (account.overage, account.plan.overage_price))
    _store(statement, ubl, charges)
    _write(statement, charges)
    events.record(statement.organization, ISSUED, by=BY, data=_event_payload(statement))
    return statement


@transaction.atomic
def credit(statement: Statement, *, reason: str, by: Actor) -> Statement:
    """Take a statement back with a credit note over all of it.

    Raises Invalid without a reason, WrongState for one that was taken back already.
    """
    if not reason.strip():
        raise Invalid("Say why.", code="reason_required", fields={"reason": ["required"]})
    if statement.kind != Kind.INVOICE or Statement.objects.filter(corrects=statement).exists():
        raise WrongState("This statement was taken back already.", code="credited")
    today = timezone.now().date()
    note = Statement(
        id=uuid7(),
        organization=statement.organization,
        kind=Kind.CREDIT_NOTE,
        corrects=statement,
        month=statement.month,
        plan=statement.plan,
        currency=statement.currency,
        documents=0,
        included=0,
        net=-statement.net,
        vat=-statement.vat,
        total=-statement.total,
        vat_category=statement.vat_category,
        vat_rate=statement.vat_rate,
        issued_on=today,
        due_on=today,
        reason=reason,
        seller=statement.seller,
        buyer=statement.buyer,
        number=_next_number("C", today),
    )
    with override(language_of(note.organization)):
        said = _("Statement %(number)s") % {"number": statement.number}
        charge = Charge(description=said, fee=note.net)
        _store(note, billing_ubl.write(note, [(said, note.net)], (0, Decimal(0))), [charge])
    _write(note, [charge])
    events.record(note.organization, CREDITED, by=by, reason=reason, data=_event_payload(note))
    return note


def _store(statement: Statement, ubl: bytes, charges: Iterable[Charge]) -> None:
    """Keep PDF and UBL; a file that stays behind when the transaction fails is written over."""
    # Only here: its fonts would take a fifth of the start of every process.
    from billing import pdf

    folder = f"statements/{statement.organization_id}"
    name = f"{folder}/{statement.number}"
    storage = statement.pdf.storage
    for field, content, suffix in (
        ("pdf", pdf.write(statement, charges), ".pdf"),
        ("ubl", ubl, ".xml"),
    ):
        storage.delete(name + suffix)
        setattr(statement, field, storage.save(name + suffix, ContentFile(content)))


def _write(statement: Statement, charges: Iterable[Charge]) -> None:
    persistence.insert(statement)
    lines = (
        StatementLine(
            statement=statement,
            company=charge.company,
            description=charge.description,
            sent=charge.sent,
            received=charge.received,
            documents=charge.documents,
            included=charge.included,
            overage=charge.overage,
            fee=charge.fee,
            overage_amount=charge.overage_amount,
            amount=charge.amount,
        )
        for charge in charges
    )
    while chunk := list(itertools.islice(lines, _CHUNK)):
        StatementLine.objects.bulk_create(chunk)


def _next_number(prefix: str, today: date) -> str:
    """The next number of the year's series; taken in the transaction that uses it."""
    name = f"{prefix}{today.year}"
    NumberSeries.objects.get_or_create(name=name)
    series = NumberSeries.objects.select_for_update().get(name=name)
    series.last += 1
    series.save(update_fields=["last"])
    return f"{prefix}{today.year}-{series.last:06d}"


def _event_payload(statement: Statement) -> dict[str, object]:
    return {
        "statement": {
            "id": str(statement.pk),
            "number": statement.number,
            "month": statement.month.strftime("%Y-%m"),
            "total": str(statement.total),
            "currency": statement.currency,
        }
    }
