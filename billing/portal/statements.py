"""The statements of the organization: what they say, line by line, and their files."""

from typing import Any

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from billing.columns import StatementColumns
from billing.models import Statement
from tenants.access.roles import Area
from tenants.ui import filters
from tenants.ui.pages import ReadOnly
from tenants.ui.scoped import ScopedAdmin
from tenants.ui.sites import portal


@admin.register(Statement, site=portal)
class StatementPage(StatementColumns, ReadOnly, ScopedAdmin):
    """Every statement and credit note. Those of one's companies are theirs alone."""

    area = Area.BILLING
    when_empty = _("The statement of a month is issued when the month is over.")
    in_search = 6
    list_display = ("title", "period", "n_documents", "n_total", "issued", "due")
    list_filter: Any = (filters.choice("kind", ""), filters.period("issued_on"))
