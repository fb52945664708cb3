"""The mail that tells staff of organizations that wait to be verified (GOR-33).

Whoever makes one may see nothing of the staff, so a worker looks; and one mail is about all that
wait, however many were brought in at once.
"""

from django.conf import settings
from django.db.models import Max
from django.urls import reverse

from tenants.models import Mail, Organization, Suspension, User
from tenants.services import mails

_SHOWN = 10


def remind() -> int:
    """Write to each of the staff whom nothing was said to since the latest began to wait.

    Returns how many mails were posted.
    """
    waiting = Suspension.objects.filter(
        ended_at=None,
        organization__status=Organization.Status.PENDING,
        organization__deleted_at=None,
    )
    latest = waiting.select_related("organization").order_by("-started_at").first()
    if latest is None:
        return 0
    told = Mail.objects.filter(template=WAITING).values("to").annotate(last=Max("created_at"))
    last = dict(told.values_list("to", "last"))
    staff = User.objects.filter(is_staff=True, is_active=True).exclude(email="")
    late = [
        address
        for address in staff.values_list("email", flat=True)
        if address not in last or last[address] < latest.started_at
    ]
    for address in late:
        mails.post(latest.organization, WAITING, to=address, context={})
    return len(late)


def _waiting(mail: Mail) -> mails.Context | None:
    """Who waits by now; None when everybody was decided about."""
    rows = Organization.objects.live().filter(status=Organization.Status.PENDING)
    count = rows.count()
    if not count:
        return None
    page = reverse("admin:tenants_organization_changelist")
    return {
        "count": count,
        "waiting": rows.select_related("parent").order_by("id")[:_SHOWN],
        "more": max(0, count - _SHOWN),
        "link": f"{settings.BASE_URL}{page}?status=pending&deleted=no",
    }


WAITING = mails.declare("organizations_waiting", _waiting, from_us=True)
