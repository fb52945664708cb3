"""A business asking to become a platform, and what was said about it."""

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from tenants.ids import uuid7
from tenants.models.organizations import Organization
from tenants.models.people import User


class PlatformApplicationQuerySet(models.QuerySet["PlatformApplication"]):
    """Reads of applications."""

    def waiting(self) -> "PlatformApplicationQuerySet":
        """Those a reviewer has to answer, the longest waiting first."""
        return self.filter(state=PlatformApplication.State.SUBMITTED).order_by("submitted_at")


class PlatformApplication(models.Model):
    """A business's application to become a platform; at most one, submitted anew as needed.

    submitted → approved | rejected | information requested → submitted.
    """

    class State(models.TextChoices):
        SUBMITTED = "submitted", _("Submitted")
        APPROVED = "approved", _("Approved")
        REJECTED = "rejected", _("Rejected")
        INFO_REQUESTED = "info_requested", _("Information requested")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    organization = models.OneToOneField(
        Organization, on_delete=models.PROTECT, related_name="platform_application"
    )
    state = models.CharField(max_length=14, choices=State, default=State.SUBMITTED)
    motivation = models.TextField("why", max_length=5000)
    expected_companies = models.PositiveIntegerField(validators=[MinValueValidator(1)])
    expected_documents = models.PositiveIntegerField("expected documents a month")
    technical_contact = models.EmailField()
    terms_accepted_at = models.DateTimeField()
    submitted_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True, blank=True)

    objects = PlatformApplicationQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state="submitted", decided_at__isnull=True)
                | (~Q(state="submitted") & Q(decided_at__isnull=False)),
                name="tenants_decided_since",
                violation_error_message=gettext_noop(
                    "An answered application has an answer time, no other."
                ),
            )
        ]

    def __str__(self) -> str:
        return f"{self.organization} · {self.get_state_display()}"


class ApplicationMessage(models.Model):
    """One turn of the exchange between applicant and reviewer, kept as it was said."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="+")
    application = models.ForeignKey(
        PlatformApplication, on_delete=models.CASCADE, related_name="messages"
    )
    state = models.CharField(max_length=14, choices=PlatformApplication.State)
    text = models.TextField(blank=True, max_length=5000)
    author = models.ForeignKey(User, null=True, blank=True, on_delete=models.SET_NULL)
    author_label = models.CharField(max_length=255)
    written_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.get_state_display()} · {self.written_at:%Y-%m-%d %H:%M}"
