"""Access points: where a participant's documents are to be sent."""

from django.db import models
from django.utils.translation import gettext_noop

from tenants.ids import uuid7


class AccessPoint(models.Model):
    """An access point other than the installation's own, as registrations publish it."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    url = models.URLField("AS4 address", max_length=500)
    certificate = models.TextField(help_text="Base64 of DER, in one line.")
    fingerprint = models.CharField(max_length=64, help_text="SHA-256 of the certificate.")
    contact_url = models.CharField(
        "technical contact",
        max_length=500,
        blank=True,
        default="",
        db_default="",
        help_text="Empty means the installation's own, TECHNICAL_CONTACT_URL.",
    )
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["url", "fingerprint", "contact_url"],
                name="peppol_access_point_once",
                violation_error_code="access_point_taken",
                violation_error_message=gettext_noop("This access point is known already."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.url} ({self.fingerprint[:12]})"
