"""What the migrations up to 0011_basic_auth come to, at once: a new database has nothing to move."""

import django.core.validators
import django.db.models.deletion
import django.utils.timezone
import tenants.ids
import tenants.models.families
from django.db import migrations, models


class Migration(migrations.Migration):
    replaces = [
        ("webhooks", "0001_initial"),
        ("webhooks", "0002_words"),
        ("webhooks", "0003_fewer_indexes"),
        ("webhooks", "0004_plurals"),
        ("webhooks", "0005_troubles"),
        ("webhooks", "0006_given_up"),
        ("webhooks", "0007_families"),
        ("webhooks", "0008_given_up_at"),
        ("webhooks", "0009_search"),
        ("webhooks", "0010_endpoint_webhooks_in_trouble"),
        ("webhooks", "0011_basic_auth"),
    ]

    initial = True

    dependencies = [
        ("tenants", "0032_file_removals"),
    ]

    operations = [
        migrations.CreateModel(
            name="Endpoint",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=tenants.ids.uuid7, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "covers_companies",
                    models.BooleanField(
                        default=False, help_text="Hears of all companies of the platform."
                    ),
                ),
                ("url", models.URLField(max_length=2000)),
                (
                    "credentials",
                    models.TextField(blank=True, db_default="", help_text="Encrypted."),
                ),
                ("description", models.CharField(blank=True, max_length=255)),
                ("event_types", models.JSONField(default=list)),
                (
                    "environment",
                    models.CharField(choices=[("test", "Test"), ("live", "Live")], max_length=4),
                ),
                ("dialect", models.CharField(default="standard", max_length=16)),
                (
                    "status",
                    models.CharField(
                        choices=[("active", "Active"), ("disabled", "Disabled")],
                        default="active",
                        max_length=8,
                    ),
                ),
                ("disabled_reason", models.CharField(blank=True, max_length=255)),
                ("secret", models.TextField(help_text="Encrypted.")),
                ("previous_secret", models.TextField(blank=True, help_text="Encrypted.")),
                ("previous_secret_until", models.DateTimeField(blank=True, null=True)),
                ("signing_key", models.TextField(help_text="ed25519, encrypted.")),
                ("timeout_seconds", models.PositiveSmallIntegerField(default=15)),
                (
                    "concurrency",
                    models.PositiveSmallIntegerField(
                        default=4,
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(50),
                        ],
                    ),
                ),
                (
                    "retry_schedule",
                    models.JSONField(
                        blank=True,
                        default=list,
                        help_text="Seconds between attempts; empty means the standard.",
                    ),
                ),
                ("failure_count", models.PositiveIntegerField(default=0)),
                ("consecutive_failures", models.PositiveIntegerField(default=0)),
                ("first_failure_at", models.DateTimeField(blank=True, null=True)),
                (
                    "warned_percent",
                    models.PositiveSmallIntegerField(
                        default=0, help_text="Of the time until it is disabled, what was warned of."
                    ),
                ),
                ("last_success_at", models.DateTimeField(blank=True, null=True)),
                (
                    "paused_until",
                    models.DateTimeField(
                        blank=True,
                        help_text="Circuit open or throttled: nothing is sent before.",
                        null=True,
                    ),
                ),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("updated_at", models.DateTimeField(auto_now=True)),
                ("deleted_at", models.DateTimeField(blank=True, null=True)),
                (
                    "organization",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="endpoints",
                        to="tenants.organization",
                    ),
                ),
                (
                    "platform",
                    tenants.models.families.PlatformField(
                        db_index=False,
                        editable=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="tenants.organization",
                    ),
                ),
            ],
            options={
                "verbose_name": "webhook",
                "verbose_name_plural": "webhooks",
                "indexes": [
                    models.Index(
                        condition=models.Q(("deleted_at__isnull", True)),
                        fields=["platform", "-id"],
                        name="webhooks_family",
                    ),
                    models.Index(
                        condition=models.Q(
                            ("deleted_at__isnull", True),
                            models.Q(
                                ("status", "disabled"),
                                ("consecutive_failures__gt", 0),
                                _connector="OR",
                            ),
                        ),
                        fields=["platform", "first_failure_at"],
                        name="webhooks_in_trouble",
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("timeout_seconds__gte", 1), ("timeout_seconds__lte", 30)
                        ),
                        name="webhooks_timeout_range",
                        violation_error_message="The time out lies between 1 and 30 seconds.",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Delivery",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=tenants.ids.uuid7, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("pending", "Pending"),
                            ("sending", "Sending"),
                            ("delivered", "Delivered"),
                            ("exhausted", "Given up"),
                            ("missed", "Missed while disabled"),
                        ],
                        default="pending",
                        max_length=9,
                    ),
                ),
                ("attempt_count", models.PositiveSmallIntegerField(default=0)),
                (
                    "next_attempt_at",
                    models.DateTimeField(default=django.utils.timezone.now, null=True),
                ),
                ("delivered_at", models.DateTimeField(blank=True, null=True)),
                ("given_up_at", models.DateTimeField(blank=True, null=True)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                (
                    "event",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="deliveries",
                        to="tenants.event",
                    ),
                ),
                (
                    "organization",
                    models.ForeignKey(
                        help_text="The endpoint's.",
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="tenants.organization",
                    ),
                ),
                (
                    "platform",
                    tenants.models.families.PlatformField(
                        db_index=False,
                        editable=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="tenants.organization",
                    ),
                ),
                (
                    "endpoint",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="deliveries",
                        to="webhooks.endpoint",
                    ),
                ),
            ],
            options={
                "verbose_name": "delivery",
                "verbose_name_plural": "deliveries",
                "indexes": [
                    models.Index(
                        condition=models.Q(("state__in", ("pending", "sending"))),
                        fields=["next_attempt_at", "id"],
                        name="webhooks_due",
                    ),
                    models.Index(fields=["endpoint", "-id"], name="webhooks_of_endpoint"),
                    models.Index(fields=["platform", "-id"], name="webhooks_delivery_family"),
                    models.Index(
                        condition=models.Q(("state", "delivered"), _negated=True),
                        fields=["platform", "-id"],
                        name="webhooks_undelivered",
                    ),
                    models.Index(
                        condition=models.Q(("state", "exhausted")),
                        fields=["platform", "created_at"],
                        name="webhooks_given_up",
                    ),
                    models.Index(
                        condition=models.Q(("state", "exhausted")),
                        fields=["endpoint", "given_up_at"],
                        name="webhooks_given_up_at",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("event", "endpoint"), name="webhooks_once_per_endpoint"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Attempt",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=tenants.ids.uuid7, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("number", models.PositiveSmallIntegerField()),
                ("manual", models.BooleanField(default=False)),
                ("started_at", models.DateTimeField()),
                ("duration_ms", models.PositiveIntegerField()),
                ("status_code", models.PositiveSmallIntegerField(blank=True, null=True)),
                ("error", models.CharField(blank=True, max_length=255)),
                (
                    "address",
                    models.CharField(blank=True, help_text="The address dialled.", max_length=64),
                ),
                ("response_body", models.TextField(blank=True)),
                (
                    "organization",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="tenants.organization",
                    ),
                ),
                (
                    "delivery",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="attempts",
                        to="webhooks.delivery",
                    ),
                ),
            ],
        ),
    ]
