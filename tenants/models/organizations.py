"""The business account: a lone business, a platform, or a company that a platform manages."""

from collections.abc import Iterable
from uuid import UUID

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from tenants.ids import uuid7
from tenants.models.covering import COMPANY_ORDER
from tenants.models.entitlements import Entitled
from tenants.models.profiles import validate_country, validate_metadata


class Environment(models.TextChoices):
    """Whether something is for trying out or counts."""

    TEST = "test", _("Test")
    LIVE = "live", _("Live")


class OrganizationQuerySet(models.QuerySet["Organization"]):
    """Reads of organizations; those that answer a caller start at `under` or `visible_to`."""

    def live(self) -> "OrganizationQuerySet":
        return self.filter(deleted_at=None)

    def platforms(self) -> "OrganizationQuerySet":
        return self.live().filter(kind=Organization.Kind.PLATFORM)

    def under(self, platform: "Organization") -> "OrganizationQuerySet":
        """The live companies that `platform` manages."""
        return self.live().filter(parent=platform)

    def visible_to(self, organization: "Organization") -> "OrganizationQuerySet":
        """`organization` itself and, for a platform, its companies."""
        if not organization.is_platform:
            return self.live().filter(pk=organization.pk)
        return self.live().filter(Q(pk=organization.pk) | Q(parent=organization))

    def reached_from(self, organizations: Iterable[UUID]) -> "OrganizationQuerySet":
        """The live ones of `organizations`, with all that they manage or have made."""
        ids = list(organizations)
        return self.live().filter(
            Q(pk__in=ids) | Q(parent__in=ids) | Q(created_by_organization__in=ids)
        )


class Organization(Entitled):
    """One business account, whatever surface created it, visible on all of them.

    What a surface demands to be unique is *claimed* in `handle`, `vat_key` or `name_key`, unique
    per platform among live rows; a surface that demands nothing leaves them empty.
    """

    class Kind(models.TextChoices):
        BUSINESS = "business", _("Business")
        PLATFORM = "platform", _("Platform")
        MANAGED = "managed", _("Managed company")

    class Status(models.TextChoices):
        PENDING = "pending", _("Pending")
        ACTIVE = "active", _("Active")
        SUSPENDED = "suspended", _("Suspended")
        CLOSED = "closed", _("Closed")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    kind = models.CharField(max_length=10, choices=Kind)
    parent = models.ForeignKey(
        "self",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="companies",
        verbose_name=_("platform"),
    )
    status = models.CharField(max_length=10, choices=Status, default=Status.ACTIVE)
    status_reason = models.TextField(blank=True, help_text="Why it was suspended or closed.")
    environment = models.CharField(
        max_length=4, choices=Environment, default=Environment.LIVE, db_default="live"
    )
    test_mode = models.BooleanField(default=False, help_text="Kept off the Peppol network.")

    name = models.CharField(_("Name"), max_length=255)
    legal_name = models.CharField(_("Legal name"), max_length=255, blank=True)
    display_name = models.CharField(_("Display name"), max_length=255, blank=True)
    description = models.TextField(_("Description"), blank=True, max_length=2000)
    country = models.CharField(
        _("Country"), max_length=2, blank=True, validators=[validate_country]
    )
    company_number = models.CharField(_("Company number"), max_length=64, blank=True)
    vat_number = models.CharField(_("VAT number"), max_length=64, blank=True)
    tax_number = models.CharField(max_length=64, blank=True)
    economy_id = models.CharField(max_length=64, blank=True)
    address_line1 = models.CharField(_("Street and number"), max_length=255, blank=True)
    address_line2 = models.CharField(_("Addition"), max_length=255, blank=True)
    postal_code = models.CharField(_("Postal code"), max_length=32, blank=True)
    city = models.CharField(_("City"), max_length=255, blank=True)
    state = models.CharField(_("State or province"), max_length=255, blank=True)
    address_country = models.CharField(
        _("Country of the address"), max_length=2, blank=True, validators=[validate_country]
    )
    email = models.EmailField(_("E-mail address"), blank=True)
    phone = models.CharField(_("Phone"), max_length=64, blank=True)
    currency = models.CharField(max_length=3, blank=True)
    timezone = models.CharField(max_length=64, blank=True)
    capabilities = models.JSONField(default=list, blank=True)
    metadata = models.JSONField(default=dict, blank=True, validators=[validate_metadata])

    defaults = models.JSONField(
        default=dict,
        blank=True,
        help_text="For its documents: the preferred format, the countries to report to.",
    )
    # Who pays. Billing reads these when it makes statements.
    bill_to = models.ForeignKey(
        "self",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="billed_organizations",
        help_text="Whose statement its usage goes on; empty means its platform's or its own.",
    )
    withhold_billing = models.BooleanField(
        default=False, db_default=False, help_text="Its usage goes on nobody's statement."
    )
    gln = models.CharField("GLN", max_length=32, blank=True, db_default="")
    # The billing address of a higher app that it chose.
    billing_address_id = models.UUIDField(null=True, blank=True)
    contact_person = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )

    handle = models.CharField(max_length=255, null=True, blank=True)  # noqa: DJ001 — null claims nothing
    vat_key = models.CharField(max_length=64, null=True, blank=True)  # noqa: DJ001
    name_key = models.CharField(max_length=255, null=True, blank=True)  # noqa: DJ001

    created_by_organization = models.ForeignKey(
        "self",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="created_organizations",
        help_text="Which organization made it and keeps access to it without managing it.",
    )
    created_by_user = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    founder = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text="Who registered it as their own business.",
    )
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    deleted_at = models.DateTimeField(null=True, blank=True)

    objects = OrganizationQuerySet.as_manager()

    class Meta:
        verbose_name = _("organization")
        verbose_name_plural = _("organizations")
        indexes = [
            models.Index(fields=["parent", "-id"], name="tenants_company_page"),
            models.Index(fields=["status", "kind"], name="tenants_by_status"),
            models.Index(
                fields=["parent", "status", "created_at"],
                condition=Q(deleted_at__isnull=True),
                name="tenants_company_states",
            ),
            models.Index(fields=["parent", "name"], name="tenants_company_names"),
            COMPANY_ORDER,
            models.Index(
                fields=["parent"],
                condition=Q(document_quota__isnull=False),
                name="tenants_own_quotas",
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind="managed", parent__isnull=False)
                | (~Q(kind="managed") & Q(parent__isnull=True)),
                name="tenants_managed_has_parent",
                violation_error_message=gettext_noop(
                    "A managed company, and no other, has a platform."
                ),
            ),
            models.CheckConstraint(
                condition=~Q(name=""),
                name="tenants_named",
                violation_error_message=gettext_noop("An organization needs a name."),
            ),
            models.CheckConstraint(
                condition=Q(status="closed", closed_at__isnull=False)
                | (~Q(status="closed") & Q(closed_at__isnull=True)),
                name="tenants_closed_since",
                violation_error_message=gettext_noop(
                    "A closed organization, and no other, has a closing time."
                ),
            ),
            models.UniqueConstraint(
                fields=["founder"],
                condition=Q(deleted_at__isnull=True),
                name="tenants_profile_taken",
                violation_error_code="profile_taken",
                violation_error_message=gettext_noop(
                    "This person has registered a business already."
                ),
            ),
            *(
                models.UniqueConstraint(
                    fields=["parent", claim],
                    condition=Q(deleted_at__isnull=True),
                    name=f"tenants_{code}",
                    violation_error_code=code,
                    violation_error_message=sentence,
                )
                for claim, code, sentence in (
                    (
                        "handle",
                        "handle_taken",
                        gettext_noop("A company with this handle already exists."),
                    ),
                    (
                        "vat_key",
                        "vat_taken",
                        gettext_noop("A company with this VAT number already exists."),
                    ),
                    (
                        "name_key",
                        "name_taken",
                        gettext_noop("A company with this name already exists."),
                    ),
                )
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def title(self) -> str:
        """The name to show a person."""
        return self.display_name or self.legal_name or self.name

    @property
    def platform_id(self) -> UUID:
        """The id of the platform it belongs to: its parent's, or its own."""
        return self.parent_id or self.pk

    @property
    def is_platform(self) -> bool:
        return self.kind == self.Kind.PLATFORM

    @property
    def is_open(self) -> bool:
        """Whether it and the platform above it may act. Reads `parent`: select it along."""
        own = self.status == self.Status.ACTIVE and self.deleted_at is None
        return own and (self.parent is None or self.parent.is_open)


class Company(Organization):
    """A managed company, by the word that its reseller has for it."""

    class Meta:
        proxy = True
        verbose_name = _("company")
        verbose_name_plural = _("companies")
