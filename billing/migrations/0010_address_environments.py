from django.db import migrations, models


def tell_apart(apps, schema_editor):
    """What test organizations have is for trying out, as what a test token makes is from now on."""
    rows = apps.get_model("billing", "BillingAddress").objects
    rows.filter(organization__environment="test").update(environment="test")


class Migration(migrations.Migration):
    dependencies = [("billing", "0009_revisions_and_refusals")]

    operations = [
        migrations.AddField(
            model_name="billingaddress",
            name="environment",
            field=models.CharField(
                choices=[("test", "Test"), ("live", "Live")],
                db_default="live",
                default="live",
                help_text="Whether it was made for trying out, of whatever organization.",
                max_length=4,
            ),
        ),
        migrations.RunPython(tell_apart, migrations.RunPython.noop),
    ]
