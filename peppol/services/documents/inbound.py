"""What arrives is taken in, whoever may read it by now, and kept sealed until somebody may.

A document is *held* while its company, or the platform above it, may not act, and while the
identifier it came in under is not (or no longer) its company's on the network. Held documents are
the operator's to see; nobody else knows more of them than that there is one.
"""

import hashlib
from contextlib import suppress

from django.conf import settings
from django.db import transaction
from django.db.models import Case, Value, When
from django.utils import timezone
from django.utils.translation import gettext_noop

from peppol import identifiers
from peppol.invoices.headers import MESSAGE_LEVEL_STATUS
from peppol.models import Document, Participant
from peppol.readable import reading
from peppol.readable.documents import read
from peppol.readable.parts import Response
from peppol.readable.skimming import Unreadable
from peppol.sbdh import Arrived
from peppol.services.documents import (
    answers,
    compliance,
    duplicates,
    events,
    intake,
    rows,
    stand_ins,
    statuses,
    usage,
)
from peppol.services.documents.prepared import PreparedDocument
from tenants import background, loops
from tenants.actors import Actor
from tenants.errors import Conflict, DomainError, Invalid, Kind, WrongState
from tenants.models import Organization
from tenants.persistence import has_control, marked

State = Document.State
SYSTEM = Actor.system("documents")
_MOST_LETTERS = 255
_MOST_STATUS = 2 * 1024 * 1024
# Who a document is for, where several companies have, or had, one identifier.
_FIRST = (
    Participant.State.ACTIVE,
    Participant.State.UNREGISTERING,
    Participant.State.PUBLISHING,
    Participant.State.WAITING,
    Participant.State.PENDING,
    Participant.State.UNREGISTERED,
    Participant.State.ELSEWHERE,
    Participant.State.FAILED,
)


class UnknownReceiver(DomainError):
    """Nobody here receives under the identifier, or ever did."""

    def __init__(self, receiver: str) -> None:
        sentence = gettext_noop("Nobody here receives under %(receiver)s.")
        values = {"receiver": receiver}
        super().__init__(Kind.NOT_FOUND, "unknown_receiver", sentence, values=values)


def inbound_mode() -> str:
    """How the access point forwards: `sync` waits for our word, `async` does not."""
    return "async" if settings.INBOUND_MODE == "async" else "sync"


def receive(message: Arrived, *, mode: str) -> Document:
    """Take in what the access point forwards; a repetition returns the document that is there.

    A message level status, which is for the service provider, is noted at what it is about, and
    that is returned. Raises UnknownReceiver when it was never meant for anybody here; then nothing
    is written.
    """
    try:
        company, seal = _addressee(message.receiver)
    except UnknownReceiver:
        about = _told_of(message)
        if about is None:
            raise
        return about
    instance_id = _key(message.instance_id)
    there = _received(company, instance_id)
    if there is not None:
        return there
    prepared, aside = intake.of_received(message)
    state = State.HELD if seal else State.RECEIVED
    document = rows.new(company, prepared, company.environment, Document.Direction.INBOUND, state)
    document.instance_id = instance_id
    if instance_id != message.instance_id:
        aside["instance_id"] = marked(message.instance_id)
    document.country_c1 = message.country_c1 if len(message.country_c1) == 2 else ""
    document.transmission = {"aside": aside} if aside else {}
    document.last_error = seal
    document.finished_at = timezone.now()
    # Where the access point does not wait for the answer, the country is reported afterwards.
    document.next_attempt_at = timezone.now() if mode == "async" else None
    try:
        return _take_in(document, message, prepared)
    except Conflict:
        there = _received(company, instance_id)
        if there is None:
            raise
        return there


def _told_of(message: Arrived) -> Document | None:
    """The document of ours that a message level status is about, which says it from now on."""
    if MESSAGE_LEVEL_STATUS not in message.document_type or message.content.size > _MOST_STATUS:
        return None
    if settings.MLS_TO and message.receiver.lower() != settings.MLS_TO.lower():
        return None
    try:
        said = reading.read(message.content.pieces())
    except Unreadable:
        return None
    if not isinstance(said, Response):
        return None
    with transaction.atomic():
        return answers.note_status(None, said.about, sender=message.sender, said=said)


def release(document: Document, *, by: Actor, reason: str = "") -> Document:
    """Give a held document to its company. Raises WrongState when it is not held."""
    with transaction.atomic():
        row = (
            Document.objects.select_related("organization__parent")
            .select_for_update(of=("self",), no_key=True)
            .filter(pk=document.pk, state=State.HELD)
            .first()
        )
        if row is None:
            raise WrongState("This document is not held.", code="not_held")
        row.state, row.last_error = State.RECEIVED, ""
        row.save(update_fields=["state", "last_error", "updated_at"])
        events.announce(row, events.RELEASED, by=by, reason=reason)
        _hand_over(row, _about(row))
        statuses.hasten(row)
    return row


def release_due(*, limit: int = 500) -> int:
    """Release what is held and may be read by now; how many documents."""
    released = 0
    waiting = Document.objects.held().of_open().order_by().values_list("organization", "receiver")
    for organization, receiver in waiting.distinct():
        if released >= limit:
            break
        try:
            released += _release_under(receiver, organization, limit - released)
        except Exception as error:
            loops.note("release held documents", receiver, error)
    return released


def _release_under(receiver: str, organization: object, limit: int) -> int:
    try:
        company, seal = _addressee(receiver)
    except UnknownReceiver:
        return 0
    if seal or company.pk != organization:
        return 0
    held = Document.objects.held().filter(organization=company, receiver=receiver)
    return loops.each("release held documents", held.order_by("id")[:limit], _release)


def _release(document: Document) -> None:
    # Another one may have released it by now.
    with suppress(WrongState):
        release(document, by=SYSTEM)


@transaction.atomic
def _take_in(document: Document, message: Arrived, prepared: PreparedDocument) -> Document:
    duplicates.note(document)
    rows.write(document, prepared.content)
    statuses.owe(document, message)
    if document.state == State.HELD:
        events.announce_held(document, by=SYSTEM)
    else:
        _hand_over(document, prepared.about)
    if document.next_attempt_at:
        background.wake("documents")
    return document


def _about(document: Document) -> str:
    """What an answer that was held is about."""
    said = read(document) if not document.is_counted else None
    return said.about if isinstance(said, Response) else ""


def _hand_over(document: Document, about: str) -> None:
    """Count and announce what its company may read from now on."""
    usage.count_document(document, "received", timezone.now())
    compliance.ask_for(document)
    events.announce(document, events.RECEIVED, by=SYSTEM)
    answers.note(document, about)


def _addressee(receiver: str) -> tuple[Organization, str]:
    """Whose a document for `receiver` is, and why they may not read it yet, if so.

    Raises UnknownReceiver when the identifier was never anybody's here.
    """
    try:
        pid = identifiers.parse(receiver)
    except Invalid:
        raise UnknownReceiver(receiver) from None
    offered = stand_ins.offered()
    company = offered.company_of(pid) if offered else None
    if company is not None:
        return company, _seal_of(company)
    found = _holder(pid)
    if found is None:
        raise UnknownReceiver(receiver)
    # What was registered until now, and leaves or was lost, is still somebody's whom senders know.
    leaving = (Participant.State.UNREGISTERING, *Participant.HELD_UP_STATES)
    registered = found.is_registered or (found.state in leaving and found.registered_at is not None)
    seal = "" if registered else gettext_noop("The identifier is not registered on the network.")
    return found.organization, _seal_of(found.organization) or seal


def _holder(pid: identifiers.ParticipantId) -> Participant | None:
    """The registration that an identifier is, was or will be on the network by."""
    order = Case(*(When(state=state, then=Value(n)) for n, state in enumerate(_FIRST)))
    return (
        Participant.objects.identified(pid.scheme, pid.value)
        .filter(state__in=_FIRST)
        .select_related("organization__parent")
        .order_by(order, "-registered_at", "-id")
        .first()
    )


def _seal_of(company: Organization) -> str:
    if company.is_open:
        return ""
    return gettext_noop("The company, or the platform above it, is not active.")


def _received(company: Organization, instance_id: str) -> Document | None:
    inbound = Document.objects.inbound().filter(organization=company, instance_id=instance_id)
    return inbound.first()


def _key(instance_id: str) -> str:
    """The instance id, or what stands for one that cannot be kept as it is."""
    if len(instance_id) <= _MOST_LETTERS and not has_control(instance_id):
        return instance_id
    return f"sha256:{hashlib.sha256(instance_id.encode()).hexdigest()}"
