"""One thing done to many companies: one row per run, one per company of it."""

from datetime import datetime
from typing import Any, cast

from django.db import models
from django.db.models import Count, Q
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from tenants.actors import Actor, Kind
from tenants.ids import uuid7
from tenants.models import Organization


class CompanyRunQuerySet(models.QuerySet["CompanyRun"]):
    """Reads of runs."""

    def visible_to(self, organization: Organization) -> "CompanyRunQuerySet":
        """An organization's own runs."""
        return self.filter(organization=organization)

    def running(self) -> "CompanyRunQuerySet":
        return self.filter(state=CompanyRun.State.RUNNING)

    def at_rest_since(self, before: datetime) -> "CompanyRunQuerySet":
        """Those at which nobody and nothing was since `before`, the oldest first."""
        rest = self.exclude(state=CompanyRun.State.RUNNING)
        last = Coalesce("finished_at", "started_at", "created_at")
        return rest.alias(last=last).filter(last__lt=before).order_by("id")


class CompanyRun(models.Model):
    """What a person has done to companies they chose, one after the other, by the worker.

    `kind` is what is done (`peppol.services.company_runs.kinds`), `options` how. Whoever
    started it is kept by kind, id and label, for the events of the companies.
    """

    class Kind(models.TextChoices):
        REGISTER = "register", _("Register on the network")
        TAKE_OFF = "take_off", _("Take off the network")
        SUSPEND = "suspend", _("Suspend")
        REACTIVATE = "reactivate", _("Reactivate")
        KEYS = "keys", _("Issue keys")
        REVOKE_KEYS = "revoke_keys", _("Revoke the keys")
        INVITE = "invite", _("Invite")
        WITHDRAW = "withdraw", _("Withdraw the invitations")
        LIMITS = "limits", _("Set document limits")
        GIVE_BACK = "give_back", _("Give back the former limits")

    class State(models.TextChoices):
        CHOSEN = "chosen", _("Not started")
        RUNNING = "running", _("Running")
        STOPPED = "stopped", _("Stopped")
        DONE = "done", _("Done")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=16, choices=Kind)
    options = models.JSONField(default=dict, blank=True)
    state = models.CharField(max_length=8, choices=State, default=State.CHOSEN)
    total = models.PositiveIntegerField(default=0)
    undoes = models.OneToOneField(
        "self", null=True, blank=True, on_delete=models.SET_NULL, related_name="undone_by"
    )
    actor_kind = models.CharField(max_length=6)
    actor_id = models.CharField(max_length=64, blank=True)
    actor_label = models.CharField(max_length=255, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    started_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)

    objects = CompanyRunQuerySet.as_manager()

    class Meta:
        verbose_name = _("run")
        verbose_name_plural = _("runs")
        indexes = [models.Index(fields=["organization", "-id"], name="peppol_runs_of_platform")]

    def __str__(self) -> str:
        return str(self.get_kind_display())

    @property
    def actor(self) -> Actor:
        """Who started it, in whose name each company is changed."""
        return Actor(cast("Kind", self.actor_kind), self.actor_id, self.actor_label)

    def count(self) -> dict[str, int]:
        """How many companies there are in each state, in one query."""
        states = CompanyRunLine.State
        return self.lines.aggregate(
            **{state.value: Count("pk", filter=Q(state=state)) for state in states},
            secrets=Count("pk", filter=~Q(secret="")),
        )


class CompanyRunLineQuerySet(models.QuerySet["CompanyRunLine"]):
    """Reads of a run's companies."""

    def claimed(self) -> "CompanyRunLineQuerySet":
        """Those of running runs that a worker is at."""
        return self.filter(
            run__in=CompanyRun.objects.running(),
            state=CompanyRunLine.State.READY,
            claimed_until__gt=timezone.now(),
        )

    def free(self) -> "CompanyRunLineQuerySet":
        """Those that no worker is at."""
        unclaimed = Q(claimed_until=None) | Q(claimed_until__lte=timezone.now())
        return self.filter(unclaimed, state=CompanyRunLine.State.READY)


class CompanyRunLine(models.Model):
    """A company of a run, and what became of it.

    Many are written in one statement, of which the database fills in the rest. `made` is what
    undoing has to know; `attempts` counts how often a worker began with it. `said` is the reason
    it was left out or failed: a sentence and its values, to be said in the reader's language.
    """

    class State(models.TextChoices):
        READY = "ready", _("To come")
        DONE = "done", _("Done")
        LEFT_OUT = "left_out", _("Left out")
        FAILED = "failed", _("Failed")

    organization = models.ForeignKey(
        Organization, on_delete=models.PROTECT, related_name="+", help_text="Whose run it is."
    )
    run = models.ForeignKey(CompanyRun, on_delete=models.CASCADE, related_name="lines")
    company = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="+")
    state = models.CharField(max_length=8, choices=State, db_default="ready", default="ready")
    said: Any = models.JSONField(default=dict, db_default={}, blank=True)
    made: Any = models.JSONField(default=dict, db_default={}, blank=True)
    secret = models.TextField(default="", db_default="", blank=True, editable=False)
    attempts = models.PositiveSmallIntegerField(default=0, db_default=0)
    claimed_until = models.DateTimeField(null=True, blank=True)

    objects = CompanyRunLineQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["run", "state", "id"], name="peppol_run_next")]
        constraints = [
            models.UniqueConstraint(fields=["run", "company"], name="peppol_run_company_once")
        ]

    def __str__(self) -> str:
        return f"{self.run_id} · {self.company_id}"
