"""What the tenant API has of its own: who opens it. All else is as in the Admin API."""

from config.api.einvoice.surface import EInvoiceView


class TenantView(EInvoiceView):
    """A resource of the tenant API, opened by a tenant's own key."""

    opened_by = ("company",)
