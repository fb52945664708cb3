from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("tenants", "0014_domain_findings")]

    operations = [migrations.RenameField("mail", "facts", "context")]
