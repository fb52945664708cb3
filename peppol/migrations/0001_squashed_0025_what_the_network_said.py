"""What the migrations up to 0025_what_the_network_said come to, at once: a new database has nothing to move."""

import django.db.models.deletion
import django.db.models.functions.text
import peppol.models.payloads
import tenants.ids
import tenants.models.families
from django.db import migrations, models


class Migration(migrations.Migration):
    replaces = [
        ("peppol", "0001_initial"),
        ("peppol", "0002_words"),
        ("peppol", "0003_transfers_and_bulk"),
        ("peppol", "0004_registers"),
        ("peppol", "0005_documents_and_usage"),
        ("peppol", "0006_imports"),
        ("peppol", "0007_document_number"),
        ("peppol", "0008_usage_words"),
        ("peppol", "0009_document_drafts"),
        ("peppol", "0010_plurals"),
        ("peppol", "0011_troubles"),
        ("peppol", "0012_words"),
        ("peppol", "0013_held_documents"),
        ("peppol", "0014_families"),
        ("peppol", "0015_draft_words"),
        ("peppol", "0016_family_usage"),
        ("peppol", "0017_documents_to_send"),
        ("peppol", "0018_files_read_by_the_worker"),
        ("peppol", "0019_search"),
        ("peppol", "0020_found_by"),
        ("peppol", "0021_rule_releases"),
        ("peppol", "0022_unknown_documents"),
        ("peppol", "0023_kinds_and_names"),
        ("peppol", "0024_failed_documents"),
        ("peppol", "0025_what_the_network_said"),
    ]

    initial = True

    dependencies = [
        ("tenants", "0032_file_removals"),
    ]

    operations = [
        migrations.CreateModel(
            name="Circuit",
            fields=[
                ("name", models.CharField(max_length=255, primary_key=True, serialize=False)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("closed", "Closed"),
                            ("open", "Open"),
                            ("half_open", "Half open"),
                        ],
                        default="closed",
                        max_length=9,
                    ),
                ),
                (
                    "trouble",
                    models.CharField(
                        choices=[
                            ("silence", "It does not answer"),
                            ("credentials", "It does not accept our credentials"),
                            ("writing", "It takes no changes at the moment"),
                        ],
                        db_default="silence",
                        default="silence",
                        max_length=11,
                        verbose_name="Trouble",
                    ),
                ),
                ("failures", models.PositiveIntegerField(default=0, help_text="In a row.")),
                ("last_error", models.TextField(blank=True)),
                ("opened_at", models.DateTimeField(blank=True, null=True)),
                ("next_probe_at", models.DateTimeField(blank=True, null=True)),
                ("updated_at", models.DateTimeField(auto_now=True)),
            ],
        ),
        migrations.CreateModel(
            name="CompanyImport",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=tenants.ids.uuid7, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("filename", models.CharField(max_length=255)),
                (
                    "size",
                    models.PositiveIntegerField(
                        db_default=0, default=0, help_text="Of the file, in bytes."
                    ),
                ),
                (
                    "problem",
                    models.TextField(blank=True, db_default="", help_text="Why it cannot be read."),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("reading", "Being read"),
                            ("refused", "Cannot be read"),
                            ("uploaded", "Uploaded"),
                            ("checked", "Checked"),
                            ("running", "Running"),
                            ("stopped", "Stopped"),
                            ("done", "Done"),
                        ],
                        default="uploaded",
                        max_length=8,
                    ),
                ),
                ("columns", models.JSONField(blank=True, default=list)),
                ("mapping", models.JSONField(blank=True, default=dict)),
                (
                    "register",
                    models.BooleanField(
                        default=True,
                        help_text="Register every company on the network that has an identifier.",
                    ),
                ),
                (
                    "with_keys",
                    models.BooleanField(
                        default=False,
                        help_text="Issue a key for each; the result file shows them once.",
                    ),
                ),
                ("total", models.PositiveIntegerField(default=0)),
                ("actor_kind", models.CharField(max_length=6)),
                ("actor_id", models.CharField(blank=True, max_length=64)),
                ("actor_label", models.CharField(blank=True, max_length=255)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("started_at", models.DateTimeField(blank=True, null=True)),
                ("finished_at", models.DateTimeField(blank=True, null=True)),
                (
                    "organization",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="tenants.organization",
                    ),
                ),
            ],
            options={
                "verbose_name": "import",
                "verbose_name_plural": "imports",
            },
        ),
        migrations.CreateModel(
            name="RegisteredCompany",
            fields=[
                ("number", models.CharField(max_length=10, primary_key=True, serialize=False)),
                ("status", models.CharField(max_length=2)),
                ("legal_form", models.CharField(blank=True, max_length=8)),
                ("started_on", models.DateField(blank=True, null=True)),
                ("names", models.JSONField(default=dict)),
                ("street", models.CharField(blank=True, max_length=255)),
                ("postal_code", models.CharField(blank=True, max_length=32)),
                ("city", models.CharField(blank=True, max_length=255)),
                ("extract", models.PositiveIntegerField(db_index=True)),
                ("names_extract", models.PositiveIntegerField(default=0)),
            ],
            options={
                "verbose_name_plural": "registered companies",
            },
        ),
        migrations.CreateModel(
            name="RegisterImport",
            fields=[
                ("extract", models.PositiveIntegerField(primary_key=True, serialize=False)),
                ("kind", models.CharField(max_length=8)),
                ("snapshot_on", models.CharField(max_length=10)),
                ("step", models.CharField(blank=True, max_length=32)),
                ("rows", models.PositiveIntegerField(default=0)),
                ("started_at", models.DateTimeField(auto_now_add=True)),
                ("finished_at", models.DateTimeField(blank=True, null=True)),
            ],
        ),
        migrations.CreateModel(
            name="AccessPoint",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=tenants.ids.uuid7, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("url", models.URLField(max_length=500, verbose_name="AS4 address")),
                ("certificate", models.TextField(help_text="Base64 of DER, in one line.")),
                (
                    "fingerprint",
                    models.CharField(help_text="SHA-256 of the certificate.", max_length=64),
                ),
                ("created_at", models.DateTimeField(auto_now_add=True)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("url", "fingerprint"),
                        name="peppol_access_point_once",
                        violation_error_code="access_point_taken",
                        violation_error_message="This access point is known already.",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="BulkOperation",
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
                        choices=[
                            ("access_point", "Change the access point"),
                            ("add_document_type", "Add a document type"),
                            ("remove_document_type", "Remove a document type"),
                            ("republish", "Publish everything anew"),
                            ("reconcile", "Compare with the SMP"),
                        ],
                        max_length=20,
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("running", "Running"),
                            ("done", "Done"),
                            ("cancelled", "Cancelled"),
                        ],
                        default="running",
                        max_length=9,
                    ),
                ),
                ("document_type", models.CharField(blank=True, max_length=600)),
                ("cursor", models.UUIDField(blank=True, null=True)),
                ("total", models.PositiveIntegerField(default=0)),
                ("visited", models.PositiveIntegerField(default=0)),
                ("succeeded", models.PositiveIntegerField(default=0)),
                ("failed", models.PositiveIntegerField(default=0)),
                ("last_error", models.TextField(blank=True)),
                ("next_attempt_at", models.DateTimeField(blank=True, null=True)),
                ("started_by", models.CharField(max_length=255)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("finished_at", models.DateTimeField(blank=True, null=True)),
                (
                    "access_point",
                    models.ForeignKey(
                        blank=True,
                        help_text="Empty means the installation's own.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="peppol.accesspoint",
                    ),
                ),
                (
                    "platform",
                    models.ForeignKey(
                        blank=True,
                        help_text="Only companies of this platform; empty means all.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="tenants.organization",
                    ),
                ),
            ],
            options={
                "ordering": ["-id"],
            },
        ),
        migrations.CreateModel(
            name="Document",
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
                        choices=[("test", "Test"), ("live", "Live")], default="live", max_length=4
                    ),
                ),
                (
                    "direction",
                    models.CharField(
                        choices=[("outbound", "Sent"), ("inbound", "Received")], max_length=8
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("invoice", "Invoice"),
                            ("credit_note", "Credit note"),
                            ("response", "Invoice response"),
                            ("status", "Message level status"),
                            ("other", "Other"),
                        ],
                        max_length=11,
                    ),
                ),
                (
                    "format",
                    models.CharField(
                        choices=[("ubl", "UBL"), ("json", "JSON"), ("xml", "XML")],
                        default="ubl",
                        max_length=4,
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("accepted", "Accepted"),
                            ("sending", "Sending"),
                            ("delivered", "Delivered"),
                            ("failed", "Failed"),
                            ("unknown", "Unknown"),
                            ("received", "Received"),
                            ("held", "Held back"),
                        ],
                        max_length=9,
                    ),
                ),
                (
                    "response",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("", "None yet"),
                            ("received", "Received by the access point"),
                            ("accepted", "Accepted"),
                            ("rejected", "Rejected"),
                        ],
                        max_length=8,
                    ),
                ),
                (
                    "instance_id",
                    models.CharField(
                        help_text="Of what was received, as its sender chose.",
                        max_length=255,
                        verbose_name="SBDH instance id",
                    ),
                ),
                ("sender", models.CharField(max_length=140)),
                ("receiver", models.CharField(max_length=140)),
                ("document_type", models.CharField(max_length=600)),
                ("process", models.CharField(blank=True, max_length=300)),
                (
                    "country_c1",
                    models.CharField(
                        blank=True, max_length=2, verbose_name="country of the sender"
                    ),
                ),
                ("sender_name", models.CharField(blank=True, db_default="", max_length=255)),
                ("receiver_name", models.CharField(blank=True, db_default="", max_length=255)),
                (
                    "self_billed",
                    models.BooleanField(
                        db_default=False,
                        default=False,
                        help_text="The buyer wrote and sent it for the seller.",
                    ),
                ),
                (
                    "answer",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("AB", "Received"),
                            ("IP", "In process"),
                            ("UQ", "Under query"),
                            ("CA", "Accepted on conditions"),
                            ("RE", "Rejected"),
                            ("AP", "Accepted"),
                            ("PD", "Paid"),
                        ],
                        db_default="",
                        max_length=2,
                    ),
                ),
                ("number", models.CharField(blank=True, max_length=255)),
                ("issued_on", models.DateField(blank=True, null=True)),
                ("currency", models.CharField(blank=True, max_length=3)),
                (
                    "amount",
                    models.DecimalField(blank=True, decimal_places=2, max_digits=18, null=True),
                ),
                (
                    "net",
                    models.DecimalField(blank=True, decimal_places=2, max_digits=18, null=True),
                ),
                (
                    "tax",
                    models.DecimalField(blank=True, decimal_places=2, max_digits=18, null=True),
                ),
                (
                    "payload",
                    models.FileField(
                        max_length=255,
                        storage=peppol.models.payloads.payload_storage,
                        upload_to=peppol.models.payloads.payload_path,
                    ),
                ),
                ("payload_size", models.PositiveIntegerField(default=0)),
                (
                    "payload_digest",
                    models.CharField(blank=True, help_text="SHA-256.", max_length=64),
                ),
                (
                    "retain_until",
                    models.DateField(help_text="What the law of the company's country asks for."),
                ),
                (
                    "transmission",
                    models.JSONField(
                        blank=True, default=dict, help_text="What the access point told of it."
                    ),
                ),
                ("attempt_count", models.PositiveSmallIntegerField(default=0)),
                ("next_attempt_at", models.DateTimeField(blank=True, null=True)),
                ("claim", models.UUIDField(blank=True, editable=False, null=True)),
                ("last_error", models.TextField(blank=True)),
                (
                    "error_code",
                    models.CharField(
                        blank=True,
                        db_default="",
                        help_text="What kind of error it is, for programs.",
                        max_length=40,
                        verbose_name="Error code",
                    ),
                ),
                (
                    "raw_answer",
                    models.TextField(
                        blank=True,
                        db_default="",
                        help_text="For the operator alone.",
                        verbose_name="What the network said",
                    ),
                ),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("finished_at", models.DateTimeField(blank=True, null=True)),
                ("updated_at", models.DateTimeField(auto_now=True)),
                (
                    "about",
                    models.ForeignKey(
                        blank=True,
                        help_text="Of an answer, the invoice that it answers.",
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="answers",
                        to="peppol.document",
                    ),
                ),
                (
                    "organization",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="documents",
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
                "verbose_name": "document",
                "verbose_name_plural": "documents",
                "indexes": [
                    models.Index(fields=["organization", "-id"], name="peppol_document_page"),
                    models.Index(
                        fields=["organization", "created_at"], name="peppol_document_by_time"
                    ),
                    models.Index(fields=["platform", "-id"], name="peppol_document_family"),
                    models.Index(
                        fields=["platform", "created_at"], name="peppol_document_family_time"
                    ),
                    models.Index(
                        condition=models.Q(("next_attempt_at__isnull", False)),
                        fields=["next_attempt_at", "id"],
                        name="peppol_document_due",
                    ),
                    models.Index(
                        condition=models.Q(
                            ("next_attempt_at__isnull", False), ("state", "accepted")
                        ),
                        fields=["next_attempt_at", "id"],
                        name="peppol_document_to_send",
                    ),
                    models.Index(fields=["retain_until"], name="peppol_document_outdated"),
                    models.Index(
                        condition=models.Q(("state", "failed")),
                        fields=["platform", "-id"],
                        name="peppol_document_failed",
                    ),
                    models.Index(
                        condition=models.Q(("state", "failed")),
                        fields=["-id"],
                        name="peppol_document_failed_all",
                    ),
                    models.Index(
                        condition=models.Q(("state__in", ("accepted", "sending"))),
                        fields=["created_at"],
                        name="peppol_document_under_way",
                    ),
                    models.Index(
                        condition=models.Q(("state", "held")),
                        fields=["organization", "receiver"],
                        name="peppol_document_held",
                    ),
                    models.Index(
                        condition=models.Q(("state", "unknown")),
                        fields=["created_at"],
                        name="peppol_document_unknown",
                    ),
                    models.Index(
                        condition=models.Q(("response", "rejected")),
                        fields=["platform", "-id"],
                        name="peppol_document_rejected",
                    ),
                    models.Index(fields=["sender"], name="peppol_document_sender"),
                    models.Index(fields=["receiver"], name="peppol_document_receiver"),
                    models.Index(fields=["instance_id"], name="peppol_document_instance"),
                    models.Index(
                        fields=["number"],
                        name="peppol_document_number",
                        opclasses=["varchar_pattern_ops"],
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("organization", "direction", "instance_id"),
                        name="peppol_document_once",
                        violation_error_code="document_taken",
                        violation_error_message="This document is there already.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("direction", "inbound"), ("state__in", ("received", "held"))),
                            models.Q(
                                ("direction", "outbound"),
                                models.Q(("state__in", ("received", "held")), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="peppol_document_state_fits",
                        violation_error_message="Received is what came in, and nothing else.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ComplianceReport",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=tenants.ids.uuid7, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("country", models.CharField(max_length=2)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("pending", "Pending"),
                            ("reported", "Reported"),
                            ("failed", "Failed"),
                        ],
                        default="pending",
                        max_length=8,
                    ),
                ),
                (
                    "reference",
                    models.CharField(blank=True, help_text="The authority's own.", max_length=255),
                ),
                ("attempt_count", models.PositiveSmallIntegerField(default=0)),
                ("next_attempt_at", models.DateTimeField(blank=True, null=True)),
                ("last_error", models.TextField(blank=True)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("updated_at", models.DateTimeField(auto_now=True)),
                (
                    "organization",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="compliance_reports",
                        to="tenants.organization",
                    ),
                ),
                (
                    "document",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="compliance_reports",
                        to="peppol.document",
                    ),
                ),
            ],
            options={
                "verbose_name": "report to a tax authority",
                "verbose_name_plural": "reports to tax authorities",
                "indexes": [
                    models.Index(
                        condition=models.Q(("state", "failed")),
                        fields=["organization", "-id"],
                        name="peppol_report_failed",
                    ),
                    models.Index(
                        condition=models.Q(("next_attempt_at__isnull", False)),
                        fields=["next_attempt_at"],
                        name="peppol_report_due",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("document", "country"),
                        name="peppol_report_once",
                        violation_error_code="report_taken",
                        violation_error_message="This document is reported to this country already.",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="DocumentDraft",
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
                        choices=[("test", "Test"), ("live", "Live")], default="live", max_length=4
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("invoice", "Invoice"),
                            ("credit_note", "Credit note"),
                            ("response", "Invoice response"),
                            ("status", "Message level status"),
                            ("other", "Other"),
                        ],
                        max_length=11,
                    ),
                ),
                ("sender", models.CharField(blank=True, max_length=140)),
                ("receiver", models.CharField(blank=True, max_length=140)),
                ("number", models.CharField(blank=True, max_length=255)),
                ("issued_on", models.DateField(blank=True, null=True)),
                ("currency", models.CharField(blank=True, max_length=3)),
                (
                    "amount",
                    models.DecimalField(blank=True, decimal_places=2, max_digits=18, null=True),
                ),
                ("content", models.BinaryField()),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("updated_at", models.DateTimeField(auto_now=True)),
                (
                    "organization",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="document_drafts",
                        to="tenants.organization",
                    ),
                ),
            ],
            options={
                "verbose_name": "draft",
                "verbose_name_plural": "drafts",
                "indexes": [models.Index(fields=["organization", "-id"], name="peppol_draft_page")],
            },
        ),
        migrations.CreateModel(
            name="FamilyUsage",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=tenants.ids.uuid7, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "environment",
                    models.CharField(choices=[("test", "Test"), ("live", "Live")], max_length=4),
                ),
                ("on", models.DateField()),
                ("sent", models.PositiveBigIntegerField(default=0)),
                ("received", models.PositiveBigIntegerField(default=0)),
                ("failed", models.PositiveBigIntegerField(default=0)),
                ("compliance_reports", models.PositiveBigIntegerField(default=0)),
                ("shard", models.PositiveSmallIntegerField(default=0)),
                (
                    "organization",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="tenants.organization",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("organization", "on", "environment", "shard"),
                        name="peppol_family_day_once",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="ImportLine",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=tenants.ids.uuid7, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "number",
                    models.PositiveIntegerField(
                        help_text="Of the line in the file; titles are line 1."
                    ),
                ),
                ("cells", models.JSONField()),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("new", "Not checked"),
                            ("ready", "Ready"),
                            ("bad", "Has to be corrected"),
                            ("done", "Imported"),
                            ("failed", "Failed"),
                        ],
                        default="new",
                        max_length=6,
                    ),
                ),
                ("problems", models.JSONField(blank=True, default=list)),
                ("warnings", models.JSONField(blank=True, default=list)),
                ("identifier", models.CharField(blank=True, max_length=140)),
                (
                    "secret",
                    models.TextField(
                        blank=True, editable=False, help_text="Encrypted, until shown."
                    ),
                ),
                ("attempts", models.PositiveSmallIntegerField(default=0)),
                ("claimed_until", models.DateTimeField(blank=True, null=True)),
                (
                    "batch",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="lines",
                        to="peppol.companyimport",
                    ),
                ),
                (
                    "company",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="tenants.organization",
                    ),
                ),
                (
                    "organization",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="tenants.organization",
                    ),
                ),
            ],
            options={
                "ordering": ["number"],
                "indexes": [
                    models.Index(fields=["batch", "state", "number"], name="peppol_import_next")
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("batch", "number"), name="peppol_import_line_once"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="MonthlyUsage",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=tenants.ids.uuid7, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "environment",
                    models.CharField(choices=[("test", "Test"), ("live", "Live")], max_length=4),
                ),
                ("on", models.DateField()),
                ("sent", models.PositiveBigIntegerField(default=0)),
                ("received", models.PositiveBigIntegerField(default=0)),
                ("failed", models.PositiveBigIntegerField(default=0)),
                ("compliance_reports", models.PositiveBigIntegerField(default=0)),
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
                "verbose_name": "month of usage",
                "verbose_name_plural": "usage",
                "indexes": [
                    models.Index(fields=["on", "organization"], name="peppol_usage_by_month"),
                    models.Index(fields=["platform", "on"], name="peppol_usage_family"),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("organization", "on", "environment"), name="peppol_usage_month_once"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Participant",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=tenants.ids.uuid7, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("scheme", models.CharField(help_text="ICD, such as 0208.", max_length=4)),
                ("value", models.CharField(max_length=135)),
                (
                    "environment",
                    models.CharField(
                        choices=[("test", "Test"), ("live", "Live")], default="live", max_length=4
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("draft", "Draft"),
                            ("pending", "Pending"),
                            ("publishing", "Publishing"),
                            ("active", "Active"),
                            ("waiting", "Waiting to retry"),
                            ("failed", "Failed"),
                            ("elsewhere", "Registered elsewhere"),
                            ("unregistering", "Unregistering"),
                            ("unregistered", "Unregistered"),
                        ],
                        default="draft",
                        max_length=13,
                    ),
                ),
                (
                    "card_name",
                    models.CharField(
                        blank=True, help_text="Name on the business card.", max_length=255
                    ),
                ),
                (
                    "card_names",
                    models.JSONField(
                        blank=True,
                        default=dict,
                        help_text="The name by language, as the company register has it.",
                    ),
                ),
                (
                    "document_types",
                    models.JSONField(
                        blank=True,
                        default=list,
                        help_text="What it receives; empty means the usual set.",
                    ),
                ),
                (
                    "metadata_state",
                    models.CharField(
                        choices=[
                            ("none", "Not published"),
                            ("pending", "Pending"),
                            ("published", "Published"),
                            ("failed", "Failed"),
                        ],
                        default="none",
                        help_text="Whether a change of access point or document types is out.",
                        max_length=9,
                    ),
                ),
                (
                    "card_state",
                    models.CharField(
                        choices=[
                            ("none", "Not published"),
                            ("pending", "Pending"),
                            ("published", "Published"),
                            ("failed", "Failed"),
                        ],
                        default="none",
                        max_length=9,
                    ),
                ),
                (
                    "directory_state",
                    models.CharField(
                        choices=[
                            ("none", "Not published"),
                            ("pending", "Pending"),
                            ("published", "Published"),
                            ("failed", "Failed"),
                        ],
                        default="none",
                        max_length=9,
                    ),
                ),
                (
                    "publication_error",
                    models.TextField(
                        blank=True,
                        help_text="What keeps the business card or the Directory entry back.",
                    ),
                ),
                ("warnings", models.JSONField(blank=True, default=list)),
                ("attempt_count", models.PositiveSmallIntegerField(default=0)),
                ("next_attempt_at", models.DateTimeField(blank=True, null=True)),
                ("claim", models.UUIDField(blank=True, editable=False, null=True)),
                ("last_error", models.TextField(blank=True)),
                (
                    "error_code",
                    models.CharField(
                        blank=True,
                        db_default="",
                        help_text="What kind of error it is, for programs.",
                        max_length=40,
                        verbose_name="Error code",
                    ),
                ),
                (
                    "raw_answer",
                    models.TextField(
                        blank=True,
                        db_default="",
                        help_text="For the operator alone.",
                        verbose_name="What the network said",
                    ),
                ),
                ("requested_at", models.DateTimeField(blank=True, null=True)),
                ("registered_at", models.DateTimeField(blank=True, null=True)),
                ("unregistered_at", models.DateTimeField(blank=True, null=True)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("updated_at", models.DateTimeField(auto_now=True)),
                (
                    "access_point",
                    models.ForeignKey(
                        blank=True,
                        help_text="Empty means the installation's own.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="participants",
                        to="peppol.accesspoint",
                    ),
                ),
                (
                    "bulk_operation",
                    models.ForeignKey(
                        blank=True,
                        help_text="The last one that changed it.",
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="participants",
                        to="peppol.bulkoperation",
                    ),
                ),
                (
                    "organization",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="participants",
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
                "verbose_name": "registration",
                "verbose_name_plural": "registrations",
                "indexes": [
                    models.Index(
                        condition=models.Q(("next_attempt_at__isnull", False)),
                        fields=["next_attempt_at", "id"],
                        name="peppol_due",
                    ),
                    models.Index(fields=["state"], name="peppol_by_state"),
                    models.Index(fields=["platform", "-id"], name="peppol_participant_family"),
                    models.Index(fields=["platform", "state"], name="peppol_participant_state"),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        models.F("organization"),
                        models.F("scheme"),
                        django.db.models.functions.text.Lower("value"),
                        name="peppol_once_per_organization",
                        violation_error_code="identifier_taken",
                        violation_error_message="This company has this Peppol identifier already.",
                    ),
                    models.UniqueConstraint(
                        models.F("scheme"),
                        django.db.models.functions.text.Lower("value"),
                        condition=models.Q(
                            ("state__in", ("pending", "publishing", "waiting", "active"))
                        ),
                        name="peppol_registered_once",
                        violation_error_code="identifier_registered_taken",
                        violation_error_message="This Peppol identifier is already registered on the network.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Finding",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=tenants.ids.uuid7, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("identifier", models.CharField(max_length=140)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("missing", "Registered here, unknown to the SMP"),
                            ("unknown", "At the SMP, unknown here"),
                            ("different", "The SMP shows something else"),
                        ],
                        max_length=9,
                    ),
                ),
                ("detail", models.TextField(blank=True)),
                ("repaired_at", models.DateTimeField(blank=True, null=True)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                (
                    "operation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="findings",
                        to="peppol.bulkoperation",
                    ),
                ),
                (
                    "organization",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="tenants.organization",
                    ),
                ),
                (
                    "participant",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="peppol.participant",
                    ),
                ),
            ],
            options={
                "verbose_name": "difference",
                "verbose_name_plural": "differences",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("operation", "identifier"), name="peppol_finding_once"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="RuleRelease",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.CharField(max_length=32, verbose_name="Release")),
                ("name", models.CharField(max_length=100, verbose_name="Name")),
                ("mandatory_from", models.DateField(verbose_name="Mandatory from")),
                ("kinds", models.JSONField(default=dict)),
                ("sheets", models.BinaryField()),
                ("digest", models.CharField(max_length=64)),
                ("installed_at", models.DateTimeField(auto_now=True, verbose_name="Installed")),
            ],
            options={
                "verbose_name": "release of rules",
                "verbose_name_plural": "releases of rules",
                "constraints": [
                    models.UniqueConstraint(
                        models.F("name"),
                        models.F("number"),
                        name="rule_release_once",
                        violation_error_message="This release is installed already.",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Transfer",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=tenants.ids.uuid7, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "direction",
                    models.CharField(
                        choices=[("inbound", "To us"), ("outbound", "Away from us")], max_length=8
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("pending", "Pending"),
                            ("ready", "Ready: the key is there"),
                            ("finishing", "Finishing"),
                            ("cancelling", "Cancelling"),
                            ("completed", "Completed"),
                            ("cancelled", "Cancelled"),
                            ("failed", "Failed"),
                        ],
                        default="pending",
                        max_length=10,
                    ),
                ),
                ("key", models.TextField(blank=True, editable=False, help_text="Encrypted.")),
                ("last_error", models.TextField(blank=True)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("updated_at", models.DateTimeField(auto_now=True)),
                ("finished_at", models.DateTimeField(blank=True, null=True)),
                (
                    "organization",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="tenants.organization",
                    ),
                ),
                (
                    "participant",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="transfers",
                        to="peppol.participant",
                    ),
                ),
            ],
            options={
                "verbose_name": "transfer",
                "verbose_name_plural": "transfers",
                "ordering": ["-id"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(
                            ("state__in", ("pending", "ready", "finishing", "cancelling"))
                        ),
                        fields=("participant",),
                        name="peppol_one_transfer_at_a_time",
                        violation_error_code="transfer_taken",
                        violation_error_message="A transfer of this participant is under way already.",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="ImportFile",
            fields=[
                (
                    "batch",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="file",
                        serialize=False,
                        to="peppol.companyimport",
                    ),
                ),
                ("content", models.BinaryField()),
                ("attempts", models.PositiveSmallIntegerField(default=0)),
                ("claimed_until", models.DateTimeField(blank=True, null=True)),
                (
                    "organization",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="tenants.organization",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="DailyUsage",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=tenants.ids.uuid7, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "environment",
                    models.CharField(choices=[("test", "Test"), ("live", "Live")], max_length=4),
                ),
                ("on", models.DateField()),
                ("sent", models.PositiveBigIntegerField(default=0)),
                ("received", models.PositiveBigIntegerField(default=0)),
                ("failed", models.PositiveBigIntegerField(default=0)),
                ("compliance_reports", models.PositiveBigIntegerField(default=0)),
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
                "verbose_name": "day of usage",
                "verbose_name_plural": "usage by day",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("organization", "on", "environment"), name="peppol_usage_day_once"
                    )
                ],
            },
        ),
    ]
