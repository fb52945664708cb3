"""Endpoints that receive events, what is due to them, and every try."""

from datetime import datetime

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from tenants.ids import uuid7
from tenants.models import Environment, Event, Organization
from tenants.models.families import FamilyQuerySet, OfFamily
from webhooks import dialects, secrets


class EndpointQuerySet(FamilyQuerySet["Endpoint"]):
    """Reads of endpoints."""

    def live(self) -> "EndpointQuerySet":
        return self.filter(deleted_at=None)

    def of(self, organization: Organization) -> "EndpointQuerySet":
        return self.live().filter(organization=organization)

    def active(self) -> "EndpointQuerySet":
        return self.live().filter(status=Endpoint.Status.ACTIVE)

    def visible_to(self, organization: Organization) -> "EndpointQuerySet":
        """An organization's endpoints and, for a platform, those of its companies."""
        return super().visible_to(organization).live()


class Endpoint(OfFamily):
    """A URL that wants to hear of events: its company's, or all companies' of a platform.

    `event_types` holds names and wildcards (`document.*`); `dialect` says whose extra headers and
    field names a delivery carries. The secrets are encrypted; `previous_secret` still signs until
    `previous_secret_until`.
    """

    class Status(models.TextChoices):
        ACTIVE = "active", _("Active")
        DISABLED = "disabled", _("Disabled")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    organization = models.ForeignKey(
        Organization, on_delete=models.PROTECT, related_name="endpoints"
    )
    covers_companies = models.BooleanField(
        default=False, help_text="Hears of all companies of the platform."
    )
    url = models.URLField(max_length=2000)
    # `user:password`, where they stood before the host.
    credentials = models.TextField(blank=True, db_default="", help_text="Encrypted.")
    description = models.CharField(max_length=255, blank=True)
    event_types = models.JSONField(default=list)
    environment = models.CharField(max_length=4, choices=Environment)
    dialect = models.CharField(max_length=16, default="standard")
    status = models.CharField(max_length=8, choices=Status, default=Status.ACTIVE)
    disabled_reason = models.CharField(max_length=255, blank=True)
    secret = models.TextField(help_text="Encrypted.")
    previous_secret = models.TextField(blank=True, help_text="Encrypted.")
    previous_secret_until = models.DateTimeField(null=True, blank=True)
    signing_key = models.TextField(help_text="ed25519, encrypted.")

    timeout_seconds = models.PositiveSmallIntegerField(default=15)
    concurrency = models.PositiveSmallIntegerField(
        default=4, validators=[MinValueValidator(1), MaxValueValidator(50)]
    )
    retry_schedule = models.JSONField(
        default=list, blank=True, help_text="Seconds between attempts; empty means the standard."
    )

    failure_count = models.PositiveIntegerField(default=0)
    consecutive_failures = models.PositiveIntegerField(default=0)
    first_failure_at = models.DateTimeField(null=True, blank=True)
    warned_percent = models.PositiveSmallIntegerField(
        default=0, help_text="Of the time until it is disabled, what was warned of."
    )
    last_success_at = models.DateTimeField(null=True, blank=True)
    paused_until = models.DateTimeField(
        null=True, blank=True, help_text="Circuit open or throttled: nothing is sent before."
    )
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)
    deleted_at = models.DateTimeField(null=True, blank=True)

    objects = EndpointQuerySet.as_manager()

    class Meta:
        verbose_name = _("webhook")
        verbose_name_plural = _("webhooks")
        indexes = [
            models.Index(
                fields=["platform", "-id"],
                condition=Q(deleted_at__isnull=True),
                name="webhooks_family",
            ),
            models.Index(
                fields=["platform", "first_failure_at"],
                condition=Q(deleted_at__isnull=True)
                & (Q(status="disabled") | Q(consecutive_failures__gt=0)),
                name="webhooks_in_trouble",
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(timeout_seconds__gte=1, timeout_seconds__lte=30),
                name="webhooks_timeout_range",
                violation_error_message=gettext_noop("The time out lies between 1 and 30 seconds."),
            ),
        ]

    def __str__(self) -> str:
        return self.url

    @property
    def is_active(self) -> bool:
        """Whether anything may be sent to it."""
        return self.status == Endpoint.Status.ACTIVE

    def wants(self, event_type: str) -> bool:
        """Whether the filter lets `event_type` through; `*` and `document.*` are wildcards."""
        names = {event_type, dialects.get(self.dialect).subscribed_name(event_type)}
        return any(
            pattern == "*"
            or pattern in names
            or (pattern.endswith(".*") and any(n.startswith(pattern[:-1]) for n in names))
            for pattern in self.event_types
        )

    @property
    def basic_auth(self) -> str:
        """`user:password` for the receiver; nothing where it asks for none."""
        return secrets.opened(self.credentials) if self.credentials else ""

    def shared_secrets(self, now: datetime) -> list[str]:
        """The secrets that sign now: the current one, and the previous while they overlap."""
        shared = [secrets.opened(self.secret)]
        if self.previous_secret and self.previous_secret_until and now < self.previous_secret_until:
            shared.append(secrets.opened(self.previous_secret))
        return shared


class DeliveryQuerySet(FamilyQuerySet["Delivery"]):
    """Reads of deliveries; a delivery is of the organization whose endpoint it is due to."""

    def newest(self, count: int = 10) -> "DeliveryQuerySet":
        """The last few, with what they tell and of whom."""
        return self.select_related("event__organization").order_by("-id")[:count]

    def due(self) -> "DeliveryQuerySet":
        return self.filter(
            state__in=(Delivery.State.PENDING, Delivery.State.SENDING),
            next_attempt_at__lte=timezone.now(),
        )

    def given_up(
        self, endpoint: Endpoint, since: datetime, until: datetime | None = None
    ) -> "DeliveryQuerySet":
        """What was to reach an endpoint and was given up since then, whenever it happened."""
        rows = self.filter(endpoint=endpoint, state=Delivery.State.EXHAUSTED)
        return rows.filter(given_up_at__gte=since, given_up_at__lte=until or timezone.now())


class Delivery(OfFamily):
    """One event due to one endpoint: a row with a state, the truth about what is still to do.

    While it is being sent `next_attempt_at` is the end of the sender's lease; a sender that dies
    leaves it to be found again.
    """

    class State(models.TextChoices):
        PENDING = "pending", _("Pending")
        SENDING = "sending", _("Sending")
        DELIVERED = "delivered", _("Delivered")
        EXHAUSTED = "exhausted", _("Given up")
        MISSED = "missed", _("Missed while disabled")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    organization = models.ForeignKey(
        Organization, on_delete=models.PROTECT, related_name="+", help_text="The endpoint's."
    )
    endpoint = models.ForeignKey(
        Endpoint, on_delete=models.CASCADE, related_name="deliveries", db_index=False
    )
    # No index of its own: the constraint below begins with it.
    event = models.ForeignKey(
        Event, on_delete=models.PROTECT, related_name="deliveries", db_index=False
    )
    state = models.CharField(max_length=9, choices=State, default=State.PENDING)
    attempt_count = models.PositiveSmallIntegerField(default=0)
    next_attempt_at = models.DateTimeField(null=True, default=timezone.now)
    delivered_at = models.DateTimeField(null=True, blank=True)
    given_up_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = DeliveryQuerySet.as_manager()

    class Meta:
        verbose_name = _("delivery")
        verbose_name_plural = _("deliveries")
        indexes = [
            models.Index(
                fields=["next_attempt_at", "id"],
                condition=Q(state__in=("pending", "sending")),
                name="webhooks_due",
            ),
            models.Index(fields=["endpoint", "-id"], name="webhooks_of_endpoint"),
            models.Index(fields=["platform", "-id"], name="webhooks_delivery_family"),
            # What did not arrive is a small part of the table.
            models.Index(
                fields=["platform", "-id"],
                condition=~Q(state="delivered"),
                name="webhooks_undelivered",
            ),
            models.Index(
                fields=["platform", "created_at"],
                condition=Q(state="exhausted"),
                name="webhooks_given_up",
            ),
            models.Index(
                fields=["endpoint", "given_up_at"],
                condition=Q(state="exhausted"),
                name="webhooks_given_up_at",
            ),
        ]
        constraints = [
            models.UniqueConstraint(fields=["event", "endpoint"], name="webhooks_once_per_endpoint")
        ]

    def __str__(self) -> str:
        return f"{self.event.type} → {self.endpoint.url}"


class Attempt(models.Model):
    """One try to deliver: what was dialled, what came back, how long it took."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    # Attempts are only ever looked for by their delivery.
    organization = models.ForeignKey(
        Organization, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    delivery = models.ForeignKey(Delivery, on_delete=models.CASCADE, related_name="attempts")
    number = models.PositiveSmallIntegerField()
    manual = models.BooleanField(default=False)
    started_at = models.DateTimeField()
    duration_ms = models.PositiveIntegerField()
    status_code = models.PositiveSmallIntegerField(null=True, blank=True)
    error = models.CharField(max_length=255, blank=True)
    address = models.CharField(max_length=64, blank=True, help_text="The address dialled.")
    response_body = models.TextField(blank=True)

    def __str__(self) -> str:
        return f"{self.number}: {self.status_code or self.error}"

    @property
    def succeeded(self) -> bool:
        return self.status_code is not None and 200 <= self.status_code < 300
