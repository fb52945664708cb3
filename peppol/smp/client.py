"""What the rest of the house needs of an SMP, whichever it is: calls, values, refusals.

Refusals are sorted by what they mean to a registration: permanent, worth a retry, our own
mistake, or registered elsewhere. Which SMP it is, and how it is spoken to, `dialects` knows.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Protocol, Self

from peppol.code_lists import TRANSPORT_PROFILE, DocumentType, Process
from peppol.identifiers import ParticipantId


# --- Refusals ---------------------------------------------------------------------------------
class SmpError(Exception):
    """A call did not do what it should.

    `message` is a sentence of ours and `code` names its kind: both are for everybody. What the SMP
    itself said is `answer`, for the operator alone: it may name addresses and logins.
    """

    code = "smp_error"

    def __init__(self, message: str, *, answer: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.answer = answer

    @property
    def in_full(self) -> str:
        """What the operator is told."""
        return f"{self.message} {self.answer}".strip()


class Unavailable(SmpError):
    """The SMP or the SML behind it did not answer properly: try again later.

    `silent` means that nobody answered at all, or only a gateway in front of a dead SMP did.
    """

    code = "smp_unavailable"

    def __init__(self, message: str, *, silent: bool = True, answer: str = "") -> None:
        super().__init__(message, answer=answer)
        self.silent = silent


class OutOfOrder(SmpError):
    """The SMP lets nobody of this installation in, or writes nothing for anybody.

    That is no fault of a registration: all of them wait until it is over. `trouble` says what.
    """

    code = "smp_out_of_order"

    def __init__(self, message: str, trouble: str, *, answer: str = "") -> None:
        super().__init__(message, answer=answer)
        self.trouble = trouble


class RefusedBySmp(SmpError):
    """The SMP says no, and will say no again. `status` is its HTTP status."""

    code = "smp_refused"

    def __init__(self, message: str, status: int, *, answer: str = "") -> None:
        super().__init__(message, answer=answer)
        self.status = status


class InvalidXml(RefusedBySmp):
    """The SMP found the XML we sent invalid: a mistake of ours."""

    code = "smp_invalid_xml"


class NotOwner(RefusedBySmp):
    """At the SMP the participant belongs to another login than ours."""

    code = "smp_not_owner"


class RegisteredElsewhere(SmpError):
    """The participant belongs to another SMP; it takes a migration key to move it."""

    code = "registered_elsewhere"


class Untrusted(SmpError):
    """The answer is not signed by whom we trust, or is about something else."""

    code = "smp_untrusted"


class NotConfirmed(SmpError):
    """The SMP took everything, but shows something else when it is asked."""

    code = "smp_not_confirmed"


class KeyRefused(SmpError):
    """The SML does not let the participant go with this migration key."""

    code = "migration_key_refused"


class NotOurs(SmpError):
    """The participant is at the SMP, under our login even, and was not put there from here."""

    code = "smp_not_ours"


class Incomplete(SmpError):
    """Something is missing here that has to be published."""

    code = "card_incomplete"


# --- Values -----------------------------------------------------------------------------------
@dataclass(frozen=True)
class ApEndpoint:
    """The access point that a registration points at. `certificate` is base64 of DER."""

    url: str
    certificate: str
    description: str
    contact_url: str


@dataclass(frozen=True)
class ShownEndpoint:
    """Where an SMP has a sender go for one process. Dates are as they are shown, or empty."""

    process: Process
    url: str
    certificate: str
    profile: str = TRANSPORT_PROFILE
    signature: str = "false"
    activation: str = ""
    expiry: str = ""
    contact: str = ""


@dataclass(frozen=True)
class Metadata:
    """What an SMP shows of one document type. Where there is a `redirect`, it alone is shown."""

    participant: ParticipantId
    document_type: str
    endpoints: list[ShownEndpoint]
    redirect: str = ""


@dataclass(frozen=True)
class Contact:
    """A contact on a business card."""

    kind: str = ""
    name: str = ""
    phone: str = ""
    email: str = ""


@dataclass(frozen=True)
class Entity:
    """One company on a business card. `names` maps a language, or "", to a name."""

    names: dict[str, str]
    country: str
    location: str = ""
    identifiers: list[tuple[str, str]] = field(default_factory=list)
    websites: list[str] = field(default_factory=list)
    contacts: list[Contact] = field(default_factory=list)
    additional: str = ""
    registered_on: str = ""


@dataclass(frozen=True)
class BusinessCard:
    """What the Directory shows of a participant (version 3, 2018-06-21)."""

    entities: list[Entity]


# --- Calls ------------------------------------------------------------------------------------
class SmpClient(Protocol):
    """One SMP and our credentials there. Not for use by several threads at once.

    All calls but those that move a participant may be repeated. What is not there is None when
    it is read and counts as done when it is deleted. Every call may raise SmpError, and takes no
    longer than `SMP_CONNECT_TIMEOUT` and `SMP_READ_TIMEOUT` allow.
    """

    @property
    def base_url(self) -> str:
        """Its address, by which its circuit breaker knows it."""

    def __enter__(self) -> Self: ...

    def __exit__(self, *_: object) -> None: ...

    def ping(self) -> None:
        """A call that changes nothing. Raises Unavailable if nobody is there to refuse it."""

    def knock(self) -> None:
        """See whether we may write, without writing. Raises Unavailable and OutOfOrder."""

    # --- The participant ------------------------------------------------------------------------
    def service_group(self, pid: ParticipantId) -> list[str] | None:
        """The document types of a participant; None when the SMP does not know it."""

    def create_service_group(self, pid: ParticipantId, *, in_sml: bool = True) -> None:
        """Create a participant. Look first: on an existing one this resets owner and properties.

        Without `in_sml` the SML is left alone, to repair what only it remembers.
        """

    def delete_service_group(self, pid: ParticipantId, *, in_sml: bool = True) -> None:
        """Delete a participant and all it has; one that is not there counts as deleted."""

    def service_group_ids(self) -> Iterator[str]:
        """All participants of the SMP as `scheme::value`, however many, as the answer comes in."""

    # --- What it receives -----------------------------------------------------------------------
    def put_service_metadata(
        self, pid: ParticipantId, document_type: DocumentType, endpoint: ApEndpoint
    ) -> None:
        """Register a document type with all its processes, in place of what was there."""

    def service_metadata(self, pid: ParticipantId, document_type: DocumentType) -> Metadata | None:
        """What the SMP shows of a document type, its signature verified; None if nothing.

        Raises Untrusted when the signature or the identifiers do not hold.
        """

    def delete_service_metadata(self, pid: ParticipantId, document_type: DocumentType) -> None:
        """Stop receiving a document type."""

    # --- The business card ----------------------------------------------------------------------
    def put_business_card(self, pid: ParticipantId, card: BusinessCard) -> None:
        """Set the business card, in place of what was there."""

    def business_card(self, pid: ParticipantId) -> BusinessCard | None:
        """The business card; None when there is none."""

    def delete_business_card(self, pid: ParticipantId) -> None:
        """Remove the business card; one that is not there counts as removed."""

    def push_business_card(self, pid: ParticipantId) -> None:
        """Have the Directory read the card again."""

    # --- Moving between SMPs --------------------------------------------------------------------
    def migrate_in(self, pid: ParticipantId, key: str) -> None:
        """Take over a participant from another SMP. Its metadata has to follow at once."""

    def start_migration(self, pid: ParticipantId) -> str:
        """Prepare a participant's move to another SMP and return the key for the other side."""

    def cancel_migration(self, pid: ParticipantId) -> None:
        """Forget about the move here; the SML still holds the key."""

    def finish_migration(self, pid: ParticipantId) -> None:
        """Give the participant up here once the other side has taken it."""

    # --- What is noted at a participant ---------------------------------------------------------
    def put_property(self, pid: ParticipantId, name: str, value: str) -> None:
        """Attach a private property to the participant, such as our organization's id."""

    def shown_property(self, pid: ParticipantId, name: str) -> str | None:
        """A property of a participant of ours; None where there is none, or it keeps none."""

    def keeps_properties(self) -> bool:
        """Whether it has properties at all."""

    @property
    def login(self) -> str:
        """Whom our credentials belong to there; empty where nobody told us."""

    def own_service_group_ids(self) -> Iterator[str]:
        """Those participants of the SMP that belong to our login, as `scheme::value`."""
