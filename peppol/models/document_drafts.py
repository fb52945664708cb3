"""Documents that wait to be sent: kept as they came, and changed or sent later."""

from datetime import datetime

from django.db import models
from django.utils.translation import gettext_lazy as _

from peppol.models.documents import Document
from tenants.ids import uuid7
from tenants.models import Environment, Organization


class DocumentDraftQuerySet(models.QuerySet["DocumentDraft"]):
    """Reads of drafts."""

    def of(self, organization: Organization) -> "DocumentDraftQuerySet":
        return self.filter(organization=organization)

    def untouched_since(self, before: datetime) -> "DocumentDraftQuerySet":
        """Those that nobody has changed since `before`, the oldest first."""
        return self.filter(updated_at__lt=before).order_by("id")

    def visible_to(self, organization: Organization) -> "DocumentDraftQuerySet":
        """An organization's drafts and, for a platform, those of its companies."""
        own = models.Q(organization=organization)
        return self.filter(own | models.Q(organization__parent=organization))


class DocumentDraft(models.Model):
    """UBL that nobody has sent yet. Sent, it becomes a Document with the same id.

    It counts for nothing and need not be valid: the rules are for what is sent.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    organization = models.ForeignKey(
        Organization, on_delete=models.PROTECT, related_name="document_drafts", db_index=False
    )
    environment = models.CharField(max_length=4, choices=Environment, default=Environment.LIVE)
    kind = models.CharField(max_length=11, choices=Document.Kind)
    sender = models.CharField(max_length=140, blank=True)
    receiver = models.CharField(max_length=140, blank=True)
    number = models.CharField(max_length=255, blank=True)
    issued_on = models.DateField(null=True, blank=True)
    currency = models.CharField(max_length=3, blank=True)
    amount = models.DecimalField(max_digits=18, decimal_places=2, null=True, blank=True)
    sender_name = models.CharField(max_length=255, blank=True, db_default="")
    receiver_name = models.CharField(max_length=255, blank=True, db_default="")
    self_billed = models.BooleanField(db_default=False)
    net = models.DecimalField(max_digits=18, decimal_places=2, null=True, blank=True)
    tax = models.DecimalField(max_digits=18, decimal_places=2, null=True, blank=True)
    content = models.BinaryField()
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    objects = DocumentDraftQuerySet.as_manager()

    class Meta:
        verbose_name = _("draft")
        verbose_name_plural = _("drafts")
        indexes = [models.Index(fields=["organization", "-id"], name="peppol_draft_page")]

    def __str__(self) -> str:
        return f"Draft {self.number or self.pk}"
