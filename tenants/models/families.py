"""Rows of a family: of a platform and of all the companies that it manages.

A platform's lists hold the rows of a hundred thousand companies. They are found by one column of
their own, which an index and the policies of the database read, never by a join over companies.
"""

from typing import Any, Self, TypeVar

from django.db import models

from tenants.models.organizations import Organization

_Row = TypeVar("_Row", bound=models.Model)


class PlatformField(models.ForeignKey[Organization, Organization]):
    """The platform that manages the row's organization, or the organization that nobody manages.

    It is written with the row, of its organization, which never changes its platform.
    """

    def __init__(self, **options: Any) -> None:
        given: dict[str, Any] = {
            "to": "tenants.Organization",
            "on_delete": models.PROTECT,
            "related_name": "+",
            "db_index": False,
            "editable": False,
        }
        super().__init__(**{**given, **options})

    def pre_save(self, model_instance: Any, add: bool) -> Any:
        if getattr(model_instance, self.attname) is None:
            organization = model_instance.organization
            setattr(model_instance, self.attname, organization.parent_id or organization.pk)
        return super().pre_save(model_instance, add)


class FamilyQuerySet(models.QuerySet[_Row]):
    """Reads of the rows of a family."""

    def visible_to(self, organization: Organization) -> Self:
        """An organization's rows and, for a platform, those of its companies."""
        if organization.is_platform:
            return self.filter(platform=organization)
        return self.filter(organization=organization)


class OfFamily(models.Model):
    """A row of an organization that its platform lists too."""

    platform = PlatformField()

    class Meta:
        abstract = True
