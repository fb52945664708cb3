"""Reports of documents to tax authorities, where a platform asks for them."""

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from peppol.models.document_rows import HELD_UP, LATELY
from peppol.models.documents import Document
from tenants.ids import uuid7
from tenants.models import Organization


class ComplianceReportQuerySet(models.QuerySet["ComplianceReport"]):
    """Reads of reports."""

    def failed(self) -> "ComplianceReportQuerySet":
        """Those that the authority refused, or that did not get through to it."""
        return self.filter(state=ComplianceReport.State.FAILED)

    def failed_lately(self) -> "ComplianceReportQuerySet":
        """Of the failed ones those that failed in the last 24 hours (FLO-66)."""
        return self.failed().filter(updated_at__gte=timezone.now() - LATELY)

    def overdue(self) -> "ComplianceReportQuerySet":
        """Those that have been tried for so long that something must keep them."""
        before = timezone.now() - HELD_UP
        return self.filter(next_attempt_at__isnull=False, created_at__lt=before)


class ComplianceReport(models.Model):
    """A report of one document to a country's tax authority, where its platform asks for it."""

    class State(models.TextChoices):
        PENDING = "pending", _("Pending")
        REPORTED = "reported", _("Reported")
        FAILED = "failed", _("Failed")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    organization = models.ForeignKey(
        Organization, on_delete=models.PROTECT, related_name="compliance_reports"
    )
    document = models.ForeignKey(
        Document, on_delete=models.CASCADE, related_name="compliance_reports"
    )
    country = models.CharField(max_length=2)
    state = models.CharField(max_length=8, choices=State, default=State.PENDING)
    reference = models.CharField(max_length=255, blank=True, help_text="The authority's own.")
    attempt_count = models.PositiveSmallIntegerField(default=0)
    next_attempt_at = models.DateTimeField(null=True, blank=True)
    last_error = models.TextField(blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    objects = ComplianceReportQuerySet.as_manager()

    class Meta:
        verbose_name = _("report to a tax authority")
        verbose_name_plural = _("reports to tax authorities")
        indexes = [
            models.Index(
                fields=["organization", "-id"],
                condition=Q(state="failed"),
                name="peppol_report_failed",
            ),
            models.Index(
                fields=["next_attempt_at"],
                condition=Q(next_attempt_at__isnull=False),
                name="peppol_report_due",
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["document", "country"],
                name="peppol_report_once",
                violation_error_code="report_taken",
                violation_error_message=gettext_noop(
                    "This document is reported to this country already."
                ),
            )
        ]

    def __str__(self) -> str:
        return f"{self.document} → {self.country}"
