"""Impersonation: staff begin to view the portal as one of its people, and end it.

While one lasts nothing can be changed by it; the middleware of the web sees to that.
"""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_noop

from tenants import events, loops, persistence
from tenants.actors import Actor
from tenants.errors import Forbidden, Invalid
from tenants.models import Impersonation, Membership, User

BEGUN = events.declare(
    "impersonation.begun", "Operator staff began to view the portal as a member."
)
ENDED = events.declare("impersonation.ended", "Operator staff ended their view as a member.")
# Nothing is recorded under these any more; rows of the trail written before still bear them.
events.declare("visit.begun", "Operator staff began to view the portal as a member.")
events.declare("visit.ended", "Operator staff ended their view as a member.")

LASTS = timedelta(minutes=30)
_TIME = Actor.system("time limit")
# Of the trail, which is in English whoever writes it.
_WHY = {
    Impersonation.End.BY_HAND: "Ended by hand",
    Impersonation.End.TIME: "Time was up",
    Impersonation.End.SIGN_OUT: "Signed out",
    Impersonation.End.REPLACED: "Another one began",
    Impersonation.End.WITHDRAWN: "No longer allowed",
}


@transaction.atomic
def begin(membership: Membership, *, staff: User, reason: str, by: Actor) -> Impersonation:
    """Let `staff` view the portal as that member does, for `LASTS` at most, and end another view
    of theirs.

    Raises Invalid without a reason, Forbidden for whoever is no staff and for a member who is.
    """
    reason = reason.strip()
    if not reason:
        sentence = gettext_noop("Say why: the organization can read it.")
        raise Invalid(sentence, code="reason_required", fields={"reason": [sentence]})
    # Two that begin at once take turns here.
    staff = User.objects.select_for_update(no_key=True).get(pk=staff.pk)
    _check(staff, membership)
    for other in Impersonation.objects.open().filter(staff=staff).select_related("organization"):
        end(other, how=Impersonation.End.REPLACED, by=by)
    now = timezone.now()
    impersonation = Impersonation(
        organization=membership.organization,
        staff=staff,
        impersonated=membership.user,
        reason=reason,
        begun_at=now,
        ends_at=now + LASTS,
    )
    persistence.insert(impersonation)
    _note(impersonation, BEGUN, by, reason, ends_at=impersonation.ends_at)
    return impersonation


@transaction.atomic
def end(impersonation: Impersonation, *, how: str, by: Actor) -> bool:
    """End one and say whether it was open until now; one that is over stays as it ended."""
    now = timezone.now()
    ended = (
        Impersonation.objects.open().filter(pk=impersonation.pk).update(ended_at=now, ended_how=how)
    )
    if ended:
        impersonation.ended_at, impersonation.ended_how = now, how
        _note(impersonation, ENDED, by, _WHY[Impersonation.End(how)], ended_at=now)
    return bool(ended)


def leave(staff: User, *, how: str = Impersonation.End.SIGN_OUT) -> None:
    """End the one that `staff` is in, if any."""
    for impersonation in (
        Impersonation.objects.open().filter(staff=staff).select_related("organization")
    ):
        end(impersonation, how=how, by=Actor.user(staff))


def stop(impersonation: Impersonation) -> None:
    """End one that may not go on: its time is up, or somebody in it is not what they were."""
    in_time = impersonation.ends_at > timezone.now()
    end(
        impersonation,
        how=Impersonation.End.WITHDRAWN if in_time else Impersonation.End.TIME,
        by=_TIME,
    )


def stop_overdue(limit: int = 100) -> int:
    """End those whose time is up, and return how many."""
    overdue = Impersonation.objects.overdue().select_related(
        "organization", "staff", "impersonated"
    )
    return loops.each("end impersonations", overdue[:limit], stop)


def _check(staff: User, membership: Membership) -> None:
    if not (staff.is_active and staff.is_staff):
        raise Forbidden("Only operator staff look as somebody else.", code="not_staff")
    person = membership.user
    if person.is_staff or person.is_superuser or not person.is_active:
        raise Forbidden(
            "Nobody looks as staff or as a deactivated user.", code="not_impersonatable"
        )
    if membership.organization.deleted_at is not None:
        raise Forbidden("This organization was deleted.", code="not_impersonatable")


def _note(
    impersonation: Impersonation, event: str, by: Actor, reason: str, **times: datetime
) -> None:
    seen = {
        "id": str(impersonation.pk),
        "as": impersonation.impersonated.email,
        "by": impersonation.staff.email,
    }
    told = {name: at.isoformat() for name, at in times.items()}
    data = {"impersonation": {**seen, **told}}
    shown = {name: [None, value] for name, value in {"seen_as": seen["as"], **told}.items()}
    events.record(impersonation.organization, event, by=by, reason=reason, data=data, changes=shown)
