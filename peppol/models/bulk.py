"""Operations on many participants at once, and what a comparison with the SMP finds."""

from typing import Any

from django.db import models
from django.db.models import Count, Q
from django.utils.translation import gettext_lazy as _

from peppol.models.access_points import AccessPoint
from tenants.ids import uuid7
from tenants.models import Organization


class BulkOperationQuerySet(models.QuerySet["BulkOperation"]):
    """Reads of bulk operations."""

    def running(self) -> "BulkOperationQuerySet":
        return self.filter(state=BulkOperation.State.RUNNING)

    def unfinished(self) -> "BulkOperationQuerySet":
        """Those that go on, by themselves or when a person says so."""
        return self.filter(finished_at=None)

    def held_up(self) -> "BulkOperationQuerySet":
        """Those that something, or a person's decision, keeps from going on."""
        return self.filter(
            Q(state=BulkOperation.State.PAUSED)
            | Q(state=BulkOperation.State.RUNNING) & ~Q(last_error="")
        )

    def with_something_to_do(self) -> "BulkOperationQuerySet":
        """Those that go on, and those stopped of which some are still being published."""
        under_way = BulkResult.objects.filter(state=BulkResult.State.PENDING)
        return self.filter(
            Q(state=BulkOperation.State.RUNNING) | Q(pk__in=under_way.values("operation"))
        )


class BulkOperation(models.Model):
    """One change to all participants, or to those of a platform; or a comparison of them.

    A `canary` of some is changed first and looked at; where too many of the latest fail, it stops
    by itself. Either way a person has it go on.

    `cursor` is the last participant that was visited, so that whoever goes on knows where. The
    changes themselves are wishes in the participants' rows, which the registration workers fulfil.
    """

    class Kind(models.TextChoices):
        ACCESS_POINT = "access_point", _("Change the access point")
        ADD_DOCUMENT_TYPE = "add_document_type", _("Add a document type")
        REMOVE_DOCUMENT_TYPE = "remove_document_type", _("Remove a document type")
        REPUBLISH = "republish", _("Publish everything anew")
        LIST = "list_in_directory", _("List in the Directory")
        UNLIST = "leave_directory", _("Take out of the Directory")
        RECONCILE = "reconcile", _("Compare with the SMP")

    class State(models.TextChoices):
        RUNNING = "running", _("Running")
        PAUSED = "paused", _("Paused")
        DONE = "done", _("Done")
        CANCELLED = "cancelled", _("Cancelled")

    class Pause(models.TextChoices):
        """Why it waits for a person."""

        CANARY = "canary", _("The first are done: look at them, then go on")
        FAILURES = "failures", _("Too many of the latest failed")
        PERSON = "person", _("Somebody paused it")

    # What is put on a business card, not in the metadata.
    ON_CARDS = (Kind.LIST, Kind.UNLIST)

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
    document_types = models.JSONField(default=list, db_default=[], blank=True)
    canary = models.PositiveIntegerField(
        default=0, db_default=0, help_text="So many are changed first; none means all at once."
    )
    stop_at = models.PositiveSmallIntegerField(
        default=10, db_default=10, help_text="Percent of failures among the latest that stop it."
    )
    paused_because = models.CharField(
        max_length=8, choices=Pause, blank=True, default="", db_default=""
    )
    resumed_at = models.DateTimeField(null=True, blank=True)
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
        if self.finished_at is None and self.kind != self.Kind.RECONCILE:
            succeeded, failed = self.count()
        left = max(self.total - succeeded - failed, 0)
        return {"total": self.total, "succeeded": succeeded, "failed": failed, "left": left}

    def count(self) -> tuple[int, int]:
        """Of the participants visited so far, how many have what is wanted, and how many cannot."""
        found = self.results.aggregate(
            done=Count("pk", filter=Q(state__in=BulkResult.OVER_WELL)),
            failed=Count("pk", filter=Q(state=BulkResult.State.FAILED)),
        )
        return found["done"], found["failed"]


class BulkResult(models.Model):
    """What came of a bulk operation for one participant.

    `done` was read back from the SMP; `noted` is not on the network, and has it when it is.
    """

    class State(models.TextChoices):
        PENDING = "pending", _("Under way")
        DONE = "done", _("Read back")
        NOTED = "noted", _("Noted down")
        FAILED = "failed", _("Failed")

    OVER_WELL = (State.DONE, State.NOTED)

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    operation = models.ForeignKey(BulkOperation, on_delete=models.CASCADE, related_name="results")
    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="+")
    participant = models.ForeignKey(
        "peppol.Participant", on_delete=models.CASCADE, related_name="bulk_results"
    )
    state = models.CharField(max_length=7, choices=State)
    detail = models.TextField(blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    settled_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("result")
        verbose_name_plural = _("results")
        constraints = [
            models.UniqueConstraint(
                fields=["operation", "participant"], name="peppol_bulk_result_once"
            )
        ]
        indexes = [models.Index(fields=["operation", "state"], name="peppol_bulk_result_state")]

    def __str__(self) -> str:
        return f"{self.participant}: {self.get_state_display()}"


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
