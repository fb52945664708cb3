"""Indexes that answer for rows: with all in them that the walls of the database ask for.

For a page in the middle of a hundred thousand names, half of them are passed over: from such an
index no row is read for it. PostgreSQL has them; elsewhere tables are small.
"""

from django.db import models
from django.db.models import Q

COMPANY_ORDER = models.Index(
    fields=["parent", "name", "id"],
    include=["created_by_organization", "founder", "bill_to"],
    condition=Q(deleted_at__isnull=True),
    name="tenants_company_order",
)
