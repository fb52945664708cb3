"""The API that a tenant's own key opens (EIN-40)."""
