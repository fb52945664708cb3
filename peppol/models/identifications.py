"""Who a company is, as somebody verified it: one row a company, and the files that prove it."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from peppol import identifiers
from tenants.encryption import decrypt_bytes
from tenants.ids import uuid7
from tenants.models import Organization
from tenants.models.families import FamilyQuerySet, OfFamily


class IdentificationQuerySet(FamilyQuerySet["Identification"]):
    """Reads of identifications."""

    def of(self, organization: Organization) -> "IdentificationQuerySet":
        return self.filter(organization=organization)

    def waiting(self) -> "IdentificationQuerySet":
        """Those that somebody has to decide on, the longest waiting first."""
        return self.filter(state=Identification.State.IN_REVIEW).order_by("submitted_at")

    def missing(self) -> "IdentificationQuerySet":
        """Those that go no further until something is handed in."""
        return self.filter(state__in=Identification.MISSING)

    def in_force(self) -> "IdentificationQuerySet":
        return self.filter(valid_until__gte=timezone.localdate())

    def outdated(self) -> "IdentificationQuerySet":
        """Those whose verification held until yesterday, or longer ago."""
        return self.filter(valid_until__lt=timezone.localdate())

    def changed_since(self) -> "IdentificationQuerySet":
        """Those in force whose company was changed afterwards, in whatever way."""
        live = self.filter(valid_until__isnull=False, organization__deleted_at=None)
        return live.filter(organization__updated_at__gt=F("updated_at"))


class Identification(OfFamily):
    """Who a company is, who speaks for it, and who verified that, until when.

    asked → in review → verified → expired; refused ends any of them, and each can be handed in
    anew. What was verified stays in force while something newer is reviewed: `valid_until` alone
    says whether it is. A company of which nothing was asked or handed in has no row.
    """

    class State(models.TextChoices):
        ASKED = "asked", _("Asked for")
        IN_REVIEW = "in_review", _("In review")
        VERIFIED = "verified", _("Verified")
        REFUSED = "refused", _("Refused")
        EXPIRED = "expired", _("Expired")

    class Authority(models.TextChoices):
        """In what capacity somebody speaks for a company."""

        STATUTORY = "statutory", _("Director or other legal representative")
        OWNER = "owner", _("Owner of a business of one's own")
        PROXY = "proxy", _("By power of attorney")

    class Method(models.TextChoices):
        """By what it was found out who the company is."""

        DOCUMENT = "document", _("Document")
        REGISTER_EXTRACT = "register_extract", _("Extract of the company register")
        IBAN = "iban", _("Bank account")
        EID = "eid", _("Electronic identity")
        PLATFORM = "platform", _("The platform vouches for it")

    # No further until something is handed in.
    MISSING = (State.ASKED, State.REFUSED, State.EXPIRED)
    BY_FILE = (Method.DOCUMENT, Method.REGISTER_EXTRACT)
    BY_REFERENCE = (Method.IBAN, Method.EID)

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    organization = models.OneToOneField(
        Organization, on_delete=models.PROTECT, related_name="identification"
    )
    state = models.CharField(_("State"), max_length=9, choices=State)
    legal_name = models.CharField(_("Legal name"), max_length=255, blank=True)
    register_number = models.CharField(_("Number in the register"), max_length=64, blank=True)
    representative = models.CharField(_("Representative"), max_length=255, blank=True)
    authority = models.CharField(_("Authority"), max_length=9, choices=Authority, blank=True)
    method = models.CharField(_("Method"), max_length=16, choices=Method, blank=True)
    reference = models.CharField(
        _("Reference"), max_length=255, blank=True, help_text="An IBAN, or what the provider says."
    )
    asked_at = models.DateTimeField(null=True, blank=True)
    submitted_at = models.DateTimeField(null=True, blank=True)
    submitted_by = models.CharField(max_length=255, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    verifier = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    decided_by = models.CharField(max_length=255, blank=True)
    reason = models.TextField(blank=True, help_text="What was asked, or why it was refused.")
    valid_until = models.DateField(
        null=True, blank=True, help_text="When it is checked again; empty where none is in force."
    )
    profile: Any = models.JSONField(
        default=dict, blank=True, help_text="What the company said of itself when it was verified."
    )
    identifiers: Any = models.JSONField(
        default=list, blank=True, help_text="The Peppol identifiers that were verified with it."
    )
    confirmations: Any = models.JSONField(
        default=list, blank=True, help_text="What registers say of what was handed in."
    )
    look_up_at = models.DateTimeField(null=True, blank=True, help_text="When registers are asked.")
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    objects = IdentificationQuerySet.as_manager()

    class Meta:
        verbose_name = _("identification")
        verbose_name_plural = _("identifications")
        indexes = [
            models.Index(fields=["platform", "state"], name="peppol_identification_family"),
            models.Index(
                fields=["submitted_at"],
                condition=Q(state="in_review"),
                name="peppol_identification_waiting",
            ),
            models.Index(
                fields=["valid_until"],
                condition=Q(valid_until__isnull=False),
                name="peppol_identification_until",
            ),
            models.Index(
                fields=["look_up_at"],
                condition=Q(look_up_at__isnull=False),
                name="peppol_identification_look_up",
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=~Q(state="verified") | Q(valid_until__isnull=False),
                name="peppol_identification_verified_until",
                violation_error_message=gettext_noop("What is verified is so until a day."),
            ),
            models.CheckConstraint(
                condition=~Q(state__in=("refused", "expired")) | Q(valid_until__isnull=True),
                name="peppol_identification_ended",
                violation_error_message=gettext_noop("What was refused or expired is over."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organization} · {self.get_state_display()}"

    @property
    def is_in_force(self) -> bool:
        """Whether the company is verified as of today, and still says the same of itself."""
        until: date | None = self.valid_until
        holds = until is not None and until >= timezone.localdate()
        return holds and self.is_true_of(self.organization)

    def is_true_of(self, organization: Organization) -> bool:
        """Whether an organization still says of itself what was verified; more is no matter."""
        now = profile_of(organization)
        return all(now[name] == said for name, said in self.profile.items() if said)

    def covers(self, identifier: str) -> bool:
        """Whether an identifier was verified, too: it follows from the numbers, or was named."""
        return identifier.lower() in (one.lower() for one in self.covered())

    def covered(self) -> Sequence[str]:
        """The identifiers that were verified with the company."""
        return [*self.proposed(self.profile), *self.identifiers]

    @staticmethod
    def proposed(profile: Mapping[str, str]) -> list[str]:
        """The identifiers that follow from a company's numbers."""
        numbers = {name: profile.get(name, "") for name in ("company_number", "vat_number")}
        return [str(one) for one in identifiers.propose(profile.get("country", ""), **numbers)]


def profile_of(organization: Organization) -> dict[str, str]:
    """What an organization says of itself that a verification is about."""
    return {
        "name": organization.legal_name or organization.name,
        "country": organization.country,
        "company_number": organization.company_number,
        "vat_number": organization.vat_number,
    }


class EvidenceQuerySet(models.QuerySet["Evidence"]):
    """Reads of evidence. What a list needs of it does without the files."""

    def of(self, identification: Identification) -> "EvidenceQuerySet":
        return self.filter(identification=identification).defer("content").order_by("-id")

    def outdated(self) -> "EvidenceQuerySet":
        """Files that are not kept any longer."""
        return self.filter(retain_until__lt=timezone.localdate(), purged_at=None)


class Evidence(models.Model):
    """A file that proves who a company is, encrypted. Once deleted, its print stays."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="+")
    identification = models.ForeignKey(
        Identification, on_delete=models.PROTECT, related_name="evidence"
    )
    name = models.CharField(max_length=255)
    media_type = models.CharField(max_length=64)
    size = models.PositiveIntegerField()
    digest = models.CharField(max_length=64, help_text="SHA-256.")
    content = models.BinaryField(help_text="Encrypted with the installation's keys.")
    retain_until = models.DateField()
    purged_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = EvidenceQuerySet.as_manager()

    class Meta:
        verbose_name = _("evidence")
        verbose_name_plural = _("evidence")
        indexes = [
            models.Index(
                fields=["retain_until"],
                condition=Q(purged_at__isnull=True),
                name="peppol_evidence_outdated",
            )
        ]

    def __str__(self) -> str:
        return self.name

    def opened(self) -> bytes:
        """The file as it was handed in. Raises OSError for one that is not kept any more."""
        if self.purged_at is not None:
            raise FileNotFoundError("This file was deleted when its time was over.")
        return decrypt_bytes(bytes(self.content))
