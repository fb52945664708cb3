"""Writes to visits: staff begin to look as one of an organization's people, and end it.

While one lasts nothing can be changed by it; the doors of the web see to that.
"""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_noop

from tenants import events, persistence
from tenants.actors import Actor
from tenants.errors import Forbidden, Invalid
from tenants.models import Membership, User, Visit

BEGUN = events.declare("visit.begun", "Operator staff began to look at the portal as a member.")
ENDED = events.declare("visit.ended", "Operator staff ended their look at the portal.")

LASTS = timedelta(minutes=30)
_TIME = Actor.system("time limit")
# Of the trail, which is in English whoever writes it.
_WHY = {
    Visit.End.BY_HAND: "Ended by hand",
    Visit.End.TIME: "Time was up",
    Visit.End.SIGN_OUT: "Signed out",
    Visit.End.REPLACED: "Another visit began",
    Visit.End.WITHDRAWN: "No longer allowed",
}


@transaction.atomic
def begin(membership: Membership, *, staff: User, reason: str, by: Actor) -> Visit:
    """Let `staff` see the portal as that member does, for `LASTS` at most, and end their other
    visit.

    Raises Invalid without a reason, Forbidden for whoever is no staff and for a member who is.
    """
    reason = reason.strip()
    if not reason:
        sentence = gettext_noop("Say why: the organization can read it.")
        raise Invalid(sentence, code="reason_required", fields={"reason": [sentence]})
    # Two visits that begin at once take turns here.
    staff = User.objects.select_for_update().get(pk=staff.pk)
    _check(staff, membership)
    for other in Visit.objects.open().filter(staff=staff).select_related("organization"):
        end(other, how=Visit.End.REPLACED, by=by)
    now = timezone.now()
    visit = Visit(
        organization=membership.organization,
        staff=staff,
        visited=membership.user,
        reason=reason,
        begun_at=now,
        ends_at=now + LASTS,
    )
    persistence.insert(visit)
    _note(visit, BEGUN, by, reason, ends_at=visit.ends_at)
    return visit


@transaction.atomic
def end(visit: Visit, *, how: str, by: Actor) -> bool:
    """End a visit and say whether it was open until now; one that is over stays as it ended."""
    now = timezone.now()
    ended = Visit.objects.open().filter(pk=visit.pk).update(ended_at=now, ended_how=how)
    if ended:
        visit.ended_at, visit.ended_how = now, how
        _note(visit, ENDED, by, _WHY[Visit.End(how)], ended_at=now)
    return bool(ended)


def leave(staff: User, *, how: str = Visit.End.SIGN_OUT) -> None:
    """End the visit that `staff` is on, if any."""
    for visit in Visit.objects.open().filter(staff=staff).select_related("organization"):
        end(visit, how=how, by=Actor.user(staff))


def stop(visit: Visit) -> None:
    """End a visit that may not go on: its time is up, or somebody in it is not what they were."""
    in_time = visit.ends_at > timezone.now()
    end(visit, how=Visit.End.WITHDRAWN if in_time else Visit.End.TIME, by=_TIME)


def stop_overdue(limit: int = 100) -> int:
    """End the visits whose time is up, and return how many."""
    overdue = Visit.objects.overdue().select_related("organization", "staff", "visited")
    visits = list(overdue[:limit])
    for visit in visits:
        stop(visit)
    return len(visits)


def _check(staff: User, membership: Membership) -> None:
    if not (staff.is_active and staff.is_staff):
        raise Forbidden("Only operator staff look as somebody else.", code="not_staff")
    visited = membership.user
    if visited.is_staff or visited.is_superuser or not visited.is_active:
        raise Forbidden("Nobody looks as staff or as a deactivated user.", code="not_visitable")
    if membership.organization.deleted_at is not None:
        raise Forbidden("This organization was deleted.", code="not_visitable")


def _note(visit: Visit, event: str, by: Actor, reason: str, **times: datetime) -> None:
    seen = {"id": str(visit.pk), "as": visit.visited.email, "by": visit.staff.email}
    told = {name: at.isoformat() for name, at in times.items()}
    data = {"visit": {**seen, **told}}
    shown = {name: [None, value] for name, value in {"seen_as": seen["as"], **told}.items()}
    events.record(visit.organization, event, by=by, reason=reason, data=data, changes=shown)
