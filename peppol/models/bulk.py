"""Operations on many participants at once, and what a comparison with the SMP finds."""

from typing import Any

from django.db import models
from django.db.models import Count, Max, Q
from django.utils.translation import gettext_lazy as _

from peppol.models.access_points import AccessPoint
from tenants.ids import uuid7
from tenants.models import Organization


class BulkOperationQuerySet(models.QuerySet["BulkOperation"]):
    """Reads of bulk operations."""

    def running(self) -> "BulkOperationQuerySet":
        return self.filter(state=BulkOperation.State.RUNNING)


class BulkOperation(models.Model):
    """One change to all participants, or to those of a platform; or a comparison of them.

    `cursor` is the last participant that was visited, so that whoever goes on knows where. The
    changes themselves are wishes in the participants' rows, which the registration workers fulfil.
    """

    class Kind(models.TextChoices):
        ACCESS_POINT = "access_point", _("Change the access point")
        ADD_DOCUMENT_TYPE = "add_document_type", _("Add a document type")
        REMOVE_DOCUMENT_TYPE = "remove_document_type", _("Remove a document type")
        REPUBLISH = "republish", _("Publish everything anew")
        RECONCILE = "reconcile", _("Compare with the SMP")

    class State(models.TextChoices):
        RUNNING = "running", _("Running")
        DONE = "done", _("Done")
        CANCELLED = "cancelled", _("Cancelled")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    kind = models.CharField(max_length=20, choices=Kind)
    state = models.CharField(max_length=9, choices=State, default=State.RUNNING)
    platform = models.ForeignKey(
        Organization,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        help_text="Only companies of this platform; empty means all.",
    )
    access_point = models.ForeignKey(
        AccessPoint,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        help_text="Empty means the installation's own.",
    )
    document_type = models.CharField(max_length=600, blank=True)
    cursor = models.UUIDField(null=True, blank=True)
    total = models.PositiveIntegerField(default=0)
    visited = models.PositiveIntegerField(default=0)
    succeeded = models.PositiveIntegerField(default=0)
    failed = models.PositiveIntegerField(default=0)
    last_error = models.TextField(blank=True)
    next_attempt_at = models.DateTimeField(null=True, blank=True)
    started_by = models.CharField(max_length=255)
    created_at = models.DateTimeField(auto_now_add=True)
    finished_at = models.DateTimeField(null=True, blank=True)

    objects = BulkOperationQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return self.get_kind_display()

    def progress(self) -> dict[str, int]:
        """How many participants there are, and how many are done, failed, or still to come."""
        succeeded, failed = self.succeeded, self.failed
        if self.state == self.State.RUNNING and self.kind != self.Kind.RECONCILE:
            succeeded, failed = self.count()
        left = max(self.total - succeeded - failed, 0)
        return {"total": self.total, "succeeded": succeeded, "failed": failed, "left": left}

    def count(self) -> tuple[int, int]:
        """Of the participants visited so far, how many have what is wanted, and how many cannot.

        Those that are not on the network have it once it is written down. All is read at once:
        a worker goes on meanwhile, and what it visited since does not count against what was
        visited before.
        """
        found = BulkOperation.objects.filter(pk=self.pk).aggregate(
            visited=Max("visited", default=0),
            pending=Count("participants", filter=Q(participants__metadata_state="pending")),
            failed=Count("participants", filter=Q(participants__metadata_state="failed")),
        )
        return max(found["visited"] - found["pending"] - found["failed"], 0), found["failed"]


class FindingQuerySet(models.QuerySet["Finding"]):
    """Reads of findings."""

    def unrepaired(self) -> "FindingQuerySet":
        return self.filter(repaired_at=None)

    def under_repair(self, participant: Any) -> "FindingQuerySet":
        """What somebody had repaired of a participant, and was not read back yet."""
        return self.unrepaired().filter(participant=participant, repair_asked_at__isnull=False)

    def repairable(self) -> "FindingQuerySet":
        """Findings that publishing again would mend, and that nobody had published again yet."""
        return self.unrepaired().filter(repair_asked_at=None).exclude(participant=None)


class Finding(models.Model):
    """A difference between the portal and the SMP."""

    class Kind(models.TextChoices):
        MISSING = "missing", _("Registered here, unknown to the SMP")
        UNKNOWN = "unknown", _("At the SMP, unknown here")
        DIFFERENT = "different", _("The SMP shows something else")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    operation = models.ForeignKey(BulkOperation, on_delete=models.CASCADE, related_name="findings")
    organization = models.ForeignKey(
        Organization, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    participant = models.ForeignKey(
        "peppol.Participant", null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    identifier = models.CharField(max_length=140)
    kind = models.CharField(max_length=9, choices=Kind)
    detail = models.TextField(blank=True)
    repair_asked_at = models.DateTimeField(null=True, blank=True)
    repaired_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = FindingQuerySet.as_manager()

    class Meta:
        verbose_name = _("difference")
        verbose_name_plural = _("differences")
        constraints = [
            models.UniqueConstraint(fields=["operation", "identifier"], name="peppol_finding_once")
        ]

    def __str__(self) -> str:
        return f"{self.identifier}: {self.get_kind_display()}"
