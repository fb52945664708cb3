"""Official releases of rules that the operator installed."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class RuleRelease(models.Model):
    """A release's stylesheets, where every machine finds them.

    `kinds` lists, by the identifier that documents of a kind begin with, the names of the sheets
    that judge it; `sheets` is a ZIP of them. `digest` is of the file it was installed from.
    """

    number = models.CharField(_("Release"), max_length=32)
    name = models.CharField(_("Name"), max_length=100)
    mandatory_from = models.DateField(_("Mandatory from"))
    kinds = models.JSONField(default=dict)
    sheets = models.BinaryField()
    digest = models.CharField(max_length=64)
    installed_at = models.DateTimeField(_("Installed"), auto_now=True)

    class Meta:
        verbose_name = _("release of rules")
        verbose_name_plural = _("releases of rules")
        constraints = (
            models.UniqueConstraint(
                "name",
                "number",
                name="rule_release_once",
                violation_error_message=_("This release is installed already."),
            ),
        )

    def __str__(self) -> str:
        return f"{self.name}, release {self.number}"
