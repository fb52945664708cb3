"""What is answered about Connected Businesses."""

from typing import Any

from config.api.invora.filters import STATUS
from config.api.invora.responses import STATUSES, Credentials, Moment, tenant_id
from config.api.kit.answers import Answer, Choice, Number, Text
from config.api.kit.cursors import Page
from tenants.ids import spell
from tenants.models import Organization


class ConnectedBusiness(Answer):
    """A business under a platform."""

    tenantId = Text(tenant_id)
    parentTenantId = Text(lambda row: spell("tenant", row.platform_id))
    name = Text()
    country = Text(allow_blank=True)
    taxId = Text("vat_number", allow_blank=True)
    adminEmail = Text("email", allow_blank=True)
    status = Choice(STATUSES, lambda row: row.status.upper())
    statusReason = Text("status_reason", allow_blank=True)
    createdAt = Moment("created_at")
    updatedAt = Moment("updated_at")


class Connected(Credentials):
    """A new business under a platform."""

    connectedBusiness = ConnectedBusiness()


class OneBusiness(ConnectedBusiness):
    """A business under a platform, wrapped and bare."""

    # Wrapped as creation answers it and, for clients that look for its fields themselves, bare
    # beside that: the document's sample of it is blank (C-51).

    connectedBusiness = ConnectedBusiness(source="*")


class BusinessItem(ConnectedBusiness):
    """A business under a platform, its state in the long spelling."""

    status = Choice(
        [f"{STATUS}{status}" for status in STATUSES], lambda row: f"{STATUS}{row.status.upper()}"
    )


class PageShown(Answer):
    """Where the list goes on, and how long it is."""

    nextPageCursor = Text(lambda page: page.next or None, required=False)
    totalCount = Number()


class BusinessList(Answer):
    """A page of businesses; on the last one there is no cursor."""

    # The cursor is in both places where clients look for it (C-52).

    connectedBusinesses = ConnectedBusiness(many=True, source="rows")
    # As the vendor's definitions have it, 64-bit numbers being strings in proto3's JSON.
    items = BusinessItem(many=True, source="rows")
    totalCount = Text()
    pagination = PageShown()
    nextPageCursor = Text(lambda page: page.next or None, required=False)

    @classmethod
    def about(cls, page: Page[Organization], total: int) -> dict[str, Any]:
        """A page of a list that is `total` long."""
        shown = PageShown.of(page, totalCount=total)
        return cls.of(page, pagination=shown, totalCount=str(total))
