"""Comparing the portal with the SMP: what is missing there, unknown here, or different.

A comparison goes on where the last turn ended. It changes nothing; a person decides about what
it found.
"""

from datetime import timedelta
from time import monotonic
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from peppol import identifiers
from peppol.models import BulkOperation, Finding, Participant
from peppol.services import circuits
from peppol.services.registration import desired, participants
from peppol.services.registration.bulk import participants_of
from peppol.smp import publishing
from peppol.smp.client import SmpClient, SmpError, Unavailable, Untrusted
from peppol.smp.dialects import configured_smp
from peppol.smp.publishing import NotConfirmed
from tenants.actors import Actor
from tenants.errors import DomainError, WrongState

State = Participant.State

# A worker that has not come back after so many seconds died; another one may go on.
_LEASE = timedelta(seconds=60)
_PAUSE = timedelta(seconds=30)
# As many as can be repaired while somebody waits.
_REPAIRS = 1000
# Where the visits begin, once the SMP's own list has been gone through.
_BEGINNING = UUID(int=0)


def advance(*, seconds: float = 1.5) -> None:
    """Go on with every running comparison for a while."""
    running = BulkOperation.objects.running().filter(kind=BulkOperation.Kind.RECONCILE)
    now = timezone.now()
    for operation in running.filter(next_attempt_at__lte=now):
        # Of several workers that look at the same time one gets it.
        taken = running.filter(pk=operation.pk, next_attempt_at=operation.next_attempt_at)
        if taken.update(next_attempt_at=now + _LEASE):
            _advance(operation, monotonic() + seconds)


@transaction.atomic
def repair(finding: Finding, *, by: Actor) -> None:
    """Publish again what the SMP lacks or shows differently.

    Raises WrongState for what is unknown here: `take_down` is for that, if it is really ours.
    """
    if finding.participant is None:
        raise WrongState("Nothing here belongs to this identifier.", code="unknown_here")
    participants.republish(finding.participant, by=by, reason=finding.detail)
    Finding.objects.filter(pk=finding.pk).update(repaired_at=timezone.now())


def repair_all(operation: BulkOperation, *, by: Actor) -> tuple[int, list[DomainError]]:
    """Repair what `operation` found, each on its own; how many, and why others could not be."""
    repaired, refused = 0, list[DomainError]()
    for finding in operation.findings.repairable().select_related("participant")[:_REPAIRS]:
        try:
            repair(finding, by=by)
        except DomainError as refusal:
            refused.append(refusal)
        else:
            repaired += 1
    return repaired, refused


def take_down(finding: Finding) -> None:
    """Delete at the SMP what nobody here knows. Calls the network: not for a transaction.

    Raises WrongState when somebody here has the identifier by now, and SmpError.
    """
    pid = identifiers.parse(finding.identifier)
    if _known(pid.scheme, pid.value):
        raise WrongState(
            "%(identifier)s belongs to a company here.",
            values={"identifier": pid},
            code="known_here",
        )
    with configured_smp() as smp:
        smp.delete_service_group(pid)
    Finding.objects.filter(pk=finding.pk).update(repaired_at=timezone.now())


def _advance(operation: BulkOperation, ends: float) -> None:
    due = timezone.now()
    with configured_smp() as smp:
        try:
            if operation.cursor is None:
                _look_for_unknown(operation, smp)
            finished = _visit(operation, smp, ends)
            operation.last_error = ""
        except SmpError as error:
            finished, due = False, timezone.now() + _PAUSE
            operation.last_error = error.message
            if isinstance(error, Unavailable) and error.silent:
                circuits.failed(smp.base_url, error.message)
    _put_back(operation, due, finished=finished)


def _look_for_unknown(operation: BulkOperation, smp: SmpClient) -> None:
    """Find participants of the SMP that are none of ours. Only a whole comparison can."""
    if operation.platform is None:
        listed = {uri.lower(): uri for uri in smp.service_group_ids()}
        ours = Participant.objects.exclude(state__in=(State.DRAFT, State.UNREGISTERED))
        for scheme, value in ours.values_list("scheme", "value").iterator():
            listed.pop(identifiers.ParticipantId(scheme, value).canonical().uri.lower(), None)
        Finding.objects.bulk_create(
            (
                Finding(
                    operation=operation,
                    identifier=uri.split("::", 1)[-1][:140],
                    kind=Finding.Kind.UNKNOWN,
                )
                for uri in listed.values()
            ),
            batch_size=500,
            ignore_conflicts=True,
        )
    operation.cursor = _BEGINNING
    BulkOperation.objects.filter(pk=operation.pk).update(cursor=_BEGINNING)


def _visit(operation: BulkOperation, smp: SmpClient, ends: float) -> bool:
    """Compare participants until time is up; returns whether all have been visited."""
    rows = participants_of(operation).registered().filter(pk__gt=operation.cursor)
    for participant in rows.select_related("organization", "access_point").iterator(100):
        _compare(operation, participant, smp)
        operation.visited += 1
        operation.cursor = participant.pk
        BulkOperation.objects.filter(pk=operation.pk).update(
            cursor=operation.cursor,
            visited=operation.visited,
            next_attempt_at=timezone.now() + _LEASE,
        )
        if monotonic() > ends:
            return False
    return True


def _compare(operation: BulkOperation, participant: Participant, smp: SmpClient) -> None:
    order = desired.of(participant)
    there = smp.service_group(order.participant)
    if there is None:
        _note(operation, participant, Finding.Kind.MISSING, "")
        return
    differences = [f"It still receives {one.name}." for one in publishing.unwanted(order, there)]
    try:
        publishing.confirm(smp, order, lambda call, *arguments: call(*arguments))
    except (NotConfirmed, Untrusted) as error:
        differences.append(error.message)
    if participant.card_state == Participant.Publication.PUBLISHED:
        card = smp.business_card(order.participant)
        if card is None or publishing.card_names(card) != publishing.card_names(order.card):
            differences.append("The business card is another one.")
    if differences:
        _note(operation, participant, Finding.Kind.DIFFERENT, " ".join(differences))


def _note(operation: BulkOperation, participant: Participant, kind: str, detail: str) -> None:
    """Write the finding down, unless the participant changed while it was looked at."""
    unchanged = Participant.objects.registered().filter(
        pk=participant.pk, updated_at=participant.updated_at
    )
    if unchanged.exists():
        Finding.objects.get_or_create(
            operation=operation,
            identifier=participant.identifier,
            defaults={
                "organization": participant.organization,
                "participant": participant,
                "kind": kind,
                "detail": detail,
            },
        )


def _put_back(operation: BulkOperation, due: object, *, finished: bool) -> None:
    running = BulkOperation.objects.running().filter(pk=operation.pk)
    if not finished:
        running.update(next_attempt_at=due, last_error=operation.last_error)
        return
    found = operation.findings.exclude(kind=Finding.Kind.UNKNOWN).count()
    running.update(
        state=BulkOperation.State.DONE,
        finished_at=timezone.now(),
        next_attempt_at=None,
        last_error="",
        total=operation.visited,
        succeeded=operation.visited - found,
        failed=found,
    )


def _known(scheme: str, value: str) -> bool:
    namesakes = Participant.objects.identified(scheme, value)
    return namesakes.exclude(state__in=(State.DRAFT, State.UNREGISTERED)).exists()
