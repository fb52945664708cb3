"""Rows as the portal's tests need them, however they came about: people, documents, bills."""

from datetime import date

from django.core.files.base import ContentFile
from django.utils import timezone

from billing.models import BillingAddress, Statement, StatementLine
from peppol.models import (
    CompanyRun,
    DailyUsage,
    Document,
    Identification,
    Loss,
    MonthlyUsage,
    Participant,
)
from peppol.services.company_runs import runs
from peppol.services.documents import usage
from peppol.services.identification import identification
from peppol.services.identification.evidence import HandedIn
from tenants.actors import Actor
from tenants.ids import uuid7
from tenants.models import Organization, User
from tenants.services import people
from tests.conftest import SYSTEM
from tests.portal.browsing import PASSWORD


def make_member(organization: Organization, role: str, email: str = "") -> User:
    email = email or f"{role}@{organization.name.split()[0].lower()}.example"
    user = User.objects.create_user(email, PASSWORD, first_name=role.title())
    people.join(organization, user, role=role, by=SYSTEM)
    return user


def make_document(company: Organization, **facts) -> Document:
    """A document of `company`; what is not said is of a delivered invoice."""
    content = facts.pop("content", b"<Invoice/>")
    row = Document(
        **{
            "id": uuid7(),
            "organization": company,
            "direction": "outbound",
            "kind": "invoice",
            "state": "delivered",
            "sender": "0208:0403170701",
            "receiver": "9957:FR86797978996",
            "document_type": "urn:example",
            "retain_until": timezone.now().date(),
            "payload_size": len(content),
            "created_at": timezone.now(),
            **facts,
        }
    )
    row.instance_id = row.instance_id or str(row.pk)
    row.payload.save(f"payload.{row.format}", ContentFile(content), save=False)
    row.save(force_insert=True)
    return row


def make_identification(company: Organization, word: str) -> Identification:
    """What `company` handed in of itself."""
    facts = {"legal_name": word, "representative": word, "authority": "owner", "method": "document"}
    files = [HandedIn(f"{word}.pdf", b"%PDF-1.7")]
    return identification.submit(company, facts, files, by=SYSTEM)


def make_usage(company: Organization, on: date | None = None, **sums) -> MonthlyUsage:
    """A day (today) on which `company` exchanged something, and its month."""
    today = on or timezone.now().date()
    facts = {"organization": company, "environment": "live", "sent": 3, "received": 1, **sums}
    DailyUsage.objects.create(on=today, **facts)
    add_up()
    return MonthlyUsage.objects.create(on=today.replace(day=1), **facts)


def add_up() -> None:
    """Have platforms' sums be those of the days that a test has written."""
    usage.put_right(date.min)


def make_run(company: Organization, by: str) -> CompanyRun:
    """Keys to be issued to `company`, chosen by somebody of that name and not begun with."""
    chosen = Organization.objects.filter(pk=company.pk)
    return runs.choose(company.parent, "keys", chosen, by=Actor.system(by))


def make_statement(payer: Organization, number: str, **facts) -> Statement:
    """A statement of `payer` for a month that has none yet."""
    today = timezone.now().date()
    before = Statement.objects.count()
    row = Statement(
        **{
            "organization": payer,
            "number": number,
            "month": date(2000 + before // 12, before % 12 + 1, 1),
            "plan": "Plan",
            "currency": "EUR",
            "net": "100.00",
            "vat": "21.00",
            "total": "121.00",
            "vat_category": "S",
            "vat_rate": "21",
            "issued_on": today,
            "due_on": today,
            "buyer": {"name": payer.name, "peppolId": ""},
            **facts,
        }
    )
    row.pdf.save(f"{row.pk}.pdf", ContentFile(b"%PDF-1.4"), save=False)
    row.ubl.save(f"{row.pk}.xml", ContentFile(b"<Invoice/>"), save=False)
    row.save(force_insert=True)
    StatementLine.objects.create(statement=row, description=f"Line of {number}", amount="100.00")
    return row


def make_address(company: Organization, recipient: str, **facts) -> BillingAddress:
    """A billing address of `company`."""
    return BillingAddress.objects.create(
        organization=company,
        recipient=recipient,
        address_line1="Street 1",
        postal_code="9000",
        city="Gent",
        country="BE",
        **facts,
    )


def make_loss(participant: Participant, word: str) -> Loss:
    """A registration that another SMP has, whose host begins with `word`."""
    return Loss.objects.create(
        organization=participant.organization,
        participant=participant,
        smp=f"https://{word}.example",
        confirmed_at=timezone.now(),
    )
