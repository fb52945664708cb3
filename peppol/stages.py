"""Where companies stand: live, stuck, and whose turn it is.

Of a hundred thousand companies nobody asks each one: PostgreSQL keeps the answer beside them
(`peppol.kept_stages`) and `tenants.tallies` how many there are. SQLite works it out when asked.
"""

from collections import Counter
from typing import Any

from django.db import connection
from django.db.models import Case, Count, Exists, F, OuterRef, Q, Value, When

from peppol.models import CompanyStage, Participant
from tenants import tallies
from tenants.models import Organization

Stage = CompanyStage.Stage
State = Participant.State
Status = Organization.Status


def _has(*states: str) -> Exists:
    mine = Participant.objects.filter(organization=OuterRef("pk")).order_by()
    return Exists(mine.filter(state__in=states) if states else mine)


# The one definition, from which PostgreSQL's triggers are made too.
STAGE = Case(
    When(status=Status.CLOSED, then=Value(Stage.CLOSED)),
    When(status=Status.SUSPENDED, then=Value(Stage.SUSPENDED)),
    When(test_mode=True, then=Value(Stage.TRIAL)),
    When(status=Status.PENDING, then=Value(Stage.WAITING)),
    When(_has(State.FAILED), then=Value(Stage.NEEDS_YOU)),
    # Only the client can have the other provider let go, or ask it for a migration key.
    When(_has(State.ELSEWHERE), then=Value(Stage.NEEDS_CLIENT)),
    When(_has(*Participant.UNDER_WAY_STATES, State.UNREGISTERING), then=Value(Stage.WAITING)),
    When(_has(State.ACTIVE, State.SENDS_ONLY), then=Value(Stage.LIVE)),
    # Nobody but the client knows the number that an identifier follows from.
    When(Q(company_number="", vat_number="") & ~_has(), then=Value(Stage.NEEDS_CLIENT)),
    default=Value(Stage.NEEDS_YOU),
)


def told(companies: Any) -> Any:
    """Companies that say in `stage` where they stand."""
    if connection.vendor == "postgresql":
        return companies.annotate(stage=F("kept_stage__stage"))
    return companies.annotate(stage=STAGE)


def of(company: Organization) -> str | None:
    """Where a company stands."""
    found: Any = told(Organization.objects.filter(pk=company.pk))
    stage: str | None = found.values_list("stage", flat=True).first()
    return stage


def within(companies: Any, stage: str) -> Any:
    """Those of `companies` that are at `stage`."""
    if connection.vendor == "postgresql":
        # The platform once more: the index of the stages begins with it.
        return companies.filter(kept_stage__stage=stage, kept_stage__platform=F("parent"))
    return companies.annotate(_stage=STAGE).filter(_stage=stage)


def counts(platform: Organization) -> Counter[str]:
    """How many companies of a platform are at each stage. One query."""
    if connection.vendor == "postgresql":
        return tallies.of(platform)["stage"]
    rows = Organization.objects.under(platform).annotate(stage=STAGE).order_by()
    return Counter(dict(rows.values_list("stage").annotate(Count("pk"))))
