import django.core.validators
from django.db import migrations, models


def stop_after_the_end(apps, schema_editor):
    """What ended before now included nothing any more, and now stops sending as it was said to."""
    Subscription = apps.get_model("billing", "Subscription")
    current = Subscription.objects.filter(ended_at=None).values("organization")
    ended = Subscription.objects.exclude(ended_at=None).values("organization")
    apps.get_model("tenants", "Organization").objects.filter(
        pk__in=ended, document_quota=0
    ).exclude(pk__in=current).update(quota_is_hard=True)


class Migration(migrations.Migration):
    dependencies = [
        ("billing", "0011_verified_companies"),
        ("tenants", "0025_document_limits"),
    ]

    operations = [
        migrations.AddField(
            "plan",
            "quota_is_hard",
            models.BooleanField(
                "stops at its documents",
                db_default=False,
                default=False,
                help_text="Sending stops when the included documents are used up.",
            ),
        ),
        migrations.AddField(
            "plan",
            "documents_per_day",
            models.PositiveIntegerField(
                "documents sent a day",
                null=True,
                blank=True,
                validators=[django.core.validators.MinValueValidator(1)],
                help_text="No more are sent on one day; empty means any number.",
            ),
        ),
        migrations.AddConstraint(
            "plan",
            models.CheckConstraint(
                condition=models.Q(quota_is_hard=False) | models.Q(included_documents__gt=0),
                name="billing_hard_plan_includes",
                violation_error_message="A plan that stops at its documents includes some.",
            ),
        ),
        migrations.AddField(
            "subscriptionterms",
            "quota_is_hard",
            models.BooleanField(db_default=False, default=False),
        ),
        migrations.RemoveConstraint("quotanotice", "billing_notice_once"),
        migrations.RenameField("quotanotice", "month", "on"),
        migrations.AlterField(
            "quotanotice",
            "on",
            models.DateField(help_text="The day, or the first one of the month."),
        ),
        migrations.AddField(
            "quotanotice",
            "period",
            models.CharField(
                choices=[("month", "Month"), ("day", "Day")], default="month", max_length=5
            ),
        ),
        migrations.AddConstraint(
            "quotanotice",
            models.UniqueConstraint(
                fields=("organization", "period", "on", "percentage"), name="billing_notice_once"
            ),
        ),
        migrations.RunPython(stop_after_the_end, migrations.RunPython.noop),
    ]
