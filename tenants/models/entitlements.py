"""What an organization may do, and how much: facts that higher apps write, and lower ones read."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class IdentificationPolicy(models.TextChoices):
    """What a company may not do before somebody has verified who it is."""

    TRUSTED = "trusted", _("Nothing is asked")
    BEFORE_SENDING = "before_sending", _("Before it sends")
    BEFORE_REGISTERING = "before_registering", _("Before it is registered")


class MandatePolicy(models.TextChoices):
    """What a company may not do before it has given its platform a mandate."""

    NONE = "none", _("None is asked for")
    BEFORE_SENDING = "before_sending", _("Before it sends")
    BEFORE_REGISTERING = "before_registering", _("Before it is registered")


class Entitled(models.Model):
    """An organization, as far as its plan or staff say what it may."""

    company_limit = models.PositiveIntegerField(
        null=True, blank=True, help_text="How many companies the plan allows; empty means any."
    )
    document_quota = models.PositiveIntegerField(
        null=True, blank=True, help_text="Documents a month that the plan includes."
    )
    quota_is_hard = models.BooleanField(
        default=False, db_default=False, help_text="Sending stops when they are used up."
    )
    documents_per_day = models.PositiveIntegerField(
        null=True, blank=True, help_text="That it and its companies may send; empty means any."
    )
    white_label = models.BooleanField(
        default=False, db_default=False, help_text="May brand its portal and use its own domain."
    )
    verify_companies = models.BooleanField(
        default=False, db_default=False, help_text="What it makes waits until staff verified it."
    )
    identification_policy = models.CharField(
        max_length=18,
        choices=IdentificationPolicy,
        blank=True,
        db_default="",
        help_text="For it and its companies; empty means the installation's.",
    )
    identifies_companies = models.BooleanField(
        default=False, db_default=False, help_text="Verifies itself who its companies are."
    )
    mandate_policy = models.CharField(
        max_length=18,
        choices=MandatePolicy,
        blank=True,
        db_default="",
        help_text="For its companies; empty means the installation's.",
    )
    may_withhold_billing = models.BooleanField(
        default=False, db_default=False, help_text="Decides itself what goes on nobody's statement."
    )
    requests_per_minute = models.PositiveIntegerField(default=100, db_default=100)
    requests_per_hour = models.PositiveIntegerField(default=1000, db_default=1000)

    class Meta:
        abstract = True
