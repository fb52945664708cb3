"""The operations of the tenant API."""
