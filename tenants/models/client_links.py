"""Links by which a company's own people do one thing here without an account."""

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from tenants.ids import uuid7
from tenants.models.families import FamilyQuerySet, OfFamily
from tenants.models.organizations import Organization


class ClientLinkQuerySet(FamilyQuerySet["ClientLink"]):
    """Reads of client links."""

    def unused(self) -> "ClientLinkQuerySet":
        """Those by which nothing was done yet, and that were not taken back."""
        return self.filter(used_at=None, revoked_at=None)

    def open(self) -> "ClientLinkQuerySet":
        """Those that somebody may still open."""
        return self.unused().filter(opened_at=None, expires_at__gt=timezone.now())

    def visited(self) -> "ClientLinkQuerySet":
        """Those that somebody has open at the moment."""
        return self.unused().filter(session_ends_at__gt=timezone.now())


class ClientLink(OfFamily):
    """An address for one company and one purpose, opened once and good for a short time.

    open → opened → used; expired and revoked besides. Whoever opens it is given a visit, which
    is known by a secret of its own. Of both secrets the row has a hash.
    """

    class State(models.TextChoices):
        OPEN = "open", _("Open")
        OPENED = "opened", _("Opened")
        USED = "used", _("Done")
        EXPIRED = "expired", _("Expired")
        REVOKED = "revoked", _("Revoked")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    organization = models.ForeignKey(
        Organization, on_delete=models.PROTECT, related_name="client_links", db_index=False
    )
    purpose = models.CharField(max_length=16)
    token_digest = models.CharField(max_length=64, unique=True, editable=False)
    return_url = models.URLField(max_length=2000, blank=True)
    sent_to = models.EmailField(blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()
    opened_at = models.DateTimeField(null=True, blank=True)
    session_digest = models.CharField(max_length=64, null=True, unique=True, editable=False)  # noqa: DJ001 — null is unique to nobody
    session_ends_at = models.DateTimeField(null=True, blank=True)
    used_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    objects = ClientLinkQuerySet.as_manager()

    class Meta:
        verbose_name = _("client link")
        verbose_name_plural = _("client links")
        indexes = [
            models.Index(fields=["platform", "-id"], name="tenants_links_listed"),
            models.Index(fields=["organization", "-id"], name="tenants_links_of_company"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(opened_at=None, session_digest=None)
                | Q(opened_at__isnull=False, session_digest__isnull=False),
                name="tenants_link_visited",
            )
        ]

    def __str__(self) -> str:
        return f"{self.purpose} · {self.organization_id}"

    @property
    def state(self) -> str:
        """Where it stands now."""
        if self.revoked_at:
            return self.State.REVOKED
        if self.used_at:
            return self.State.USED
        if (self.session_ends_at or self.expires_at) <= timezone.now():
            return self.State.EXPIRED
        return self.State.OPENED if self.opened_at else self.State.OPEN

    def get_state_display(self) -> str:
        """The state in words."""
        return str(self.State(self.state).label)
