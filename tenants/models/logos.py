"""Our own copies of platforms' logos, so that pages ask nobody else for them."""

from django.core.files.storage import default_storage
from django.db import models
from django.urls import reverse
from django.utils import timezone

from tenants.ids import uuid7
from tenants.models.organizations import Organization


class LogoQuerySet(models.QuerySet["Logo"]):
    """Reads of logos."""

    def due(self) -> "LogoQuerySet":
        """Those that a worker should fetch now."""
        return self.filter(next_fetch_at__lte=timezone.now())


class Logo(models.Model):
    """The picture at a platform's logo URL: to be fetched, copied, or refused with a reason.

    One that was handed in as a file has no URL.
    `name` is where the copy lies in Django's storage; empty until there is one.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    organization = models.OneToOneField(Organization, on_delete=models.CASCADE, related_name="logo")
    url = models.URLField(max_length=2000)
    name = models.CharField(max_length=255, blank=True)
    media_type = models.CharField(max_length=32, blank=True)
    error = models.CharField(max_length=255, blank=True)
    tries = models.PositiveSmallIntegerField(default=0)
    next_fetch_at = models.DateTimeField(null=True, default=timezone.now)

    objects = LogoQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["next_fetch_at"], name="tenants_logo_due")]

    def __str__(self) -> str:
        return self.url

    @property
    def version(self) -> str:
        """What changes with the picture; a part of its address."""
        return self.name.rpartition("/")[2].partition(".")[0]

    @property
    def path(self) -> str:
        """Where on our own hosts the copy is shown; empty until there is one."""
        return reverse("logo", args=[self.organization_id, self.version]) if self.name else ""

    def read(self) -> bytes:
        """The bytes of the copy."""
        with default_storage.open(self.name) as file:
            return bytes(file.read())
