"""Mails on their way: rows until they are sent, so that none is lost with a process."""

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from tenants.ids import uuid7
from tenants.models.organizations import Organization


class MailQuerySet(models.QuerySet["Mail"]):
    """Reads of mails."""

    def due(self) -> "MailQuerySet":
        """Those to send now, oldest first; a sender that died left its own among them.

        What somebody waits for, such as an invitation, comes before news of events, of which there
        may be thousands.
        """
        due = self.filter(state=Mail.State.PENDING, next_attempt_at__lte=timezone.now())
        return due.order_by(F("event").asc(nulls_first=True), "id")


class Mail(models.Model):
    """A message to a person and how far it is.

    Its text is written when it is sent, from `template` and `context`: no link that opens
    something lies in the database.
    """

    class State(models.TextChoices):
        PENDING = "pending", _("Pending")
        SENT = "sent", _("Sent")
        DROPPED = "dropped", _("No longer wanted")
        FAILED = "failed", _("Failed")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    organization = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="mails")
    to = models.EmailField(max_length=254)
    template = models.CharField(max_length=64)
    context = models.JSONField(default=dict, blank=True)
    event = models.UUIDField(
        null=True, blank=True, help_text="Of which it tells; nobody is told twice."
    )
    state = models.CharField(max_length=7, choices=State, default=State.PENDING)
    attempt_count = models.PositiveSmallIntegerField(default=0)
    next_attempt_at = models.DateTimeField(null=True, blank=True, default=timezone.now)
    last_error = models.CharField(max_length=255, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    sent_at = models.DateTimeField(null=True, blank=True)

    objects = MailQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(
                fields=["next_attempt_at"], condition=Q(state="pending"), name="tenants_mail_due"
            )
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["event", "to"],
                condition=Q(event__isnull=False),
                name="tenants_mail_event_once",
            )
        ]

    def __str__(self) -> str:
        return f"{self.template} → {self.to}"
