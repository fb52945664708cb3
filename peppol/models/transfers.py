"""Transfers: participants that move between SMPs by a migration key."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from peppol.models.participants import Participant
from tenants.ids import uuid7
from tenants.models import Organization


class TransferQuerySet(models.QuerySet["Transfer"]):
    """Reads of transfers."""

    def open(self) -> "TransferQuerySet":
        return self.filter(state__in=Transfer.OPEN_STATES)

    def visible_to(self, organization: Organization) -> "TransferQuerySet":
        """An organization's transfers and, for a platform, those of its companies."""
        return self.filter(Q(organization=organization) | Q(organization__parent=organization))


class Transfer(models.Model):
    """One move of a participant to us from another SMP, or from us to another.

    The migration key opens the participant to whoever has it: it is kept encrypted while the
    transfer is open, and not at all afterwards.
    """

    class Direction(models.TextChoices):
        INBOUND = "inbound", _("To us")
        OUTBOUND = "outbound", _("Away from us")

    class State(models.TextChoices):
        PENDING = "pending", _("Pending")
        READY = "ready", _("Ready: the key is there")
        FINISHING = "finishing", _("Finishing")
        CANCELLING = "cancelling", _("Cancelling")
        COMPLETED = "completed", _("Completed")
        CANCELLED = "cancelled", _("Cancelled")
        FAILED = "failed", _("Failed")

    OPEN_STATES = (State.PENDING, State.READY, State.FINISHING, State.CANCELLING)
    # A worker has something to do at the SMP.
    WORK_STATES = (State.PENDING, State.FINISHING, State.CANCELLING)

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="+")
    participant = models.ForeignKey(Participant, on_delete=models.PROTECT, related_name="transfers")
    direction = models.CharField(max_length=8, choices=Direction)
    state = models.CharField(max_length=10, choices=State, default=State.PENDING)
    key = models.TextField(blank=True, editable=False, help_text="Encrypted.")
    last_error = models.TextField(blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)
    finished_at = models.DateTimeField(null=True, blank=True)

    objects = TransferQuerySet.as_manager()

    class Meta:
        verbose_name = _("transfer")
        verbose_name_plural = _("transfers")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["participant"],
                condition=Q(state__in=("pending", "ready", "finishing", "cancelling")),
                name="peppol_one_transfer_at_a_time",
                violation_error_code="transfer_taken",
                violation_error_message=gettext_noop(
                    "A transfer of this participant is under way already."
                ),
            )
        ]

    def __str__(self) -> str:
        return f"{self.participant} · {self.get_direction_display()}"
