"""Companies as public registers know them. This is public data: it belongs to no tenant."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class RegisteredCompany(models.Model):
    """An enterprise of the Belgian register (KBO/BCE), by its number without dots.

    `names` maps a language to the official name; `situation` is the code of its legal situation.
    The address is that of the seat, and `address_country` says where that is, if abroad.
    `extract` is the number of the register's extract that mentioned it last, `names_extract` the
    one its names are from.
    """

    number = models.CharField(max_length=10, primary_key=True)
    status = models.CharField(max_length=2)
    situation = models.CharField(max_length=3, blank=True, db_default="")
    legal_form = models.CharField(max_length=8, blank=True)
    started_on = models.DateField(null=True, blank=True)
    names = models.JSONField(default=dict)
    street = models.CharField(max_length=255, blank=True)
    postal_code = models.CharField(max_length=32, blank=True)
    city = models.CharField(max_length=255, blank=True)
    address_country = models.CharField(max_length=2, blank=True, db_default="")
    struck_off_on = models.DateField(null=True, blank=True)
    extract = models.PositiveIntegerField(db_index=True)
    names_extract = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name_plural = _("registered companies")

    def __str__(self) -> str:
        return f"{self.number} {next(iter(self.names.values()), '')}".strip()


class RegisterImport(models.Model):
    """How far the import of an extract is: a run that was cut short goes on from here."""

    extract = models.PositiveIntegerField(primary_key=True)
    kind = models.CharField(max_length=8)
    snapshot_on = models.CharField(max_length=10)
    step = models.CharField(max_length=32, blank=True)
    rows = models.PositiveIntegerField(default=0)
    started_at = models.DateTimeField(auto_now_add=True)
    finished_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"{self.kind} {self.extract} of {self.snapshot_on}"
