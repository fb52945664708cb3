"""Registrations that were lost without anybody wanting it, and the rounds that look for them."""

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from peppol.models.participants import Participant
from tenants.ids import uuid7
from tenants.models import Organization


class LossQuerySet(models.QuerySet["Loss"]):
    """Reads of losses."""

    def open(self) -> "LossQuerySet":
        """Those that are not over: nothing was taken back, or given up, yet."""
        return self.filter(ended_at=None)

    def certain(self) -> "LossQuerySet":
        """Those that were seen twice."""
        return self.filter(confirmed_at__isnull=False)

    def doubted(self) -> "LossQuerySet":
        """Those that were seen once, and have to be looked at again before they count."""
        return self.open().filter(confirmed_at=None)

    def of(self, participant: Participant) -> "LossQuerySet":
        return self.filter(participant=participant)

    def visible_to(self, organization: Organization) -> "LossQuerySet":
        """An organization's losses and, for a platform, those of its companies."""
        return self.filter(Q(organization=organization) | Q(organization__parent=organization))


class Loss(models.Model):
    """A registration that the SML does not have at our SMP any more.

    Seen once it is a doubt, and nobody is told. `smp` is the SMP that has it now; where nobody
    has it, it is empty.
    """

    class Outcome(models.TextChoices):
        TAKEN_BACK = "taken_back", _("Taken back")
        LET_GO = "let_go", _("Let go")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="+")
    participant = models.ForeignKey(Participant, on_delete=models.CASCADE, related_name="losses")
    smp = models.CharField(max_length=255, blank=True)
    seen_at = models.DateTimeField(default=timezone.now)
    next_look_at = models.DateTimeField(null=True, blank=True)
    confirmed_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    outcome = models.CharField(max_length=10, choices=Outcome, blank=True)

    objects = LossQuerySet.as_manager()

    class Meta:
        verbose_name = _("lost registration")
        verbose_name_plural = _("lost registrations")
        ordering = ["-id"]
        indexes = [
            models.Index(
                fields=["next_look_at"],
                condition=Q(next_look_at__isnull=False),
                name="peppol_loss_to_look_at",
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["participant"], condition=Q(ended_at=None), name="peppol_one_open_loss"
            )
        ]

    def __str__(self) -> str:
        return str(self.participant)


class WatchRound(models.Model):
    """A night's look at registrations: where it began, how far it came, and what it saw.

    `cursor` is the last participant that was looked at; the next round goes on behind it, and from
    the beginning once all have been looked at. `next_attempt_at` is the lease of who is at it.
    """

    class State(models.TextChoices):
        RUNNING = "running", _("Running")
        DONE = "done", _("Done")
        STOPPED = "stopped", _("Stopped: too much seems to be lost")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    state = models.CharField(max_length=7, choices=State, default=State.RUNNING)
    cursor = models.UUIDField(null=True, blank=True)
    most = models.PositiveIntegerField(help_text="So many are looked at, and no more.")
    looked_at = models.PositiveIntegerField(default=0)
    unanswered = models.PositiveIntegerField(default=0)
    doubted = models.PositiveIntegerField(default=0)
    different = models.PositiveIntegerField(default=0)
    believed = models.BooleanField(
        default=False, help_text="Somebody said that so many are really lost."
    )
    last_error = models.TextField(blank=True)
    next_attempt_at = models.DateTimeField(null=True, blank=True, default=timezone.now)
    created_at = models.DateTimeField(auto_now_add=True)
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("look at registrations")
        verbose_name_plural = _("looks at registrations")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["state"],
                condition=Q(state="running"),
                name="peppol_one_watch_at_a_time",
                violation_error_code="watch_taken",
                violation_error_message=gettext_noop("Registrations are being looked at already."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.created_at:%Y-%m-%d %H:%M}"
