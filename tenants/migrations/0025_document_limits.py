from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("tenants", "0024_verification")]

    operations = [
        migrations.AddField(
            "organization",
            "quota_is_hard",
            models.BooleanField(
                db_default=False, default=False, help_text="Sending stops when they are used up."
            ),
        ),
        migrations.AddField(
            "organization",
            "documents_per_day",
            models.PositiveIntegerField(
                blank=True,
                null=True,
                help_text="That it and its companies may send; empty means any.",
            ),
        ),
    ]
