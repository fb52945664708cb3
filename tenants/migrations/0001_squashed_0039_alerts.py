"""What the migrations up to 0039_alerts come to, at once: a new database has nothing to move."""

import django.core.validators
import django.db.models.deletion
import django.db.models.functions.text
import django.utils.timezone
import tenants.ids
import tenants.models.families
import tenants.models.profiles
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    replaces = [
        ("tenants", "0001_initial"),
        ("tenants", "0002_applications"),
        ("tenants", "0003_people_and_mails"),
        ("tenants", "0004_branding_and_domains"),
        ("tenants", "0005_words"),
        ("tenants", "0006_billing_and_makers"),
        ("tenants", "0007_founders"),
        ("tenants", "0008_document_defaults"),
        ("tenants", "0009_suspensions"),
        ("tenants", "0010_visits"),
        ("tenants", "0011_seals"),
        ("tenants", "0012_plurals"),
        ("tenants", "0013_logos"),
        ("tenants", "0014_domain_findings"),
        ("tenants", "0015_mail_context"),
        ("tenants", "0016_payer_words"),
        ("tenants", "0017_impersonation"),
        ("tenants", "0018_titles_of_the_profile"),
        ("tenants", "0019_keyed_seals"),
        ("tenants", "0020_former_payers"),
        ("tenants", "0021_sign_in_version"),
        ("tenants", "0022_files_on_their_way"),
        ("tenants", "0023_families"),
        ("tenants", "0024_verification"),
        ("tenants", "0025_document_limits"),
        ("tenants", "0026_stamps"),
        ("tenants", "0027_troubles"),
        ("tenants", "0028_search"),
        ("tenants", "0029_withholding"),
        ("tenants", "0030_tallies"),
        ("tenants", "0031_organization_tenants_own_quotas"),
        ("tenants", "0032_file_removals"),
        ("tenants", "0033_names_in_order"),
        ("tenants", "0034_identification"),
        ("tenants", "0035_client_links"),
        ("tenants", "0036_mandate_policy"),
        ("tenants", "0037_list_views"),
        ("tenants", "0038_mail_routing"),
        ("tenants", "0039_alerts"),
    ]

    initial = True

    dependencies = [
        ("auth", "0012_alter_user_first_name_max_length"),
    ]

    operations = [
        migrations.CreateModel(
            name="Heartbeat",
            fields=[
                ("name", models.CharField(max_length=64, primary_key=True, serialize=False)),
                ("beat_at", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="Stamp",
            fields=[
                ("name", models.CharField(max_length=64, primary_key=True, serialize=False)),
                ("value", models.CharField(max_length=64)),
            ],
        ),
        migrations.CreateModel(
            name="User",
            fields=[
                ("password", models.CharField(max_length=128, verbose_name="password")),
                (
                    "last_login",
                    models.DateTimeField(blank=True, null=True, verbose_name="last login"),
                ),
                (
                    "is_superuser",
                    models.BooleanField(
                        default=False,
                        help_text="Designates that this user has all permissions without explicitly assigning them.",
                        verbose_name="superuser status",
                    ),
                ),
                (
                    "id",
                    models.UUIDField(
                        default=tenants.ids.uuid7, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("email", models.EmailField(max_length=254, unique=True)),
                ("first_name", models.CharField(blank=True, max_length=150)),
                ("last_name", models.CharField(blank=True, max_length=150)),
                ("is_staff", models.BooleanField(default=False, verbose_name="operator staff")),
                ("is_active", models.BooleanField(default=True)),
                ("date_joined", models.DateTimeField(auto_now_add=True)),
                ("sign_in_version", models.PositiveIntegerField(default=0, editable=False)),
                (
                    "groups",
                    models.ManyToManyField(
                        blank=True,
                        help_text="The groups this user belongs to. A user will get all permissions granted to each of their groups.",
                        related_name="user_set",
                        related_query_name="user",
                        to="auth.group",
                        verbose_name="groups",
                    ),
                ),
                (
                    "user_permissions",
                    models.ManyToManyField(
                        blank=True,
                        help_text="Specific permissions for this user.",
                        related_name="user_set",
                        related_query_name="user",
                        to="auth.permission",
                        verbose_name="user permissions",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        django.db.models.functions.text.Lower("email"),
                        name="tenants_email_taken",
                        violation_error_code="email_taken",
                        violation_error_message="A user with this e-mail address already exists.",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="FilePiece",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=tenants.ids.uuid7, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "storage",
                    models.CharField(
                        help_text="The name by which settings know it.", max_length=32
                    ),
                ),
                ("name", models.CharField(max_length=255)),
                ("number", models.PositiveIntegerField()),
                ("content", models.BinaryField()),
                ("attempt_count", models.PositiveIntegerField(default=0)),
                ("next_attempt_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("last_error", models.CharField(blank=True, max_length=255)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("number", 0)),
                        fields=["next_attempt_at", "id"],
                        name="tenants_file_due",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("storage", "name", "number"), name="tenants_file_piece_once"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="FileRemoval",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=tenants.ids.uuid7, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "storage",
                    models.CharField(
                        help_text="The name by which settings know it.", max_length=32
                    ),
                ),
                ("name", models.CharField(max_length=255)),
                ("attempt_count", models.PositiveIntegerField(default=0)),
                ("next_attempt_at", models.DateTimeField(db_index=True)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("storage", "name"), name="tenants_file_removal_once"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Organization",
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
                            ("business", "Business"),
                            ("platform", "Platform"),
                            ("managed", "Managed company"),
                        ],
                        max_length=10,
                    ),
                ),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("pending", "Pending"),
                            ("active", "Active"),
                            ("suspended", "Suspended"),
                            ("closed", "Closed"),
                        ],
                        default="active",
                        max_length=10,
                    ),
                ),
                (
                    "status_reason",
                    models.TextField(blank=True, help_text="Why it was suspended or closed."),
                ),
                (
                    "environment",
                    models.CharField(
                        choices=[("test", "Test"), ("live", "Live")],
                        db_default="live",
                        default="live",
                        max_length=4,
                    ),
                ),
                (
                    "test_mode",
                    models.BooleanField(default=False, help_text="Kept off the Peppol network."),
                ),
                ("name", models.CharField(max_length=255, verbose_name="Name")),
                (
                    "legal_name",
                    models.CharField(blank=True, max_length=255, verbose_name="Legal name"),
                ),
                (
                    "display_name",
                    models.CharField(blank=True, max_length=255, verbose_name="Display name"),
                ),
                (
                    "description",
                    models.TextField(blank=True, max_length=2000, verbose_name="Description"),
                ),
                (
                    "country",
                    models.CharField(
                        blank=True,
                        max_length=2,
                        validators=[tenants.models.profiles.validate_country],
                        verbose_name="Country",
                    ),
                ),
                (
                    "company_number",
                    models.CharField(blank=True, max_length=64, verbose_name="Company number"),
                ),
                (
                    "vat_number",
                    models.CharField(blank=True, max_length=64, verbose_name="VAT number"),
                ),
                ("tax_number", models.CharField(blank=True, max_length=64)),
                ("economy_id", models.CharField(blank=True, max_length=64)),
                (
                    "address_line1",
                    models.CharField(blank=True, max_length=255, verbose_name="Street and number"),
                ),
                (
                    "address_line2",
                    models.CharField(blank=True, max_length=255, verbose_name="Addition"),
                ),
                (
                    "postal_code",
                    models.CharField(blank=True, max_length=32, verbose_name="Postal code"),
                ),
                ("city", models.CharField(blank=True, max_length=255, verbose_name="City")),
                (
                    "state",
                    models.CharField(blank=True, max_length=255, verbose_name="State or province"),
                ),
                (
                    "address_country",
                    models.CharField(
                        blank=True,
                        max_length=2,
                        validators=[tenants.models.profiles.validate_country],
                        verbose_name="Country of the address",
                    ),
                ),
                (
                    "email",
                    models.EmailField(blank=True, max_length=254, verbose_name="E-mail address"),
                ),
                ("phone", models.CharField(blank=True, max_length=64, verbose_name="Phone")),
                ("currency", models.CharField(blank=True, max_length=3)),
                ("timezone", models.CharField(blank=True, max_length=64)),
                ("capabilities", models.JSONField(blank=True, default=list)),
                (
                    "metadata",
                    models.JSONField(
                        blank=True,
                        default=dict,
                        validators=[tenants.models.profiles.validate_metadata],
                    ),
                ),
                (
                    "defaults",
                    models.JSONField(
                        blank=True,
                        default=dict,
                        help_text="For its documents: the preferred format, the countries to report to.",
                    ),
                ),
                (
                    "withhold_billing",
                    models.BooleanField(
                        db_default=False,
                        default=False,
                        help_text="Its usage goes on nobody's statement.",
                    ),
                ),
                (
                    "gln",
                    models.CharField(blank=True, db_default="", max_length=32, verbose_name="GLN"),
                ),
                ("billing_address_id", models.UUIDField(blank=True, null=True)),
                ("handle", models.CharField(blank=True, max_length=255, null=True)),
                ("vat_key", models.CharField(blank=True, max_length=64, null=True)),
                ("name_key", models.CharField(blank=True, max_length=255, null=True)),
                (
                    "company_limit",
                    models.PositiveIntegerField(
                        blank=True,
                        help_text="How many companies the plan allows; empty means any.",
                        null=True,
                    ),
                ),
                (
                    "document_quota",
                    models.PositiveIntegerField(
                        blank=True, help_text="Documents a month that the plan includes.", null=True
                    ),
                ),
                (
                    "quota_is_hard",
                    models.BooleanField(
                        db_default=False,
                        default=False,
                        help_text="Sending stops when they are used up.",
                    ),
                ),
                (
                    "documents_per_day",
                    models.PositiveIntegerField(
                        blank=True,
                        help_text="That it and its companies may send; empty means any.",
                        null=True,
                    ),
                ),
                (
                    "white_label",
                    models.BooleanField(
                        db_default=False,
                        default=False,
                        help_text="May brand its portal and use its own domain.",
                    ),
                ),
                (
                    "verify_companies",
                    models.BooleanField(
                        db_default=False,
                        default=False,
                        help_text="What it makes waits until staff verified it.",
                    ),
                ),
                (
                    "may_withhold_billing",
                    models.BooleanField(
                        db_default=False,
                        default=False,
                        help_text="Decides itself what goes on nobody's statement.",
                    ),
                ),
                ("requests_per_minute", models.PositiveIntegerField(db_default=100, default=100)),
                ("requests_per_hour", models.PositiveIntegerField(db_default=1000, default=1000)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("updated_at", models.DateTimeField(auto_now=True)),
                ("closed_at", models.DateTimeField(blank=True, null=True)),
                ("deleted_at", models.DateTimeField(blank=True, null=True)),
                (
                    "bill_to",
                    models.ForeignKey(
                        blank=True,
                        help_text="Whose statement its usage goes on; empty means its platform's or its own.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="billed_organizations",
                        to="tenants.organization",
                    ),
                ),
                (
                    "contact_person",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "created_by_organization",
                    models.ForeignKey(
                        blank=True,
                        help_text="Which organization made it and keeps access to it without managing it.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="created_organizations",
                        to="tenants.organization",
                    ),
                ),
                (
                    "created_by_user",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "founder",
                    models.ForeignKey(
                        blank=True,
                        help_text="Who registered it as their own business.",
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "parent",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="companies",
                        to="tenants.organization",
                        verbose_name="platform",
                    ),
                ),
                (
                    "identification_policy",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("trusted", "Nothing is asked"),
                            ("before_sending", "Before it sends"),
                            ("before_registering", "Before it is registered"),
                        ],
                        db_default="",
                        help_text="For it and its companies; empty means the installation's.",
                        max_length=18,
                    ),
                ),
                (
                    "identifies_companies",
                    models.BooleanField(
                        db_default=False,
                        default=False,
                        help_text="Verifies itself who its companies are.",
                    ),
                ),
                (
                    "mandate_policy",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("none", "None is asked for"),
                            ("before_sending", "Before it sends"),
                            ("before_registering", "Before it is registered"),
                        ],
                        db_default="",
                        help_text="For its companies; empty means the installation's.",
                        max_length=18,
                    ),
                ),
            ],
            options={
                "verbose_name": "organization",
                "verbose_name_plural": "organizations",
                "indexes": [
                    models.Index(fields=["parent", "-id"], name="tenants_company_page"),
                    models.Index(fields=["status", "kind"], name="tenants_by_status"),
                    models.Index(
                        condition=models.Q(("deleted_at__isnull", True)),
                        fields=["parent", "status", "created_at"],
                        name="tenants_company_states",
                    ),
                    models.Index(fields=["parent", "name"], name="tenants_company_names"),
                    models.Index(
                        condition=models.Q(("document_quota__isnull", False)),
                        fields=["parent"],
                        name="tenants_own_quotas",
                    ),
                    models.Index(
                        condition=models.Q(("deleted_at__isnull", True)),
                        fields=["parent", "name", "id"],
                        include=("created_by_organization", "founder", "bill_to"),
                        name="tenants_company_order",
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("kind", "managed"), ("parent__isnull", False)),
                            models.Q(
                                models.Q(("kind", "managed"), _negated=True),
                                ("parent__isnull", True),
                            ),
                            _connector="OR",
                        ),
                        name="tenants_managed_has_parent",
                        violation_error_message="A managed company, and no other, has a platform.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("name", ""), _negated=True),
                        name="tenants_named",
                        violation_error_message="An organization needs a name.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("closed_at__isnull", False), ("status", "closed")),
                            models.Q(
                                models.Q(("status", "closed"), _negated=True),
                                ("closed_at__isnull", True),
                            ),
                            _connector="OR",
                        ),
                        name="tenants_closed_since",
                        violation_error_message="A closed organization, and no other, has a closing time.",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("deleted_at__isnull", True)),
                        fields=("founder",),
                        name="tenants_profile_taken",
                        violation_error_code="profile_taken",
                        violation_error_message="This person has registered a business already.",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("deleted_at__isnull", True)),
                        fields=("parent", "handle"),
                        name="tenants_handle_taken",
                        violation_error_code="handle_taken",
                        violation_error_message="A company with this handle already exists.",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("deleted_at__isnull", True)),
                        fields=("parent", "vat_key"),
                        name="tenants_vat_taken",
                        violation_error_code="vat_taken",
                        violation_error_message="A company with this VAT number already exists.",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("deleted_at__isnull", True)),
                        fields=("parent", "name_key"),
                        name="tenants_name_taken",
                        violation_error_code="name_taken",
                        violation_error_message="A company with this name already exists.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Membership",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=tenants.ids.uuid7, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "role",
                    models.CharField(
                        choices=[
                            ("owner", "Owner"),
                            ("admin", "Administrator"),
                            ("developer", "Developer"),
                            ("billing", "Billing"),
                            ("viewer", "Viewer"),
                        ],
                        max_length=10,
                    ),
                ),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="memberships",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "organization",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="memberships",
                        to="tenants.organization",
                    ),
                ),
            ],
            options={
                "verbose_name": "member",
                "verbose_name_plural": "members",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("organization", "user"),
                        name="tenants_member_taken",
                        violation_error_code="member_taken",
                        violation_error_message="This person is a member already.",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Mail",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=tenants.ids.uuid7, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("to", models.EmailField(max_length=254)),
                ("template", models.CharField(max_length=64)),
                ("context", models.JSONField(blank=True, default=dict)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("pending", "Pending"),
                            ("sent", "Sent"),
                            ("dropped", "No longer wanted"),
                            ("failed", "Failed"),
                        ],
                        default="pending",
                        max_length=7,
                    ),
                ),
                ("attempt_count", models.PositiveSmallIntegerField(default=0)),
                (
                    "next_attempt_at",
                    models.DateTimeField(blank=True, default=django.utils.timezone.now, null=True),
                ),
                ("last_error", models.CharField(blank=True, max_length=255)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("sent_at", models.DateTimeField(blank=True, null=True)),
                (
                    "organization",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="mails",
                        to="tenants.organization",
                    ),
                ),
                (
                    "event",
                    models.UUIDField(
                        blank=True, help_text="Of which it tells; nobody is told twice.", null=True
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("state", "pending")),
                        fields=["next_attempt_at"],
                        name="tenants_mail_due",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("event__isnull", False)),
                        fields=("event", "to"),
                        name="tenants_mail_event_once",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Logo",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=tenants.ids.uuid7, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("url", models.URLField(max_length=2000)),
                ("name", models.CharField(blank=True, max_length=255)),
                ("media_type", models.CharField(blank=True, max_length=32)),
                ("error", models.CharField(blank=True, max_length=255)),
                ("tries", models.PositiveSmallIntegerField(default=0)),
                (
                    "next_fetch_at",
                    models.DateTimeField(default=django.utils.timezone.now, null=True),
                ),
                (
                    "organization",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="logo",
                        to="tenants.organization",
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["next_fetch_at"], name="tenants_logo_due")],
            },
        ),
        migrations.CreateModel(
            name="Invitation",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=tenants.ids.uuid7, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("email", models.EmailField(max_length=254)),
                ("first_name", models.CharField(blank=True, max_length=150)),
                ("last_name", models.CharField(blank=True, max_length=150)),
                (
                    "role",
                    models.CharField(
                        choices=[
                            ("owner", "Owner"),
                            ("admin", "Administrator"),
                            ("developer", "Developer"),
                            ("billing", "Billing"),
                            ("viewer", "Viewer"),
                        ],
                        max_length=10,
                    ),
                ),
                ("token_digest", models.CharField(max_length=64, unique=True)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("expires_at", models.DateTimeField()),
                ("accepted_at", models.DateTimeField(blank=True, null=True)),
                ("withdrawn_at", models.DateTimeField(blank=True, null=True)),
                (
                    "invited_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "organization",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="invitations",
                        to="tenants.organization",
                    ),
                ),
            ],
            options={
                "verbose_name": "invitation",
                "verbose_name_plural": "invitations",
                "constraints": [
                    models.UniqueConstraint(
                        models.F("organization"),
                        django.db.models.functions.text.Lower("email"),
                        condition=models.Q(
                            ("accepted_at__isnull", True), ("withdrawn_at__isnull", True)
                        ),
                        name="tenants_invitation_taken",
                        violation_error_code="invitation_taken",
                        violation_error_message="This person has an open invitation already.",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Impersonation",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=tenants.ids.uuid7, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("reason", models.CharField(max_length=500)),
                ("begun_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("ends_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
                (
                    "ended_how",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("by_hand", "Ended by hand"),
                            ("time", "Time was up"),
                            ("sign_out", "Signed out"),
                            ("replaced", "Another one began"),
                            ("withdrawn", "No longer allowed"),
                        ],
                        max_length=9,
                    ),
                ),
                (
                    "impersonated",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "staff",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="impersonations",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "organization",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="impersonations",
                        to="tenants.organization",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("ended_at", None)),
                        fields=["ends_at"],
                        name="tenants_impersonation_overdue",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("ended_at__isnull", True)),
                        fields=("staff",),
                        name="tenants_one_impersonation",
                        violation_error_code="impersonation_taken",
                        violation_error_message="Nobody views as two people at a time.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("ends_at__gt", models.F("begun_at"))),
                        name="tenants_impersonation_ends",
                        violation_error_message="An impersonation ends after it begins.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("reason", ""), _negated=True),
                        name="tenants_impersonation_reason",
                        violation_error_message="An impersonation has a reason.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("staff", models.F("impersonated")), _negated=True),
                        name="tenants_impersonation_of_another",
                        violation_error_message="Nobody views as themselves.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="FormerPayer",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=tenants.ids.uuid7, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("until", models.DateTimeField()),
                ("withhold_billing", models.BooleanField(default=False)),
                (
                    "environment",
                    models.CharField(choices=[("test", "Test"), ("live", "Live")], max_length=4),
                ),
                ("test_mode", models.BooleanField(default=False)),
                (
                    "bill_to",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="tenants.organization",
                    ),
                ),
                (
                    "organization",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="former_payers",
                        to="tenants.organization",
                    ),
                ),
            ],
            options={
                "verbose_name": "former payer",
                "verbose_name_plural": "former payers",
                "indexes": [
                    models.Index(fields=["organization", "until"], name="tenants_payer_history")
                ],
            },
        ),
        migrations.CreateModel(
            name="Event",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=tenants.ids.uuid7, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("type", models.CharField(max_length=64)),
                (
                    "environment",
                    models.CharField(choices=[("test", "Test"), ("live", "Live")], max_length=4),
                ),
                ("occurred_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("actor_kind", models.CharField(max_length=6)),
                ("actor_id", models.CharField(blank=True, max_length=64)),
                ("actor_label", models.CharField(blank=True, max_length=255)),
                ("reason", models.TextField(blank=True)),
                ("data", models.JSONField(blank=True, default=dict)),
                ("changes", models.JSONField(blank=True, default=dict)),
                ("request_id", models.CharField(blank=True, max_length=64)),
                ("distributed_at", models.DateTimeField(blank=True, null=True)),
                (
                    "organization",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="events",
                        to="tenants.organization",
                    ),
                ),
                (
                    "platform",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="tenants.organization",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["organization", "-id"], name="tenants_event_history"),
                    models.Index(fields=["platform", "-id"], name="tenants_event_platform"),
                    models.Index(
                        condition=models.Q(("distributed_at", None)),
                        fields=["id"],
                        name="tenants_event_outbox",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="CustomDomain",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=tenants.ids.uuid7, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("host", models.CharField(max_length=253)),
                ("challenge", models.CharField(max_length=64)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("pending", "Waiting for DNS"),
                            ("active", "Active"),
                            ("failing", "DNS records missing"),
                            ("released", "Released"),
                        ],
                        default="pending",
                        max_length=8,
                    ),
                ),
                ("last_error", models.CharField(blank=True, max_length=255)),
                ("checked_at", models.DateTimeField(blank=True, null=True)),
                ("found_texts", models.JSONField(blank=True, default=list)),
                ("found_leads", models.JSONField(blank=True, default=list)),
                ("leads_here", models.BooleanField(default=False)),
                ("certificate_until", models.DateTimeField(blank=True, null=True)),
                ("certificate_error", models.CharField(blank=True, max_length=255)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("next_check_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("proven_at", models.DateTimeField(blank=True, null=True)),
                ("failing_since", models.DateTimeField(blank=True, null=True)),
                ("released_at", models.DateTimeField(blank=True, null=True)),
                (
                    "organization",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="domains",
                        to="tenants.organization",
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["next_check_at"], name="tenants_domain_due")],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state", "released"), _negated=True),
                        fields=("organization",),
                        name="tenants_one_domain",
                        violation_error_code="domain_taken",
                        violation_error_message="This platform has a custom domain already.",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("state__in", ("active", "failing"))),
                        fields=("host",),
                        name="tenants_host_proven_once",
                        violation_error_code="host_taken",
                        violation_error_message="This host name is in use by another platform.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Branding",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=tenants.ids.uuid7, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("display_name", models.CharField(blank=True, max_length=255)),
                ("logo_url", models.URLField(blank=True, max_length=2000)),
                (
                    "primary_color",
                    models.CharField(
                        blank=True,
                        max_length=7,
                        validators=[
                            django.core.validators.RegexValidator(
                                "^#[0-9A-Fa-f]{6}$", "A colour is written #0F62FE."
                            )
                        ],
                    ),
                ),
                ("support_email", models.EmailField(blank=True, max_length=254)),
                ("updated_at", models.DateTimeField(auto_now=True)),
                (
                    "organization",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="branding",
                        to="tenants.organization",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Company",
            fields=[],
            options={
                "verbose_name": "company",
                "verbose_name_plural": "companies",
                "proxy": True,
                "indexes": [],
                "constraints": [],
            },
            bases=("tenants.organization",),
        ),
        migrations.CreateModel(
            name="PlatformApplication",
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
                            ("submitted", "Submitted"),
                            ("approved", "Approved"),
                            ("rejected", "Rejected"),
                            ("info_requested", "Information requested"),
                        ],
                        default="submitted",
                        max_length=14,
                    ),
                ),
                ("motivation", models.TextField(max_length=5000, verbose_name="why")),
                (
                    "expected_companies",
                    models.PositiveIntegerField(
                        validators=[django.core.validators.MinValueValidator(1)]
                    ),
                ),
                (
                    "expected_documents",
                    models.PositiveIntegerField(verbose_name="expected documents a month"),
                ),
                ("technical_contact", models.EmailField(max_length=254)),
                ("terms_accepted_at", models.DateTimeField()),
                ("submitted_at", models.DateTimeField()),
                ("decided_at", models.DateTimeField(blank=True, null=True)),
                (
                    "organization",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="platform_application",
                        to="tenants.organization",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("decided_at__isnull", True), ("state", "submitted")),
                            models.Q(
                                models.Q(("state", "submitted"), _negated=True),
                                ("decided_at__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="tenants_decided_since",
                        violation_error_message="An answered application has an answer time, no other.",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="ApplicationMessage",
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
                            ("submitted", "Submitted"),
                            ("approved", "Approved"),
                            ("rejected", "Rejected"),
                            ("info_requested", "Information requested"),
                        ],
                        max_length=14,
                    ),
                ),
                ("text", models.TextField(blank=True, max_length=5000)),
                ("author_label", models.CharField(max_length=255)),
                ("written_at", models.DateTimeField(auto_now_add=True)),
                (
                    "author",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        to=settings.AUTH_USER_MODEL,
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
                    "application",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="messages",
                        to="tenants.platformapplication",
                    ),
                ),
            ],
            options={
                "ordering": ["id"],
            },
        ),
        migrations.CreateModel(
            name="Seal",
            fields=[
                ("day", models.DateField(primary_key=True, serialize=False)),
                ("count", models.PositiveIntegerField()),
                ("through", models.UUIDField(blank=True, null=True)),
                ("digest", models.CharField(max_length=64, unique=True)),
                ("previous", models.CharField(blank=True, max_length=64)),
                ("whole", models.BooleanField()),
                ("keyed", models.BooleanField(db_default=False, default=True)),
                ("sealed_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("doubted_at", models.DateTimeField(blank=True, null=True)),
                ("compared_at", models.DateTimeField(blank=True, null=True)),
                ("accepted", models.CharField(blank=True, db_default="", max_length=64)),
                ("accepted_reason", models.TextField(blank=True, db_default="")),
                ("accepted_by", models.CharField(blank=True, db_default="", max_length=255)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("count", 0), ("through__isnull", True)),
                            models.Q(("count__gt", 0), ("through__isnull", False)),
                            _connector="OR",
                        ),
                        name="tenants_seal_through",
                        violation_error_message="A seal over events, and no other, names the last one.",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="SearchWord",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("kind", models.CharField(max_length=24)),
                ("row_id", models.UUIDField()),
                ("word", models.BinaryField(max_length=40)),
                (
                    "organization",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
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
                "indexes": [
                    models.Index(fields=["kind", "platform", "word"], name="tenants_search_family"),
                    models.Index(fields=["kind", "word"], name="tenants_search_word"),
                    models.Index(fields=["row_id"], name="tenants_search_row"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Suspension",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("started_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
                (
                    "returns_to",
                    models.CharField(
                        choices=[
                            ("pending", "Pending"),
                            ("active", "Active"),
                            ("suspended", "Suspended"),
                            ("closed", "Closed"),
                        ],
                        db_default="active",
                        default="active",
                        max_length=10,
                    ),
                ),
                (
                    "organization",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="suspensions",
                        to="tenants.organization",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("ended_at__isnull", True)),
                        fields=("organization",),
                        name="tenants_one_open_suspension",
                        violation_error_code="suspension_taken",
                        violation_error_message="This organization is suspended already.",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Tally",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("subject", models.CharField(max_length=16)),
                ("state", models.CharField(max_length=16)),
                (
                    "environment",
                    models.CharField(choices=[("test", "Test"), ("live", "Live")], max_length=4),
                ),
                ("number", models.BigIntegerField()),
                (
                    "organization",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="tenants.organization",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        fields=["organization", "subject", "state", "environment"],
                        name="tenants_tally_of_platform",
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("number", 0), _negated=True),
                        name="tenants_tally_of_some",
                        violation_error_message="A tally adds something.",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Trouble",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=tenants.ids.uuid7, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("work", models.CharField(help_text="What was to be done.", max_length=64)),
                ("model", models.CharField(blank=True, help_text="As `app.model`.", max_length=64)),
                ("key", models.CharField(blank=True, help_text="The row's id.", max_length=64)),
                (
                    "row",
                    models.CharField(
                        blank=True, help_text="What the row is called.", max_length=255
                    ),
                ),
                ("said", models.CharField(max_length=255)),
                ("count", models.PositiveIntegerField(default=1)),
                ("since", models.DateTimeField(default=django.utils.timezone.now)),
                ("met_at", models.DateTimeField(default=django.utils.timezone.now)),
            ],
            options={
                "indexes": [models.Index(fields=["met_at"], name="tenants_trouble_met")],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("work", "model", "key"), name="tenants_trouble_once"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="ClientLink",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=tenants.ids.uuid7, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("purpose", models.CharField(max_length=16)),
                ("token_digest", models.CharField(editable=False, max_length=64, unique=True)),
                ("return_url", models.URLField(blank=True, max_length=2000)),
                ("sent_to", models.EmailField(blank=True, max_length=254)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("expires_at", models.DateTimeField()),
                ("opened_at", models.DateTimeField(blank=True, null=True)),
                (
                    "session_digest",
                    models.CharField(editable=False, max_length=64, null=True, unique=True),
                ),
                ("session_ends_at", models.DateTimeField(blank=True, null=True)),
                ("used_at", models.DateTimeField(blank=True, null=True)),
                ("revoked_at", models.DateTimeField(blank=True, null=True)),
                (
                    "organization",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="client_links",
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
                "verbose_name": "client link",
                "verbose_name_plural": "client links",
                "indexes": [
                    models.Index(fields=["platform", "-id"], name="tenants_links_listed"),
                    models.Index(fields=["organization", "-id"], name="tenants_links_of_company"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("opened_at", None), ("session_digest", None)),
                            models.Q(
                                ("opened_at__isnull", False), ("session_digest__isnull", False)
                            ),
                            _connector="OR",
                        ),
                        name="tenants_link_visited",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="ListView",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=tenants.ids.uuid7, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("page", models.CharField(max_length=60)),
                ("name", models.CharField(blank=True, max_length=60, verbose_name="Name")),
                ("query", models.CharField(blank=True, max_length=1000)),
                ("columns", models.JSONField(blank=True, default=list)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                (
                    "organization",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="tenants.organization",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("user", "organization", "page", "name"),
                        name="tenants_list_view_once",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="MailRouting",
            fields=[
                (
                    "organization",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="mail_routing",
                        serialize=False,
                        to="tenants.organization",
                    ),
                ),
                ("addresses", models.JSONField(blank=True, default=dict)),
                ("to_company", models.JSONField(blank=True, default=list)),
                (
                    "language",
                    models.CharField(
                        blank=True, help_text="Empty: the platform's own language.", max_length=8
                    ),
                ),
                ("updated_at", models.DateTimeField(auto_now=True)),
            ],
        ),
        migrations.CreateModel(
            name="MailStop",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=tenants.ids.uuid7, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("kind", models.CharField(max_length=16)),
                ("address", models.EmailField(max_length=254)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                (
                    "organization",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="tenants.organization",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        models.F("organization"),
                        models.F("kind"),
                        django.db.models.functions.text.Lower("address"),
                        name="tenants_mail_stop_once",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="AlertCause",
            fields=[
                (
                    "event",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="+",
                        serialize=False,
                        to="tenants.event",
                    ),
                ),
                (
                    "organization",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="tenants.organization",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Alert",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=tenants.ids.uuid7, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("kind", models.CharField(max_length=16)),
                (
                    "by_mail",
                    models.CharField(
                        choices=[("nothing", "Nothing"), ("daily", "With the next daily mail")],
                        default="nothing",
                        max_length=8,
                    ),
                ),
                ("seen_at", models.DateTimeField(blank=True, null=True)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                (
                    "event",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="tenants.event",
                    ),
                ),
                (
                    "organization",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="tenants.organization",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "alert",
                "verbose_name_plural": "alerts",
                "indexes": [
                    models.Index(fields=["user", "organization", "-id"], name="tenants_alert_page"),
                    models.Index(
                        condition=models.Q(("seen_at", None)),
                        fields=["user", "organization"],
                        name="tenants_alert_unseen",
                    ),
                    models.Index(
                        condition=models.Q(("by_mail", "daily")),
                        fields=["user"],
                        name="tenants_alert_to_mail",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("user", "organization", "event"), name="tenants_alert_once"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="AlertChoice",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("kind", models.CharField(max_length=16)),
                (
                    "how",
                    models.CharField(
                        choices=[
                            ("not", "Not at all"),
                            ("bell", "In the bell"),
                            ("daily", "In the bell, and once a day by mail"),
                            ("at_once", "In the bell, and at once by mail"),
                        ],
                        max_length=8,
                    ),
                ),
                (
                    "company",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="tenants.organization",
                    ),
                ),
                (
                    "organization",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="tenants.organization",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("user", "organization", "kind", "company"),
                        name="tenants_alert_choice_once",
                        nulls_distinct=False,
                    )
                ],
            },
        ),
    ]
