"""Seals of the audit trail: what a day's events came to, chained to the day before."""

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_noop


class SealQuerySet(models.QuerySet["Seal"]):
    """Reads of seals."""

    def doubted(self) -> "SealQuerySet":
        """Those that the events did not match when they were last compared, the oldest first."""
        return self.exclude(doubted_at=None).order_by("day")


class Seal(models.Model):
    """The SHA-256 over a day's events (UTC, by the time in their ids) and the seal before it.

    `through` is the last event in it. A seal that is not `whole` was made while its day lasted,
    and grows until the day is over. `doubted_at` says when the events were found to differ.
    """

    day = models.DateField(primary_key=True)
    count = models.PositiveIntegerField()
    through = models.UUIDField(null=True, blank=True)
    digest = models.CharField(max_length=64, unique=True)
    previous = models.CharField(max_length=64, blank=True)
    whole = models.BooleanField()
    sealed_at = models.DateTimeField(default=timezone.now)
    doubted_at = models.DateTimeField(null=True, blank=True)

    objects = SealQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(count=0, through__isnull=True) | Q(count__gt=0, through__isnull=False),
                name="tenants_seal_through",
                violation_error_message=gettext_noop(
                    "A seal over events, and no other, names the last one."
                ),
            )
        ]

    def __str__(self) -> str:
        return f"{self.day}"
