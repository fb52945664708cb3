"""What the sandbox's SMP, SML and Directory remember. None of it belongs to a tenant."""

from django.db import models


class Group(models.Model):
    """A participant at the sandbox SMP, by its identifier in lower case."""

    uri = models.CharField(max_length=255, unique=True)
    created_at = models.DateTimeField(auto_now_add=True)
    properties = models.JSONField(default=dict)
    migration_key = models.CharField(max_length=24, blank=True)

    class Meta:
        verbose_name = "participant at the SMP"
        verbose_name_plural = "participants at the SMP"

    def __str__(self) -> str:
        return self.uri


class Service(models.Model):
    """A document type that a participant receives: its service information as it came."""

    group = models.ForeignKey(Group, on_delete=models.CASCADE, related_name="services")
    document_type = models.CharField(max_length=600)
    information = models.TextField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["group", "document_type"], name="sandbox_service_once")
        ]

    def __str__(self) -> str:
        return self.document_type


class Card(models.Model):
    """A participant's business card, and whether the Directory has read it."""

    group = models.OneToOneField(Group, on_delete=models.CASCADE, related_name="card")
    body = models.TextField()
    indexed_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"Card of {self.group_id}"


class SmlEntry(models.Model):
    """Which SMP the sandbox's SML knows a participant at; empty is our own."""

    uri = models.CharField(max_length=255, unique=True)
    label = models.CharField(max_length=52, db_index=True, help_text="Its name in DNS.")
    smp = models.CharField(max_length=255, blank=True)
    migration_key = models.CharField(max_length=24, blank=True)

    class Meta:
        verbose_name = "SML entry"
        verbose_name_plural = "SML entries"

    def __str__(self) -> str:
        return self.uri


class Fault(models.Model):
    """How the sandbox SMP misbehaves at the moment. There is at most one row."""

    class Kind(models.TextChoices):
        DOWN = "down", "Down: 503 for everything"
        SLOW = "slow", "Slow: answers after 15 seconds"
        SML = "sml", "SML failure: 500 on changes of participants"
        ELSEWHERE = "elsewhere", "Every new participant is registered elsewhere"
        SIGNATURE = "signature", "Invalid signatures"
        READ_ONLY = "read_only", "Writing is switched off: 412"
        DIRECTORY = "directory", "The Directory does not take cards"

    kind = models.CharField(max_length=10, choices=Kind)
    since = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return self.get_kind_display()
