"""Documents that organizations exchange, apart from what they contain."""

from typing import Any

from django.core.files.base import File
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext, gettext_noop
from django.utils.translation import gettext_lazy as _

from peppol.models.document_rows import DocumentQuerySet
from peppol.models.payloads import payload_path, payload_storage
from tenants.ids import uuid7
from tenants.models import Environment, Organization
from tenants.models.families import OfFamily


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
        RESPONSE = "response", _("Invoice response")
        STATUS = "status", _("Message level status")
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
        RECEIVED = "received", _("Delivered, without a confirmation")
        ACCEPTED = "accepted", _("Accepted")
        REJECTED = "rejected", _("Rejected")

    class Answer(models.TextChoices):
        """What the buyer says of an invoice (Invoice Response, UNCL 4343)."""

        RECEIVED = "AB", _("Received")
        IN_PROCESS = "IP", _("In process")
        UNDER_QUERY = "UQ", _("Under query")
        ON_CONDITIONS = "CA", _("Accepted on conditions")
        REJECTED = "RE", _("Rejected")
        ACCEPTED = "AP", _("Accepted")
        PAID = "PD", _("Paid")

    INVOICES = (Kind.INVOICE, Kind.CREDIT_NOTE)
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
    sender_name = models.CharField(max_length=255, blank=True, db_default="")
    receiver_name = models.CharField(max_length=255, blank=True, db_default="")
    # The partner's name as it is searched for; none of what nobody has looked at.
    partner_key = models.CharField(max_length=60, null=True, editable=False)  # noqa: DJ001
    self_billed = models.BooleanField(
        default=False, db_default=False, help_text="The buyer wrote and sent it for the seller."
    )
    answer = models.CharField(max_length=2, choices=Answer, blank=True, db_default="")
    about = models.ForeignKey(
        "self",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="answers",
        help_text="Of an answer, the invoice that it answers.",
    )
    number = models.CharField(max_length=255, blank=True)
    issued_on = models.DateField(null=True, blank=True)
    currency = models.CharField(max_length=3, blank=True)
    amount = models.DecimalField(max_digits=18, decimal_places=2, null=True, blank=True)
    net = models.DecimalField(max_digits=18, decimal_places=2, null=True, blank=True)
    tax = models.DecimalField(max_digits=18, decimal_places=2, null=True, blank=True)
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
    error_code = models.CharField(
        max_length=40,
        blank=True,
        db_default="",
        verbose_name=_("Error code"),
        help_text=_("What kind of error it is, for programs."),
    )
    raw_answer = models.TextField(
        blank=True,
        db_default="",
        verbose_name=_("What the network said"),
        help_text=_("For the operator alone."),
    )
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
                fields=["-id"], condition=Q(state="failed"), name="peppol_document_failed_all"
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
            models.Index(
                fields=["partner_key"],
                name="peppol_document_partner",
                opclasses=["varchar_pattern_ops"],
            ),
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
        return f"{self.title_of_kind} {self.number or self.pk}"

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
    def title_of_kind(self) -> str:
        """What it is called: an invoice that the buyer writes is another thing."""
        if self.self_billed and self.kind in self.INVOICES:
            is_invoice = self.kind == self.Kind.INVOICE
            return gettext("Self-billed invoice" if is_invoice else "Self-billed credit note")
        return self.get_kind_display()

    @property
    def is_counted(self) -> bool:
        """Whether it counts as a document sent or received: answers come with what they answer."""
        return self.kind not in (self.Kind.RESPONSE, self.Kind.STATUS)

    @property
    def is_sale(self) -> bool:
        """On which side of its company's books it is: what a buyer writes for us is a sale."""
        return (self.direction == self.Direction.OUTBOUND) != self.self_billed

    @property
    def is_inbound(self) -> bool:
        return self.direction == self.Direction.INBOUND

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

    def opened(self) -> "File[bytes]":
        """The payload to read from. Raises OSError when the storage does not have it."""
        if not self.payload:
            raise FileNotFoundError("There is no payload.")
        return self.payload.open("rb")

    def content(self) -> bytes:
        """The payload as a whole. Raises OSError when the storage does not have it."""
        with self.opened() as file:
            content: bytes = file.read()
        return content
