"""What a month costs: the run that makes statements, the statements, and their lines."""

from decimal import Decimal
from typing import Any
from uuid import UUID

from django.core.files.storage import Storage, storages
from django.db import models
from django.db.models import Count, Q, Sum
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from tenants.ids import uuid7
from tenants.models import Organization


def statement_storage() -> Storage:
    """Where PDF and UBL are kept: with the payloads of documents."""
    return storages["payloads"]


class StatementRun(models.Model):
    """The statements of one month in the making. It can be stopped anywhere and goes on.

    Organizations are taken in the order of their ids; `reached` is the last that is done.
    """

    class State(models.TextChoices):
        RUNNING = "running", _("Running")
        FINISHED = "finished", _("Finished")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    month = models.DateField(unique=True, help_text="Its first day.")
    state = models.CharField(max_length=8, choices=State, default=State.RUNNING)
    total = models.PositiveIntegerField(default=0, help_text="Organizations to be billed.")
    done = models.PositiveIntegerField(default=0)
    reached = models.UUIDField(null=True, blank=True)
    claim = models.UUIDField(null=True, blank=True, editable=False)
    claimed_until = models.DateTimeField(null=True, blank=True)
    started_at = models.DateTimeField(auto_now_add=True)
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("statement run")
        verbose_name_plural = _("statement runs")

    def __str__(self) -> str:
        return f"Statements of {self.month:%Y-%m}"

    @property
    def percentage(self) -> int:
        """How far it is, 0 to 100."""
        return 100 if not self.total else min(100, self.done * 100 // self.total)

    @property
    def refused(self) -> dict[UUID, str]:
        """Who could not be billed, and why."""
        return {
            row.organization_id: row.reason
            for row in sorted(self.refusals.all(), key=lambda row: row.organization_id)
        }

    @property
    def last_error(self) -> str:
        """All that went wrong, an organization a line."""
        return "\n".join(f"{pk}: {why}" for pk, why in self.refused.items())


class StatementRefusal(models.Model):
    """That an organization has no statement of a run yet, and why; gone when it has one."""

    run = models.ForeignKey(StatementRun, on_delete=models.CASCADE, related_name="refusals")
    organization = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="+")
    reason = models.TextField()
    waits = models.BooleanField(default=False, help_text="It is tried again by itself.")
    tried_at = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name = _("refused statement")
        verbose_name_plural = _("refused statements")
        constraints = [
            models.UniqueConstraint(
                fields=["run", "organization"], name="billing_one_refusal_a_run"
            )
        ]

    def __str__(self) -> str:
        return f"{self.organization_id}: {self.reason}"


class NumberSeries(models.Model):
    """The last number given out in a series; numbers follow each other without a gap."""

    name = models.CharField(max_length=32, primary_key=True)
    last = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name_plural = _("number series")

    def __str__(self) -> str:
        return f"{self.name}: {self.last}"


class StatementQuerySet(models.QuerySet["Statement"]):
    """Reads of statements."""

    def sums(self) -> Any:
        """How many there are and what they come to, by currency."""
        return (
            self.order_by()
            .values("currency")
            .annotate(n=Count("pk"), total=Sum("total"))
            .order_by("currency")
        )

    def of(self, organization: Organization) -> "StatementQuerySet":
        return self.filter(organization=organization)

    def standing(self) -> "StatementQuerySet":
        """Those that are neither credited nor credit notes."""
        return self.filter(kind="invoice", credit_note=None)

    def visible_to(self, organization: Organization) -> "StatementQuerySet":
        """The statements of an organization; those of its companies are its companies' own."""
        return self.of(organization)


class Statement(models.Model):
    """What one organization owes for one month. Written once and never changed.

    A mistake is put right by a credit note, a statement of its own with the amounts turned round.
    """

    class Kind(models.TextChoices):
        INVOICE = "invoice", _("Statement")
        CREDIT_NOTE = "credit_note", _("Credit note")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    organization = models.ForeignKey(
        Organization, on_delete=models.PROTECT, related_name="statements"
    )
    run = models.ForeignKey(
        StatementRun, null=True, blank=True, on_delete=models.PROTECT, related_name="statements"
    )
    kind = models.CharField(max_length=11, choices=Kind, default=Kind.INVOICE)
    corrects = models.OneToOneField(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="credit_note"
    )
    month = models.DateField(help_text="Its first day.")
    revision = models.PositiveSmallIntegerField(
        default=0, help_text="How many statements of the month were credited before."
    )
    is_final = models.BooleanField(
        default=False, help_text="Of a credit note: the month is not billed again."
    )
    number = models.CharField(max_length=32, unique=True)
    language = models.CharField(max_length=8, default="en", help_text="Of its PDF and UBL.")
    plan = models.CharField(max_length=255, blank=True)
    currency = models.CharField(max_length=3)
    documents = models.PositiveBigIntegerField(default=0)
    included = models.PositiveBigIntegerField(default=0)
    overage_price = models.DecimalField(
        max_digits=12, decimal_places=4, default=Decimal(0), help_text="Of one document of overage."
    )
    net = models.DecimalField(max_digits=14, decimal_places=2)
    vat = models.DecimalField("VAT", max_digits=14, decimal_places=2)
    vat_category = models.CharField("VAT category", max_length=2)
    vat_rate = models.DecimalField("VAT rate", max_digits=5, decimal_places=2)
    total = models.DecimalField(max_digits=14, decimal_places=2)
    issued_on = models.DateField()
    due_on = models.DateField()
    reason = models.TextField(blank=True, help_text="Of a correction.")
    seller: Any = models.JSONField(default=dict)
    buyer: Any = models.JSONField(default=dict)
    pdf = models.FileField("PDF", storage=statement_storage, max_length=255)
    ubl = models.FileField("UBL", storage=statement_storage, max_length=255)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = StatementQuerySet.as_manager()

    class Meta:
        verbose_name = _("statement")
        verbose_name_plural = _("statements")
        indexes = [models.Index(fields=["organization", "-id"], name="billing_statement_page")]
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "month", "revision"],
                condition=Q(kind="invoice"),
                name="billing_one_invoice_a_revision",
                violation_error_code="statement_taken",
                violation_error_message=gettext_noop("This month has been billed already."),
            ),
            models.CheckConstraint(
                condition=Q(kind="credit_note", corrects__isnull=False)
                | Q(kind="invoice", corrects__isnull=True),
                name="billing_credit_note_corrects",
                violation_error_message=gettext_noop(
                    "A credit note, and nothing else, corrects a statement."
                ),
            ),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def overage(self) -> int:
        """Documents beyond the plan."""
        return max(0, self.documents - self.included)

    def credited_by(self) -> "Statement | None":
        """The credit note over this statement, if there is one."""
        return Statement.objects.filter(corrects=self).first()


class StatementLine(models.Model):
    """One line of a statement: the plan, or what one company used. Written with its statement.

    All that the PDF, the UBL and the table of companies say of it stands here.
    """

    id = models.BigAutoField(primary_key=True)
    statement = models.ForeignKey(Statement, on_delete=models.CASCADE, related_name="lines")
    company = models.ForeignKey(
        Organization, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    tenant_id = models.CharField(
        max_length=255, blank=True, help_text="What the platform called the company then."
    )
    description = models.CharField(max_length=255)
    sent = models.PositiveBigIntegerField(default=0)
    received = models.PositiveBigIntegerField(default=0)
    documents = models.PositiveBigIntegerField(
        default=0, help_text="Sent and received, less failed."
    )
    included = models.PositiveBigIntegerField(default=0)
    overage = models.PositiveBigIntegerField(default=0, help_text="Documents beyond the plan.")
    corrects_month = models.DateField(
        null=True, blank=True, help_text="The month of which this takes off what failed since."
    )
    fee = models.DecimalField(max_digits=14, decimal_places=2, default=Decimal(0))
    overage_amount = models.DecimalField(max_digits=14, decimal_places=2, default=Decimal(0))
    amount = models.DecimalField(max_digits=14, decimal_places=2)

    class Meta:
        indexes = [models.Index(fields=["statement", "id"], name="billing_line_page")]

    def __str__(self) -> str:
        return self.description


class QuotaNoticeQuerySet(models.QuerySet["QuotaNotice"]):
    """Reads of notices."""

    def visible_to(self, organization: Organization) -> "QuotaNoticeQuerySet":
        """Those about the quota that an organization pays for."""
        return self.filter(organization=organization)


class QuotaNotice(models.Model):
    """That an organization was told of its quota: once a month or day, and threshold."""

    class Period(models.TextChoices):
        MONTH = "month", _("Month")
        DAY = "day", _("Day")

    organization = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="+")
    period = models.CharField(max_length=5, choices=Period, default=Period.MONTH)
    on = models.DateField(help_text="The day, or the first one of the month.")
    percentage = models.PositiveSmallIntegerField()
    sent_at = models.DateTimeField(auto_now_add=True)

    objects = QuotaNoticeQuerySet.as_manager()

    class Meta:
        verbose_name = _("quota notice")
        verbose_name_plural = _("quota notices")
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "period", "on", "percentage"],
                name="billing_notice_once",
            )
        ]

    def __str__(self) -> str:
        return f"{self.organization_id} {self.on}: {self.percentage} %"
