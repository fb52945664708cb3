"""Where statements go."""

from collections.abc import Iterable

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from tenants.ids import uuid7
from tenants.models import Environment, Organization
from tenants.models.profiles import validate_country, validate_metadata


class VatAnswer(models.Model):
    """What the register said of a VAT number, and when; each answer is a row of its own."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    number = models.CharField("VAT number", max_length=64)
    is_valid = models.BooleanField()
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("answer of the VAT register")
        verbose_name_plural = _("answers of the VAT register")
        indexes = [models.Index(fields=["number", "-id"], name="billing_vat_answers")]

    def __str__(self) -> str:
        return f"{self.number}: {self.is_valid}"


class BillingAddressQuerySet(models.QuerySet["BillingAddress"]):
    """Reads of billing addresses."""

    def live(self) -> "BillingAddressQuerySet":
        return self.filter(deleted_at=None)

    def of(self, organizations: Iterable[Organization]) -> "BillingAddressQuerySet":
        """The live addresses of any of `organizations`."""
        return self.live().filter(organization__in=organizations)

    def visible_to(self, organization: Organization) -> "BillingAddressQuerySet":
        """An organization's addresses and, for a platform, those of its companies."""
        return self.live().filter(
            Q(organization=organization) | Q(organization__parent=organization)
        )

    def unanswered(self) -> "BillingAddressQuerySet":
        """Those of whose VAT id the register has not said anything yet."""
        return self.filter(vat_id_valid=None).exclude(vat_id="")

    def unchecked(self) -> "BillingAddressQuerySet":
        """Addresses whose VAT id is to be checked now."""
        return self.live().filter(vat_check_at__lte=timezone.now())


class BillingAddress(models.Model):
    """Where a statement goes, and under which VAT id.

    `vat_id_valid` is what the register last said, None while it has not said anything;
    `vat_check_at` is when it is asked next.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    organization = models.ForeignKey(
        Organization, on_delete=models.PROTECT, related_name="billing_addresses"
    )
    environment = models.CharField(
        max_length=4,
        choices=Environment,
        default=Environment.LIVE,
        db_default="live",
        help_text="Whether it was made for trying out, of whatever organization.",
    )
    recipient = models.CharField(max_length=255)
    recipient_additions = models.CharField(max_length=255, blank=True)
    billing_contact = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    vat_id = models.CharField("VAT id", max_length=64, blank=True)
    vat_id_valid = models.BooleanField("VAT id valid", null=True, blank=True)
    vat_check_at = models.DateTimeField(null=True, blank=True)
    address_line1 = models.CharField(max_length=255)
    address_line2 = models.CharField(max_length=255, blank=True)
    postal_code = models.CharField(max_length=32)
    city = models.CharField(max_length=255)
    state = models.CharField(max_length=255, blank=True)
    country = models.CharField(max_length=2, validators=[validate_country])
    metadata = models.JSONField(default=dict, blank=True, validators=[validate_metadata])
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)
    deleted_at = models.DateTimeField(null=True, blank=True)

    objects = BillingAddressQuerySet.as_manager()

    class Meta:
        verbose_name_plural = _("billing addresses")
        indexes = [
            models.Index(
                fields=["vat_check_at"],
                condition=Q(vat_check_at__isnull=False, deleted_at__isnull=True),
                name="billing_vat_checks_due",
            )
        ]
        constraints = [
            models.CheckConstraint(
                condition=~Q(recipient=""),
                name="billing_address_has_recipient",
                violation_error_message=gettext_noop("A billing address needs a recipient."),
            ),
            models.CheckConstraint(
                condition=~Q(vat_id="") | Q(vat_id_valid__isnull=True),
                name="billing_no_vat_id_is_not_valid",
                violation_error_message=gettext_noop("Only a VAT id can be valid or not."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.recipient}, {self.city}"
