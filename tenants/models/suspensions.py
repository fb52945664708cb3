"""When organizations might not act: the times for which nobody pays."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_noop

from tenants.models.organizations import Organization

Status = Organization.Status


class Suspension(models.Model):
    """A time for which an organization was suspended, or waited to be verified.

    `ended_at` is empty while it still is; `returns_to` is its status when the suspension is undone.
    """

    organization = models.ForeignKey(
        Organization, on_delete=models.CASCADE, related_name="suspensions"
    )
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    returns_to = models.CharField(
        max_length=10, choices=Status, default=Status.ACTIVE, db_default="active"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organization"],
                condition=Q(ended_at__isnull=True),
                name="tenants_one_open_suspension",
                violation_error_code="suspension_taken",
                violation_error_message=gettext_noop("This organization is suspended already."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.organization_id} since {self.started_at:%Y-%m-%d}"
