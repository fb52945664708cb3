"""A statement's language, the price of its overage and its companies' tenant ids become rows."""

from decimal import Decimal, InvalidOperation
from importlib import import_module

from django.conf import settings
from django.db import migrations, models
from lxml import etree

_UNCHANGEABLE = import_module("billing.migrations.0004_unchangeable")


def fill(apps, schema_editor):
    """What statements so far were made from, as near as it is still known."""
    Statement = apps.get_model("billing", "Statement")
    Line = apps.get_model("billing", "StatementLine")
    for row in Statement.objects.select_related("organization").iterator(chunk_size=500):
        chosen = (row.organization.defaults or {}).get("language")
        row.language = chosen if chosen in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE
        row.overage_price = overage_price(row)
        row.save(update_fields=["language", "overage_price"])
    for row in Line.objects.exclude(company=None).select_related("company").iterator(500):
        row.tenant_id = str((row.company.metadata or {}).get("tenantId", ""))[:255]
        if row.tenant_id:
            row.save(update_fields=["tenant_id"])


def overage_price(row):
    """As the UBL has it, whose last line it is; else from the lines, to a part of a cent."""
    overage = row.documents - row.included
    if overage <= 0:
        return Decimal(0)
    try:
        with row.ubl.open("rb") as file:
            prices = etree.parse(file).findall(".//{*}InvoiceLine/{*}Price/{*}PriceAmount")
        return Decimal(prices[-1].text).quantize(Decimal("0.0001"))
    except (OSError, etree.XMLSyntaxError, IndexError, InvalidOperation, TypeError):
        amount = sum(row.lines.values_list("overage_amount", flat=True), Decimal(0))
        return (amount / overage).quantize(Decimal("0.0001"))


class Migration(migrations.Migration):
    dependencies = [("billing", "0005_words")]

    operations = [
        migrations.RunPython(_UNCHANGEABLE.allow, _UNCHANGEABLE.forbid),
        migrations.AddField(
            model_name="statement",
            name="language",
            field=models.CharField(default="en", help_text="Of its PDF and UBL.", max_length=8),
        ),
        migrations.AddField(
            model_name="statement",
            name="overage_price",
            field=models.DecimalField(
                decimal_places=4,
                default=Decimal("0"),
                help_text="Of one document of overage.",
                max_digits=12,
            ),
        ),
        migrations.AddField(
            model_name="statementline",
            name="tenant_id",
            field=models.CharField(
                blank=True,
                help_text="What the platform called the company then.",
                max_length=255,
            ),
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
        migrations.RunPython(_UNCHANGEABLE.forbid, _UNCHANGEABLE.allow),
    ]
