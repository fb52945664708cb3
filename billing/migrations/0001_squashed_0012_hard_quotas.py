"""What the migrations up to 0012_hard_quotas come to, at once: a new database has nothing to move."""

from importlib import import_module

import billing.models.statements
import django.core.validators
import django.db.models.deletion
import tenants.ids
import tenants.models.profiles
from decimal import Decimal
from django.conf import settings
from django.db import migrations, models


_UNCHANGEABLE = import_module("billing.migrations.0004_unchangeable")


class Migration(migrations.Migration):
    replaces = [
        ("billing", "0001_initial"),
        ("billing", "0002_billing_addresses"),
        ("billing", "0003_statements"),
        ("billing", "0004_unchangeable"),
        ("billing", "0005_words"),
        ("billing", "0006_statement_rows"),
        ("billing", "0007_statement_kinds"),
        ("billing", "0008_terms_and_cancelling"),
        ("billing", "0009_revisions_and_refusals"),
        ("billing", "0010_address_environments"),
        ("billing", "0011_verified_companies"),
        ("billing", "0012_hard_quotas"),
    ]

    initial = True

    dependencies = [
        ("tenants", "0032_file_removals"),
    ]

    operations = [
        migrations.CreateModel(
            name="NumberSeries",
            fields=[
                ("name", models.CharField(max_length=32, primary_key=True, serialize=False)),
                ("last", models.PositiveIntegerField(default=0)),
            ],
            options={
                "verbose_name_plural": "number series",
            },
        ),
        migrations.CreateModel(
            name="StatementRun",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=tenants.ids.uuid7, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("month", models.DateField(help_text="Its first day.", unique=True)),
                (
                    "state",
                    models.CharField(
                        choices=[("running", "Running"), ("finished", "Finished")],
                        default="running",
                        max_length=8,
                    ),
                ),
                (
                    "total",
                    models.PositiveIntegerField(default=0, help_text="Organizations to be billed."),
                ),
                ("done", models.PositiveIntegerField(default=0)),
                ("reached", models.UUIDField(blank=True, null=True)),
                ("claim", models.UUIDField(blank=True, editable=False, null=True)),
                ("claimed_until", models.DateTimeField(blank=True, null=True)),
                ("started_at", models.DateTimeField(auto_now_add=True)),
                ("finished_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "verbose_name": "statement run",
                "verbose_name_plural": "statement runs",
            },
        ),
        migrations.CreateModel(
            name="Plan",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=tenants.ids.uuid7, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("code", models.SlugField(max_length=64, unique=True)),
                ("name", models.CharField(max_length=255)),
                ("description", models.TextField(blank=True)),
                (
                    "is_offered",
                    models.BooleanField(default=True, help_text="May be chosen by customers."),
                ),
                ("currency", models.CharField(default="EUR", max_length=3)),
                ("monthly_fee", models.DecimalField(decimal_places=2, max_digits=12)),
                (
                    "company_fee",
                    models.DecimalField(
                        decimal_places=2,
                        default=0,
                        help_text="A month, for each company.",
                        max_digits=12,
                    ),
                ),
                ("included_documents", models.PositiveIntegerField(default=0)),
                ("overage_price", models.DecimalField(decimal_places=4, max_digits=12)),
                (
                    "quota_is_hard",
                    models.BooleanField(
                        db_default=False,
                        default=False,
                        help_text="Sending stops when the included documents are used up.",
                        verbose_name="stops at its documents",
                    ),
                ),
                (
                    "documents_per_day",
                    models.PositiveIntegerField(
                        blank=True,
                        help_text="No more are sent on one day; empty means any number.",
                        null=True,
                        validators=[django.core.validators.MinValueValidator(1)],
                        verbose_name="documents sent a day",
                    ),
                ),
                ("company_limit", models.PositiveIntegerField(blank=True, null=True)),
                ("requests_per_minute", models.PositiveIntegerField(default=100)),
                ("requests_per_hour", models.PositiveIntegerField(default=1000)),
                ("white_label", models.BooleanField(default=False)),
                (
                    "verify_companies",
                    models.BooleanField(
                        db_default=False,
                        default=False,
                        help_text="New companies of whoever is on it wait until staff have verified them.",
                    ),
                ),
                (
                    "platform",
                    models.BooleanField(
                        default=True,
                        help_text="May be chosen by those who manage companies.",
                        verbose_name="for platforms",
                    ),
                ),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("updated_at", models.DateTimeField(auto_now=True)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("quota_is_hard", False), ("included_documents__gt", 0), _connector="OR"
                        ),
                        name="billing_hard_plan_includes",
                        violation_error_message="A plan that stops at its documents includes some.",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Statement",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=tenants.ids.uuid7, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[("invoice", "Statement"), ("credit_note", "Credit note")],
                        default="invoice",
                        max_length=11,
                    ),
                ),
                ("month", models.DateField(help_text="Its first day.")),
                (
                    "revision",
                    models.PositiveSmallIntegerField(
                        default=0,
                        help_text="How many statements of the month were credited before.",
                    ),
                ),
                (
                    "is_final",
                    models.BooleanField(
                        default=False, help_text="Of a credit note: the month is not billed again."
                    ),
                ),
                ("number", models.CharField(max_length=32, unique=True)),
                (
                    "language",
                    models.CharField(default="en", help_text="Of its PDF and UBL.", max_length=8),
                ),
                ("plan", models.CharField(blank=True, max_length=255)),
                ("currency", models.CharField(max_length=3)),
                ("documents", models.PositiveBigIntegerField(default=0)),
                ("included", models.PositiveBigIntegerField(default=0)),
                (
                    "overage_price",
                    models.DecimalField(
                        decimal_places=4,
                        default=Decimal("0"),
                        help_text="Of one document of overage.",
                        max_digits=12,
                    ),
                ),
                ("net", models.DecimalField(decimal_places=2, max_digits=14)),
                ("vat", models.DecimalField(decimal_places=2, max_digits=14, verbose_name="VAT")),
                ("vat_category", models.CharField(max_length=2, verbose_name="VAT category")),
                (
                    "vat_rate",
                    models.DecimalField(decimal_places=2, max_digits=5, verbose_name="VAT rate"),
                ),
                ("total", models.DecimalField(decimal_places=2, max_digits=14)),
                ("issued_on", models.DateField()),
                ("due_on", models.DateField()),
                ("reason", models.TextField(blank=True, help_text="Of a correction.")),
                ("seller", models.JSONField(default=dict)),
                ("buyer", models.JSONField(default=dict)),
                (
                    "pdf",
                    models.FileField(
                        max_length=255,
                        storage=billing.models.statements.statement_storage,
                        upload_to="",
                        verbose_name="PDF",
                    ),
                ),
                (
                    "ubl",
                    models.FileField(
                        max_length=255,
                        storage=billing.models.statements.statement_storage,
                        upload_to="",
                        verbose_name="UBL",
                    ),
                ),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                (
                    "corrects",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="credit_note",
                        to="billing.statement",
                    ),
                ),
                (
                    "organization",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="statements",
                        to="tenants.organization",
                    ),
                ),
                (
                    "run",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="statements",
                        to="billing.statementrun",
                    ),
                ),
            ],
            options={
                "verbose_name": "statement",
                "verbose_name_plural": "statements",
                "indexes": [
                    models.Index(fields=["organization", "-id"], name="billing_statement_page")
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("kind", "invoice")),
                        fields=("organization", "month", "revision"),
                        name="billing_one_invoice_a_revision",
                        violation_error_code="statement_taken",
                        violation_error_message="This month has been billed already.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("corrects__isnull", False), ("kind", "credit_note")),
                            models.Q(("corrects__isnull", True), ("kind", "invoice")),
                            _connector="OR",
                        ),
                        name="billing_credit_note_corrects",
                        violation_error_message="A credit note, and nothing else, corrects a statement.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Subscription",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=tenants.ids.uuid7, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("started_at", models.DateTimeField()),
                (
                    "ends_at",
                    models.DateTimeField(
                        blank=True,
                        help_text="When one that was cancelled comes to its end.",
                        null=True,
                    ),
                ),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
                (
                    "organization",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="subscriptions",
                        to="tenants.organization",
                    ),
                ),
                (
                    "plan",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="subscriptions",
                        to="billing.plan",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["organization", "started_at"], name="billing_plan_history")
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("ended_at__isnull", True)),
                        fields=("organization",),
                        name="billing_one_current_subscription",
                        violation_error_code="subscription_taken",
                        violation_error_message="This organization has a subscription already.",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="SubscriptionTerms",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=tenants.ids.uuid7, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("since", models.DateField()),
                ("name", models.CharField(max_length=255)),
                ("currency", models.CharField(max_length=3)),
                ("monthly_fee", models.DecimalField(decimal_places=2, max_digits=12)),
                ("company_fee", models.DecimalField(decimal_places=2, max_digits=12)),
                ("included_documents", models.PositiveIntegerField()),
                ("overage_price", models.DecimalField(decimal_places=4, max_digits=12)),
                ("quota_is_hard", models.BooleanField(db_default=False, default=False)),
                (
                    "is_pending",
                    models.BooleanField(
                        default=False,
                        help_text="Its documents are yet to become the organization's quota.",
                    ),
                ),
                (
                    "subscription",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="terms",
                        to="billing.subscription",
                    ),
                ),
            ],
            options={
                "verbose_name": "terms of a subscription",
                "verbose_name_plural": "terms of subscriptions",
                "indexes": [
                    models.Index(
                        condition=models.Q(("is_pending", True)),
                        fields=["since"],
                        name="billing_terms_pending",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("subscription", "since"), name="billing_terms_a_day"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="VatAnswer",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=tenants.ids.uuid7, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("number", models.CharField(max_length=64, verbose_name="VAT number")),
                ("is_valid", models.BooleanField()),
                ("at", models.DateTimeField(auto_now_add=True)),
            ],
            options={
                "verbose_name": "answer of the VAT register",
                "verbose_name_plural": "answers of the VAT register",
                "indexes": [models.Index(fields=["number", "-id"], name="billing_vat_answers")],
            },
        ),
        migrations.CreateModel(
            name="BillingAddress",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=tenants.ids.uuid7, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "environment",
                    models.CharField(
                        choices=[("test", "Test"), ("live", "Live")],
                        db_default="live",
                        default="live",
                        help_text="Whether it was made for trying out, of whatever organization.",
                        max_length=4,
                    ),
                ),
                ("recipient", models.CharField(max_length=255)),
                ("recipient_additions", models.CharField(blank=True, max_length=255)),
                ("vat_id", models.CharField(blank=True, max_length=64, verbose_name="VAT id")),
                (
                    "vat_id_valid",
                    models.BooleanField(blank=True, null=True, verbose_name="VAT id valid"),
                ),
                ("vat_check_at", models.DateTimeField(blank=True, null=True)),
                ("address_line1", models.CharField(max_length=255)),
                ("address_line2", models.CharField(blank=True, max_length=255)),
                ("postal_code", models.CharField(max_length=32)),
                ("city", models.CharField(max_length=255)),
                ("state", models.CharField(blank=True, max_length=255)),
                (
                    "country",
                    models.CharField(
                        max_length=2, validators=[tenants.models.profiles.validate_country]
                    ),
                ),
                (
                    "metadata",
                    models.JSONField(
                        blank=True,
                        default=dict,
                        validators=[tenants.models.profiles.validate_metadata],
                    ),
                ),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("updated_at", models.DateTimeField(auto_now=True)),
                ("deleted_at", models.DateTimeField(blank=True, null=True)),
                (
                    "billing_contact",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "organization",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="billing_addresses",
                        to="tenants.organization",
                    ),
                ),
            ],
            options={
                "verbose_name_plural": "billing addresses",
                "indexes": [
                    models.Index(
                        condition=models.Q(
                            ("deleted_at__isnull", True), ("vat_check_at__isnull", False)
                        ),
                        fields=["vat_check_at"],
                        name="billing_vat_checks_due",
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("recipient", ""), _negated=True),
                        name="billing_address_has_recipient",
                        violation_error_message="A billing address needs a recipient.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("vat_id", ""), _negated=True),
                            ("vat_id_valid__isnull", True),
                            _connector="OR",
                        ),
                        name="billing_no_vat_id_is_not_valid",
                        violation_error_message="Only a VAT id can be valid or not.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="QuotaNotice",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "period",
                    models.CharField(
                        choices=[("month", "Month"), ("day", "Day")], default="month", max_length=5
                    ),
                ),
                ("on", models.DateField(help_text="The day, or the first one of the month.")),
                ("percentage", models.PositiveSmallIntegerField()),
                ("sent_at", models.DateTimeField(auto_now_add=True)),
                (
                    "organization",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="tenants.organization",
                    ),
                ),
            ],
            options={
                "verbose_name": "quota notice",
                "verbose_name_plural": "quota notices",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("organization", "period", "on", "percentage"),
                        name="billing_notice_once",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="StatementLine",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                (
                    "tenant_id",
                    models.CharField(
                        blank=True,
                        help_text="What the platform called the company then.",
                        max_length=255,
                    ),
                ),
                ("description", models.CharField(max_length=255)),
                ("sent", models.PositiveBigIntegerField(default=0)),
                ("received", models.PositiveBigIntegerField(default=0)),
                (
                    "documents",
                    models.PositiveBigIntegerField(
                        default=0, help_text="Sent and received, less failed."
                    ),
                ),
                ("included", models.PositiveBigIntegerField(default=0)),
                (
                    "overage",
                    models.PositiveBigIntegerField(
                        default=0, help_text="Documents beyond the plan."
                    ),
                ),
                (
                    "corrects_month",
                    models.DateField(
                        blank=True,
                        help_text="The month of which this takes off what failed since.",
                        null=True,
                    ),
                ),
                ("fee", models.DecimalField(decimal_places=2, default=Decimal("0"), max_digits=14)),
                (
                    "overage_amount",
                    models.DecimalField(decimal_places=2, default=Decimal("0"), max_digits=14),
                ),
                ("amount", models.DecimalField(decimal_places=2, max_digits=14)),
                (
                    "company",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="tenants.organization",
                    ),
                ),
                (
                    "statement",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="lines",
                        to="billing.statement",
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["statement", "id"], name="billing_line_page")],
            },
        ),
        migrations.CreateModel(
            name="StatementRefusal",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("reason", models.TextField()),
                (
                    "waits",
                    models.BooleanField(default=False, help_text="It is tried again by itself."),
                ),
                ("tried_at", models.DateTimeField(auto_now=True)),
                (
                    "organization",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="tenants.organization",
                    ),
                ),
                (
                    "run",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="refusals",
                        to="billing.statementrun",
                    ),
                ),
            ],
            options={
                "verbose_name": "refused statement",
                "verbose_name_plural": "refused statements",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("run", "organization"), name="billing_one_refusal_a_run"
                    )
                ],
            },
        ),
        migrations.RunPython(_UNCHANGEABLE.forbid, _UNCHANGEABLE.allow),
    ]
