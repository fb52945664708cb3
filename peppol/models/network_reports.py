"""The reports that a service provider owes OpenPeppol for each month."""

from datetime import date, timedelta

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from tenants.ids import uuid7

# Of the month after: reports are due by one day, and asked about from the other on.
DUE_DAY, ALARM_DAY = 15, 10


class NetworkReportQuerySet(models.QuerySet["NetworkReport"]):
    """Reads of reports."""

    def unfiled(self) -> "NetworkReportQuerySet":
        return self.exclude(state=NetworkReport.State.FILED)

    def pressing(self, today: date | None = None) -> "NetworkReportQuerySet":
        """Those nobody filed, of which the day draws near or has passed."""
        day = today or timezone.now().date()
        month = day.replace(day=1)
        late = models.Q(month__lt=(month - timedelta(days=1)).replace(day=1))
        if day.day >= ALARM_DAY:
            late = models.Q(month__lt=month)
        return self.unfiled().filter(late)


class NetworkReport(models.Model):
    """One report of a month: as the access point made it, what it has against it, and whether it
    was filed.
    """

    class Kind(models.TextChoices):
        EUSR = "eusr", _("End users (EUSR)")
        TSR = "tsr", _("Transactions (TSR)")

    class State(models.TextChoices):
        DUE = "due", _("To be fetched")
        READY = "ready", _("Ready to be filed")
        DOUBTFUL = "doubtful", _("In doubt")
        FILED = "filed", _("Filed")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    kind = models.CharField(max_length=4, choices=Kind)
    month = models.DateField(help_text="Its first day.")
    state = models.CharField(max_length=8, choices=State, default=State.DUE)
    content = models.TextField(blank=True)
    findings = models.JSONField(default=list, blank=True, help_text="What it has against it.")
    figures = models.JSONField(default=dict, blank=True, help_text="What it counts.")
    own_figures = models.JSONField(default=dict, blank=True, help_text="What we count.")
    officially = models.BooleanField(default=False, help_text="Whether official rules judged it.")
    last_error = models.TextField(blank=True)
    fetched_at = models.DateTimeField(null=True, blank=True)
    next_attempt_at = models.DateTimeField(null=True, blank=True)
    filed_at = models.DateTimeField(null=True, blank=True)
    filed_by = models.CharField(max_length=255, blank=True)
    reference = models.CharField(max_length=255, blank=True)
    reminded_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = NetworkReportQuerySet.as_manager()

    class Meta:
        verbose_name = _("report to OpenPeppol")
        verbose_name_plural = _("reports to OpenPeppol")
        ordering = ["-month", "kind"]
        constraints = [
            models.UniqueConstraint(fields=["month", "kind"], name="peppol_network_report_once")
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.month:%Y-%m}"

    @property
    def last_day(self) -> date:
        """The last day that it is about."""
        return (self.month + timedelta(days=31)).replace(day=1) - timedelta(days=1)

    @property
    def due_on(self) -> date:
        """The day by which it is filed."""
        return self.last_day + timedelta(days=DUE_DAY)

    @property
    def is_late(self) -> bool:
        """Whether it was filed after its day, or was not filed by now."""
        day = self.filed_at.date() if self.filed_at else timezone.now().date()
        return day > self.due_on
