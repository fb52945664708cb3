"""The flat JSON of an invoice, as the tenant API's published description spells it."""
