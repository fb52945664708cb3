"""Writes to statements: one is issued, and one is credited.

The rows come first; PDF and UBL are made from them alone, so that they can be made again.
"""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.core.files.base import ContentFile
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from billing import charges, parties, pdf, ubl
from billing.charges import Charge, cents
from billing.models import NumberSeries, Statement, StatementLine, StatementRun
from billing.models.statements import statement_storage
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


@transaction.atomic
def issue(payer: Organization, run: StatementRun) -> Statement | None:
    """Issue what `payer` owes for the month of `run`, in its language; None when it had no plan.

    Raises InvalidStatement for one that the rules of invoices refuse.
    """
    language = language_of(payer)
    with override(language):
        account = charges.of(payer, run.month)
        if account is None:
            return None
        lines = [_line(charge) for charge in account.charges()]
    today = timezone.now().date()
    statement = Statement(
        organization=payer,
        run=run,
        month=account.month.first,
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


@transaction.atomic
def credit(statement: Statement, *, reason: str, by: Actor) -> Statement:
    """Credit all of a statement with a credit note.

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
        fee=charge.fee,
        overage_amount=charge.overage_amount,
        amount=charge.amount,
    )


def _taxed(payer: Organization, net: Decimal) -> dict[str, Any]:
    """Seller and buyer as they are today, how that is taxed, and what it comes to."""
    seller, buyer = parties.seller(), parties.buyer(payer)
    category, rate = parties.treatment(seller, buyer)
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
    """Store a file; one that stayed behind when a transaction failed is written over."""
    storage = statement_storage()
    storage.delete(name)
    storage.save(name, ContentFile(content))


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
