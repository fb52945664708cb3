"""Imports of companies from a file: one row per import, one per line of its file."""

from datetime import datetime
from typing import cast

from django.db import models
from django.db.models import Count, Q
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from tenants.actors import Actor, Kind
from tenants.ids import uuid7
from tenants.models import Organization
from tenants.sentences import told


class CompanyImportQuerySet(models.QuerySet["CompanyImport"]):
    """Reads of imports."""

    def visible_to(self, organization: Organization) -> "CompanyImportQuerySet":
        """An organization's own imports."""
        return self.filter(organization=organization)

    def waiting(self) -> "CompanyImportQuerySet":
        """Those that nobody has started."""
        states = CompanyImport.State
        return self.filter(state__in=(states.READING, states.UPLOADED, states.CHECKED))

    def running(self) -> "CompanyImportQuerySet":
        return self.filter(state=CompanyImport.State.RUNNING)

    def at_rest_since(self, before: datetime) -> "CompanyImportQuerySet":
        """Those at which nobody and nothing was since `before`, the oldest first."""
        rest = self.exclude(state=CompanyImport.State.RUNNING)
        last = Coalesce("finished_at", "started_at", "created_at")
        return rest.alias(last=last).filter(last__lt=before).order_by("id")


class CompanyImport(models.Model):
    """A file of companies: read, checked without a trace, then onboarded line by line.

    `reading` says how the file was read, `mapping` for each field of a company in which column of
    the file it stands. Whoever
    started it is kept by kind, id and label, for the events of the companies.
    """

    class State(models.TextChoices):
        READING = "reading", _("Being read")
        REFUSED = "refused", _("Cannot be read")
        UPLOADED = "uploaded", _("Uploaded")
        CHECKED = "checked", _("Checked")
        RUNNING = "running", _("Running")
        STOPPED = "stopped", _("Stopped")
        DONE = "done", _("Done")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="+")
    filename = models.CharField(max_length=255)
    size = models.PositiveIntegerField(default=0, db_default=0, help_text="Of the file, in bytes.")
    problem = models.TextField(blank=True, db_default="", help_text="Why it cannot be read.")
    state = models.CharField(max_length=8, choices=State, default=State.UPLOADED)
    reading = models.JSONField(default=dict, db_default={}, blank=True)
    columns = models.JSONField(default=list, blank=True)
    mapping = models.JSONField(default=dict, blank=True)
    register = models.BooleanField(
        default=True, help_text="Register every company on the network that has an identifier."
    )
    with_keys = models.BooleanField(
        default=False, help_text="Issue a key for each; the result file shows them once."
    )
    total = models.PositiveIntegerField(default=0)
    actor_kind = models.CharField(max_length=6)
    actor_id = models.CharField(max_length=64, blank=True)
    actor_label = models.CharField(max_length=255, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    started_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)

    objects = CompanyImportQuerySet.as_manager()

    class Meta:
        verbose_name = _("import")
        verbose_name_plural = _("imports")

    def __str__(self) -> str:
        return self.filename

    @property
    def actor(self) -> Actor:
        """Who uploaded it, for whom its lines are imported."""
        return Actor(cast("Kind", self.actor_kind), self.actor_id, self.actor_label)

    def count(self) -> dict[str, int]:
        """How many lines there are in each state, in one query."""
        states = ImportLine.State
        return self.lines.aggregate(
            **{state.value: Count("pk", filter=Q(state=state)) for state in states},
            doubtful=Count("pk", filter=Q(state=states.READY) & ~Q(warnings=[])),
            secrets=Count("pk", filter=~Q(secret="")),
        )


class ImportFile(models.Model):
    """An uploaded file until its import is started: it may have to be read otherwise.

    `attempts` counts how often a worker began to read it; one that `is_read` waits for nobody.
    """

    batch = models.OneToOneField(
        CompanyImport, on_delete=models.CASCADE, primary_key=True, related_name="file"
    )
    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="+")
    content = models.BinaryField()
    is_read = models.BooleanField(default=False, db_default=False)
    attempts = models.PositiveSmallIntegerField(default=0)
    claimed_until = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"The file of {self.batch_id}"


class ImportLayout(models.Model):
    """How an organization settled the columns of files with these titles.

    `titles` are those of the file, without what does not matter of their spelling; `mapping` says
    for each field under which of them it stands.
    """

    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="+")
    fingerprint = models.CharField(max_length=64)
    titles = models.JSONField()
    mapping = models.JSONField()
    used_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "fingerprint"], name="peppol_import_layout_once"
            )
        ]

    def __str__(self) -> str:
        return ", ".join(self.titles)


class ImportLineQuerySet(models.QuerySet["ImportLine"]):
    """Reads of lines."""

    def claimed(self) -> "ImportLineQuerySet":
        """Lines of running imports that a worker is at."""
        running = CompanyImport.objects.running()
        return self.filter(
            batch__in=running, state=ImportLine.State.READY, claimed_until__gt=timezone.now()
        )

    def doubtful(self) -> "ImportLineQuerySet":
        """Lines that can be imported, and of which there is something to say."""
        return self.filter(state=ImportLine.State.READY).exclude(warnings=[])

    def free(self) -> "ImportLineQuerySet":
        """Lines to be imported that no worker is at."""
        unclaimed = Q(claimed_until=None) | Q(claimed_until__lte=timezone.now())
        return self.filter(unclaimed, state=ImportLine.State.READY)


class ImportLine(models.Model):
    """A line of an import's file: its cells, what is wrong with it, what became of it.

    `attempts` counts how often a worker began with it: a line that workers die of is given up.
    `problems` and `warnings` are sentences and their values (`tenants.sentences.kept`), said in the
    language of whoever reads them.
    """

    class State(models.TextChoices):
        NEW = "new", _("Not checked")
        READY = "ready", _("Ready")
        BAD = "bad", _("Has to be corrected")
        DONE = "done", _("Imported")
        FAILED = "failed", _("Failed")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="+")
    batch = models.ForeignKey(CompanyImport, on_delete=models.CASCADE, related_name="lines")
    number = models.PositiveIntegerField(help_text="Of the line in the file; titles are line 1.")
    cells = models.JSONField()
    state = models.CharField(max_length=6, choices=State, default=State.NEW)
    problems = models.JSONField(default=list, blank=True)
    warnings = models.JSONField(default=list, blank=True)
    identifier = models.CharField(max_length=140, blank=True)
    company = models.ForeignKey(
        Organization, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    secret = models.TextField(blank=True, editable=False, help_text="Encrypted, until shown.")
    attempts = models.PositiveSmallIntegerField(default=0)
    claimed_until = models.DateTimeField(null=True, blank=True)

    objects = ImportLineQuerySet.as_manager()

    class Meta:
        ordering = ["number"]
        indexes = [models.Index(fields=["batch", "state", "number"], name="peppol_import_next")]
        constraints = [
            models.UniqueConstraint(fields=["batch", "number"], name="peppol_import_line_once")
        ]

    def __str__(self) -> str:
        return f"{self.batch_id} · {self.number}"

    @property
    def told_problems(self) -> list[str]:
        """What is wrong with it, in the reader's language."""
        return [told(one) for one in self.problems]

    @property
    def told_warnings(self) -> list[str]:
        """What there is to say of it besides, in the reader's language."""
        return [told(one) for one in self.warnings]
