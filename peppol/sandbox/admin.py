"""What the sandbox's network remembers, for the operator to look at."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from peppol.sandbox.models import Fault, Group, SmlEntry
from tenants.portal_site import shown
from tenants.portal_site.pages import ReadOnly
from tenants.portal_site.staff import StaffPage


@admin.register(Group)
class GroupPage(ReadOnly, StaffPage):
    """Participants at the sandbox SMP."""

    list_display = ("uri", "since")
    search_fields = ("uri",)
    ordering = ("-id",)
    fields = ("uri", "created_at", "properties")

    @admin.display(description=_("Since"), ordering="created_at")
    def since(self, row: Group) -> str:
        return shown.moment(row.created_at)


@admin.register(SmlEntry)
class SmlEntryPage(ReadOnly, StaffPage):
    """Where the sandbox SML says that participants are."""

    list_display = ("uri", "smp")
    search_fields = ("uri",)
    ordering = ("-id",)
    fields = ("uri", "smp")


@admin.register(Fault)
class FaultPage(ReadOnly, StaffPage):
    """How the sandbox SMP misbehaves at the moment."""

    list_display = ("kind", "since")
    fields = list_display
