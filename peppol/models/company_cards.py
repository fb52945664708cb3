"""What a company has the network know of it, beside its name and its numbers."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from tenants.ids import uuid7
from tenants.models import Organization


class CompanyCard(models.Model):
    """A company's own words on its business cards, and whether the Directory lists it.

    There is none for a company that never said anything: it is listed, under its name. What is
    published of each identifier is in `Participant`; this is for those that are yet to come, too.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    organization = models.OneToOneField(
        Organization, on_delete=models.PROTECT, related_name="company_card"
    )
    is_listed = models.BooleanField(
        _("In the Peppol Directory"),
        default=True,
        db_default=True,
        help_text=_("Without a business card the Directory lists nothing."),
    )
    names = models.JSONField(default=dict, blank=True, help_text="The name by language.")
    location = models.CharField(max_length=500, blank=True)
    identifiers = models.JSONField(default=list, blank=True, help_text="Pairs of scheme, value.")
    websites = models.JSONField(default=list, blank=True)
    contacts = models.JSONField(default=list, blank=True, help_text="Kind, name, phone, e-mail.")
    additional = models.CharField(max_length=2000, blank=True)
    registered_on = models.DateField(null=True, blank=True)
    document_types = models.JSONField(
        default=list, blank=True, help_text="What it receives; empty means the usual set."
    )
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name = _("business card")
        verbose_name_plural = _("business cards")

    def __str__(self) -> str:
        return str(self.organization)
