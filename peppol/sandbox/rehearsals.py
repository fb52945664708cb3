"""Has the sandbox fail for one reseller alone, as often as they asked, to see what comes of it."""

from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from peppol.sandbox.models import Rehearsal, Transmission
from tenants.ids import read
from tenants.models import Organization
from tenants.row_security import everything

Kind = Rehearsal.Kind
MOST = 10
# Whoever forgets that it was asked for is not to look for a fault for long.
LASTS = timedelta(minutes=30)
ERRORS: dict[str, str] = {
    Kind.SILENT: "The receiving access point did not answer.",
    Kind.REFUSED: "The receiving access point did not accept the message.",
    Kind.ABSENT: "The receiver is not registered on the network.",
}
# What no further attempt mends.
FINAL: set[str] = {Kind.REFUSED, Kind.ABSENT}


def begin(organization: Organization, kind: str, times: int) -> Rehearsal:
    """Have the next `times` (1 to 10) transmissions of `organization` and its companies fail, in
    place of what was asked for before. Ends by itself after half an hour. Raises ValueError."""
    if kind not in Kind.values or not 1 <= times <= MOST:
        raise ValueError(f"Not rehearsed: {kind} × {times}.")
    row, _made = Rehearsal.objects.update_or_create(
        organization=organization,
        defaults={"kind": kind, "remaining": times, "until": timezone.now() + LASTS},
    )
    return row


def end(organization: Organization) -> None:
    """Have what is sent arrive again."""
    Rehearsal.objects.filter(organization=organization).delete()


def current(organization: Organization) -> Rehearsal | None:
    """What is asked for and not over yet."""
    rows = Rehearsal.objects.filter(organization=organization, until__gt=timezone.now())
    return rows.first()


@transaction.atomic
def take(sent: Transmission) -> str:
    """The failure that a transmission is to meet at its first attempt, counted as met; or the
    empty string. Its own company's goes before its platform's."""
    company = read(sent.custom2)
    # What the access point itself says of a document is none.
    if sent.attempt_count != 1 or company is None or sent.sender == settings.MLS_TO:
        return ""
    # The access point is nobody's tenant; whose document it is was noted at the submission.
    with everything():
        platform = Organization.objects.filter(pk=company).values("parent")
        whose = Q(organization=company) | Q(organization__in=platform)
        rows = Rehearsal.objects.filter(whose, until__gt=timezone.now())
        due = list(rows.select_for_update(no_key=True))
        if not due:
            return ""
        row = min(due, key=lambda one: one.organization_id != company)
        row.remaining -= 1
        if row.remaining:
            row.save(update_fields=["remaining"])
        else:
            row.delete()
    return row.kind
