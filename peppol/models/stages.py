"""How far each managed company is on its way onto the network, and who has to act."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from tenants.models import Environment, Organization
from tenants.models.families import FamilyQuerySet, OfFamily


class CompanyStageQuerySet(FamilyQuerySet["CompanyStage"]):
    """Reads of stages."""


class CompanyStage(OfFamily):
    """Where a company stands, as PostgreSQL keeps it after each write: `peppol.stages`.

    No code of ours writes here. Other databases find it out when they are asked.
    """

    class Stage(models.TextChoices):
        NEEDS_YOU = "needs_you", _("Needs you")
        NEEDS_CLIENT = "needs_client", _("Needs the client")
        WAITING = "waiting", _("Waiting for the network")
        LIVE = "live", _("Live")
        TRIAL = "trial", _("In test mode")
        SUSPENDED = "suspended", _("Suspended")
        CLOSED = "closed", _("Closed")

    # Written by the database itself, which need not look whether they are there.
    organization = models.OneToOneField(
        Organization,
        primary_key=True,
        on_delete=models.CASCADE,
        related_name="kept_stage",
        db_constraint=False,
    )
    environment = models.CharField(max_length=4, choices=Environment)
    stage = models.CharField(max_length=12, choices=Stage)

    objects = CompanyStageQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(
                fields=["platform", "stage", "-organization"], name="peppol_stage_of_platform"
            )
        ]

    def __str__(self) -> str:
        return f"{self.organization_id}: {self.stage}"
