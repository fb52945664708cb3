"""Who paid for an organization, and whether it counted at all, before that was changed."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from tenants.ids import uuid7
from tenants.models.organizations import Environment, Organization

# What a bill asks of an organization's past; each change of one of these leaves a row.
DATED = ("bill_to_id", "withhold_billing", "environment", "test_mode")


class FormerPayer(models.Model):
    """What held for an organization's bills `until` it was changed.

    An organization without such rows has been since ever what its own row says; the row whose
    `until` is the first after a time tells of that time.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    organization = models.ForeignKey(
        Organization, on_delete=models.CASCADE, related_name="former_payers"
    )
    until = models.DateTimeField()
    bill_to = models.ForeignKey(
        Organization, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    withhold_billing = models.BooleanField(default=False)
    environment = models.CharField(max_length=4, choices=Environment)
    test_mode = models.BooleanField(default=False)

    class Meta:
        verbose_name = _("former payer")
        verbose_name_plural = _("former payers")
        indexes = [models.Index(fields=["organization", "until"], name="tenants_payer_history")]

    def __str__(self) -> str:
        return f"{self.organization_id} until {self.until:%Y-%m-%d}"
