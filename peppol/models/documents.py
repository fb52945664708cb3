"""Documents that organizations exchange, apart from what they contain."""

from datetime import timedelta
from pathlib import PurePosixPath
from typing import Any, cast

from django.core.files.storage import storages
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from tenants.ids import uuid7
from tenants.models import Environment, Organization
from tenants.models.families import FamilyQuerySet, OfFamily
from tenants.storage import AfterCommit

LATELY = timedelta(hours=24)
HELD_UP = timedelta(hours=1)


def payload_storage() -> AfterCommit:
    """Where payloads are kept; chosen by settings."""
    return cast(AfterCommit, storages["payloads"])


def payload_path(document: "Document", name: str) -> str:
    """A payload's place: by organization and month, so that no folder grows without end."""
    month = (document.created_at or timezone.now()).strftime("%Y-%m")
    suffix = PurePosixPath(name).suffix
    return f"{document.organization_id}/{month}/{document.pk}{suffix}"


class DocumentQuerySet(FamilyQuerySet["Document"]):
    """Reads of documents."""

    def of(self, organization: Organization) -> "DocumentQuerySet":
        """An organization's documents, but for those that are held back from it."""
        return self.filter(organization=organization).exclude(state=Document.State.HELD)

    def visible_to(self, organization: Organization) -> "DocumentQuerySet":
        """An organization's documents and, for a platform, those of its companies; none held."""
        return super().visible_to(organization).exclude(state=Document.State.HELD)

    def held(self) -> "DocumentQuerySet":
        """Those that arrived and that nobody may read yet."""
        return self.filter(state=Document.State.HELD)

    def of_open(self) -> "DocumentQuerySet":
        """Those of organizations that may act, and whose platform may."""
        active = Organization.Status.ACTIVE
        parent = Q(organization__parent__isnull=True) | Q(
            organization__parent__status=active, organization__parent__deleted_at__isnull=True
        )
        return self.filter(
            parent, organization__status=active, organization__deleted_at__isnull=True
        )

    def outbound(self) -> "DocumentQuerySet":
        return self.filter(direction=Document.Direction.OUTBOUND)

    def inbound(self) -> "DocumentQuerySet":
        return self.filter(direction=Document.Direction.INBOUND)

    def due(self) -> "DocumentQuerySet":
        """Those a worker has something to do for now."""
        return self.filter(next_attempt_at__lte=timezone.now())

    def claimed(self) -> "DocumentQuerySet":
        """Those a worker is at right now."""
        return self.filter(claim__isnull=False, next_attempt_at__gt=timezone.now())

    def failed(self) -> "DocumentQuerySet":
        """Documents that did not arrive and never will."""
        return self.filter(state=Document.State.FAILED)

    def unknown(self) -> "DocumentQuerySet":
        """Those of which nobody knows whether they arrived, until a person says."""
        return self.filter(state=Document.State.UNKNOWN)

    def failed_lately(self) -> "DocumentQuerySet":
        """Of those sent in the last 24 hours, the failed ones (FLO-66)."""
        return self.failed().filter(created_at__gte=timezone.now() - LATELY)

    def held_up(self) -> "DocumentQuerySet":
        """Those that have been under way for so long that something must keep them."""
        before = timezone.now() - HELD_UP
        return self.filter(state__in=Document.UNDER_WAY_STATES, created_at__lt=before)

    def rejected(self) -> "DocumentQuerySet":
        """Those that arrived and that the receiver's side did not accept."""
        return self.filter(response=Document.Response.REJECTED)

    def outdated(self) -> "DocumentQuerySet":
        """Documents that need not be kept any longer."""
        return self.filter(retain_until__lt=timezone.now().date())


class Document(OfFamily):
    """One document sent or received. Its id is the SBDH instance identifier of what we send.

    While a worker is at it, `claim` is the worker's token and `next_attempt_at` the end of its
    lease; a worker that dies leaves the row to be found again. `next_attempt_at` is empty when
    nothing more is to be done.
    """

    class Direction(models.TextChoices):
        OUTBOUND = "outbound", _("Sent")
        INBOUND = "inbound", _("Received")

    class Kind(models.TextChoices):
        INVOICE = "invoice", _("Invoice")
        CREDIT_NOTE = "credit_note", _("Credit note")
        OTHER = "other", _("Other")

    class State(models.TextChoices):
        ACCEPTED = "accepted", _("Accepted")
        SENDING = "sending", _("Sending")
        DELIVERED = "delivered", _("Delivered")
        FAILED = "failed", _("Failed")
        UNKNOWN = "unknown", _("Unknown")
        RECEIVED = "received", _("Received")
        HELD = "held", _("Held back")

    class Format(models.TextChoices):
        UBL = "ubl", "UBL"
        JSON = "json", "JSON"
        XML = "xml", "XML"

        @property
        def media_type(self) -> str:
            """The media type of the format."""
            return f"application/{self.suffix}"

        @property
        def suffix(self) -> str:
            """How a file's name ends."""
            return "json" if self is Document.Format.JSON else "xml"

    class Response(models.TextChoices):
        """What the receiver's side said after the delivery (Peppol MLS)."""

        NONE = "", "None yet"
        RECEIVED = "received", _("Received by the access point")
        ACCEPTED = "accepted", _("Accepted")
        REJECTED = "rejected", _("Rejected")

    FINAL_STATES = (State.DELIVERED, State.FAILED, State.RECEIVED, State.HELD)
    INBOUND_STATES = (State.RECEIVED, State.HELD)
    UNDER_WAY_STATES = (State.ACCEPTED, State.SENDING)

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    organization = models.ForeignKey(
        Organization, on_delete=models.PROTECT, related_name="documents", db_index=False
    )
    environment = models.CharField(max_length=4, choices=Environment, default=Environment.LIVE)
    direction = models.CharField(max_length=8, choices=Direction)
    kind = models.CharField(max_length=11, choices=Kind)
    format = models.CharField(max_length=4, choices=Format, default=Format.UBL)
    state = models.CharField(max_length=9, choices=State)
    response = models.CharField(max_length=8, choices=Response, blank=True)
    instance_id = models.CharField(
        "SBDH instance id", max_length=255, help_text="Of what was received, as its sender chose."
    )
    sender = models.CharField(max_length=140)
    receiver = models.CharField(max_length=140)
    document_type = models.CharField(max_length=600)
    process = models.CharField(max_length=300, blank=True)
    country_c1 = models.CharField("country of the sender", max_length=2, blank=True)
    number = models.CharField(max_length=255, blank=True)
    issued_on = models.DateField(null=True, blank=True)
    currency = models.CharField(max_length=3, blank=True)
    amount = models.DecimalField(max_digits=18, decimal_places=2, null=True, blank=True)
    payload = models.FileField(storage=payload_storage, upload_to=payload_path, max_length=255)
    payload_size = models.PositiveIntegerField(default=0)
    payload_digest = models.CharField(max_length=64, blank=True, help_text="SHA-256.")
    retain_until = models.DateField(help_text="What the law of the company's country asks for.")
    transmission: Any = models.JSONField(
        default=dict, blank=True, help_text="What the access point told of it."
    )
    attempt_count = models.PositiveSmallIntegerField(default=0)
    next_attempt_at = models.DateTimeField(null=True, blank=True)
    claim = models.UUIDField(null=True, blank=True, editable=False)
    last_error = models.TextField(blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    updated_at = models.DateTimeField(auto_now=True)

    objects = DocumentQuerySet.as_manager()

    class Meta:
        verbose_name = _("document")
        verbose_name_plural = _("documents")
        indexes = [
            models.Index(fields=["organization", "-id"], name="peppol_document_page"),
            models.Index(fields=["organization", "created_at"], name="peppol_document_by_time"),
            models.Index(fields=["platform", "-id"], name="peppol_document_family"),
            models.Index(fields=["platform", "created_at"], name="peppol_document_family_time"),
            models.Index(
                fields=["next_attempt_at", "id"],
                condition=Q(next_attempt_at__isnull=False),
                name="peppol_document_due",
            ),
            # What is to be sent comes before the questions, which are many more.
            models.Index(
                fields=["next_attempt_at", "id"],
                condition=Q(state="accepted", next_attempt_at__isnull=False),
                name="peppol_document_to_send",
            ),
            models.Index(fields=["retain_until"], name="peppol_document_outdated"),
            # What is wrong is a small part of the table, and looked for on every visit of staff.
            models.Index(
                fields=["platform", "-id"],
                condition=Q(state="failed"),
                name="peppol_document_failed",
            ),
            models.Index(
                fields=["created_at"],
                condition=Q(state__in=("accepted", "sending")),
                name="peppol_document_under_way",
            ),
            models.Index(
                fields=["organization", "receiver"],
                condition=Q(state="held"),
                name="peppol_document_held",
            ),
            models.Index(
                fields=["created_at"],
                condition=Q(state="unknown"),
                name="peppol_document_unknown",
            ),
            models.Index(
                fields=["platform", "-id"],
                condition=Q(response="rejected"),
                name="peppol_document_rejected",
            ),
            # Found by either side, and by what the sender called it.
            models.Index(fields=["sender"], name="peppol_document_sender"),
            models.Index(fields=["receiver"], name="peppol_document_receiver"),
            models.Index(fields=["instance_id"], name="peppol_document_instance"),
            # Found by the beginning of the number too.
            models.Index(
                fields=["number"], name="peppol_document_number", opclasses=["varchar_pattern_ops"]
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "direction", "instance_id"],
                name="peppol_document_once",
                violation_error_code="document_taken",
                violation_error_message=gettext_noop("This document is there already."),
            ),
            models.CheckConstraint(
                condition=Q(direction="inbound", state__in=("received", "held"))
                | Q(direction="outbound") & ~Q(state__in=("received", "held")),
                name="peppol_document_state_fits",
                violation_error_message=gettext_noop("Received is what came in, and nothing else."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.number or self.pk}"

    @classmethod
    def shown_states(cls) -> list[tuple[str, Any]]:
        """The states that programs meet, as choices: what is held is shown to the operator only,
        and what nobody knows of is being sent to them."""
        apart = (cls.State.HELD, cls.State.UNKNOWN)
        return [(value, name) for value, name in cls.State.choices if value not in apart]

    @classmethod
    def shown_as(cls, state: str) -> list[str]:
        """The states that programs meet as `state`."""
        return [state, *([cls.State.UNKNOWN] if state == cls.State.SENDING else [])]

    @property
    def shown_state(self) -> str:
        """The state that programs meet."""
        return self.State.SENDING if self.state == self.State.UNKNOWN else self.state

    @property
    def is_final(self) -> bool:
        """Whether it has arrived or never will."""
        return self.state in self.FINAL_STATES

    @property
    def can_be_withdrawn(self) -> bool:
        """Whether nothing of it can be with the access point yet."""
        untried = self.state == self.State.ACCEPTED or (
            self.state == self.State.SENDING and self.attempt_count == 0
        )
        return untried and self.claim is None

    def content(self) -> bytes:
        """The payload. Raises OSError when the storage does not have it."""
        with self.payload.open("rb") as file:
            content: bytes = file.read()
        return content
