"""What was said of certificates whose end is near."""

from django.db import models


class CertificateWarning(models.Model):
    """That somebody was told how many days a certificate has left; once for each of the days."""

    fingerprint = models.CharField(max_length=64)
    days = models.PositiveSmallIntegerField()
    ends_at = models.DateTimeField()
    told_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["fingerprint", "days"], name="peppol_certificate_warning_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.fingerprint[:12]}: {self.days}"
