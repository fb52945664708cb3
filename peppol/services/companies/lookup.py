"""Companies of a platform with their participants: what programs ask more often than all else."""

from collections import defaultdict
from collections.abc import Sequence
from types import SimpleNamespace
from typing import Any, NamedTuple
from uuid import UUID

from django.db import models
from django.db.models import QuerySet

from peppol.models import Participant
from tenants.models import Organization
from tenants.prepared import Prepared, attach

_COMPANY = Prepared(
    lambda platform, id: Organization.objects.under(platform).filter(pk=id),
    platform=models.UUIDField(),
    id=models.UUIDField(),
)
_PARTICIPANTS = Prepared(
    lambda company: Participant.objects.filter(organization=company),
    company=models.UUIDField(),
)


def company_of(platform: Organization, id: UUID | None) -> Organization | None:
    """The live company of `platform` with that id, its platform loaded along. One query."""
    found = _COMPANY.first(platform=platform.pk, id=id) if id else None
    if found is not None:
        found.parent = platform
    return found


def with_participants(company: Organization) -> Organization:
    """`company` with its `participants` loaded. One query."""
    attach(company, "participants", _PARTICIPANTS.rows(company=company.pk))
    return company


class ListedParticipant(NamedTuple):
    """What a list tells of a participant."""

    organization_id: UUID
    state: str
    scheme: str
    value: str
    updated_at: Any
    registered_at: Any

    @property
    def is_registered(self) -> bool:
        return self.state == Participant.State.ACTIVE

    @property
    def identifier(self) -> str:
        return f"{self.scheme}:{self.value}"


def listed(rows: QuerySet[Organization], columns: Sequence[str]) -> list[Any]:
    """These columns of `rows`, each row with its `listed_participants`.

    Two queries; a hundred rows take a third of the time that a hundred models would.
    """
    found = list(rows.values_list(*columns))
    owners = [row[columns.index("pk")] for row in found]
    theirs = defaultdict(list)
    asked = Participant.objects.filter(organization__id__among=owners)
    for values in asked.values_list(*ListedParticipant._fields):
        theirs[values[0]].append(ListedParticipant(*values))
    return [
        SimpleNamespace(**dict(zip(columns, row, strict=True)), listed_participants=theirs[id])
        for id, row in zip(owners, found, strict=True)
    ]
