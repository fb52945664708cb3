"""What the migrations up to 0043_network_reports come to, at once: a new database has nothing to move."""

import django.db.models.deletion
import django.db.models.functions.text
import django.utils.timezone
import peppol.models.payloads
import tenants.ids
import tenants.models.families
from django.conf import settings
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
        ("peppol", "0026_draft_names"),
        ("peppol", "0027_document_files"),
        ("peppol", "0028_whose_it_is_at_the_smp"),
        ("peppol", "0029_register_doubts"),
        ("peppol", "0030_files_of_companies"),
        ("peppol", "0031_message_statuses"),
        ("peppol", "0032_identification"),
        ("peppol", "0033_losses"),
        ("peppol", "0034_partner_names"),
        ("peppol", "0035_company_cards"),
        ("peppol", "0036_mandates"),
        ("peppol", "0037_company_stages"),
        ("peppol", "0038_company_runs"),
        ("peppol", "0039_sends_only"),
        ("peppol", "0040_staged_bulk"),
        ("peppol", "0041_registered_words"),
        ("peppol", "0042_answers_in_words"),
        ("peppol", "0043_network_reports"),
    ]

    initial = True

    dependencies = [
        ("tenants", "0037_list_views"),
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
                ("reading", models.JSONField(blank=True, db_default={}, default=dict)),
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
                ("address_country", models.CharField(blank=True, db_default="", max_length=2)),
                ("situation", models.CharField(blank=True, db_default="", max_length=3)),
                ("struck_off_on", models.DateField(blank=True, null=True)),
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
                (
                    "contact_url",
                    models.CharField(
                        blank=True,
                        db_default="",
                        default="",
                        help_text="Empty means the installation's own, TECHNICAL_CONTACT_URL.",
                        max_length=500,
                        verbose_name="technical contact",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("url", "fingerprint", "contact_url"),
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
                            ("list_in_directory", "List in the Directory"),
                            ("leave_directory", "Take out of the Directory"),
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
                            ("paused", "Paused"),
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
                (
                    "canary",
                    models.PositiveIntegerField(
                        db_default=0,
                        default=0,
                        help_text="So many are changed first; none means all at once.",
                    ),
                ),
                ("document_types", models.JSONField(blank=True, db_default=[], default=list)),
                (
                    "paused_because",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("canary", "The first are done: look at them, then go on"),
                            ("failures", "Too many of the latest failed"),
                            ("person", "Somebody paused it"),
                        ],
                        db_default="",
                        default="",
                        max_length=8,
                    ),
                ),
                ("resumed_at", models.DateTimeField(blank=True, null=True)),
                (
                    "stop_at",
                    models.PositiveSmallIntegerField(
                        db_default=10,
                        default=10,
                        help_text="Percent of failures among the latest that stop it.",
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
                            ("received", "Delivered, without a confirmation"),
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
                ("partner_key", models.CharField(editable=False, max_length=60, null=True)),
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
                    models.Index(
                        fields=["partner_key"],
                        name="peppol_document_partner",
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
                (
                    "net",
                    models.DecimalField(blank=True, decimal_places=2, max_digits=18, null=True),
                ),
                ("receiver_name", models.CharField(blank=True, db_default="", max_length=255)),
                ("self_billed", models.BooleanField(db_default=False)),
                ("sender_name", models.CharField(blank=True, db_default="", max_length=255)),
                (
                    "tax",
                    models.DecimalField(blank=True, decimal_places=2, max_digits=18, null=True),
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
                            ("active", "Registered"),
                            ("waiting", "Waiting to retry"),
                            ("failed", "Failed"),
                            ("elsewhere", "Registered elsewhere"),
                            ("unregistering", "Unregistering"),
                            ("unregistered", "Unregistered"),
                            ("sends_only", "Sends only"),
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
                (
                    "put_up_at",
                    models.DateTimeField(
                        blank=True,
                        help_text="Since when something of it may be at the SMP.",
                        null=True,
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
                            (
                                "state__in",
                                ("pending", "publishing", "waiting", "active", "sends_only"),
                            )
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
                ("repair_asked_at", models.DateTimeField(blank=True, null=True)),
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
                ("is_read", models.BooleanField(db_default=False, default=False)),
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
        migrations.CreateModel(
            name="DocumentFile",
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
                ("document", models.UUIDField()),
                ("name", models.CharField(max_length=255)),
                ("media_type", models.CharField(max_length=127)),
                ("size", models.PositiveIntegerField()),
                ("content", models.BinaryField()),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                (
                    "organization",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="document_files",
                        to="tenants.organization",
                    ),
                ),
            ],
            options={
                "verbose_name": "file beside a document",
                "verbose_name_plural": "files beside documents",
                "indexes": [
                    models.Index(fields=["organization", "document"], name="peppol_files_beside"),
                    models.Index(fields=["document"], name="peppol_files_of_document"),
                ],
            },
        ),
        migrations.CreateModel(
            name="PdfConversion",
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
                ("content", models.BinaryField(help_text="The XML of the invoice.")),
                ("created_at", models.DateTimeField(auto_now_add=True, db_index=True)),
                (
                    "organization",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="pdf_conversions",
                        to="tenants.organization",
                    ),
                ),
            ],
            options={
                "verbose_name": "conversion of a PDF",
                "verbose_name_plural": "conversions of PDFs",
                "indexes": [
                    models.Index(fields=["organization", "-id"], name="peppol_conversions")
                ],
            },
        ),
        migrations.CreateModel(
            name="ImportLayout",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("fingerprint", models.CharField(max_length=64)),
                ("titles", models.JSONField()),
                ("mapping", models.JSONField()),
                ("used_at", models.DateTimeField()),
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
                "constraints": [
                    models.UniqueConstraint(
                        fields=("organization", "fingerprint"), name="peppol_import_layout_once"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="StatusMessage",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=tenants.ids.uuid7, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "receiver",
                    models.CharField(help_text="The sender's service provider.", max_length=140),
                ),
                (
                    "wants_success",
                    models.BooleanField(help_text="Whether good news is asked for, too."),
                ),
                (
                    "code",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("AP", "Delivered, and the receiver confirmed it"),
                            ("AB", "Delivered, without a confirmation"),
                            ("RE", "Rejected"),
                        ],
                        max_length=2,
                    ),
                ),
                (
                    "issues",
                    models.JSONField(blank=True, default=list, help_text="Why it is rejected."),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("pending", "Pending"),
                            ("sent", "Sent"),
                            ("unwanted", "Not asked for"),
                            ("failed", "Failed"),
                        ],
                        default="pending",
                        max_length=8,
                    ),
                ),
                ("attempt_count", models.PositiveSmallIntegerField(default=0)),
                ("submitted_at", models.DateTimeField(blank=True, null=True)),
                ("next_attempt_at", models.DateTimeField(blank=True, null=True)),
                ("last_error", models.TextField(blank=True)),
                ("raw_answer", models.TextField(blank=True, help_text="For the operator alone.")),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("updated_at", models.DateTimeField(auto_now=True)),
                (
                    "document",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="status_message",
                        to="peppol.document",
                    ),
                ),
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
                "verbose_name": "message level status",
                "verbose_name_plural": "message level statuses",
                "indexes": [
                    models.Index(fields=["organization"], name="peppol_status_of"),
                    models.Index(
                        condition=models.Q(("next_attempt_at__isnull", False)),
                        fields=["next_attempt_at"],
                        name="peppol_status_due",
                    ),
                    models.Index(
                        condition=models.Q(("state", "failed")),
                        fields=["document"],
                        name="peppol_status_failed",
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state__in", ("pending", "failed")),
                            models.Q(("code", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="peppol_status_says",
                        violation_error_message="A status that is sent says something.",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Identification",
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
                            ("asked", "Asked for"),
                            ("in_review", "In review"),
                            ("verified", "Verified"),
                            ("refused", "Refused"),
                            ("expired", "Expired"),
                        ],
                        max_length=9,
                        verbose_name="State",
                    ),
                ),
                (
                    "legal_name",
                    models.CharField(blank=True, max_length=255, verbose_name="Legal name"),
                ),
                (
                    "register_number",
                    models.CharField(
                        blank=True, max_length=64, verbose_name="Number in the register"
                    ),
                ),
                (
                    "representative",
                    models.CharField(blank=True, max_length=255, verbose_name="Representative"),
                ),
                (
                    "authority",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("statutory", "Director or other legal representative"),
                            ("owner", "Owner of a business of one's own"),
                            ("proxy", "By power of attorney"),
                        ],
                        max_length=9,
                        verbose_name="Authority",
                    ),
                ),
                (
                    "method",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("document", "Document"),
                            ("register_extract", "Extract of the company register"),
                            ("iban", "Bank account"),
                            ("eid", "Electronic identity"),
                            ("platform", "The platform vouches for it"),
                        ],
                        max_length=16,
                        verbose_name="Method",
                    ),
                ),
                (
                    "reference",
                    models.CharField(
                        blank=True,
                        help_text="An IBAN, or what the provider says.",
                        max_length=255,
                        verbose_name="Reference",
                    ),
                ),
                ("asked_at", models.DateTimeField(blank=True, null=True)),
                ("submitted_at", models.DateTimeField(blank=True, null=True)),
                ("submitted_by", models.CharField(blank=True, max_length=255)),
                ("decided_at", models.DateTimeField(blank=True, null=True)),
                ("decided_by", models.CharField(blank=True, max_length=255)),
                (
                    "reason",
                    models.TextField(
                        blank=True, help_text="What was asked, or why it was refused."
                    ),
                ),
                (
                    "valid_until",
                    models.DateField(
                        blank=True,
                        help_text="When it is checked again; empty where none is in force.",
                        null=True,
                    ),
                ),
                (
                    "profile",
                    models.JSONField(
                        blank=True,
                        default=dict,
                        help_text="What the company said of itself when it was verified.",
                    ),
                ),
                (
                    "identifiers",
                    models.JSONField(
                        blank=True,
                        default=list,
                        help_text="The Peppol identifiers that were verified with it.",
                    ),
                ),
                (
                    "confirmations",
                    models.JSONField(
                        blank=True,
                        default=list,
                        help_text="What registers say of what was handed in.",
                    ),
                ),
                (
                    "look_up_at",
                    models.DateTimeField(
                        blank=True, help_text="When registers are asked.", null=True
                    ),
                ),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("updated_at", models.DateTimeField(auto_now=True)),
                (
                    "organization",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="identification",
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
                    "verifier",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "identification",
                "verbose_name_plural": "identifications",
                "indexes": [
                    models.Index(fields=["platform", "state"], name="peppol_identification_family"),
                    models.Index(
                        condition=models.Q(("state", "in_review")),
                        fields=["submitted_at"],
                        name="peppol_identification_waiting",
                    ),
                    models.Index(
                        condition=models.Q(("valid_until__isnull", False)),
                        fields=["valid_until"],
                        name="peppol_identification_until",
                    ),
                    models.Index(
                        condition=models.Q(("look_up_at__isnull", False)),
                        fields=["look_up_at"],
                        name="peppol_identification_look_up",
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "verified"), _negated=True),
                            ("valid_until__isnull", False),
                            _connector="OR",
                        ),
                        name="peppol_identification_verified_until",
                        violation_error_message="What is verified is so until a day.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state__in", ("refused", "expired")), _negated=True),
                            ("valid_until__isnull", True),
                            _connector="OR",
                        ),
                        name="peppol_identification_ended",
                        violation_error_message="What was refused or expired is over.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Evidence",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=tenants.ids.uuid7, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("name", models.CharField(max_length=255)),
                ("media_type", models.CharField(max_length=64)),
                ("size", models.PositiveIntegerField()),
                ("digest", models.CharField(help_text="SHA-256.", max_length=64)),
                (
                    "content",
                    models.BinaryField(help_text="Encrypted with the installation's keys."),
                ),
                ("retain_until", models.DateField()),
                ("purged_at", models.DateTimeField(blank=True, null=True)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                (
                    "organization",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="tenants.organization",
                    ),
                ),
                (
                    "identification",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="evidence",
                        to="peppol.identification",
                    ),
                ),
            ],
            options={
                "verbose_name": "evidence",
                "verbose_name_plural": "evidence",
                "indexes": [
                    models.Index(
                        condition=models.Q(("purged_at__isnull", True)),
                        fields=["retain_until"],
                        name="peppol_evidence_outdated",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="WatchRound",
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
                            ("running", "Running"),
                            ("done", "Done"),
                            ("stopped", "Stopped: too much seems to be lost"),
                        ],
                        default="running",
                        max_length=7,
                    ),
                ),
                ("cursor", models.UUIDField(blank=True, null=True)),
                (
                    "most",
                    models.PositiveIntegerField(help_text="So many are looked at, and no more."),
                ),
                ("looked_at", models.PositiveIntegerField(default=0)),
                ("unanswered", models.PositiveIntegerField(default=0)),
                ("doubted", models.PositiveIntegerField(default=0)),
                ("different", models.PositiveIntegerField(default=0)),
                (
                    "believed",
                    models.BooleanField(
                        default=False, help_text="Somebody said that so many are really lost."
                    ),
                ),
                ("last_error", models.TextField(blank=True)),
                (
                    "next_attempt_at",
                    models.DateTimeField(blank=True, default=django.utils.timezone.now, null=True),
                ),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("finished_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "verbose_name": "look at registrations",
                "verbose_name_plural": "looks at registrations",
                "ordering": ["-id"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state", "running")),
                        fields=("state",),
                        name="peppol_one_watch_at_a_time",
                        violation_error_code="watch_taken",
                        violation_error_message="Registrations are being looked at already.",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Loss",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=tenants.ids.uuid7, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("smp", models.CharField(blank=True, max_length=255)),
                ("seen_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("next_look_at", models.DateTimeField(blank=True, null=True)),
                ("confirmed_at", models.DateTimeField(blank=True, null=True)),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
                (
                    "outcome",
                    models.CharField(
                        blank=True,
                        choices=[("taken_back", "Taken back"), ("let_go", "Let go")],
                        max_length=10,
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
                (
                    "participant",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="losses",
                        to="peppol.participant",
                    ),
                ),
            ],
            options={
                "verbose_name": "lost registration",
                "verbose_name_plural": "lost registrations",
                "ordering": ["-id"],
                "indexes": [
                    models.Index(
                        condition=models.Q(("next_look_at__isnull", False)),
                        fields=["next_look_at"],
                        name="peppol_loss_to_look_at",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("ended_at", None)),
                        fields=("participant",),
                        name="peppol_one_open_loss",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="CompanyCard",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=tenants.ids.uuid7, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "is_listed",
                    models.BooleanField(
                        db_default=True,
                        default=True,
                        help_text="Without a business card the Directory lists nothing.",
                        verbose_name="In the Peppol Directory",
                    ),
                ),
                (
                    "names",
                    models.JSONField(blank=True, default=dict, help_text="The name by language."),
                ),
                ("location", models.CharField(blank=True, max_length=500)),
                (
                    "identifiers",
                    models.JSONField(blank=True, default=list, help_text="Pairs of scheme, value."),
                ),
                ("websites", models.JSONField(blank=True, default=list)),
                (
                    "contacts",
                    models.JSONField(
                        blank=True, default=list, help_text="Kind, name, phone, e-mail."
                    ),
                ),
                ("additional", models.CharField(blank=True, max_length=2000)),
                ("registered_on", models.DateField(blank=True, null=True)),
                (
                    "document_types",
                    models.JSONField(
                        blank=True,
                        default=list,
                        help_text="What it receives; empty means the usual set.",
                    ),
                ),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("updated_at", models.DateTimeField(auto_now=True)),
                (
                    "organization",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="company_card",
                        to="tenants.organization",
                    ),
                ),
            ],
            options={
                "verbose_name": "business card",
                "verbose_name_plural": "business cards",
            },
        ),
        migrations.CreateModel(
            name="Mandate",
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
                            ("asked", "Asked for"),
                            ("signed", "Signed"),
                            ("expired", "Expired"),
                            ("revoked", "Revoked"),
                        ],
                        default="asked",
                        max_length=7,
                        verbose_name="State",
                    ),
                ),
                ("scope", models.JSONField(default=list)),
                ("starts_on", models.DateField(verbose_name="From")),
                ("ends_on", models.DateField(blank=True, null=True, verbose_name="Until")),
                ("language", models.CharField(max_length=2)),
                ("text", models.TextField()),
                ("text_digest", models.CharField(max_length=64)),
                (
                    "method",
                    models.CharField(
                        blank=True,
                        choices=[("file", "Signed copy"), ("link", "Confirmed on a link")],
                        max_length=4,
                    ),
                ),
                ("signed_at", models.DateTimeField(blank=True, null=True)),
                ("signed_by", models.CharField(blank=True, max_length=255)),
                ("signed_as", models.CharField(blank=True, max_length=255)),
                (
                    "signed_from",
                    models.CharField(blank=True, help_text="The network address.", max_length=45),
                ),
                ("reason", models.TextField(blank=True, help_text="Why it was revoked.")),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
                ("warned_at", models.DateTimeField(blank=True, null=True)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                (
                    "organization",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="mandates",
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
                "verbose_name": "mandate",
                "verbose_name_plural": "mandates",
                "indexes": [
                    models.Index(fields=["platform", "-id"], name="peppol_mandates_listed"),
                    models.Index(
                        fields=["organization", "state"], name="peppol_mandates_of_company"
                    ),
                    models.Index(
                        condition=models.Q(("ends_on__isnull", False), ("state", "signed")),
                        fields=["ends_on"],
                        name="peppol_mandates_ending",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state", "asked")),
                        fields=("organization",),
                        name="peppol_mandate_asked_once",
                        violation_error_code="mandate_asked_taken",
                        violation_error_message="A mandate of this company waits to be signed already.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("signed_at", None), ("state", "asked")),
                            ("state", "revoked"),
                            ("signed_at__isnull", False),
                            _connector="OR",
                        ),
                        name="peppol_mandate_signed",
                        violation_error_message="A mandate in force is signed.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("ends_on", None),
                            ("ends_on__gte", models.F("starts_on")),
                            _connector="OR",
                        ),
                        name="peppol_mandate_days",
                        violation_error_message="A mandate ends after it begins.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="MandateFile",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=tenants.ids.uuid7, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("name", models.CharField(max_length=255)),
                ("media_type", models.CharField(max_length=64)),
                ("size", models.PositiveIntegerField()),
                ("digest", models.CharField(help_text="SHA-256.", max_length=64)),
                (
                    "content",
                    models.BinaryField(help_text="Encrypted with the installation's keys."),
                ),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                (
                    "mandate",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="file",
                        to="peppol.mandate",
                    ),
                ),
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
                "verbose_name": "signed copy",
                "verbose_name_plural": "signed copies",
            },
        ),
        migrations.CreateModel(
            name="CompanyStage",
            fields=[
                (
                    "organization",
                    models.OneToOneField(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="kept_stage",
                        serialize=False,
                        to="tenants.organization",
                    ),
                ),
                (
                    "environment",
                    models.CharField(choices=[("test", "Test"), ("live", "Live")], max_length=4),
                ),
                (
                    "stage",
                    models.CharField(
                        choices=[
                            ("needs_you", "Needs you"),
                            ("needs_client", "Needs the client"),
                            ("waiting", "Waiting for the network"),
                            ("live", "Live"),
                            ("trial", "In test mode"),
                            ("suspended", "Suspended"),
                            ("closed", "Closed"),
                        ],
                        max_length=12,
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
                "indexes": [
                    models.Index(
                        fields=["platform", "stage", "-organization"],
                        name="peppol_stage_of_platform",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="CompanyRun",
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
                            ("register", "Register on the network"),
                            ("take_off", "Take off the network"),
                            ("suspend", "Suspend"),
                            ("reactivate", "Reactivate"),
                            ("keys", "Issue keys"),
                            ("revoke_keys", "Revoke the keys"),
                            ("invite", "Invite"),
                            ("withdraw", "Withdraw the invitations"),
                            ("limits", "Set document limits"),
                            ("give_back", "Give back the former limits"),
                        ],
                        max_length=16,
                    ),
                ),
                ("options", models.JSONField(blank=True, default=dict)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("chosen", "Not started"),
                            ("running", "Running"),
                            ("stopped", "Stopped"),
                            ("done", "Done"),
                        ],
                        default="chosen",
                        max_length=8,
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
                (
                    "undoes",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="undone_by",
                        to="peppol.companyrun",
                    ),
                ),
            ],
            options={
                "verbose_name": "run",
                "verbose_name_plural": "runs",
                "indexes": [
                    models.Index(fields=["organization", "-id"], name="peppol_runs_of_platform")
                ],
            },
        ),
        migrations.CreateModel(
            name="CompanyRunLine",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("ready", "To come"),
                            ("done", "Done"),
                            ("left_out", "Left out"),
                            ("failed", "Failed"),
                        ],
                        db_default="ready",
                        default="ready",
                        max_length=8,
                    ),
                ),
                ("said", models.JSONField(blank=True, db_default={}, default=dict)),
                ("made", models.JSONField(blank=True, db_default={}, default=dict)),
                ("secret", models.TextField(blank=True, db_default="", default="", editable=False)),
                ("attempts", models.PositiveSmallIntegerField(db_default=0, default=0)),
                ("claimed_until", models.DateTimeField(blank=True, null=True)),
                (
                    "company",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="tenants.organization",
                    ),
                ),
                (
                    "organization",
                    models.ForeignKey(
                        help_text="Whose run it is.",
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="tenants.organization",
                    ),
                ),
                (
                    "run",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="lines",
                        to="peppol.companyrun",
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["run", "state", "id"], name="peppol_run_next")],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("run", "company"), name="peppol_run_company_once"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="BulkResult",
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
                            ("pending", "Under way"),
                            ("done", "Read back"),
                            ("noted", "Noted down"),
                            ("failed", "Failed"),
                        ],
                        max_length=7,
                    ),
                ),
                ("detail", models.TextField(blank=True)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("settled_at", models.DateTimeField(blank=True, null=True)),
                (
                    "operation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="results",
                        to="peppol.bulkoperation",
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
                (
                    "participant",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="bulk_results",
                        to="peppol.participant",
                    ),
                ),
            ],
            options={
                "verbose_name": "result",
                "verbose_name_plural": "results",
                "indexes": [
                    models.Index(fields=["operation", "state"], name="peppol_bulk_result_state")
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("operation", "participant"), name="peppol_bulk_result_once"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="CertificateWarning",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("fingerprint", models.CharField(max_length=64)),
                ("days", models.PositiveSmallIntegerField()),
                ("ends_at", models.DateTimeField()),
                ("told_at", models.DateTimeField(auto_now_add=True)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("fingerprint", "days"), name="peppol_certificate_warning_once"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="NetworkReport",
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
                        choices=[("eusr", "End users (EUSR)"), ("tsr", "Transactions (TSR)")],
                        max_length=4,
                    ),
                ),
                ("month", models.DateField(help_text="Its first day.")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("due", "To be fetched"),
                            ("ready", "Ready to be filed"),
                            ("doubtful", "In doubt"),
                            ("filed", "Filed"),
                        ],
                        default="due",
                        max_length=8,
                    ),
                ),
                ("content", models.TextField(blank=True)),
                (
                    "findings",
                    models.JSONField(blank=True, default=list, help_text="What it has against it."),
                ),
                (
                    "figures",
                    models.JSONField(blank=True, default=dict, help_text="What it counts."),
                ),
                (
                    "own_figures",
                    models.JSONField(blank=True, default=dict, help_text="What we count."),
                ),
                (
                    "officially",
                    models.BooleanField(
                        default=False, help_text="Whether official rules judged it."
                    ),
                ),
                ("last_error", models.TextField(blank=True)),
                ("fetched_at", models.DateTimeField(blank=True, null=True)),
                ("next_attempt_at", models.DateTimeField(blank=True, null=True)),
                ("filed_at", models.DateTimeField(blank=True, null=True)),
                ("filed_by", models.CharField(blank=True, max_length=255)),
                ("reference", models.CharField(blank=True, max_length=255)),
                ("reminded_at", models.DateTimeField(blank=True, null=True)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
            ],
            options={
                "verbose_name": "report to OpenPeppol",
                "verbose_name_plural": "reports to OpenPeppol",
                "ordering": ["-month", "kind"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("month", "kind"), name="peppol_network_report_once"
                    )
                ],
            },
        ),
    ]
