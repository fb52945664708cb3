"""Mandates: what companies authorise their platform to do on the network, and until when."""

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from tenants.encryption import decrypt_bytes
from tenants.ids import uuid7
from tenants.models import Organization
from tenants.models.families import FamilyQuerySet, OfFamily


class MandateQuerySet(FamilyQuerySet["Mandate"]):
    """Reads of mandates."""

    def of(self, organization: Organization) -> "MandateQuerySet":
        return self.filter(organization=organization)

    def asked(self) -> "MandateQuerySet":
        """Those that are drawn up and not signed yet."""
        return self.filter(state=Mandate.State.ASKED)

    def in_force(self) -> "MandateQuerySet":
        """Those that hold today."""
        today = timezone.localdate()
        until = Q(ends_on=None) | Q(ends_on__gte=today)
        return self.filter(until, state=Mandate.State.SIGNED, starts_on__lte=today)

    def ending_by(self, day: object) -> "MandateQuerySet":
        """Those that hold, but no longer than `day`."""
        return self.filter(state=Mandate.State.SIGNED, ends_on__lte=day)

    def outdated(self) -> "MandateQuerySet":
        """Signed ones that held until yesterday, or longer ago."""
        return self.filter(state=Mandate.State.SIGNED, ends_on__lt=timezone.localdate())


class Mandate(OfFamily):
    """The authority that a company gives its platform: what for, from when, until when.

    asked → signed → expired or revoked. `text` is what was agreed to, word by word, and
    `text_digest` its SHA-256; how it was signed is said by `method`.
    """

    class State(models.TextChoices):
        ASKED = "asked", _("Asked for")
        SIGNED = "signed", _("Signed")
        EXPIRED = "expired", _("Expired")
        REVOKED = "revoked", _("Revoked")

    class Method(models.TextChoices):
        """How a mandate was signed."""

        FILE = "file", _("Signed copy")
        LINK = "link", _("Confirmed on a link")

    class Scope(models.TextChoices):
        """What a platform may do for a company."""

        SEND = "send", _("Send documents")
        RECEIVE = "receive", _("Receive documents")
        REGISTER = "register", _("Register it on the network")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    organization = models.ForeignKey(
        Organization, on_delete=models.PROTECT, related_name="mandates", db_index=False
    )
    state = models.CharField(_("State"), max_length=7, choices=State, default=State.ASKED)
    scope = models.JSONField(default=list)
    starts_on = models.DateField(_("From"))
    ends_on = models.DateField(_("Until"), null=True, blank=True)
    language = models.CharField(max_length=2)
    text = models.TextField()
    text_digest = models.CharField(max_length=64)
    method = models.CharField(max_length=4, choices=Method, blank=True)
    signed_at = models.DateTimeField(null=True, blank=True)
    signed_by = models.CharField(max_length=255, blank=True)
    signed_as = models.CharField(max_length=255, blank=True)
    signed_from = models.CharField(max_length=45, blank=True, help_text="The network address.")
    reason = models.TextField(blank=True, help_text="Why it was revoked.")
    ended_at = models.DateTimeField(null=True, blank=True)
    warned_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = MandateQuerySet.as_manager()

    class Meta:
        verbose_name = _("mandate")
        verbose_name_plural = _("mandates")
        indexes = [
            models.Index(fields=["platform", "-id"], name="peppol_mandates_listed"),
            models.Index(fields=["organization", "state"], name="peppol_mandates_of_company"),
            models.Index(
                fields=["ends_on"],
                condition=Q(state="signed", ends_on__isnull=False),
                name="peppol_mandates_ending",
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["organization"],
                condition=Q(state="asked"),
                name="peppol_mandate_asked_once",
                violation_error_code="mandate_asked_taken",
                violation_error_message=gettext_noop(
                    "A mandate of this company waits to be signed already."
                ),
            ),
            models.CheckConstraint(
                condition=Q(state="asked", signed_at=None)
                | Q(state="revoked")
                | Q(signed_at__isnull=False),
                name="peppol_mandate_signed",
                violation_error_message=gettext_noop("A mandate in force is signed."),
            ),
            models.CheckConstraint(
                condition=Q(ends_on=None) | Q(ends_on__gte=models.F("starts_on")),
                name="peppol_mandate_days",
                violation_error_message=gettext_noop("A mandate ends after it begins."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organization} · {self.get_state_display()}"

    def get_scope_display(self) -> str:
        """What it is for, in words."""
        return ", ".join(str(one.label) for one in self.Scope if one in self.scope)


class MandateFile(models.Model):
    """A signed copy as somebody handed it in, encrypted."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    organization = models.ForeignKey(
        Organization, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    mandate = models.OneToOneField(Mandate, on_delete=models.PROTECT, related_name="file")
    name = models.CharField(max_length=255)
    media_type = models.CharField(max_length=64)
    size = models.PositiveIntegerField()
    digest = models.CharField(max_length=64, help_text="SHA-256.")
    content = models.BinaryField(help_text="Encrypted with the installation's keys.")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("signed copy")
        verbose_name_plural = _("signed copies")

    def __str__(self) -> str:
        return self.name

    def opened(self) -> bytes:
        """The file as it was handed in."""
        return decrypt_bytes(bytes(self.content))
