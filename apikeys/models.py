"""Keys and machine clients that act for organizations, and calls that may be repeated safely."""

from datetime import date
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import models
from django.db.models import Max, Q, Sum
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from tenants.actors import Actor
from tenants.ids import spell, uuid7
from tenants.models import Environment, Organization, Role
from tenants.models.families import FamilyQuerySet, OfFamily
from tenants.models.profiles import validate_metadata

if TYPE_CHECKING:
    from datetime import datetime


class ApiKeyQuerySet(FamilyQuerySet["ApiKey"]):
    """Reads of keys."""

    def live(self) -> "ApiKeyQuerySet":
        """Keys that were not revoked; they may still be disabled or expired."""
        return self.filter(revoked_at=None)

    def of(self, organization: Organization) -> "ApiKeyQuerySet":
        return self.filter(organization=organization)

    def usable(self, at: "datetime | None" = None) -> "ApiKeyQuerySet":
        """Keys that open something now."""
        return self.filter(usable(at or timezone.now()))


def usable(at: "datetime") -> Q:
    """That a key opens something."""
    lasts = Q(expires_at=None) | Q(expires_at__gt=at)
    return Q(lasts, revoked_at=None, disabled_at=None)


class ApiKey(OfFamily):
    """A secret that acts for an organization. Only its hash is kept.

    A `platform` key acts for a platform and, where a surface lets it name one, for any of its
    companies; a `company` key acts for its own organization alone.
    """

    class Kind(models.TextChoices):
        PLATFORM = "platform", _("Platform key")
        COMPANY = "company", _("Company key")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    organization = models.ForeignKey(
        Organization, on_delete=models.PROTECT, related_name="api_keys", db_index=False
    )
    kind = models.CharField(max_length=8, choices=Kind)
    environment = models.CharField(max_length=4, choices=Environment)
    name = models.CharField(max_length=255)
    # The name again where a surface demands that it is the organization's only one.
    name_key = models.CharField(max_length=255, null=True, blank=True)  # noqa: DJ001 — null claims nothing
    description = models.TextField(blank=True, max_length=2000)
    prefix = models.CharField(max_length=32, help_text="The part that is shown.")
    last_four = models.CharField(max_length=4)
    digest = models.CharField(max_length=64, unique=True)
    scopes = models.JSONField(default=list)
    # Of a person's making it may no more than that person might: what their role was.
    role = models.CharField(max_length=10, choices=Role, blank=True)
    metadata = models.JSONField(default=dict, blank=True, validators=[validate_metadata])
    default_organization = models.ForeignKey(
        Organization, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    rotated_from = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.SET_NULL, related_name="successors"
    )
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)
    last_used_at = models.DateTimeField(null=True, blank=True)
    expires_at = models.DateTimeField(null=True, blank=True)
    disabled_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)
    revoked_reason = models.TextField(blank=True)

    objects = ApiKeyQuerySet.as_manager()

    class Meta:
        verbose_name = _("API key")
        verbose_name_plural = _("API keys")
        indexes = [
            models.Index(fields=["organization", "-id"], name="apikeys_of_organization"),
            models.Index(fields=["platform", "-id"], name="apikeys_of_family"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=~Q(name=""),
                name="apikeys_named",
                violation_error_message=gettext_noop("A key needs a name."),
            ),
            models.UniqueConstraint(
                fields=["organization", "name_key"],
                condition=Q(revoked_at__isnull=True),
                name="apikeys_name_taken",
                violation_error_code="name_taken",
                violation_error_message=gettext_noop("An API key with this name already exists."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.prefix}…{self.last_four})"

    @property
    def public_id(self) -> str:
        """Which key it is, where a surface asks for that beside the secret."""
        return spell(self.environment, self.pk)

    @property
    def actor(self) -> Actor:
        """Who the audit trail names when this key is used."""
        return Actor("key", str(self.pk), str(self), self.role)

    @property
    def state(self) -> str:
        """active, disabled, expired or revoked."""
        if self.revoked_at:
            return "revoked"
        if self.disabled_at:
            return "disabled"
        if self.expires_at and self.expires_at <= timezone.now():
            return "expired"
        return "active"


def whole() -> list[str]:
    """The scopes of who may do everything."""
    return ["*"]


class MachineClient(models.Model):
    """An organization's OIDC client: the id and secret that its servers get tokens with.

    The client itself, with the hash of its secret and its tokens, is the OIDC provider's row.
    """

    # Whether the token that it showed is for more than reading.
    may_write = True

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    organization = models.OneToOneField(
        Organization, on_delete=models.PROTECT, related_name="machine_client"
    )
    client = models.OneToOneField(
        "allauth_idp_oidc.Client", on_delete=models.PROTECT, related_name="machine"
    )
    scopes = models.JSONField(default=whole)
    role = models.CharField(max_length=10, choices=Role, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    rotated_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return str(self.client_id)

    @property
    def actor(self) -> Actor:
        """Who the audit trail names when a token of this client is used."""
        return Actor("key", str(self.pk), str(self), self.role)

    @property
    def kind(self) -> str:
        """Whether it acts for a platform or for one company, as a key does."""
        platform = self.organization.is_platform
        return ApiKey.Kind.PLATFORM if platform else ApiKey.Kind.COMPANY

    @property
    def environment(self) -> str:
        """Its organization's."""
        return self.organization.environment


class IdempotentCall(models.Model):
    """The answer to a call that named an `Idempotency-Key`, kept for a day to be repeated.

    `scope` is a digest of organization, acting company, method, path and key. The answer is
    encrypted with a key derived from the raw `Idempotency-Key`, which is stored nowhere.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    organization = models.ForeignKey(
        Organization, null=True, on_delete=models.CASCADE, related_name="+"
    )
    scope = models.CharField(max_length=64, unique=True)
    fingerprint = models.CharField(max_length=64)
    answer = models.BinaryField(null=True)
    lease_until = models.DateTimeField()
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return f"{self.scope[:12]}…"


class RefusalQuerySet(models.QuerySet["Refusal"]):
    """Reads of refusals."""

    def by_organization(self, since: date) -> Any:
        """Of each organization since that day: how many there were, and when the last was."""
        found = self.filter(day__gte=since).values("organization")
        return found.annotate(total=Sum("count"), last=Max("last_at")).order_by("-total")


class Refusal(models.Model):
    """How many of an organization's requests its rate limits turned away on a day (UTC)."""

    organization = models.ForeignKey(
        Organization, on_delete=models.CASCADE, related_name="refusals"
    )
    day = models.DateField()
    count = models.PositiveBigIntegerField()
    last_at = models.DateTimeField(default=timezone.now)

    objects = RefusalQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["day", "organization"],
                name="apikeys_refusals_of_day",
                violation_error_code="day_taken",
                violation_error_message=gettext_noop("This day's refusals are counted already."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.organization_id} on {self.day}: {self.count}"
