"""Writes to statements: the monthly run, and credit notes.

A run takes organizations one by one, each in a transaction of its own; a statement is unique per
organization and month, so a run that died and is started again bills nobody twice.
"""

import itertools
import logging
from collections.abc import Iterable
from datetime import date, timedelta
from decimal import Decimal
from uuid import UUID

from django.conf import settings
from django.core.files.base import ContentFile
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from billing import charges as billing_charges
from billing import parties
from billing import ubl as billing_ubl
from billing.charges import Account, Charge, cents
from billing.models import NumberSeries, Statement, StatementLine, StatementRun
from peppol.services.documents.usage import month_of, this_month
from tenants import background, events, persistence
from tenants.actors import Actor
from tenants.errors import Invalid, WrongState
from tenants.ids import uuid7
from tenants.models import Organization
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
def start(month: date) -> StatementRun:
    """Begin, or continue, the run of a month that is over. Raises Invalid for one that is not."""
    first, last = month_of(month)
    if last >= timezone.now().date():
        raise Invalid("A month is billed when it is over.", code="month_not_over")
    run, made = StatementRun.objects.get_or_create(
        month=first, defaults={"total": len(billing_charges.payers(first))}
    )
    if not made and run.state == StatementRun.State.FINISHED:
        return run
    background.wake("statements")
    return run


@transaction.atomic
def retry(run: StatementRun) -> StatementRun:
    """Go through a run that has finished once more, for those whose bill was refused.

    Who has a bill keeps it. Raises WrongState for a run that is under way.
    """
    finished = StatementRun.objects.filter(pk=run.pk, state=StatementRun.State.FINISHED)
    begun = finished.update(
        state=StatementRun.State.RUNNING,
        total=len(billing_charges.payers(run.month)),
        done=0,
        reached=None,
        last_error="",
        finished_at=None,
    )
    if not begun:
        raise WrongState("This run is under way.", code="running")
    background.wake("statements")
    run.refresh_from_db()
    return run


def start_due() -> StatementRun | None:
    """Begin the run of the month before this one, once."""
    last_month = this_month() - timedelta(days=1)
    if StatementRun.objects.filter(month=last_month.replace(day=1)).exists():
        return None
    return start(last_month) if billing_charges.payers(last_month.replace(day=1)) else None


def advance(*, limit: int = 10_000) -> int:
    """Go on with the runs under way; how many organizations were gone through."""
    done = 0
    for run in StatementRun.objects.filter(state=StatementRun.State.RUNNING):
        token = _claim(run)
        if token is not None:
            done += _advance(run, token, limit)
    return done


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
    events.record(note.organization, CREDITED, by=by, reason=reason, data=_facts(note))
    return note


# --- The run ------------------------------------------------------------------------------------
def _claim(run: StatementRun) -> UUID | None:
    token, now = uuid7(), timezone.now()
    free = Q(claimed_until=None) | Q(claimed_until__lte=now)
    claimed = StatementRun.objects.filter(free, pk=run.pk).update(
        claim=token, claimed_until=now + _LEASE
    )
    return token if claimed else None


def _advance(run: StatementRun, token: UUID, limit: int) -> int:
    pending = [
        pk for pk in billing_charges.payers(run.month) if run.reached is None or pk > run.reached
    ]
    done: int = 0
    refused: list[str] = []
    for pk in pending[:limit]:
        try:
            if not _bill(run, token, pk):
                return done
        except (billing_ubl.InvalidStatement, Invalid) as error:
            # One organization with an incomplete address must not keep the others waiting.
            logger.warning("No statement for %s: %s", pk, error)
            refused.append(f"{pk}: {error}")
            _step(run, token, pk)
        done += 1
    _close(run, token, finished=len(pending) <= limit, refused=refused)
    return done


@transaction.atomic
def _bill(run: StatementRun, token: UUID, pk: UUID) -> bool:
    """Bill one organization, in its language, and move the run on; False when another worker has
    the run."""
    if not _step(run, token, pk):
        return False
    if Statement.objects.filter(organization=pk, month=run.month, kind=Kind.INVOICE).exists():
        return True
    payer = Organization.objects.get(pk=pk)
    with override(language_of(payer)):
        account = billing_charges.of(payer, run.month)
        if account is not None:
            _issue(run, account)
    return True


def _step(run: StatementRun, token: UUID, pk: UUID) -> bool:
    done = billing_charges.payers(run.month).index(pk) + 1 if run.reached is None else run.done + 1
    moved = StatementRun.objects.filter(pk=run.pk, claim=token).update(
        reached=pk, done=done, claimed_until=timezone.now() + _LEASE
    )
    run.reached, run.done = pk, done
    return bool(moved)


def _close(run: StatementRun, token: UUID, *, finished: bool, refused: list[str]) -> None:
    ours = StatementRun.objects.filter(pk=run.pk, claim=token)
    errors = "\n".join(filter(None, [run.last_error, *refused]))
    if finished:
        ours.update(
            state=StatementRun.State.FINISHED,
            finished_at=timezone.now(),
            claim=None,
            claimed_until=None,
            last_error=errors,
        )
    else:
        ours.update(claim=None, claimed_until=None, last_error=errors)


def _issue(run: StatementRun, account: Account) -> Statement:
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
    events.record(statement.organization, ISSUED, by=BY, data=_facts(statement))
    return statement


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


def _facts(statement: Statement) -> dict[str, object]:
    return {
        "statement": {
            "id": str(statement.pk),
            "number": statement.number,
            "month": statement.month.strftime("%Y-%m"),
            "total": str(statement.total),
            "currency": statement.currency,
        }
    }
