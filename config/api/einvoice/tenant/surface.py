"""What the tenant API has of its own: who opens it. All else is as in the Admin API."""

from apikeys.scopes import Ability
from config.api.einvoice.surface import EInvoiceView
from config.api.kit.access import COMPANIES, to_read


class TenantView(EInvoiceView):
    """A resource of the tenant API, opened by a tenant's own key."""

    # What every word of a key reaches.
    access = {"GET": to_read(Ability.ACCOUNT_READ, kinds=COMPANIES)}
