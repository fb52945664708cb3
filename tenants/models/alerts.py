"""Alerts: what a person wants to be told of, and what they were told."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from tenants.ids import uuid7
from tenants.models.events import Event
from tenants.models.organizations import Organization


class AlertChoice(models.Model):
    """How a person wants to hear of a kind of thing: of everybody's, or of one company's.

    What is said of one company goes before what is said of all.
    """

    class How(models.TextChoices):
        NOT = "not", _("Not at all")
        BELL = "bell", _("In the bell")
        DAILY = "daily", _("In the bell, and once a day by mail")
        AT_ONCE = "at_once", _("In the bell, and at once by mail")

    organization = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="+")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    company = models.ForeignKey(
        Organization, null=True, blank=True, on_delete=models.CASCADE, related_name="+"
    )
    kind = models.CharField(max_length=16)
    how = models.CharField(max_length=8, choices=How)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user", "organization", "kind", "company"],
                name="tenants_alert_choice_once",
                nulls_distinct=False,
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind}: {self.how}"


class AlertCause(models.Model):
    """An event of which somebody may want to be told; gone once they were."""

    event = models.OneToOneField(
        Event, primary_key=True, on_delete=models.CASCADE, related_name="+"
    )
    organization = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="+")

    def __str__(self) -> str:
        return str(self.event_id)


class AlertQuerySet(models.QuerySet["Alert"]):
    """Reads of alerts."""

    def visible_to(self, organization: Organization) -> "AlertQuerySet":
        """Those of an organization's people; a page narrows them to the person who looks."""
        return self.filter(organization=organization)

    def unseen(self) -> "AlertQuerySet":
        return self.filter(seen_at=None)


class Alert(models.Model):
    """Something that a person was told of, in their bell; `by_mail` says what is still to go."""

    class ByMail(models.TextChoices):
        NOTHING = "nothing", _("Nothing")
        DAILY = "daily", _("With the next daily mail")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    organization = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="+")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=16)
    by_mail = models.CharField(max_length=8, choices=ByMail, default=ByMail.NOTHING)
    seen_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = AlertQuerySet.as_manager()

    class Meta:
        verbose_name = _("alert")
        verbose_name_plural = _("alerts")
        indexes = [
            models.Index(fields=["user", "organization", "-id"], name="tenants_alert_page"),
            models.Index(
                fields=["user", "organization"],
                condition=Q(seen_at=None),
                name="tenants_alert_unseen",
            ),
            models.Index(
                fields=["user"], condition=Q(by_mail="daily"), name="tenants_alert_to_mail"
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["user", "organization", "event"], name="tenants_alert_once"
            )
        ]

    def __str__(self) -> str:
        return self.kind
