"""What background work could not do with a row, until it can."""

from datetime import timedelta

from django.db import models
from django.utils import timezone

from tenants.ids import uuid7

# What was not met again for so long is somebody's past.
_PRESENT = timedelta(days=1)


class TroubleQuerySet(models.QuerySet["Trouble"]):
    """Reads of troubles."""

    def present(self) -> "TroubleQuerySet":
        """Those met lately, the oldest first."""
        return self.filter(met_at__gte=timezone.now() - _PRESENT).order_by("since", "id")


class Trouble(models.Model):
    """A row that background work stumbled over, and went on with the others.

    It is forgotten when the work is done with the row, or when the row is not come by any more.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    work = models.CharField(max_length=64, help_text="What was to be done.")
    model = models.CharField(max_length=64, blank=True, help_text="As `app.model`.")
    key = models.CharField(max_length=64, blank=True, help_text="The row's id.")
    row = models.CharField(max_length=255, blank=True, help_text="What the row is called.")
    said = models.CharField(max_length=255)
    count = models.PositiveIntegerField(default=1)
    since = models.DateTimeField(default=timezone.now)
    met_at = models.DateTimeField(default=timezone.now)

    objects = TroubleQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["met_at"], name="tenants_trouble_met")]
        constraints = [
            models.UniqueConstraint(fields=["work", "model", "key"], name="tenants_trouble_once")
        ]

    def __str__(self) -> str:
        return f"{self.work}: {self.said}"
