"""The mandates that companies gave their platforms, for staff to see."""

from django.contrib import admin

from peppol.mandate_columns import MandatePages
from peppol.models import Mandate
from tenants.ui.staff import StaffPage


@admin.register(Mandate)
class MandatePage(MandatePages, StaffPage):
    """Mandates of all companies. Staff look, and end one where they have to."""
