"""Two companies on the sandbox's network, and a document from the one to the other."""

import pytest
from django.utils import timezone

from peppol.identifiers import parse
from peppol.models import Document, Participant
from peppol.sandbox import exchange, faults
from peppol.sandbox.models import Group, SmlEntry, Transmission
from peppol.services.documents import compliance, documents, intake, worker
from tenants.models import Event
from tenants.services import organizations
from tests.peppol.test_invoices import BUYER, INVOICE

State = Document.State
SHAPE = {name: value for name, value in INVOICE.items() if name != "seller"}


@pytest.fixture
def network(live_server, settings):
    """The sandbox access point over HTTP, forwarding to this very installation."""
    settings.BASE_URL = live_server.url
    settings.ACCESS_POINT_URL = f"{live_server.url}/sandbox/ap"
    yield
    faults.switch_off()


def put_up(identifier) -> Group:
    """Have the sandbox's SMP, and the SML, know a participant."""
    return Group.objects.create(uri=enter(identifier).uri)


def enter(identifier):
    """Have the SML say that our SMP has a participant, whatever that says; its identifier."""
    pid = parse(identifier).canonical()
    label = pid.sml_name("").partition(".")[0]
    SmlEntry.objects.get_or_create(uri=pid.uri, defaults={"label": label})
    return pid


def registered(company, identifier):
    scheme, _, value = identifier.partition(":")
    put_up(identifier)
    return Participant.objects.create(
        organization=company,
        scheme=scheme,
        value=value,
        state="active",
        registered_at=timezone.now(),
    )


@pytest.fixture
def sender(bakery):
    enter(SHAPE["buyer"]["peppolId"])
    bakery = organizations.update(
        bakery,
        {
            "legal_name": "Bakkerij Peeters BV",
            "vat_number": "BE0403170701",
            "company_number": "0403170701",
            "city": "Gent",
        },
        by=documents.SYSTEM,
    )
    registered(bakery, "0208:0403170701")
    return bakery


@pytest.fixture
def recipient(rivals_company):
    registered(rivals_company, BUYER["peppolId"])
    return rivals_company


def send(company, content=SHAPE, **options):
    draft = intake.from_json(company, content, **options)
    return documents.send(company, draft, by=documents.SYSTEM)


def work(rounds=12):
    """What the worker does, without waiting for its pauses."""
    for _ in range(rounds):
        Document.objects.filter(next_attempt_at__isnull=False).update(
            next_attempt_at=timezone.now()
        )
        Transmission.objects.filter(next_retry_at__isnull=False).update(
            next_retry_at=timezone.now()
        )
        Transmission.objects.filter(forward_at__isnull=False).update(forward_at=timezone.now())
        if not worker.drain() + exchange.forward_due() + compliance.report_due():
            break


def events(company):
    return list(
        Event.objects.filter(organization=company, type__regex="^(document|lifecycle|compliance)")
        .order_by("id")
        .values_list("type", flat=True)
    )
