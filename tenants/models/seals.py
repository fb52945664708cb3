"""Seals of the audit trail: what a day's events came to, chained to the day before."""

from django.db import models
from django.db.models import Case, F, Q, Value, When
from django.utils import timezone
from django.utils.translation import gettext_noop


class SealQuerySet(models.QuerySet["Seal"]):
    """Reads of seals."""

    def longest_uncompared(self) -> "SealQuerySet":
        """All of them, those first that were not compared for the longest time.

        One that says it will be compared never was: so its turn cannot be put off for good.
        """
        never = Case(
            When(compared_at__gt=timezone.now(), then=Value(None)), default=F("compared_at")
        )
        return self.order_by(never.asc(nulls_first=True), "day")

    def doubted(self) -> "SealQuerySet":
        """Those that the events did not match when they were last compared, the oldest first."""
        return self.exclude(doubted_at=None).order_by("day")


class Seal(models.Model):
    """The digest of a day's events (UTC, by the time in their ids) and of the seal before it.

    `through` is the last event in it. A seal that is not `whole` was made while its day lasted,
    and grows until the day is over. It is keyed by a secret that the database does not have; those
    of earlier versions are not `keyed`. `doubted_at` says when the events were found to differ,
    `compared_at` when they were last compared. An operator may accept a difference that is known,
    with a reason: `accepted` is the digest of what was accepted, and nothing else is.
    """

    day = models.DateField(primary_key=True)
    count = models.PositiveIntegerField()
    through = models.UUIDField(null=True, blank=True)
    digest = models.CharField(max_length=64, unique=True)
    previous = models.CharField(max_length=64, blank=True)
    whole = models.BooleanField()
    keyed = models.BooleanField(default=True, db_default=False)
    sealed_at = models.DateTimeField(default=timezone.now)
    doubted_at = models.DateTimeField(null=True, blank=True)
    compared_at = models.DateTimeField(null=True, blank=True)
    accepted = models.CharField(max_length=64, blank=True, db_default="")
    accepted_reason = models.TextField(blank=True, db_default="")
    accepted_by = models.CharField(max_length=255, blank=True, db_default="")

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
