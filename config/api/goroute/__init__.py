"""GoRoute's organizations API: organizations, their invoices, participants, webhooks and keys."""
