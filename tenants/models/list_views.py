"""How a person likes to see a list: views they saved, and the columns they chose."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from tenants.ids import uuid7
from tenants.models.organizations import Organization


class ListView(models.Model):
    """A narrowing of a list under a name, for one person in one organization.

    `query` is the address's, without the page. The one without a name is how the list looks when
    nobody says otherwise; of it only `columns` count.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    organization = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="+")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    page = models.CharField(max_length=60)
    name = models.CharField(_("Name"), max_length=60, blank=True)
    query = models.CharField(max_length=1000, blank=True)
    columns = models.JSONField(default=list, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user", "organization", "page", "name"], name="tenants_list_view_once"
            )
        ]

    def __str__(self) -> str:
        return self.name
