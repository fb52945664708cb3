from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("tenants", "0018_titles_of_the_profile"),
    ]

    operations = [
        migrations.AddField(
            model_name="seal",
            name="accepted",
            field=models.CharField(blank=True, db_default="", max_length=64),
        ),
        migrations.AddField(
            model_name="seal",
            name="accepted_by",
            field=models.CharField(blank=True, db_default="", max_length=255),
        ),
        migrations.AddField(
            model_name="seal",
            name="accepted_reason",
            field=models.TextField(blank=True, db_default=""),
        ),
        migrations.AddField(
            model_name="seal",
            name="compared_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="seal",
            name="keyed",
            field=models.BooleanField(db_default=False, default=True),
        ),
    ]
