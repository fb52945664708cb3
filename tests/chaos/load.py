"""What the chaos run asks of an installation, as a process of its own, and what became of it.

    python -m tests.chaos.load prepare|work|account SCALE

At scale 1: 1,000 documents, 300 registrations, an import of 2,000 lines, a billing run of 500.
"""

import json
import os
import sys
import time
from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid5

import django
from django.db import DatabaseError
from django.utils import timezone

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
NAMESPACE = UUID(int=15)
_INVOICE = {
    "number": "C-1",
    "issueDate": "2026-11-01",
    "dueDate": "2026-12-01",
    "buyer": {
        "name": "Receiver",
        "peppolId": "0208:0202239951",
        "vatNumber": "BE0202239951",
        "address": {"street": "S 1", "city": "Gent", "postalCode": "9000", "country": "BE"},
    },
    "buyerReference": "C",
    "lines": [
        {
            "name": "Bread",
            "quantity": 10,
            "unitPrice": "5.00",
            "vat": {"category": "S", "rate": "21"},
        },
    ],
}


def sizes(scale: float) -> dict[str, int]:
    """How much of everything."""
    whole = {"documents": 1000, "registrations": 300, "lines": 2000, "payers": 500}
    return {name: max(2, round(count * scale)) for name, count in whole.items()}


def prepare(wanted: dict[str, int], hook: str) -> None:
    """The sender and the receiver of documents, companies to register, payers of last month."""
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    from billing.models import Plan
    from peppol.models import MonthlyUsage
    from peppol.services.registration import participants
    from tenants.actors import Actor
    from tenants.models import Organization
    from tenants.services import organizations
    from tests.billing.factories import subscribe
    from webhooks.services import endpoints

    by = Actor.system("chaos")
    platform = organizations.create("platform", {"name": "Chaos"}, by=by)
    endpoint, _ = endpoints.create(
        platform,
        url=hook,
        event_types=["document.delivered", "company.smp_registered"],
        covers_companies=True,
        by=by,
    )
    endpoints.update(endpoint, {"retry_schedule": [2] * 20, "concurrency": 20}, by=by)
    for name, number in (("Sender", "0403170701"), ("Receiver", "0202239951")):
        facts = {"name": name, "country": "BE", "vat_number": f"BE{number}"}
        facts |= {"legal_name": name, "company_number": number, "city": "Gent"}
        company = organizations.create_company(platform, facts, by=by)
        participants.register(company, f"0208:{number}", by=by)
    for number in range(wanted["registrations"]):
        facts = {"name": f"Registered {number}", "country": "BE"}
        organizations.create_company(platform, facts, by=by)
    plan = Plan.objects.create(
        code="chaos",
        name="Chaos",
        monthly_fee="10.00",
        included_documents=100,
        overage_price="0.03",
        company_fee="1.00",
        company_limit=5000,
    )
    since = timezone.now() - timedelta(days=100)
    month = (timezone.now().replace(day=1) - timedelta(days=1)).date().replace(day=1)
    address = {"address_line1": "Rue 1", "city": "Gent", "postal_code": "9000", "country": "BE"}
    for number in range(wanted["payers"]):
        facts = {"name": f"Payer {number}", "email": "p@payer.example", **address}
        payer = organizations.create("platform", facts, by=by)
        subscribe(payer, plan, since=since)
        MonthlyUsage.objects.create(organization=payer, environment="live", on=month, sent=5)
    Organization.objects.filter(name__startswith="Payer ").update(created_at=since)


def work(wanted: dict[str, int]) -> None:
    """Ask for everything, again and again until it was taken."""
    from billing.services import statement_runs
    from peppol.models import Document, Participant
    from peppol.services.documents import documents, intake
    from peppol.services.registration import participants
    from tenants.actors import Actor
    from tenants.models import Organization

    by = Actor.system("chaos")
    platform = Organization.objects.get(name="Chaos")
    for number in range(wanted["registrations"]):
        company = Organization.objects.get(name=f"Registered {number}")
        identifier = f"0208:1{number:09d}"
        surely(lambda c=company, i=identifier: participants.register(c, i, by=by))
    rows = [[f"Company {n}", "BE", f"04{n:08d}"] for n in range(wanted["lines"])]
    surely(lambda: _import(platform, ["Name", "Country", "Company number"], rows, by))
    last = (timezone.now().replace(day=1) - timedelta(days=1)).date().replace(day=1)
    surely(lambda: statement_runs.start(last))
    sender = Organization.objects.get(name="Sender")
    registered = Participant.objects.filter(organization__name__in=("Sender", "Receiver"))
    while registered.exclude(state="active").exists():
        time.sleep(1)
    draft = intake.from_json(sender, _INVOICE)
    for number in range(wanted["documents"]):
        id = uuid5(NAMESPACE, str(number))
        surely(
            lambda id=id: (
                Document.objects.filter(pk=id).exists()
                or documents.send(sender, draft, by=by, id=id)
            )
        )


def _import(platform: Any, titles: list[str], rows: list[list[str]], by: Any) -> None:
    from peppol.models import CompanyImport
    from peppol.services.imports import imports, uploads
    from peppol.spreadsheets import Sheet

    if CompanyImport.objects.exclude(state__in=("uploaded", "checked")).exists():
        return
    CompanyImport.objects.all().delete()
    sheet = Sheet(titles, rows, list(range(2, len(rows) + 2)))
    batch = uploads.receive(platform, "list.csv", sheet, by=by)
    batch = imports.check(batch, batch.mapping, by=by, register=False, with_keys=False)
    imports.start(batch, by=by)


def surely(step: Callable[[], Any]) -> None:
    """Make a call until it is taken, as a client does who is told to come again."""
    while True:
        try:
            step()
            return
        except (DatabaseError, OSError) as error:
            sys.stderr.write(f"again: {error}\n")
            time.sleep(1)


def account(wanted: dict[str, int]) -> dict[str, Any]:
    """What is there by now: lost, doubled and still to come, of each kind of work."""
    from billing.models import Statement, StatementRun
    from peppol.models import CompanyImport, Document, ImportLine, Participant
    from peppol.sandbox.models import Transmission
    from tenants.models import Event, Organization

    ids = [uuid5(NAMESPACE, str(number)) for number in range(wanted["documents"])]
    sent = Counter(Document.objects.filter(pk__in=ids).values_list("state", flat=True))
    handed = Counter(Transmission.objects.values_list("sbdh_instance_id", flat=True))
    got = Counter(Document.objects.inbound().values_list("instance_id", flat=True))
    rows = Participant.objects.filter(organization__name__startswith="Registered ")
    states = Counter(rows.values_list("state", flat=True))
    lines = Counter(ImportLine.objects.values_list("state", flat=True))
    names = Counter(
        Organization.objects.filter(name__startswith="Company ").values_list("name", flat=True)
    )
    bills = Counter(Statement.objects.filter(kind="invoice").values_list("organization", flat=True))
    announced = Counter(
        json.dumps(data, sort_keys=True)
        for data in Event.objects.filter(type="document.delivered").values_list("data", flat=True)
    )
    under_way = sum(sent[state] for state in Document.UNDER_WAY_STATES)
    waiting = sum(states[one] for one in ("pending", "publishing", "waiting"))
    runs_open = StatementRun.objects.filter(finished_at=None).count()
    batches = CompanyImport.objects.exclude(state="done").count()
    return {
        "lost": {
            "documents": wanted["documents"] - sent["delivered"] - under_way,
            "received": len(ids) - under_way - len(set(map(str, ids)) & set(got)),
            "registrations": wanted["registrations"] - states["active"] - waiting,
            "lines": lines["failed"] + lines["bad"],
            "bills": wanted["payers"] - len(bills) if not runs_open else 0,
        },
        "doubled": {
            "handed over": sum(count - 1 for count in handed.values()),
            "received": sum(count - 1 for count in got.values()),
            "companies": sum(count - 1 for count in names.values()),
            "bills": sum(count - 1 for count in bills.values()),
            "announced": sum(count - 1 for count in announced.values()),
        },
        "stuck": {
            "documents": under_way,
            "registrations": waiting,
            "lines": lines["ready"] + lines["new"] + batches,
            "bills": runs_open,
            "events": Event.objects.undistributed().count(),
        },
        "done": {
            "documents": sent["delivered"],
            "registrations": states["active"],
            "lines": lines["done"],
            "bills": len(bills),
        },
    }


if __name__ == "__main__":
    django.setup()
    from tenants.row_security import show_everything

    show_everything()
    task, amounts = sys.argv[1], sizes(float(sys.argv[2]))
    if task == "prepare":
        prepare(amounts, sys.argv[3])
    elif task == "work":
        work(amounts)
    else:
        sys.stdout.write(f"{json.dumps(account(amounts))}\n")
