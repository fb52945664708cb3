"""What the sender's side is told of a document that came in: message level statuses (MLS)."""

from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from peppol.models.documents import Document
from tenants.ids import uuid7
from tenants.models import Organization


class StatusMessage(models.Model):
    """One message level status that is owed for a document. Its id is its SBDH instance id.

    `code` is empty until it is found out what is to be said. `next_attempt_at` is the end of a
    worker's lease, or when the next one looks at it. Once `submitted_at` is there, it may be with
    the access point, which is asked before anything is handed over again.
    """

    class State(models.TextChoices):
        PENDING = "pending", _("Pending")
        SENT = "sent", _("Sent")
        UNWANTED = "unwanted", _("Not asked for")
        FAILED = "failed", _("Failed")

    class Code(models.TextChoices):
        ACCEPTED = "AP", _("Delivered, and the receiver confirmed it")
        RECEIVED = "AB", _("Delivered, without a confirmation")
        REJECTED = "RE", _("Rejected")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    organization = models.ForeignKey(
        Organization, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    document = models.OneToOneField(
        Document, on_delete=models.CASCADE, related_name="status_message"
    )
    receiver = models.CharField(max_length=140, help_text="The sender's service provider.")
    wants_success = models.BooleanField(help_text="Whether good news is asked for, too.")
    code = models.CharField(max_length=2, choices=Code, blank=True)
    issues: Any = models.JSONField(default=list, blank=True, help_text="Why it is rejected.")
    state = models.CharField(max_length=8, choices=State, default=State.PENDING)
    attempt_count = models.PositiveSmallIntegerField(default=0)
    submitted_at = models.DateTimeField(null=True, blank=True)
    next_attempt_at = models.DateTimeField(null=True, blank=True)
    last_error = models.TextField(blank=True)
    raw_answer = models.TextField(blank=True, help_text="For the operator alone.")
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name = _("message level status")
        verbose_name_plural = _("message level statuses")
        indexes = [
            models.Index(fields=["organization"], name="peppol_status_of"),
            models.Index(
                fields=["next_attempt_at"],
                condition=Q(next_attempt_at__isnull=False),
                name="peppol_status_due",
            ),
            models.Index(
                fields=["document"], condition=Q(state="failed"), name="peppol_status_failed"
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=("pending", "failed")) | ~Q(code=""),
                name="peppol_status_says",
                violation_error_message=gettext_noop("A status that is sent says something."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code or '–'} → {self.receiver}"
