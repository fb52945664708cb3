"""What a business uses the platform for, as it says itself."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Capability(models.TextChoices):
    """One or both of them; an organization's `capabilities` are these words."""

    EINVOICING = "EINVOICING", _("E-invoicing")
    BILLING = "BILLING", _("Billing")
