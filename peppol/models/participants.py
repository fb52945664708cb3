"""Participants: Peppol identifiers of organizations, and how far their registration is."""

from django.db import models
from django.db.models import Q
from django.utils import timezone

from tenants.ids import uuid7
from tenants.models import Environment, Organization


class ParticipantQuerySet(models.QuerySet["Participant"]):
    """Reads of participants."""

    def of(self, organization: Organization) -> "ParticipantQuerySet":
        return self.filter(organization=organization)

    def visible_to(self, organization: Organization) -> "ParticipantQuerySet":
        """An organization's participants and, for a platform, those of its companies."""
        return self.filter(Q(organization=organization) | Q(organization__parent=organization))

    def due(self) -> "ParticipantQuerySet":
        """Those a worker has something to do for now."""
        return self.filter(state__in=Participant.WORK_STATES, next_attempt_at__lte=timezone.now())

    def registered(self) -> "ParticipantQuerySet":
        return self.filter(state=Participant.State.ACTIVE)


class Participant(models.Model):
    """One Peppol identifier of an organization and the state of its registration at the SMP.

    While a worker is at it `next_attempt_at` is the end of its lease; a worker that dies leaves
    the row to be found again.
    """

    class State(models.TextChoices):
        DRAFT = "draft", "Draft"
        PENDING = "pending", "Pending"
        PUBLISHING = "publishing", "Publishing"
        ACTIVE = "active", "Active"
        WAITING = "waiting", "Waiting to retry"
        FAILED = "failed", "Failed"
        ELSEWHERE = "elsewhere", "Registered elsewhere"
        UNREGISTERING = "unregistering", "Unregistering"
        UNREGISTERED = "unregistered", "Unregistered"

    class Publication(models.TextChoices):
        """How far a secondary publication is: the business card, the Directory entry."""

        NONE = "none", "Not published"
        PENDING = "pending", "Pending"
        PUBLISHED = "published", "Published"
        FAILED = "failed", "Failed"

    # A worker acts on these; in `active` too while the card or the Directory entry is pending.
    WORK_STATES = (
        State.PENDING,
        State.PUBLISHING,
        State.WAITING,
        State.UNREGISTERING,
        State.ACTIVE,
    )
    # An identifier in one of these is spoken for, in the whole installation.
    HOLDING_STATES = (
        State.PENDING, State.PUBLISHING, State.WAITING, State.ACTIVE, State.UNREGISTERING,
    )  # fmt: skip

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    organization = models.ForeignKey(
        Organization, on_delete=models.PROTECT, related_name="participants"
    )
    scheme = models.CharField(max_length=4, help_text="ICD, such as 0208.")
    value = models.CharField(max_length=135)
    environment = models.CharField(max_length=4, choices=Environment, default=Environment.LIVE)
    state = models.CharField(max_length=13, choices=State, default=State.DRAFT)
    card_name = models.CharField(max_length=255, blank=True, help_text="Name on the business card.")
    card_state = models.CharField(max_length=9, choices=Publication, default=Publication.NONE)
    directory_state = models.CharField(max_length=9, choices=Publication, default=Publication.NONE)
    warnings = models.JSONField(default=list, blank=True)
    attempt_count = models.PositiveSmallIntegerField(default=0)
    next_attempt_at = models.DateTimeField(null=True, blank=True)
    last_error = models.TextField(blank=True)
    requested_at = models.DateTimeField(null=True, blank=True)
    registered_at = models.DateTimeField(null=True, blank=True)
    unregistered_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    objects = ParticipantQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(
                fields=["next_attempt_at", "id"],
                condition=Q(next_attempt_at__isnull=False),
                name="peppol_due",
            )
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "scheme", "value"],
                name="peppol_once_per_organization",
                violation_error_code="identifier_taken",
                violation_error_message="This company has this Peppol identifier already.",
            ),
            models.UniqueConstraint(
                fields=["scheme", "value"],
                condition=Q(
                    state__in=("pending", "publishing", "waiting", "active", "unregistering")
                ),
                name="peppol_registered_once",
                violation_error_code="identifier_registered_taken",
                violation_error_message=(
                    "This Peppol identifier is already registered on the network."
                ),
            ),
        ]

    def __str__(self) -> str:
        return self.identifier

    @property
    def identifier(self) -> str:
        """The identifier as people write it: `0208:0403170701`."""
        return f"{self.scheme}:{self.value}"

    @property
    def is_registered(self) -> bool:
        return self.state == self.State.ACTIVE
