from django.db import migrations, models
from django.db.models import Max, OuterRef, Subquery
from django.db.models.functions import Coalesce


def date_what_was_given_up(apps, schema_editor):
    """What was given up was so with its last attempt."""
    tries = apps.get_model("webhooks", "Attempt").objects.filter(delivery=OuterRef("pk"))
    last = tries.order_by().values("delivery").annotate(at=Max("started_at")).values("at")
    rows = apps.get_model("webhooks", "Delivery").objects.filter(state="exhausted")
    rows.update(given_up_at=Coalesce(Subquery(last), "created_at"))


class Migration(migrations.Migration):
    dependencies = [("webhooks", "0007_families")]

    operations = [
        migrations.AddField(
            model_name="delivery",
            name="given_up_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.RunPython(date_what_was_given_up, migrations.RunPython.noop),
        migrations.AddIndex(
            model_name="delivery",
            index=models.Index(
                condition=models.Q(("state", "exhausted")),
                fields=["endpoint", "given_up_at"],
                name="webhooks_given_up_at",
            ),
        ),
    ]
