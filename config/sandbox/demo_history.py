"""The past of the sandbox world: documents since the beginning of last month, and their statement.

Rows are written directly, for nobody waits for an access point to try on what happened weeks
ago; the payloads are real UBL, the usage is counted from the rows, and the statement is a real one.
"""

import hashlib
import random
from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from django.core.files.base import ContentFile
from django.utils import timezone

from billing.models import Subscription
from billing.services import statement_runs
from config.sandbox.demo_counterparts import COUNTERPARTS, FAILURES, GOODS
from peppol import retention
from peppol.invoices import reading, shape, writing
from peppol.models import ComplianceReport, DailyUsage, Document, MonthlyUsage, Participant
from peppol.models.payloads import payload_path, payload_storage
from peppol.models.usage import COUNTERS
from peppol.services.documents import events, usage
from tenants.ids import earliest, uuid7
from tenants.models import Environment, Event, Organization

State = Document.State


def create(platform: Organization) -> None:
    """Give `platform` and its companies a past, and the statement of last month."""
    chance = random.Random(2026)  # noqa: S311 — the same world for everybody
    today = timezone.now().date()
    begun = (today.replace(day=1) - timedelta(days=1)).replace(day=1)
    founded = datetime.combine(begun - timedelta(days=20), time(9), UTC)
    companies = list(Organization.objects.under(platform).exclude(participants=None))
    there = [platform.pk, *(company.pk for company in companies)]
    Organization.objects.filter(pk__in=there).update(created_at=founded)
    Subscription.objects.filter(organization=platform).update(started_at=founded)
    rows = list(_papers(companies, begun, today, chance))
    _store([row for row, _content in rows])
    for row, content in rows:
        payload_storage().behind.save(row.payload.name, ContentFile(content))
    _count([row for row, _content in rows], _report([row for row, _content in rows]))
    _tell([row for row, _content in rows])
    statement_runs.start(begun)
    statement_runs.advance()


# --- Documents ------------------------------------------------------------------------------------


def _papers(
    companies: list[Organization], begun: date, today: date, chance: random.Random
) -> Iterator[tuple[Document, bytes]]:
    """On every working day a few documents, a little more of them every week."""
    numbers: dict[UUID, int] = defaultdict(int)
    addresses = {
        one.organization_id: one.identifier
        for one in Participant.objects.filter(organization__in=companies)
    }
    for day in (begun + timedelta(days=n) for n in range((today - begun).days)):
        if day.weekday() > 4:
            continue
        for turn in range(chance.randint(2, 5) + (day - begun).days // 14):
            company = chance.choice(companies)
            numbers[company.pk] += 1
            own = _party(company, addresses[company.pk])
            other = chance.choice(COUNTERPARTS)
            sent = chance.random() < 0.62
            number = f"{day.year}-{numbers[company.pk]:04d}" if sent else f"R{day:%m%d}-{turn + 1}"
            content = _ubl(day, number, *((own, other) if sent else (other, own)), chance)
            at = datetime.combine(day, time(8), UTC) + timedelta(minutes=chance.randint(0, 560))
            yield _row(company, content, at, sent, chance), content


def _party(company: Organization, identifier: str) -> dict[str, Any]:
    vat_number = company.vat_number or f"{company.country}{company.company_number}B01"
    return {
        "name": company.legal_name,
        "peppolId": identifier,
        "vatNumber": vat_number,
        "address": {
            "street": company.address_line1,
            "city": company.city,
            "postalCode": company.postal_code,
            "country": company.country,
        },
    }


def _ubl(
    day: date, number: str, seller: dict[str, Any], buyer: dict[str, Any], chance: random.Random
) -> bytes:
    lines = [
        {
            "name": name,
            "unit": unit,
            "unitPrice": price,
            "quantity": chance.randint(1, 24),
            "vat": {"category": "S", "rate": "21"},
        }
        for name, unit, price in chance.sample(GOODS, chance.randint(1, 3))
    ]
    credit = chance.random() < 0.06
    return writing.write(
        shape.read(
            {
                "type": "credit_note" if credit else "invoice",
                "number": number,
                "issueDate": day,
                "precedingInvoices": [{"number": f"{day.year}-0001"}] if credit else [],
                **({} if credit else {"dueDate": day + timedelta(days=30)}),
                "buyerReference": f"PO-{chance.randint(1000, 9999)}",
                "seller": seller,
                "buyer": buyer,
                "payment": {"iban": "BE71096123456769", "terms": "30 days"},
                "lines": lines,
            }
        )
    )


def _row(
    company: Organization, content: bytes, at: datetime, sent: bool, chance: random.Random
) -> Document:
    context = reading.header(reading.parse(content))
    row = Document(
        id=_id(at),
        organization=company,
        environment=Environment.LIVE,
        kind=context.kind,
        sender=context.sender,
        receiver=context.receiver,
        document_type=context.document_type,
        process=context.profile,
        number=context.number,
        issued_on=context.issued_on,
        currency=context.currency,
        amount=context.payable,
        payload_size=len(content),
        payload_digest=hashlib.sha256(content).hexdigest(),
        created_at=at,
        retain_until=retention.until(company.country, at.date()),
    )
    row.payload.name = payload_path(row, "payload.xml")
    _end(row, sent, chance)
    return row


def _end(row: Document, sent: bool, chance: random.Random) -> None:
    """How it ended: most arrive, some are answered, few fail."""
    row.instance_id = str(row.pk) if sent else str(UUID(int=chance.getrandbits(128), version=4))
    row.country_c1 = row.organization.country if sent else "BE"
    row.finished_at = row.created_at + timedelta(seconds=chance.uniform(1.5, 9) if sent else 0)
    if not sent:
        row.direction, row.state = Document.Direction.INBOUND, State.RECEIVED
        return
    row.direction, row.state = Document.Direction.OUTBOUND, State.DELIVERED
    luck = chance.random()
    if luck < 0.04:
        row.state, row.attempt_count = State.FAILED, 3
        row.last_error = chance.choice(FAILURES).format(receiver=row.receiver)
        return
    row.response = (
        "rejected" if luck < 0.06 else chance.choice(("accepted", "received", "received"))
    )
    row.transmission = {"as4MessageId": f"{row.pk.hex[:12]}@sandbox.gatehouse"}


def _id(at: datetime) -> UUID:
    """An id as it would have been given at `at`."""
    random_bits = uuid7().int & ((1 << 80) - 1)
    return UUID(int=earliest(at).int | random_bits)


def _store(rows: list[Document]) -> None:
    times = {row.pk: row.created_at for row in rows}
    Document.objects.bulk_create(rows, batch_size=200)
    # A column that says when a row was made takes no other answer than "now" at first.
    for row in rows:
        row.created_at = times[row.pk]
    Document.objects.bulk_update(rows, ["created_at"], batch_size=100)


# --- What follows from documents ------------------------------------------------------------------


def _report(rows: list[Document]) -> list[ComplianceReport]:
    """Those of French companies were reported, as their country asks for."""
    reports = [
        ComplianceReport(
            organization=row.organization,
            document=row,
            country="FR",
            attempt_count=1,
            state=ComplianceReport.State.REPORTED,
            reference=f"SANDBOX-{row.pk.hex[:16].upper()}",
        )
        for row in rows
        if row.organization.country == "FR" and row.state != State.FAILED
    ]
    ComplianceReport.objects.bulk_create(reports)
    for report in reports:
        report.created_at = report.updated_at = report.document.created_at + timedelta(seconds=40)
    ComplianceReport.objects.bulk_update(reports, ["created_at", "updated_at"])
    return reports


def _count(rows: list[Document], reports: list[ComplianceReport]) -> None:
    context = [(row, "received" if row.state == State.RECEIVED else "sent") for row in rows]
    context += [(row, "failed") for row in rows if row.state == State.FAILED]
    context += [(report.document, "compliance_reports") for report in reports]
    days, months = Counter[tuple[UUID, date, str]](), Counter[tuple[UUID, date, str]]()
    for row, counter in context:
        day = row.created_at.date()
        days[row.organization_id, day, counter] += 1
        months[row.organization_id, day.replace(day=1), counter] += 1
    DailyUsage.objects.bulk_create(DailyUsage(**sums) for sums in _sums(days))
    MonthlyUsage.objects.bulk_create(MonthlyUsage(**sums) for sums in _sums(months))
    usage.put_right(date.min)


def _sums(counted: Counter[tuple[UUID, date, str]]) -> Iterator[dict[str, Any]]:
    for company, on in sorted({(company, on) for company, on, _counter in counted}):
        sums = {counter: counted[company, on, counter] for counter in COUNTERS}
        yield {"organization_id": company, "on": on, "environment": Environment.LIVE, **sums}


def _tell(rows: list[Document]) -> None:
    """The audit trail of it, which nobody is told of any more."""
    found = []
    for row in rows:
        first = events.RECEIVED if row.state == State.RECEIVED else events.ACCEPTED
        found.append(_event(row, first, row.created_at))
        if row.state in (State.DELIVERED, State.FAILED) and row.finished_at:
            last = events.FAILED if row.state == State.FAILED else events.DELIVERED
            found.append(_event(row, last, row.finished_at))
    Event.objects.bulk_create(found, batch_size=200)


def _event(row: Document, kind: str, at: datetime) -> Event:
    company = row.organization
    reason = row.last_error if kind == events.FAILED else ""
    return Event(
        id=_id(at),
        type=kind,
        organization=company,
        platform=company.parent or company,
        environment=row.environment,
        occurred_at=at,
        distributed_at=at,
        actor_kind="system",
        actor_label="transmission",
        reason=reason,
        data={"document": events.payload(row, reason=reason)},
    )
