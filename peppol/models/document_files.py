"""Files that programs put beside a document: kept here, and no part of what is sent."""

from uuid import UUID

from django.db import models
from django.utils.translation import gettext_lazy as _

from tenants.ids import uuid7
from tenants.models import Environment, Organization


class DocumentFileQuerySet(models.QuerySet["DocumentFile"]):
    """Reads of files."""

    def of(self, organization: Organization) -> "DocumentFileQuerySet":
        return self.filter(organization=organization)

    def beside(self, document: UUID) -> "DocumentFileQuerySet":
        """Those of a document or draft of that id, the oldest first."""
        return self.filter(document=document).order_by("id")


class DocumentFile(models.Model):
    """A file beside a document. `document` is its id, which it has had since it was a draft."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    organization = models.ForeignKey(
        Organization, on_delete=models.PROTECT, related_name="document_files", db_index=False
    )
    environment = models.CharField(max_length=4, choices=Environment, default=Environment.LIVE)
    document = models.UUIDField()
    name = models.CharField(max_length=255)
    media_type = models.CharField(max_length=127)
    size = models.PositiveIntegerField()
    content = models.BinaryField()
    created_at = models.DateTimeField(auto_now_add=True)

    objects = DocumentFileQuerySet.as_manager()

    class Meta:
        verbose_name = _("file beside a document")
        verbose_name_plural = _("files beside documents")
        indexes = [
            models.Index(fields=["organization", "document"], name="peppol_files_beside"),
            models.Index(fields=["document"], name="peppol_files_of_document"),
        ]

    def __str__(self) -> str:
        return self.name


class PdfConversionQuerySet(models.QuerySet["PdfConversion"]):
    """Reads of conversions."""

    def of(self, organization: Organization) -> "PdfConversionQuerySet":
        return self.filter(organization=organization)


class PdfConversion(models.Model):
    """An invoice that was found inside of a PDF, until somebody has come for it."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    organization = models.ForeignKey(
        Organization, on_delete=models.PROTECT, related_name="pdf_conversions", db_index=False
    )
    environment = models.CharField(max_length=4, choices=Environment, default=Environment.LIVE)
    content = models.BinaryField(help_text="The XML of the invoice.")
    created_at = models.DateTimeField(auto_now_add=True, db_index=True)

    objects = PdfConversionQuerySet.as_manager()

    class Meta:
        verbose_name = _("conversion of a PDF")
        verbose_name_plural = _("conversions of PDFs")
        indexes = [models.Index(fields=["organization", "-id"], name="peppol_conversions")]

    def __str__(self) -> str:
        return str(self.pk)
