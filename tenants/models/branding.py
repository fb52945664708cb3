"""How a platform looks to its users, and the domain it answers on."""

from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from tenants.ids import uuid7
from tenants.models.organizations import Organization


class Branding(models.Model):
    """A platform's own name, logo, colour and support address."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    organization = models.OneToOneField(
        Organization, on_delete=models.CASCADE, related_name="branding"
    )
    display_name = models.CharField(max_length=255, blank=True)
    logo_url = models.URLField(max_length=2000, blank=True)
    primary_color = models.CharField(
        max_length=7,
        blank=True,
        validators=[RegexValidator(r"^#[0-9A-Fa-f]{6}$", "A colour is written #0F62FE.")],
    )
    support_email = models.EmailField(blank=True)
    updated_at = models.DateTimeField(auto_now=True)

    def __str__(self) -> str:
        return self.display_name or str(self.organization)


class CustomDomainQuerySet(models.QuerySet["CustomDomain"]):
    """Reads of custom domains."""

    def current(self) -> "CustomDomainQuerySet":
        return self.exclude(state=CustomDomain.State.RELEASED)

    def due(self) -> "CustomDomainQuerySet":
        """Those whose DNS records a worker should look at now."""
        return self.current().filter(next_check_at__lte=timezone.now())

    def serving(self, host: str) -> "CustomDomainQuerySet":
        """The domain `host` while certificates may be issued and pages served for it."""
        return self.filter(
            host=host, state__in=CustomDomain.SERVING_STATES, organization__status="active"
        )


class CustomDomain(models.Model):
    """A host name of a platform's own, and whether its DNS records prove it.

    pending → active ⇄ failing → released. Two platforms may try for one host; the first that
    proves it has it. A released host rests before another platform may take it. What DNS said at
    the last check stands in `found_texts` and `found_leads`; whether browsers get a certificate,
    in `certificate_until` and `certificate_error`.
    """

    class State(models.TextChoices):
        PENDING = "pending", _("Waiting for DNS")
        ACTIVE = "active", _("Active")
        FAILING = "failing", _("DNS records missing")
        RELEASED = "released", _("Released")

    SERVING_STATES = (State.ACTIVE, State.FAILING)

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    organization = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="domains")
    host = models.CharField(max_length=253)
    challenge = models.CharField(max_length=64)
    state = models.CharField(max_length=8, choices=State, default=State.PENDING)
    last_error = models.CharField(max_length=255, blank=True)
    checked_at = models.DateTimeField(null=True, blank=True)
    found_texts = models.JSONField(default=list, blank=True)
    found_leads = models.JSONField(default=list, blank=True)
    leads_here = models.BooleanField(default=False)
    certificate_until = models.DateTimeField(null=True, blank=True)
    certificate_error = models.CharField(max_length=255, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    next_check_at = models.DateTimeField(default=timezone.now)
    proven_at = models.DateTimeField(null=True, blank=True)
    failing_since = models.DateTimeField(null=True, blank=True)
    released_at = models.DateTimeField(null=True, blank=True)

    objects = CustomDomainQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["next_check_at"], name="tenants_domain_due")]
        constraints = [
            models.UniqueConstraint(
                fields=["organization"],
                condition=~Q(state="released"),
                name="tenants_one_domain",
                violation_error_code="domain_taken",
                violation_error_message=gettext_noop("This platform has a custom domain already."),
            ),
            models.UniqueConstraint(
                fields=["host"],
                condition=Q(state__in=("active", "failing")),
                name="tenants_host_proven_once",
                violation_error_code="host_taken",
                violation_error_message=gettext_noop(
                    "This host name is in use by another platform."
                ),
            ),
        ]

    def __str__(self) -> str:
        return self.host

    @property
    def is_due(self) -> bool:
        """Whether a worker is about to look at its records."""
        return self.next_check_at <= timezone.now()
