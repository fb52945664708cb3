"""Participants: Peppol identifiers of organizations, and how far their registration is."""

from collections.abc import Sequence
from datetime import datetime

from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from peppol.models.access_points import AccessPoint
from peppol.models.bulk import BulkOperation
from tenants.ids import uuid7
from tenants.models import Environment, Organization
from tenants.models.families import FamilyQuerySet, OfFamily

# What was registered here and is not any more, by its error code.
_LOST = {"registration_moved": _("Moved away"), "registration_lost": _("Lost")}


class ParticipantQuerySet(FamilyQuerySet["Participant"]):
    """Reads of participants."""

    def of(self, organization: Organization) -> "ParticipantQuerySet":
        return self.filter(organization=organization)

    def identified(self, scheme: str, value: str) -> "ParticipantQuerySet":
        """Those of one identifier, which is the same in upper and in lower case."""
        return self.alias(folded=Lower("value")).filter(scheme=scheme, folded=value.lower())

    def due(self, at: datetime | None = None) -> "ParticipantQuerySet":
        """Those a worker has something to do for now, or `at` a moment."""
        at = at or timezone.now()
        return self.filter(state__in=Participant.WORK_STATES, next_attempt_at__lte=at)

    def claimed(self) -> "ParticipantQuerySet":
        """Those a worker is at right now."""
        return self.filter(claim__isnull=False, next_attempt_at__gt=timezone.now())

    def holding(self) -> "ParticipantQuerySet":
        """Those that have, or are about to have, their identifier on the network."""
        return self.filter(state__in=Participant.HOLDING_STATES)

    def sending(self) -> "ParticipantQuerySet":
        """Those under which somebody sends, or will once they are on the network."""
        return self.filter(state__in=Participant.SENDING_STATES)

    def registered(self) -> "ParticipantQuerySet":
        return self.filter(state=Participant.State.ACTIVE)

    def needing_attention(self) -> "ParticipantQuerySet":
        """Registrations that go no further until a person acts."""
        return self.filter(state__in=Participant.HELD_UP_STATES)

    def unpublished(self) -> "ParticipantQuerySet":
        """Those on the network of which something else could not be published."""
        failed = Participant.Publication.FAILED
        return self.filter(
            Q(metadata_state=failed) | Q(card_state=failed) | Q(directory_state=failed),
            state=Participant.State.ACTIVE,
        )

    def under_way(self) -> "ParticipantQuerySet":
        """Those that are yet to be on the network, and need nobody for it."""
        return self.filter(state__in=Participant.UNDER_WAY_STATES)

    def awaited(self) -> "ParticipantQuerySet":
        """Those asked for while their organization waited to be verified, which it is by now; not
        those that wait for something else, as their `error_code` says."""
        active = Organization.Status.ACTIVE
        above = Q(organization__parent=None) | Q(organization__parent__status=active)
        return self.filter(
            above,
            state=Participant.State.DRAFT,
            requested_at__isnull=False,
            organization__status=active,
            organization__deleted_at=None,
            organization__test_mode=False,
            error_code="",
        )

    def waiting_for(self, codes: Sequence[str]) -> "ParticipantQuerySet":
        """Those noted down that wait for something that an `error_code` names."""
        draft, active = Participant.State.DRAFT, Organization.Status.ACTIVE
        return self.filter(
            state=draft,
            requested_at__isnull=False,
            error_code__in=codes,
            organization__status=active,
            organization__deleted_at=None,
        )

    def abandoned(self) -> "ParticipantQuerySet":
        """Those still on the network although their organization, or its platform, has ended, or
        is in test mode."""
        ended = (
            Q(organization__deleted_at__isnull=False)
            | Q(organization__status=Organization.Status.CLOSED)
            | Q(organization__parent__deleted_at__isnull=False)
            | Q(organization__parent__status=Organization.Status.CLOSED)
            | Q(organization__test_mode=True)
        )
        return self.filter(ended, state__in=Participant.REMOVABLE_STATES)


class Participant(OfFamily):
    """One Peppol identifier of an organization and the state of its registration at the SMP.

    While a worker is at it, `claim` is the worker's token and `next_attempt_at` the end of its
    lease; a worker that dies leaves the row to be found again. In `active`, `next_attempt_at`
    is set while something else has yet to be published: changed metadata, the business card, the
    Directory entry.
    """

    class State(models.TextChoices):
        DRAFT = "draft", _("Draft")
        PENDING = "pending", _("Pending")
        PUBLISHING = "publishing", _("Publishing")
        ACTIVE = "active", _("Registered")
        WAITING = "waiting", _("Waiting to retry")
        FAILED = "failed", _("Failed")
        ELSEWHERE = "elsewhere", _("Registered elsewhere")
        UNREGISTERING = "unregistering", _("Unregistering")
        UNREGISTERED = "unregistered", _("Unregistered")
        SENDS_ONLY = "sends_only", _("Sends only")

    class Publication(models.TextChoices):
        """How far a secondary publication is: the business card, the Directory entry."""

        NONE = "none", _("Not published")
        PENDING = "pending", _("Pending")
        PUBLISHED = "published", _("Published")
        FAILED = "failed", _("Failed")

    # A worker acts on these; in `active` too while the card or the Directory entry is pending.
    WORK_STATES = (
        State.PENDING,
        State.PUBLISHING,
        State.WAITING,
        State.UNREGISTERING,
        State.ACTIVE,
    )
    # An identifier in one of these is spoken for, in the whole installation. One that is being
    # unregistered is not: its next holder may queue up, and is worked on once it is gone.
    HOLDING_STATES = (State.PENDING, State.PUBLISHING, State.WAITING, State.ACTIVE)
    UNDER_WAY_STATES = (State.PENDING, State.PUBLISHING, State.WAITING)
    # No further until a person acts.
    HELD_UP_STATES = (State.FAILED, State.ELSEWHERE)
    # An identifier in one of these may be sent under, as far as the company is identified.
    SENDING_STATES = (*HOLDING_STATES, State.SENDS_ONLY)
    # There may be something at the SMP to take down.
    REMOVABLE_STATES = (*HOLDING_STATES, State.FAILED, State.ELSEWHERE, State.SENDS_ONLY)

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    organization = models.ForeignKey(
        Organization, on_delete=models.PROTECT, related_name="participants"
    )
    scheme = models.CharField(max_length=4, help_text="ICD, such as 0208.")
    value = models.CharField(max_length=135)
    environment = models.CharField(max_length=4, choices=Environment, default=Environment.LIVE)
    state = models.CharField(max_length=13, choices=State, default=State.DRAFT)
    card_name = models.CharField(max_length=255, blank=True, help_text="Name on the business card.")
    card_names = models.JSONField(
        default=dict, blank=True, help_text="The name by language, as the company register has it."
    )
    access_point = models.ForeignKey(
        AccessPoint,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="participants",
        help_text="Empty means the installation's own.",
    )
    document_types = models.JSONField(
        default=list, blank=True, help_text="What it receives; empty means the usual set."
    )
    metadata_state = models.CharField(
        max_length=9,
        choices=Publication,
        default=Publication.NONE,
        help_text="Whether a change of access point or document types is out.",
    )
    bulk_operation = models.ForeignKey(
        BulkOperation,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="participants",
        help_text="The last one that changed it.",
    )
    card_state = models.CharField(max_length=9, choices=Publication, default=Publication.NONE)
    directory_state = models.CharField(max_length=9, choices=Publication, default=Publication.NONE)
    publication_error = models.TextField(
        blank=True, help_text="What keeps the business card or the Directory entry back."
    )
    warnings = models.JSONField(default=list, blank=True)
    attempt_count = models.PositiveSmallIntegerField(default=0)
    next_attempt_at = models.DateTimeField(null=True, blank=True)
    claim = models.UUIDField(null=True, blank=True, editable=False)
    last_error = models.TextField(blank=True)
    put_up_at = models.DateTimeField(
        null=True, blank=True, help_text="Since when something of it may be at the SMP."
    )
    error_code = models.CharField(
        max_length=40,
        blank=True,
        db_default="",
        verbose_name=_("Error code"),
        help_text=_("What kind of error it is, for programs."),
    )
    raw_answer = models.TextField(
        blank=True,
        db_default="",
        verbose_name=_("What the network said"),
        help_text=_("For the operator alone."),
    )
    requested_at = models.DateTimeField(null=True, blank=True)
    registered_at = models.DateTimeField(null=True, blank=True)
    unregistered_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    objects = ParticipantQuerySet.as_manager()

    class Meta:
        verbose_name = _("registration")
        verbose_name_plural = _("registrations")
        indexes = [
            models.Index(
                fields=["next_attempt_at", "id"],
                condition=Q(next_attempt_at__isnull=False),
                name="peppol_due",
            ),
            models.Index(fields=["state"], name="peppol_by_state"),
            models.Index(fields=["platform", "-id"], name="peppol_participant_family"),
            models.Index(fields=["platform", "state"], name="peppol_participant_state"),
        ]
        constraints = [
            models.UniqueConstraint(
                "organization",
                "scheme",
                Lower("value"),
                name="peppol_once_per_organization",
                violation_error_code="identifier_taken",
                violation_error_message=gettext_noop(
                    "This company has this Peppol identifier already."
                ),
            ),
            models.UniqueConstraint(
                "scheme",
                Lower("value"),
                condition=Q(state__in=("pending", "publishing", "waiting", "active", "sends_only")),
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
    def state_said(self) -> str:
        """Its state in words; of one that was lost, how."""
        lost = _LOST.get(self.error_code) if self.state in self.HELD_UP_STATES else None
        return str(lost or self.get_state_display())

    @property
    def is_awaited(self) -> bool:
        """Whether it is registered once its organization is verified."""
        return self.state == self.State.DRAFT and self.requested_at is not None

    @property
    def may_send(self) -> bool:
        """Whether it can be sent under, on a real network, once its company is identified."""
        return self.state in (self.State.ACTIVE, self.State.SENDS_ONLY)

    @property
    def is_registered(self) -> bool:
        return self.state == self.State.ACTIVE

    @property
    def is_claimed(self) -> bool:
        """Whether a worker is at it right now."""
        due = self.next_attempt_at
        return self.claim is not None and due is not None and due > timezone.now()
