"""What the sandbox's SMP, SML and Directory remember. None of it belongs to a tenant."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Group(models.Model):
    """A participant at the sandbox SMP, by its identifier in lower case."""

    uri = models.CharField(max_length=255, unique=True)
    created_at = models.DateTimeField(auto_now_add=True)
    properties = models.JSONField(default=dict)
    owner = models.CharField(
        max_length=255, blank=True, db_default="", help_text="A login; empty is our own."
    )
    migration_key = models.CharField(max_length=24, blank=True)

    class Meta:
        verbose_name = _("participant at the SMP")
        verbose_name_plural = _("participants at the SMP")

    def __str__(self) -> str:
        return self.uri


class Service(models.Model):
    """A document type that a participant receives: its service information as it came."""

    group = models.ForeignKey(Group, on_delete=models.CASCADE, related_name="services")
    document_type = models.CharField(max_length=600)
    information = models.TextField(blank=True)
    redirect = models.TextField(
        blank=True, db_default="", help_text="Where there is one, it alone is shown."
    )

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
        verbose_name = _("SML entry")
        verbose_name_plural = _("SML entries")

    def __str__(self) -> str:
        return self.uri


class Fault(models.Model):
    """How the sandbox misbehaves at the moment. There is at most one row."""

    class Kind(models.TextChoices):
        DOWN = "down", _("Down: 503 for everything")
        SLOW = "slow", _("Slow: answers after 15 seconds")
        SML = "sml", _("SML failure: 500 on changes of participants")
        ELSEWHERE = "elsewhere", _("Every new participant is registered elsewhere")
        SIGNATURE = "signature", _("Invalid signatures")
        CREDENTIALS = "credentials", _("Our credentials are not accepted: 403")
        DISABLED = "disabled", _("Our login is disabled: 403")
        READ_ONLY = "read_only", _("Writing is switched off: 412")
        DIRECTORY = "directory", _("The Directory does not take cards")
        AP_DOWN = "ap_down", _("Access point down: 503 for everything")
        AP_SLOW = "ap_slow", _("Access point slow: answers after 15 seconds")
        AP_FAILS = "ap_fails", _("Access point fails every transmission")
        AP_FAILS_ONCE = "ap_fails_once", _("Access point fails each transmission once")

    kind = models.CharField(max_length=14, choices=Kind)
    since = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("fault of the sandbox")
        verbose_name_plural = _("faults of the sandbox")

    def __str__(self) -> str:
        return self.get_kind_display()


class Rehearsal(models.Model):
    """What the next transmissions of an organization, and of its companies, are to meet."""

    class Kind(models.TextChoices):
        SILENT = "silent", _("No answer at first: it arrives when it is tried again")
        REFUSED = "refused", _("Refused by the receiving access point: it fails")
        ABSENT = "absent", _("The receiver is not on the network: it fails")

    organization = models.OneToOneField(
        "tenants.Organization", on_delete=models.CASCADE, related_name="+"
    )
    kind = models.CharField(max_length=7, choices=Kind)
    remaining = models.PositiveSmallIntegerField(help_text="How many transmissions will meet it.")
    until = models.DateTimeField()

    class Meta:
        verbose_name = _("rehearsed failure")
        verbose_name_plural = _("rehearsed failures")

    def __str__(self) -> str:
        return f"{self.get_kind_display()} × {self.remaining}"


class Transmission(models.Model):
    """A submission to the sandbox access point. As at the real one, an instance id may recur."""

    class Status(models.TextChoices):
        FAILED = "failed", _("Failed, will be tried again")
        SENT = "sent", _("Sent")
        PERMANENTLY_FAILED = "permanently_failed", _("Permanently failed")

    class Forwarding(models.TextChoices):
        """How far the receiving side is with it."""

        NONE = "", _("Not received")
        RECEIVED = "received", _("Received")
        FORWARDED = "forwarded", _("Forwarded")
        REJECTED = "rejected", _("Rejected by the receiver")

    sbdh_instance_id = models.CharField(max_length=255, db_index=True)
    sender = models.CharField(max_length=255)
    receiver = models.CharField(max_length=255)
    document_type = models.CharField(max_length=600)
    process = models.CharField(max_length=300)
    country_c1 = models.CharField(max_length=2)
    country_c4 = models.CharField(max_length=2, blank=True)
    media_type = models.CharField(max_length=127)
    content = models.BinaryField()
    mls_to = models.CharField(
        max_length=255, blank=True, db_default="", help_text="Who is told what became of it."
    )
    custom1 = models.CharField(max_length=255, blank=True)
    custom2 = models.CharField(max_length=255, blank=True)
    status = models.CharField(max_length=18, choices=Status)
    error = models.TextField(blank=True)
    attempt_count = models.PositiveSmallIntegerField(default=1)
    next_retry_at = models.DateTimeField(null=True, blank=True)
    forwarding = models.CharField(max_length=9, choices=Forwarding, blank=True)
    forward_attempts = models.PositiveSmallIntegerField(default=0)
    forward_at = models.DateTimeField(null=True, blank=True, db_index=True)
    created_at = models.DateTimeField(auto_now_add=True)
    completed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("transmission of the sandbox")
        verbose_name_plural = _("transmissions of the sandbox")

    def __str__(self) -> str:
        return f"{self.sender} → {self.receiver}"
