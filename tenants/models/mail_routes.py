"""Who hears by mail of what happens to companies, and who wants to hear no more."""

from django.db import models
from django.db.models.functions import Lower

from tenants.ids import uuid7
from tenants.models.organizations import Organization


class MailRouting(models.Model):
    """The addresses that an organization has chosen, by kind of fact.

    A platform's are for all its companies; a company with a row of its own goes by that alone.
    Under the kinds of `to_company` each company's own address hears of it, too.
    """

    organization = models.OneToOneField(
        Organization, primary_key=True, on_delete=models.CASCADE, related_name="mail_routing"
    )
    addresses = models.JSONField(default=dict, blank=True)
    to_company = models.JSONField(default=list, blank=True)
    language = models.CharField(
        max_length=8, blank=True, help_text="Empty: the platform's own language."
    )
    updated_at = models.DateTimeField(auto_now=True)

    def __str__(self) -> str:
        return f"Mails of {self.organization_id}"


class MailStop(models.Model):
    """Somebody who has stopped mails of a kind, by the link that stands in each of them.

    Where the platform had chosen the address, it is stopped for all its companies.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    organization = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=16)
    address = models.EmailField(max_length=254)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                "organization", "kind", Lower("address"), name="tenants_mail_stop_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.address}: {self.kind}"
