"""Writes to statements: one is issued, and one is credited.

The rows come first; PDF and UBL are made from them alone, so that they can be made again.
"""

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.core.files.base import ContentFile
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from billing import charges, corrections, parties, pdf, ubl
from billing.charges import Account, Charge, cents
from billing.models import NumberSeries, Statement, StatementLine, StatementRun
from billing.models.statements import statement_storage
from billing.parties import Party
from billing.services import vat_numbers
from tenants import events, persistence
from tenants.actors import Actor
from tenants.errors import Invalid, WrongState
from tenants.models import Organization
from tenants.services.mails import language_of

Kind = Statement.Kind
ISSUED = events.declare(
    "statement.issued",
    "The statement of a month was issued.",
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
CREDITED = events.declare("statement.credited", "A statement was credited.")
BY = Actor.system("billing")
_DUE = timedelta(days=30)
_CHUNK = 500


class Waiting(Exception):
    """A statement has to wait for somebody else's answer; it is tried again by itself."""


@transaction.atomic
def issue(payer: Organization, run: StatementRun) -> Statement | None:
    """Issue what `payer` owes for the month of `run`, in its language; None when it had no plan.

    Raises InvalidStatement for one that the rules of invoices refuse, Waiting for one that has to
    wait until the register has said something of the buyer's VAT number.
    """
    language = language_of(payer)
    with override(language):
        account = charges.of(payer, run.month)
        if account is None:
            return None
        lines = [_line(charge) for charge in _charges(account)]
    today = timezone.now().date()
    statement = Statement(
        organization=payer,
        run=run,
        month=account.month.first,
        revision=Statement.objects.of(payer).filter(month=run.month, kind=Kind.INVOICE).count(),
        number=_next_number("", today),
        language=language,
        plan=account.terms.name,
        currency=account.terms.currency,
        documents=account.documents,
        included=account.included,
        overage_price=account.terms.overage_price,
        issued_on=today,
        due_on=today + _DUE,
        **_taxed(payer, sum((line.amount for line in lines), Decimal(0))),
    )
    _write(statement, lines)
    events.record(payer, ISSUED, by=BY, data=_event_payload(statement))
    return statement


def has_been_billed(payer: UUID, month: date) -> bool:
    """Whether `payer` has its statement of `month`, or was credited it for good."""
    invoices = Statement.objects.filter(organization=payer, month=month, kind=Kind.INVOICE)
    return invoices.filter(Q(credit_note=None) | Q(credit_note__is_final=True)).exists()


@transaction.atomic
def credit(statement: Statement, *, reason: str, by: Actor, is_final: bool = False) -> Statement:
    """Credit all of a statement with a credit note; its month may then be billed again, unless
    that `is_final`.

    Raises Invalid without a reason, WrongState for one that was credited already.
    """
    if not reason.strip():
        raise Invalid("Say why.", code="reason_required", fields={"reason": ["required"]})
    if statement.kind != Kind.INVOICE or statement.credited_by() is not None:
        raise WrongState("This statement was credited already.", code="credited")
    today = timezone.now().date()
    note = Statement(
        organization=statement.organization,
        kind=Kind.CREDIT_NOTE,
        corrects=statement,
        is_final=is_final,
        reason=reason,
        month=statement.month,
        number=_next_number("C", today),
        language=language_of(statement.organization),
        plan=statement.plan,
        currency=statement.currency,
        net=-statement.net,
        vat=-statement.vat,
        total=-statement.total,
        vat_category=statement.vat_category,
        vat_rate=statement.vat_rate,
        issued_on=today,
        due_on=today,
        seller=statement.seller,
        buyer=statement.buyer,
    )
    with override(note.language):
        credited = _("Invoice %(number)s") % {"number": statement.number}
    _write(note, [StatementLine(description=credited, fee=note.net, amount=note.net)])
    events.record(note.organization, CREDITED, by=by, reason=reason, data=_event_payload(note))
    return note


def _charges(account: Account) -> Iterator[Charge]:
    """The charges of a month, and what has to be put right of others."""
    net = Decimal(0)
    for charge in account.charges():
        net += charge.amount
        yield charge
    for charge in corrections.given_back(account.payer, account.month.first):
        net += charge.amount
        yield charge
    yield from corrections.due(account.payer, account.month.first, net)


def _line(charge: Charge) -> StatementLine:
    company = charge.company
    return StatementLine(
        company=company,
        tenant_id=str(company.metadata.get("tenantId", ""))[:255] if company else "",
        description=charge.description,
        sent=charge.sent,
        received=charge.received,
        documents=charge.documents,
        included=charge.included,
        overage=charge.overage,
        corrects_month=charge.corrects_month,
        fee=charge.fee,
        overage_amount=charge.overage_amount,
        amount=charge.amount,
    )


def _taxed(payer: Organization, net: Decimal) -> dict[str, Any]:
    """Seller and buyer as they are today, how that is taxed, and what it comes to."""
    seller, buyer = parties.seller(), parties.buyer(payer)
    category, rate = parties.treatment(seller, buyer, is_confirmed=_is_confirmed(seller, buyer))
    vat = cents(net * rate / 100)
    return {
        "seller": seller,
        "buyer": buyer,
        "vat_category": category,
        "vat_rate": rate,
        "net": net,
        "vat": vat,
        "total": net + vat,
    }


def _is_confirmed(seller: Party, buyer: Party) -> bool:
    if not parties.may_reverse(seller, buyer):
        return False
    confirmed = vat_numbers.is_confirmed(buyer["vatNumber"])
    if confirmed is None:
        number = buyer["vatNumber"]
        raise Waiting(f"The VAT register has not said yet whether {number} is valid.")
    return confirmed


def _write(statement: Statement, lines: list[StatementLine]) -> None:
    """Insert a statement and its lines, and make its files from what the database then holds."""
    place = f"statements/{statement.organization_id}/{statement.number}"
    statement.ubl.name, statement.pdf.name = f"{place}.xml", f"{place}.pdf"
    persistence.insert(statement)
    for line in lines:
        line.statement = statement
    StatementLine.objects.bulk_create(lines, batch_size=_CHUNK)
    statement.refresh_from_db()
    _keep(f"{place}.xml", ubl.write(statement))
    _keep(f"{place}.pdf", pdf.write(statement))


def _keep(name: str, content: bytes) -> None:
    statement_storage().save(name, ContentFile(content))


def _next_number(prefix: str, today: date) -> str:
    """The next number of the year's series; taken in the transaction that uses it."""
    name = f"{prefix}{today.year}"
    NumberSeries.objects.get_or_create(name=name)
    series = NumberSeries.objects.select_for_update(no_key=True).get(name=name)
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
