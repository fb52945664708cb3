"""Facts that happened: the audit trail and the webhooks' outbox in one row."""

from django.db import models
from django.db.models import Q
from django.utils import timezone

from tenants.ids import uuid7
from tenants.models.organizations import Environment, Organization


class EventQuerySet(models.QuerySet["Event"]):
    """Reads of events."""

    def about(self, organization: Organization) -> "EventQuerySet":
        """What happened to `organization` and, for a platform, to its companies."""
        return self.filter(Q(organization=organization) | Q(platform=organization))

    def visible_to(self, organization: Organization) -> "EventQuerySet":
        return self.about(organization)

    def undistributed(self) -> "EventQuerySet":
        """Those that webhooks have yet to fan out, oldest first."""
        return self.filter(distributed_at=None).order_by("id")


class Event(models.Model):
    """One fact: who did what to whom, when and why, without secrets.

    `data` is what subscribers see; `changes` holds before and after for the audit trail.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    type = models.CharField(max_length=64)
    organization = models.ForeignKey(
        Organization, on_delete=models.PROTECT, related_name="events", db_index=False
    )
    platform = models.ForeignKey(
        Organization, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    environment = models.CharField(max_length=4, choices=Environment)
    occurred_at = models.DateTimeField(default=timezone.now)
    actor_kind = models.CharField(max_length=6)
    actor_id = models.CharField(max_length=64, blank=True)
    actor_label = models.CharField(max_length=255, blank=True)
    reason = models.TextField(blank=True)
    data = models.JSONField(default=dict, blank=True)
    changes = models.JSONField(default=dict, blank=True)
    request_id = models.CharField(max_length=64, blank=True)
    distributed_at = models.DateTimeField(null=True, blank=True)

    objects = EventQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["organization", "-id"], name="tenants_event_history"),
            models.Index(fields=["platform", "-id"], name="tenants_event_platform"),
            models.Index(
                fields=["id"], condition=Q(distributed_at=None), name="tenants_event_outbox"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.type} · {self.organization_id}"
