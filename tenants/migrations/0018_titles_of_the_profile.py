import tenants.models.profiles
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("tenants", "0017_impersonation"),
    ]

    operations = [
        migrations.AlterField(
            model_name="organization",
            name="address_country",
            field=models.CharField(
                blank=True,
                max_length=2,
                validators=[tenants.models.profiles.validate_country],
                verbose_name="Country of the address",
            ),
        ),
        migrations.AlterField(
            model_name="organization",
            name="address_line1",
            field=models.CharField(blank=True, max_length=255, verbose_name="Street and number"),
        ),
        migrations.AlterField(
            model_name="organization",
            name="address_line2",
            field=models.CharField(blank=True, max_length=255, verbose_name="Addition"),
        ),
        migrations.AlterField(
            model_name="organization",
            name="city",
            field=models.CharField(blank=True, max_length=255, verbose_name="City"),
        ),
        migrations.AlterField(
            model_name="organization",
            name="company_number",
            field=models.CharField(blank=True, max_length=64, verbose_name="Company number"),
        ),
        migrations.AlterField(
            model_name="organization",
            name="country",
            field=models.CharField(
                blank=True,
                max_length=2,
                validators=[tenants.models.profiles.validate_country],
                verbose_name="Country",
            ),
        ),
        migrations.AlterField(
            model_name="organization",
            name="description",
            field=models.TextField(blank=True, max_length=2000, verbose_name="Description"),
        ),
        migrations.AlterField(
            model_name="organization",
            name="display_name",
            field=models.CharField(blank=True, max_length=255, verbose_name="Display name"),
        ),
        migrations.AlterField(
            model_name="organization",
            name="email",
            field=models.EmailField(blank=True, max_length=254, verbose_name="E-mail address"),
        ),
        migrations.AlterField(
            model_name="organization",
            name="legal_name",
            field=models.CharField(blank=True, max_length=255, verbose_name="Legal name"),
        ),
        migrations.AlterField(
            model_name="organization",
            name="name",
            field=models.CharField(max_length=255, verbose_name="Name"),
        ),
        migrations.AlterField(
            model_name="organization",
            name="phone",
            field=models.CharField(blank=True, max_length=64, verbose_name="Phone"),
        ),
        migrations.AlterField(
            model_name="organization",
            name="postal_code",
            field=models.CharField(blank=True, max_length=32, verbose_name="Postal code"),
        ),
        migrations.AlterField(
            model_name="organization",
            name="state",
            field=models.CharField(blank=True, max_length=255, verbose_name="State or province"),
        ),
    ]
