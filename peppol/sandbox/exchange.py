"""What the sandbox access point does: look the receiver up, transmit, forward what arrived.

Both corners are here: what is sent to a participant of the sandbox is received at once and
forwarded over HTTP to the installation, as a real access point does with what it receives.
"""

from datetime import timedelta

import requests
from django.conf import settings
from django.db import transaction
from django.utils import timezone

from peppol import sbdh
from peppol.document_types import fitting
from peppol.identifiers import SCHEME
from peppol.sandbox import faults, rehearsals
from peppol.sandbox.models import Fault, Group, Transmission
from peppol.services.documents.stand_ins import StandIns
from tenants import background, leases, loops

Status = Transmission.Status
Forwarding = Transmission.Forwarding
# The access point tries a failed transmission again after so many seconds, so often.
_RETRIES = (2, 2)
# A forward that nobody confirmed is repeated; phoss-ap pauses longer, the sandbox is for trying.
_FORWARDS = (2, 5, 15, 60, 300)
_FORWARD_LEASE = timedelta(seconds=30)
# A company may exchange documents before it has an identifier; one of this scheme stands in. It
# is in no SMP.
STAND_IN = "9915"
# Whom the sandbox delivers to where a document names nobody.
SINK = f"{STAND_IN}:gatehouse-sandbox"


def is_receiver(identifier: str) -> bool:
    """Whether somebody in the sandbox receives under `identifier`."""
    return identifier.startswith(f"{STAND_IN}:") or _group(identifier) is not None


STAND_INS = StandIns(scheme=STAND_IN, sink=SINK, is_receiver=is_receiver)


def submit(sent: Transmission) -> Transmission:
    """Transmit for the first time, and keep the submission whatever became of it."""
    with transaction.atomic():
        _transmit(sent)
        sent.save()
        if sent.forward_at:
            background.wake("sandbox")
    return sent


def latest(instance_id: str) -> Transmission | None:
    """The latest submission under an instance id, brought up to date."""
    found = Transmission.objects.filter(sbdh_instance_id=instance_id).order_by("-id").first()
    if found is None or not found.next_retry_at or found.next_retry_at > timezone.now():
        return found
    with transaction.atomic():
        # Of two who ask at once, one transmits.
        held = leases.held(found, "next_retry_at").select_for_update(no_key=True).first()
        if held is None:
            return found
        found = held
        found.attempt_count += 1
        _transmit(found)
        found.save()
        if found.forward_at:
            background.wake("sandbox")
    return found


def forward_due(*, limit: int = 200) -> int:
    """Forward what was received to the installation's inbound address; how many were tried."""
    tried = 0
    for _ in range(limit):
        received = _claim()
        if received is None:
            break
        loops.each("forward in the sandbox", [received], lambda one: _settle(one, _forward(one)))
        tried += 1
    return tried


def note_country(received: Transmission, country: str) -> bool:
    """Note the receiver's country; False when it was noted before."""
    return bool(
        Transmission.objects.filter(pk=received.pk, country_c4="").update(
            country_c4=country, forwarding=Forwarding.FORWARDED
        )
    )


def mls_status(sent: Transmission) -> str:
    """The message level status that the receiver's access point gave."""
    if sent.status != Status.SENT or sent.receiver == settings.MLS_TO:
        return "not_applicable"
    if sent.forwarding == Forwarding.REJECTED:
        return "received_re"
    # Where somebody is told, it comes as a message of its own.
    arrived = sent.receiver == SINK or (sent.forwarding == Forwarding.FORWARDED and not sent.mls_to)
    return "received_ap" if arrived else "pending"


def _transmit(sent: Transmission) -> None:
    rehearsed = rehearsals.take(sent)
    sent.error, sent.next_retry_at = rehearsals.ERRORS.get(rehearsed) or _obstacle(sent), None
    if not sent.error:
        sent.status, sent.completed_at = Status.SENT, timezone.now()
        if sent.receiver != SINK:
            sent.forwarding, sent.forward_at = Forwarding.RECEIVED, timezone.now()
    elif sent.attempt_count <= len(_RETRIES) and rehearsed not in rehearsals.FINAL:
        sent.status = Status.FAILED
        pause = _RETRIES[sent.attempt_count - 1]
        sent.next_retry_at = timezone.now() + timedelta(seconds=pause)
    else:
        sent.status, sent.completed_at = Status.PERMANENTLY_FAILED, timezone.now()


def _obstacle(sent: Transmission) -> str:
    fault = faults.current()
    if fault == Fault.Kind.AP_FAILS:
        return rehearsals.ERRORS[rehearsals.Kind.REFUSED]
    if fault == Fault.Kind.AP_FAILS_ONCE and sent.attempt_count == 1:
        return rehearsals.ERRORS[rehearsals.Kind.SILENT]
    if sent.receiver.startswith(f"{STAND_IN}:") or sent.receiver == settings.MLS_TO:
        return ""
    group = _group(sent.receiver)
    if group is None:
        return f"The receiver {sent.receiver} is not registered on the network."
    types = list(group.services.values_list("document_type", flat=True))
    if types and ":gatehouse:" not in sent.document_type and not fitting(types, sent.document_type):
        return f"The receiver {sent.receiver} does not receive documents of this type."
    return ""


def _group(identifier: str) -> Group | None:
    return Group.objects.filter(uri=f"{SCHEME}::{identifier}".lower()).first()


def _claim() -> Transmission | None:
    due = Transmission.objects.filter(forward_at__lte=timezone.now())
    if not due.exists():
        return None
    with transaction.atomic():
        received = (
            due.select_for_update(skip_locked=True, no_key=True)
            .order_by("forward_at", "id")
            .first()
        )
        if received is not None:
            attempts = received.forward_attempts + 1
            leases.take(received, "forward_at", _FORWARD_LEASE, forward_attempts=attempts)
    return received


def _forward(received: Transmission) -> str | None:
    """The new state of the forward; None when it has to be repeated."""
    envelope = sbdh.Envelope(
        instance_id=received.sbdh_instance_id,
        sender=received.sender,
        receiver=received.receiver,
        document_type=received.document_type,
        process=received.process,
        country_c1=received.country_c1,
        content=bytes(received.content),
        media_type=received.media_type,
        mls_to=received.mls_to,
        mls_type=sbdh.ALWAYS_SEND if received.mls_to else "",
    )
    try:
        response = requests.post(
            f"{settings.BASE_URL}/internal/peppol/inbound",
            data=sbdh.wrap(envelope, at=received.created_at),
            headers={
                "Content-Type": "application/xml",
                "X-SBDH-Instance-ID": received.sbdh_instance_id,
                "X-Gatehouse-Token": settings.INBOUND_TOKEN,
            },
            timeout=(3, 20),
            allow_redirects=False,
        )
        answer = response.json() if response.content else {}
    except (requests.RequestException, ValueError):
        return None
    if answer.get("retry") == "none":
        return Forwarding.REJECTED
    if response.status_code >= 300:
        return None
    if answer.get("countryCodeC4"):
        note_country(received, answer["countryCodeC4"])
    return Forwarding.FORWARDED


def _settle(received: Transmission, forwarding: str | None) -> None:
    held = leases.held(received, "forward_at")
    if forwarding is None and received.forward_attempts <= len(_FORWARDS):
        pause = _FORWARDS[received.forward_attempts - 1]
        held.update(forward_at=timezone.now() + timedelta(seconds=pause))
        return
    held.update(forward_at=None, forwarding=forwarding or Forwarding.REJECTED)
