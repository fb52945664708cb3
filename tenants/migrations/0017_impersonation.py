"""Visits are called impersonations; the permission to begin one keeps its holders."""

from typing import Any

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django.db.models import F, Q


def _rename_permissions(apps: Any, old: str, new: str) -> None:
    for permission in apps.get_model("auth", "Permission").objects.filter(
        content_type__app_label="tenants", codename__endswith=f"_{old}"
    ):
        permission.codename = permission.codename.replace(old, new)
        permission.name = permission.name.replace(old, new)
        permission.save(update_fields=["codename", "name"])


def to_impersonations(apps: Any, schema_editor: Any) -> None:
    """Rename the permissions, which Django makes anew when it does not find them."""
    _rename_permissions(apps, "visit", "impersonation")


def to_visits(apps: Any, schema_editor: Any) -> None:
    _rename_permissions(apps, "impersonation", "visit")


class Migration(migrations.Migration):
    dependencies = [
        ("auth", "0012_alter_user_first_name_max_length"),
        ("tenants", "0016_payer_words"),
    ]

    operations = [
        migrations.RemoveConstraint("visit", "tenants_one_visit"),
        migrations.RemoveConstraint("visit", "tenants_visit_ends"),
        migrations.RemoveConstraint("visit", "tenants_visit_reason"),
        migrations.RemoveConstraint("visit", "tenants_visit_of_another"),
        migrations.RenameModel("Visit", "Impersonation"),
        migrations.RenameField("impersonation", "visited", "impersonated"),
        migrations.RenameIndex(
            "impersonation",
            new_name="tenants_impersonation_overdue",
            old_name="tenants_visit_overdue",
        ),
        migrations.AlterField(
            "impersonation",
            "organization",
            models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="impersonations",
                to="tenants.organization",
            ),
        ),
        migrations.AlterField(
            "impersonation",
            "staff",
            models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="impersonations",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AlterField(
            "impersonation",
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
        migrations.AddConstraint(
            "impersonation",
            models.UniqueConstraint(
                condition=Q(ended_at__isnull=True),
                fields=("staff",),
                name="tenants_one_impersonation",
                violation_error_code="impersonation_taken",
                violation_error_message="Nobody views as two people at a time.",
            ),
        ),
        migrations.AddConstraint(
            "impersonation",
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("begun_at")),
                name="tenants_impersonation_ends",
                violation_error_message="An impersonation ends after it begins.",
            ),
        ),
        migrations.AddConstraint(
            "impersonation",
            models.CheckConstraint(
                condition=~Q(reason=""),
                name="tenants_impersonation_reason",
                violation_error_message="An impersonation has a reason.",
            ),
        ),
        migrations.AddConstraint(
            "impersonation",
            models.CheckConstraint(
                condition=~Q(staff=F("impersonated")),
                name="tenants_impersonation_of_another",
                violation_error_message="Nobody views as themselves.",
            ),
        ),
        migrations.RunPython(to_impersonations, to_visits),
    ]
