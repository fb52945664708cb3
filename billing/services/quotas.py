"""Tells organizations when their plan's documents are nearly, and when they are, used up."""

from collections.abc import Iterable
from datetime import date

from django.db import IntegrityError, transaction
from django.db.models import F, Sum

from billing import counting
from billing.days import Month, ever_payers
from billing.models import QuotaNotice
from billing.payers import PAYER
from peppol.models import MonthlyUsage
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
    """Who has a quota and used something of it in `month`, and how many documents count against it.

    Whoever is far from it goes by a sum over all; the others are counted one by one.
    """
    rows = (
        MonthlyUsage.objects.filter(on=month, environment=Environment.LIVE)
        .values(payer=PAYER.of("organization"))
        .annotate(documents=Sum(F("sent") + F("received")))
        .order_by()
    )
    at_most = {row["payer"]: row["documents"] for row in rows}
    changed = set(ever_payers(Month.of(month)))
    payers = Organization.objects.live().filter(pk__in={*at_most, *changed}, document_quota__gt=0)
    for payer in payers.iterator(chunk_size=500):
        near = at_most.get(payer.pk, 0) * 100 >= (payer.document_quota or 0) * THRESHOLDS[0]
        if near or payer.pk in changed:
            yield payer, counting.used_by(payer, month)


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
