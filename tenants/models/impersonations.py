"""Impersonation: operator staff view the portal as one of an organization's people."""

from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from tenants.ids import uuid7
from tenants.models.organizations import Organization
from tenants.models.people import Membership, User


class ImpersonationQuerySet(models.QuerySet["Impersonation"]):
    """Reads of impersonations."""

    def visible_to(self, organization: Organization) -> "ImpersonationQuerySet":
        """Those of an organization's people and, for a platform, of its companies'."""
        return self.filter(Q(organization=organization) | Q(organization__parent=organization))

    def open(self) -> "ImpersonationQuerySet":
        """Those that nobody has ended; their time may be up."""
        return self.filter(ended_at=None)

    def under_way(self) -> "ImpersonationQuerySet":
        """Those that may go on: in time, by staff, as somebody who is a member and no staff."""
        member = Membership.objects.filter(
            user=OuterRef("impersonated"), organization=OuterRef("organization")
        )
        return self.open().filter(
            Exists(member),
            ends_at__gt=timezone.now(),
            staff__is_active=True,
            staff__is_staff=True,
            impersonated__is_active=True,
            impersonated__is_staff=False,
            impersonated__is_superuser=False,
            organization__deleted_at=None,
        )

    def overdue(self) -> "ImpersonationQuerySet":
        """Those whose time is up and that nobody has ended, the oldest first."""
        return self.open().filter(ends_at__lte=timezone.now()).order_by("id")


class Impersonation(models.Model):
    """A time in which `staff` sees the portal as `impersonated` does, to look, never to touch."""

    class End(models.TextChoices):
        BY_HAND = "by_hand", _("Ended by hand")
        TIME = "time", _("Time was up")
        SIGN_OUT = "sign_out", _("Signed out")
        REPLACED = "replaced", _("Another one began")
        WITHDRAWN = "withdrawn", _("No longer allowed")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    organization = models.ForeignKey(
        Organization, on_delete=models.PROTECT, related_name="impersonations"
    )
    staff = models.ForeignKey(User, on_delete=models.CASCADE, related_name="impersonations")
    impersonated = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    reason = models.CharField(max_length=500)
    begun_at = models.DateTimeField(default=timezone.now)
    ends_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_how = models.CharField(max_length=9, choices=End, blank=True)

    objects = ImpersonationQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(
                fields=["ends_at"], condition=Q(ended_at=None), name="tenants_impersonation_overdue"
            )
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["staff"],
                condition=Q(ended_at__isnull=True),
                name="tenants_one_impersonation",
                violation_error_code="impersonation_taken",
                violation_error_message=gettext_noop("Nobody views as two people at a time."),
            ),
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("begun_at")),
                name="tenants_impersonation_ends",
                violation_error_message=gettext_noop("An impersonation ends after it begins."),
            ),
            models.CheckConstraint(
                condition=~Q(reason=""),
                name="tenants_impersonation_reason",
                violation_error_message=gettext_noop("An impersonation has a reason."),
            ),
            models.CheckConstraint(
                condition=~Q(staff=F("impersonated")),
                name="tenants_impersonation_of_another",
                violation_error_message=gettext_noop("Nobody views as themselves."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.staff} as {self.impersonated}"
