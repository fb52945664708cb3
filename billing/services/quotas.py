"""Tells organizations when their plan's documents are nearly, and when they are, used up."""

from collections.abc import Iterable
from datetime import date

from django.db import IntegrityError, transaction
from django.db.models import Sum

from billing.models import QuotaNotice
from billing.payers import PAYER, paid_by
from peppol.models import MonthlyUsage
from peppol.models.usage import DOCUMENTS
from peppol.services.documents.usage import this_month
from tenants import events
from tenants.actors import Actor
from tenants.models import Environment, Organization

THRESHOLDS = (80, 100)
WATCH = Actor.system("quota")
_EXAMPLE = {"quota": {"month": "2026-11", "documents": 2000, "included": 2500, "percentage": 80}}
WARNING = events.declare(
    "quota.warning",
    "80 % of the plan's documents of the month are used.",
    public=True,
    example=_EXAMPLE,
)
REACHED = events.declare(
    "quota.reached",
    "All documents of the plan are used; more are overage and charged.",
    public=True,
    example={"quota": {**_EXAMPLE["quota"], "documents": 2500, "percentage": 100}},
)


def watch() -> int:
    """Record what was crossed since the last look; how many notices it made."""
    month = this_month()
    told = set(QuotaNotice.objects.filter(month=month).values_list("organization", "percentage"))
    made = 0
    for payer, documents in used(month):
        quota = payer.document_quota or 0
        for percentage in THRESHOLDS:
            crossed = quota and documents * 100 >= quota * percentage
            if crossed and (payer.pk, percentage) not in told:
                made += _tell(payer, month, percentage, documents)
    return made


def used(month: date) -> Iterable[tuple[Organization, int]]:
    """Who has a quota, and how many documents of `month` count against it."""
    rows = (
        MonthlyUsage.objects.filter(
            on=month, environment=Environment.LIVE, organization__withhold_billing=False
        )
        .values(payer=PAYER.of("organization"))
        .annotate(documents=Sum(DOCUMENTS))
        .order_by()
    )
    documents = {row["payer"]: row["documents"] for row in rows}
    payers = Organization.objects.live().filter(pk__in=documents, document_quota__gt=0)
    for payer in payers.iterator(chunk_size=500):
        yield payer, documents[payer.pk]


def used_by(payer: Organization, month: date) -> int:
    """How many documents of `month` count against the quota of `payer`."""
    rows = MonthlyUsage.objects.filter(
        on=month, environment=Environment.LIVE, organization__in=paid_by(payer).values("pk")
    )
    total = rows.aggregate(n=Sum(DOCUMENTS, default=0))["n"]
    return int(total)


@transaction.atomic
def _tell(payer: Organization, month: date, percentage: int, documents: int) -> int:
    try:
        with transaction.atomic():
            QuotaNotice.objects.create(organization=payer, month=month, percentage=percentage)
    except IntegrityError:
        return 0
    facts = {
        "month": month.strftime("%Y-%m"),
        "documents": documents,
        "included": payer.document_quota,
        "percentage": percentage,
    }
    event = REACHED if percentage >= 100 else WARNING
    events.record(payer, event, by=WATCH, data={"quota": facts})
    return 1
